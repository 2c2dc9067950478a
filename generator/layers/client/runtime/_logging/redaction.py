"""Masking of secrets and personal data in errors and logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

MASK = "***"
_SHORTEST = 4  # a shorter value would be found in ordinary words


class Redactor:
    """Masks by name and by value.

    `secrets` are names whose values are never shown, `personal` names whose plain values are
    masked too (a list under such a name holds messages and stays), `values` are texts that are
    masked wherever they occur.
    """

    def __init__(self, *, secrets: frozenset[str], personal: frozenset[str], values: frozenset[str]) -> None:
        self._secrets = secrets
        self._personal = personal
        self._values = tuple(sorted((v for v in values if len(v) >= _SHORTEST), key=len, reverse=True))

    def with_sent(self, sent: Mapping[str, object]) -> Redactor:
        """A redactor that also masks the secrets and personal data among these sent parameters."""
        names = self._secrets | self._personal
        texts = {text for name, value in sent.items() if name in names for text in _texts_in(value)}
        return Redactor(secrets=self._secrets, personal=self._personal, values=frozenset({*self._values, *texts}))

    def text(self, text: str) -> str:
        """The text with known values masked."""
        for value in self._values:
            text = text.replace(value, MASK)
        return text

    def data(self, value: object, name: str = "") -> object:
        """JSON data with the values of secret names, and known values, masked."""
        if name in self._secrets or (name in self._personal and not isinstance(value, list | dict)):
            return MASK
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(item, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.data(item) for item in value]
        return value


def escape_controls(text: str) -> str:
    """The text with control characters written as escapes, so that no terminal obeys them."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


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
