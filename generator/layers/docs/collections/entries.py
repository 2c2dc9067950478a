"""The requests of a version as a collection has them: filled in, without what signing adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from generator.ir import Api, Frozen, Operation
from generator.layers.docs.collections.literals import (
    part_braces,
    quote_address,
    write_header_braces,
    write_json_braces,
)
from generator.layers.docs.page_paths import Place, resources
from generator.layers.docs.prose import one_line
from generator.layers.docs.samples import FORM, MULTIPART, body_text, files, sample, text_of

UPLOAD = "upload.txt"
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request. `body` is its text; `form` the fields of a form, a file's value is None."""

    name: str
    file: str
    method: str
    address: str
    signed: bool
    template: str
    headers: tuple[tuple[str, str], ...]
    body: str
    form: tuple[tuple[str, str | None], ...]


def entries(api: Api, found: tuple[Place, ...]) -> Iterator[tuple[str, list[Entry]]]:
    """The requests of a version, by the title of their resource."""
    titles = [place.title for place in found if place.api is api]
    for name, group in resources(api, found):
        own = [_entry(api, place, is_unique=titles.count(place.title) == 1) for place in group]
        yield one_line(group[0].operation.tag or name), own


def _entry(api: Api, place: Place, *, is_unique: bool) -> Entry:
    operation = place.operation
    values = sample(api, operation)
    body = values.body
    media = operation.body.media_types[0] if operation.body and body is not None else ""
    is_form = media.startswith(MULTIPART)
    return Entry(
        name=place.title if is_unique else f"{place.title} ({operation.id})",
        file=place.path.removesuffix(".md").partition("/")[2],
        method=operation.method,
        address=_address(api, operation, values.path, values.query),
        signed=operation.signed,
        template=operation.path,
        headers=tuple(_headers(api, media="" if is_form else media)),
        body=_text(media, body) if media and not is_form else "",
        form=tuple(_form(operation, body)) if is_form else (),
    )


def _text(media: str, body: Frozen) -> str:
    text = body_text(media, body)
    return text if media.startswith(FORM) else write_json_braces(text)


def _address(api: Api, operation: Operation, path: Mapping[str, Frozen], query: Mapping[str, Frozen]) -> str:
    filled = operation.path
    for name, value in path.items():
        filled = filled.replace(f"{{{name}}}", quote(text_of(value), safe=""))
    filled = quote_address(api.base_path + filled)
    pairs = "&".join(f"{quote(name, safe='')}={quote(text_of(value), safe='')}" for name, value in query.items())
    return f"{{{{base_url}}}}{filled}{'?' if pairs else ''}{pairs}"


def _headers(api: Api, *, media: str) -> Iterator[tuple[str, str]]:
    """The headers; a name that HTTP does not allow cannot be sent."""
    yield "Accept", write_header_braces(one_line(api.accept or "application/json"))
    if api.token and _HEADER_NAME.fullmatch(api.token.header):
        yield api.token.header, one_line(api.token.format.replace("{token}", "{{token}}"))
    if media:
        yield "Content-Type", write_header_braces(one_line(media))


def _form(operation: Operation, body: Frozen) -> Iterator[tuple[str, str | None]]:
    for name, value in body.items() if isinstance(body, Mapping) else ():
        yield part_braces(name), None if name in files(operation) else _form_text(value)


def _form_text(value: Frozen) -> str:
    return part_braces(value) if isinstance(value, str) else write_json_braces(text_of(value))


def default_address(api: Api) -> str:
    """The scheme, host and port of the first server; those of a local sandbox where none has them."""
    parts = urlsplit(api.servers[0].url) if api.servers else urlsplit("")
    return quote_address(f"{parts.scheme}://{parts.netloc}") if parts.netloc else "http://127.0.0.1:8080"
