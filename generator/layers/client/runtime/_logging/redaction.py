"""Masking of secrets and personal data in errors and logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

MASK = "***"
_ERRORS = ("error", "errors", "violations", "invalid-params", "invalid_params")
_SHORTEST = 4  # a shorter one would be found in ordinary words, so it is masked only where it is a word itself


class Redactor:
    """Masks by name and by value.

    `secrets` are names whose values are never shown, `personal` names whose plain values are
    masked too (a list under such a name holds messages and stays), `values` are texts that are
    masked wherever they occur, in any case and percent-encoded too; one of fewer than four
    characters only where it is a word of its own.
    """

    def __init__(self, *, secrets: frozenset[str], personal: frozenset[str], values: frozenset[str]) -> None:
        self._secrets = secrets
        self._personal = personal
        self._values = values
        longest_first = sorted({form for value in values for form in _find_forms(value)}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_match_value, longest_first)) or "(?!)", re.IGNORECASE)

    def with_sent(self, sent: Mapping[str, object]) -> Redactor:
        """A redactor that also masks the secrets and personal data among these sent parameters."""
        names = self._secrets | self._personal
        texts = {text for name, value in sent.items() if name in names for text in _texts_in(value)}
        return Redactor(secrets=self._secrets, personal=self._personal, values=frozenset({*self._values, *texts}))

    def text(self, text: str) -> str:
        """The text with known values masked."""
        return self._pattern.sub(MASK, text)

    def data(self, value: object, name: str = "", *, in_errors: bool = False) -> object:
        """JSON data with the values of secret names, and known values, masked.

        What stands under personal names in `errors` are messages.
        """
        if name in self._secrets or (name in self._personal and not in_errors and not isinstance(value, list | dict)):
            return MASK
        in_errors = in_errors or name in _ERRORS
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            named = ((str(key), item) for key, item in value.items())
            return {self.text(key): self.data(item, key, in_errors=in_errors) for key, item in named}
        if isinstance(value, list):
            return [self.data(item, in_errors=in_errors) for item in value]
        return value


def _find_forms(value: str) -> Iterator[str]:
    """The value as messages write it, and as URLs do."""
    if text := " ".join(value.split()):
        yield text
        yield quote(value, safe="", errors="replace")


def _match_value(text: str) -> str:
    """The pattern of a value, its words separated by any blanks."""
    pattern = r"\s+".join(map(re.escape, text.split()))
    return pattern if len(text) >= _SHORTEST or not text.isascii() else rf"(?<!\w){pattern}(?!\w)"


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for item in value.values() for text in _texts_in(item))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in _texts_in(item))


class _QueryFilter(logging.Filter):
    """Keeps the query of our requests out of the HTTP library's log: it holds the signature."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(self._mask(arg) for arg in record.args)
        return True

    def _mask(self, arg: object) -> object:
        place, question, query = str(arg).partition("?")
        if question and self.names.intersection(pair.partition("=")[0] for pair in query.split("&")):
            return f"{place}?{MASK}"
        return arg


_FILTER = _QueryFilter()


def mask_queries(logger: str, names: frozenset[str]) -> None:
    """Mask the query of every URL in that logger's records that holds one of the names."""
    _FILTER.names |= names
    logging.getLogger(logger).addFilter(_FILTER)
