"""An HTTP request as data: what a signature is made of, and where its fields are put.

Nothing is sent and nothing is normalised: a path or a query is kept as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote_plus

from ..language.members import steps_of
from .json_members import INDEX, find_holder, with_member, without_member

Pairs = Sequence[tuple[str, object]]
Headers = Mapping[str, str | list[str]] | Iterable[tuple[str, str]]
_FORM = "application/x-www-form-urlencoded"
_FORMS = (_FORM, "multipart/form-data")
_WITH_LENGTH = ("POST", "PUT", "PATCH")  # HTTP libraries send the length of no body too
_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it is, or as it will be, on the wire.

    `query` is without `?`. `parameters` may hold what a program knows better than the text says:
    the values of `path`, `query` or `body` by name, with their types; else they are read from the text.
    """

    method: str
    scheme: str
    authority: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    _read: dict[str, Pairs] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def target(self) -> str:
        """The path, and the query if there is one."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """The whole address as it was written."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def host(self) -> str:
        """The host in lower case, without a port."""
        name, colon, port = self.authority.lower().rpartition(":")
        return name if colon and port.isdecimal() else self.authority.lower()

    @property
    def port(self) -> str:
        """The port, which a scheme implies if none is written."""
        _, colon, port = self.authority.rpartition(":")
        return port if colon and port.isdecimal() else _PORTS.get(self.scheme.lower(), "")

    @property
    def site(self) -> str:
        """Host and port as a Host header has them: lower case, no default port."""
        return self.host if self.port == _PORTS.get(self.scheme.lower()) else self.authority.lower()

    def header(self, name: str) -> list[str]:
        """The values of a header, whatever the case of its name; of Host and Content-Length, what will be sent."""
        name = name.lower()
        return self._as_sent(name, [value for own, value in self.headers if own.lower() == name])

    def headers_named(self, names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """Names in lower case, each with what `header` gives for it; the headers are read once for all of them."""
        found: dict[str, list[str]] = {}
        for own, value in self.headers:
            found.setdefault(own.lower(), []).append(value)
        return ((name, self._as_sent(name, found.get(name, []))) for name in names)

    def _as_sent(self, name: str, found: list[str]) -> list[str]:
        if not found and name == "content-length" and (self.body or self.method.upper() in _WITH_LENGTH):
            return [str(len(self.body))]
        return [self.site] if not found and name == "host" else found

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return "".join(self.header("content-type")[:1]).partition(";")[0].strip().lower()

    @property
    def has_members(self) -> bool:
        """Whether the body is a form or a JSON object, and can hold fields."""
        is_json = self.media_type.endswith("json")
        return isinstance(_json(self.body or b"{}"), dict) if is_json else self.media_type == _FORM

    def has_room_for(self, name: str) -> bool:
        """Whether the body, if there is one, can hold a field of that name, or a member by its JSON Pointer."""
        if not self._is_pointer("body", name):
            return self.has_members or not self.body
        members = _json(self.body or b"{}") if self.has_members or not self.body else None
        return isinstance(members, dict) and find_holder(members, name) is not None

    def pairs(self, place: str) -> Pairs:
        """The names and values of `path`, `query` or `body`; of `form`, if the body is one."""
        if place == "form":
            return self.pairs("body") if self.media_type in _FORMS else ()
        if place in self.parameters:
            return list(self.parameters[place].items())
        if place not in self._read:  # a scheme asks for each place once for each of its parts and fields
            self._read[place] = self._read_pairs(place)
        return self._read[place]

    def value(self, place: str, name: str) -> object:
        """The value of that name in `path`, `query` or `body`, or of a member of a JSON body by its JSON Pointer.

        An empty text if there is none.
        """
        return next(iter(self.values_named(place, name)), "")

    def values_named(self, place: str, name: str) -> list[object]:
        """All values of that name in `path`, `query` or `body`, or the member of a JSON body by its JSON Pointer."""
        if self._is_pointer(place, name):
            return self._member(name)
        return [value for own, value in self.pairs(place) if own == name]

    def _is_pointer(self, place: str, name: str) -> bool:
        return place == "body" and name.startswith("/") and self.media_type not in _FORMS

    def _member(self, pointer: str) -> list[object]:
        """What a JSON Pointer leads to, if it leads to anything."""
        value: object = dict(self.pairs("body")) or (_json(self.body) if self.media_type.endswith("json") else None)
        for name in steps_of(pointer):
            if isinstance(value, Mapping) and name in value:
                value = value[name]
            elif isinstance(value, list) and INDEX.fullmatch(name) and int(name) < len(value):
                value = value[int(name)]
            else:
                return []
        return [value]

    def _read_pairs(self, place: str) -> Pairs:
        if place == "query":
            return list(_form_pairs(self.query))
        return self._body_pairs() if place == "body" else ()

    def _body_pairs(self) -> Pairs:
        if self.media_type.endswith("json"):
            members = _json(self.body)
            return list(members.items()) if isinstance(members, dict) else ()
        return list(_form_pairs(self.body.decode("utf-8", "surrogateescape"))) if self.media_type == _FORM else ()

    def with_header(self, name: str, value: str) -> Request:
        """The request with this header alone of its name, where it stood or at the end."""
        rest = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        at = next((i for i, pair in enumerate(self.headers) if pair[0].lower() == name.lower()), len(rest))
        return replace(self, headers=(*rest[:at], (name, value), *rest[at:]))

    def without_header(self, name: str) -> Request:
        """The request without the headers of that name."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def with_field(self, place: str, name: str, value: str) -> Request:
        """The request with this field in `query` or `body`, where it stood or at the end."""
        if self._is_pointer(place, name):
            return self._with_member(name, value)
        known = self._know(place, {**self.parameters.get(place, {}), name: value})
        if place == "query":
            return replace(known, query=_with_item(self.query, name, value))
        if self.media_type.endswith("json"):
            members = _json(self.body or b"{}")
            return replace(known, body=_compact({**members, name: value})) if isinstance(members, dict) else self
        form = known if self.media_type else known.with_header("Content-Type", _FORM)
        text = _with_item(self.body.decode("utf-8", "surrogateescape"), name, value)
        return replace(form, body=text.encode("utf-8", "surrogateescape"))

    def without_field(self, place: str, name: str) -> Request:
        """The request without the fields of that name in `query` or `body`; the rest stays as it was written."""
        if self._is_pointer(place, name):
            return self._without_member(name) if self.values_named(place, name) else self
        if all(own != name for own, _ in self.pairs(place)):
            return self
        known = self._know(place, {own: item for own, item in self.parameters.get(place, {}).items() if own != name})
        if place == "query":
            return replace(known, query=_without_item(self.query, name))
        if self.media_type.endswith("json"):
            members = {own: item for own, item in self._body_pairs() if own != name}
            return replace(known, body=_compact(members))
        text = _without_item(self.body.decode("utf-8", "surrogateescape"), name)
        return replace(known, body=text.encode("utf-8", "surrogateescape"))

    def _with_member(self, pointer: str, value: str) -> Request:
        """The request with this member of its JSON body, and with the objects that it lies in."""
        known = self._know("body", with_member(self.parameters.get("body", {}), pointer, value))
        kind = known if self.media_type else known.with_header("Content-Type", "application/json")
        return replace(kind, body=_compact(with_member(_json(self.body or b"{}"), pointer, value)))

    def _without_member(self, pointer: str) -> Request:
        """The request without this member of its JSON body; the objects that it lay in stay."""
        known = self._know("body", without_member(self.parameters.get("body", {}), pointer))
        return replace(known, body=_compact(without_member(_json(self.body or b"{}"), pointer)))

    def _know(self, place: str, values: Mapping[str, object]) -> Request:
        if place not in self.parameters:
            return self
        return replace(self, parameters={**self.parameters, place: values})


def request_of(
    method: str,
    url: str,
    headers: Headers = (),
    body: bytes | str = b"",
    *,
    path: Mapping[str, object] | None = None,
) -> Request:
    """The request of an address; `path` are the values of its placeholders, which no address holds."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    cut = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    target, _, query = rest[cut:].partition("?")
    return Request(
        method=method,
        scheme=scheme,
        authority=rest[:cut],
        path=target or "/",
        query=query,
        headers=tuple(_header_pairs(headers)),
        body=body.encode() if isinstance(body, str) else body,
        parameters={"path": path} if path is not None else {},
    )


def _header_pairs(headers: Headers) -> Iterable[tuple[str, str]]:
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        yield from ((name, one) for one in (value if isinstance(value, list) else [value]))


def _form_pairs(text: str) -> Iterable[tuple[str, str]]:
    for item in text.split("&"):
        name, _, value = item.partition("=")
        if item:
            yield _decode(name), _decode(value)


def _decode(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _with_item(text: str, name: str, value: str) -> str:
    """The form text with this field; one that says the same already stays as it was written."""
    new = f"{quote(name, safe='')}={quote(value, safe='')}"
    items = [item for item in text.split("&") if item]
    at = next((i for i, item in enumerate(items) if _decode(item.partition("=")[0]) == name), None)
    if at is None:
        return "&".join([*items, new])
    kept = items[at] if _decode(items[at].partition("=")[2]) == value else new
    rest = [item for item in items[at + 1 :] if _decode(item.partition("=")[0]) != name]
    return "&".join([*items[:at], kept, *rest])


def _without_item(text: str, name: str) -> str:
    return "&".join(item for item in text.split("&") if item and unquote_plus(item.partition("=")[0]) != name)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _compact(members: Mapping[str, object]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
