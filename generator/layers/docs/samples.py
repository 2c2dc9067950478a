"""An example request of an operation: its values, and the request as HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from generator.ir import Api, Body, Example, Frozen, Operation, Parameter, Schema, Signing, thaw
from generator.layers.docs.prose import one_line
from generator.signing.messages import Request, request_of

MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"

_BY_TYPE: Mapping[str, Frozen] = {"integer": 1, "number": 1.5, "boolean": True, "array": (), "object": {}}
_STAMPS = ("TIMESTAMP", "NONCE", "SIGNATURE")


@dataclass(frozen=True, slots=True)
class Block:
    """A code block, and a fence that nothing in its text can close."""

    language: str
    text: str

    @property
    def fence(self) -> str:
        """A run of backticks longer than any in the text."""
        return "`" * max(3, 1 + max(map(len, re.findall("`+", self.text)), default=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The example values of one request by place; `body` is None where there is none."""

    path: Mapping[str, Frozen]
    query: Mapping[str, Frozen]
    body: Frozen


def sample(api: Api, operation: Operation) -> Sample:
    """The documented examples; where a required value has none, one that fits its type."""
    return Sample(
        path={p.name: _value(api, p) for p in operation.in_("path")},
        query={p.name: _value(api, p) for p in operation.in_("query") if p.required or _has_examples(p)},
        body=_example_body(api, operation.body) if operation.body else None,
    )


def _example_body(api: Api, body: Body) -> Frozen:
    """The body's own example; else an object of the examples of its members."""
    own = _first(body.examples, body.schema.examples)
    if own is not None:
        return own
    schema = api.resolve(body.schema)
    members = {one.name: next(iter(api.resolve(one.schema).examples), None) for one in schema.properties}
    return {name: value for name, value in members.items() if value is not None} or None


def json_block(value: Frozen) -> Block:
    """A JSON value, indented."""
    return Block("json", json.dumps(thaw(value), indent=2, ensure_ascii=False))


def body_text(media: str, value: Frozen) -> str:
    """A body as text: a form, or JSON."""
    if media.startswith(FORM) and isinstance(value, Mapping):
        return urlencode({name: text_of(member) for name, member in value.items()})
    return json_block(value).text


def http(api: Api, operation: Operation, values: Sample) -> Block:
    """The request as it goes over the wire; only the three signing values are left open."""
    stamps = _stamps(api.signing) if operation.signed else {}
    in_body = bool(api.signing and api.signing.send == "body")
    query = {**values.query, **({} if in_body else stamps)}
    body = {**_members(values.body), **stamps} if in_body else values.body
    head = [f"{operation.method} {_target(api, operation, values, query)} HTTP/1.1", *_headers(api)]
    if not body:
        return Block("http", "\n".join(head))
    media_type = operation.body.media_types[0] if operation.body else "application/json"
    if media_type.startswith(MULTIPART):
        return Block("http", "\n".join([*head, *_form(body, files(operation))]))
    return Block("http", "\n".join([*head, f"Content-Type: {one_line(media_type)}", "", body_text(media_type, body)]))


def example_request(api: Api, operation: Operation, values: Sample) -> Request:
    """The example before it is signed, with the body that the page shows; a form has line ends as they are sent."""
    media_type = operation.body.media_types[0] if operation.body and values.body else ""
    headers, body = [line.partition(": ")[::2] for line in _headers(api)[1:]], ""
    known: dict[str, Mapping[str, Frozen]] = {"path": {name: text_of(value) for name, value in values.path.items()}}
    if media_type.startswith(MULTIPART):
        uploads = files(operation)
        first, _, *parts = _form(values.body, uploads)
        headers, body = [*headers, first.partition(": ")[::2]], "\r\n".join([*parts, ""])
        known["body"] = {name: value for name, value in _members(values.body).items() if name not in uploads}
    elif media_type:
        headers, body = [*headers, ("Content-Type", one_line(media_type))], body_text(media_type, values.body)
    server = urlsplit(api.servers[0].url) if api.servers else urlsplit("http://127.0.0.1:8080")
    url = f"{server.scheme or 'https'}://{server.netloc or 'server'}{_target(api, operation, values, values.query)}"
    return replace(request_of(operation.method, url, headers, body), parameters=known)


def files(operation: Operation) -> frozenset[str]:
    """The members of the body that are files."""
    return operation.body.files if operation.body is not None else frozenset()


def is_file(api: Api, operation: Operation) -> bool:
    """Whether the response is a file."""
    schema = operation.success.schema
    return schema is not None and api.resolve(schema).format == "binary"


def _form(body: Frozen, uploads: frozenset[str]) -> Iterator[str]:
    """A form as it is sent; a client chooses another boundary, and the name of the file."""
    yield f"Content-Type: {MULTIPART}; boundary=BOUNDARY"
    yield ""
    for name, value in _members(body).items():
        yield "--BOUNDARY"
        shown = one_line(name).replace('"', "%22")
        if name in uploads:
            yield f'Content-Disposition: form-data; name="{shown}"; filename="upload"'
            yield "Content-Type: application/octet-stream"
        else:
            yield f'Content-Disposition: form-data; name="{shown}"'
        yield from ("", text_of(value))
    yield "--BOUNDARY--"


def _stamps(signing: Signing | None) -> Mapping[str, Frozen]:
    if signing is None:
        return {}
    return dict(zip((signing.timestamp.parameter, signing.nonce.parameter, signing.parameter), _STAMPS, strict=True))


def _members(body: Frozen) -> Mapping[str, Frozen]:
    return body if isinstance(body, Mapping) else {}


def _has_examples(parameter: Parameter) -> bool:
    return bool(parameter.examples or parameter.schema.examples)


def _value(api: Api, parameter: Parameter) -> Frozen:
    if _has_examples(parameter):
        return _first(parameter.examples, parameter.schema.examples)
    return _fit_schema(api.resolve(parameter.schema))


def _first(named: tuple[Example, ...], plain: tuple[Frozen, ...]) -> Frozen:
    return named[0].value if named else next(iter(plain), None)


def _fit_schema(schema: Schema) -> Frozen:
    if schema.enum:
        return schema.enum[0]
    minimum = dict(schema.limits).get("minimum")
    return minimum if minimum is not None else _BY_TYPE.get(next(iter(schema.types), ""), "text")


def _target(api: Api, operation: Operation, values: Sample, query: Mapping[str, Frozen]) -> str:
    path = operation.path
    for name, value in values.path.items():
        path = path.replace(f"{{{name}}}", quote(text_of(value), safe=""))
    encoded = urlencode({name: text_of(value) for name, value in query.items()}, quote_via=quote)
    return "".join((quote(api.base_path + path, safe="/%{}"), "?" if encoded else "", encoded))


def _headers(api: Api) -> list[str]:
    host = urlsplit(api.servers[0].url).netloc if api.servers else ""
    token = {api.token.header: api.token.format.replace("{token}", "YOUR_API_TOKEN")} if api.token else {}
    headers = {"Host": host or "127.0.0.1:8080", "Accept": api.accept or "application/json", **token}
    return [f"{one_line(name)}: {one_line(value)}" for name, value in headers.items()]


def text_of(value: Frozen) -> str:
    """A value as it is written into an address or a form."""
    return value if isinstance(value, str) else json.dumps(thaw(value), ensure_ascii=False)
