"""What of other people's traffic may be kept: its form, numbers, moments and the words of the description.

A recording has what people wrote, and the description need not say which member is a name. So texts are masked, but for
those that can be nobody's: words of a list in the description, moments, UUIDs and numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from procwise_conformance.description import Schema

from ..api import Api, Credentials, Json
from ..http.masking import MASK, Masker
from ..http.wire import FORM, Parts, kind_of, media_type
from .recordings.recorded import Recorded

_SECRET = re.compile(
    r"secret|passw|pwd|token|api_?key|private_?key|salt|hash|digest|credential|session|cookie|auth|signature|otp|"
    r"(?:^|_)pin(?:$|_)|iban|card|ssn|social|phone|mobile|e-?mail|birth|address|(?:^|_)(?:first|last|sur|full)_?name",
    re.IGNORECASE,
)
_PERSONAL_FORMATS = frozenset(("email", "idn-email", "password", "byte", "binary"))
_EMAIL = re.compile(r"[^\s@/?&=:;,<>\"'()\[\]{}]+@[^\s@/?&=:;,<>\"'()\[\]{}]+\.[^\s@/?&=:;,<>\"'()\[\]{}]+")
_ENCODED_EMAIL = re.compile(r"[^\s@/?&=:;,<>\"'()\[\]{}]+%40[^\s@/?&=:;,<>\"'()\[\]{}]+", re.IGNORECASE)
_BEARER = re.compile(r"\b(?:Bearer|Basic|Digest)\s+[^\s\"',]+|\beyJ[\w-]{8,}\.[\w-]{8,}[\w.-]*", re.IGNORECASE)
_HARMLESS = re.compile(
    r"|true|false|null|-?[0-9]{1,19}(?:\.[0-9]{1,9})?"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{4,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_NAME = re.compile(r"[\w$.\[\]-]{1,60}", re.ASCII)
_SHOWN_HEADERS = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "allow", "cache-control", "content-encoding"),
        *("content-length", "content-type", "date", "host", "retry-after", "transfer-encoding"),
    )
)
_LONGEST = 600
_LONGEST_REQUEST = 2000


class RecordingMasker(Masker):
    """Masks whatever in a request or a response could be a secret or somebody's."""

    def __init__(self, api: Api, credentials: Collection[Credentials]) -> None:
        super().__init__(api, credentials)
        self._api = api
        scheme = api.scheme
        self._hidden = api.secret | api.pii | frozenset(_find_personal(api))
        self._hidden |= {scheme.signature_parameter} if scheme is not None else set()
        self._words = frozenset(_list_words(api))
        self._names = frozenset(_list_names(api))

    def text(self, text: str) -> str:
        """The text without any known credential, e-mail address or bearer token."""
        text = super().text(text)
        if "@" in text or "%40" in text:
            text = _ENCODED_EMAIL.sub(MASK, _EMAIL.sub(MASK, text))
        return _BEARER.sub(MASK, text)

    def request(self, recorded: Recorded, parts: Parts) -> str:
        """The request as lines: where it stands in the recording, method and address, headers, body."""
        lines = [f"# {recorded.place}", f"{recorded.method} {self.address(recorded.url, parts)}"]
        lines += [f"{name}: {self._header(name, value)}" for name, value in recorded.request_headers]
        if recorded.body:
            lines += ["", self._body(recorded)]
        elif recorded.body is None:
            lines += ["", "(the recording does not have the body)"]
        return _shorten(self.text("\n".join(lines)), _LONGEST_REQUEST)

    def content(self, recorded: Recorded) -> str:
        """The body of a response: JSON without what is somebody's, of anything else its length."""
        if recorded.content is None:
            return "(the recording does not have the body)"
        try:
            value = json.loads(recorded.content)
        except (ValueError, RecursionError):
            kind = recorded.response().media_type or "no media type"
            return f"({len(recorded.content)} bytes, {kind})" if recorded.content else ""
        return _shorten(self.text(json.dumps(self.mask_json(value), ensure_ascii=False)), _LONGEST)

    def address(self, url: str, parts: Parts | None = None) -> str:
        """An address without what could be somebody's; the described part of a path stays."""
        split = urlsplit(url)
        known = parts.operation.segments if parts is not None and parts.operation is not None else ()
        segments = split.path.split("/")
        ahead = len(segments) - len(known)
        literal = {ahead + at for at, segment in enumerate(known) if not segment.startswith("{")}
        base = set(self._api.base_path.split("/"))
        path = "/".join(
            text if at in literal or text in base or text in self._names else self.mask_text("", unquote(text))
            for at, text in enumerate(segments)
        )
        pairs = [f"{self._key(name)}={self.mask_text(name, text)}" for name, text in _read_pairs(split.query)]
        host = split.netloc.rpartition("@")[2]
        query = f"?{'&'.join(pairs)}" if pairs else ""
        return f"{split.scheme}://{host}{path}{query}"

    def mask_text(self, name: str, text: str) -> str:
        """A text of a path, a query, a form or a header; the name is empty if it has none."""
        if self.hides(name):
            return MASK
        return text if text in self._words or _HARMLESS.fullmatch(text) else MASK

    def hides(self, name: str) -> bool:
        """Whether values of this name are masked, whatever they are."""
        return name in self._hidden or _SECRET.search(name) is not None

    def mask_json(self, value: Json, name: str = "") -> Json:
        """JSON data with `***` for whatever could be somebody's, at any depth."""
        if isinstance(value, dict):
            return {self._key(key): self.mask_json(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.mask_json(item, name) for item in value]
        if isinstance(value, str):
            return self.mask_text(name, value)
        is_plain = value is None or isinstance(value, bool) or (name in self._names and name not in self._hidden)
        return value if is_plain else MASK

    def _key(self, name: str) -> str:
        return name if name in self._names or _NAME.fullmatch(name) else MASK

    def _header(self, name: str, value: str) -> str:
        return value if name.lower() in _SHOWN_HEADERS else self.mask_text(name, value)

    def _body(self, recorded: Recorded) -> str:
        body, kind = recorded.body or b"", kind_of(recorded.request())
        if kind == FORM:
            text = body.decode("utf-8", "replace")
            return "&".join(f"{self._key(name)}={self.mask_text(name, one)}" for name, one in _read_pairs(text))
        try:
            return json.dumps(self.mask_json(json.loads(body)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return f"({len(body)} bytes, {media_type(kind) or 'no media type'})"


def _read_pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return [("…", MASK)]


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def _find_personal(api: Api) -> Iterator[str]:
    """The names of members and parameters with a format that only people or secrets have."""
    for name, schema in _named_schemas(api):
        if schema.canonical.format in _PERSONAL_FORMATS:
            yield name


def _list_words(api: Api) -> Iterator[str]:
    """The texts that the description itself lists."""
    for schema in api.written_schemas():
        yield from (word for word in schema.enum if isinstance(word, str))
        yield from (one for name, one in schema.further if name == "const" and isinstance(one, str))
    for codes in api.codes.values():
        yield from codes


def _list_names(api: Api) -> Iterator[str]:
    yield from (name for name, _ in _named_schemas(api))
    for operation in api.operations:
        yield from (segment for segment in operation.segments if not segment.startswith("{"))
        yield from filter(None, (operation.wrapper,))


def _named_schemas(api: Api) -> Iterable[tuple[str, Schema]]:
    for schema in api.written_schemas():
        yield from ((member.name, member.schema) for member in schema.properties)
    for operation in api.operations:
        yield from ((one.name, one.schema) for one in operation.parameters)
