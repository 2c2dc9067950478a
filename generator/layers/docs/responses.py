"""The responses of an operation, status by status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from generator.ir import Body, Example, Response
from generator.layers.docs.fields import Group, Rows
from generator.layers.docs.prose import Link, Origin, literal
from generator.layers.docs.samples import MULTIPART, Block, json_block
from generator.layers.docs.schema_text import forms_of
from generator.layers.docs.sources import origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An example and the sentence above it."""

    summary: str
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body, sent or received; `value` says what it is where it has no members."""

    media_types: str
    value: str
    meaning: str
    groups: tuple[Group, ...]
    examples: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseView:
    """The response of one status, or of several with the same; `links` lead to what each may mean."""

    statuses: str
    anchor: str
    links: tuple[Link, ...]
    meaning: str
    content: Content | None
    headers: tuple[Group, ...]
    examples: tuple[Shown, ...]
    source: Origin


def list_responses(
    rows: Rows, responses: tuple[Response, ...], linked: Callable[[int], Link]
) -> tuple[ResponseView, ...]:
    """One for each distinct response."""
    distinct: list[tuple[Response, list[Link]]] = []
    for response in responses:
        plain = replace(response, status=0, name="")
        links = next((links for other, links in distinct if other == plain), [])
        if not links:
            distinct.append((plain, links))
        links.append(linked(response.status))
    return tuple(_view_response(rows, response, tuple(links)) for response, links in distinct)


def request_content(rows: Rows, body: Body) -> Content:
    """The body that is sent."""
    return Content(
        media_types=" or ".join(literal(name) for name in body.media_types),
        value=forms_of(rows.api, body.schema),
        meaning=body.description or rows.api.resolve(body.schema).description,
        groups=rows.of_request(body.schema),
        examples=() if body.media_types[0].startswith(MULTIPART) else show_examples(body.examples),
    )


def show_examples(examples: tuple[Example, ...]) -> tuple[Shown, ...]:
    """Examples as JSON."""
    return tuple(
        Shown(summary=example.summary or example.name, block=json_block(example.value)) for example in examples
    )


def _view_response(rows: Rows, response: Response, links: tuple[Link, ...]) -> ResponseView:
    status = links[-1].title
    return ResponseView(
        statuses=" and ".join(link.title for link in links),
        anchor=status,
        links=links,
        meaning=response.description,
        content=_content(rows, status, response),
        headers=rows.of_headers(status, response.headers),
        examples=show_examples(response.examples) if "json" in response.media_type else (),
        source=origin(rows.api, response.source, rows.start),
    )


def _content(rows: Rows, status: str, response: Response) -> Content | None:
    if response.schema is None:
        return None
    return Content(
        media_types=literal(response.media_type),
        value=forms_of(rows.api, response.schema),
        meaning=rows.api.resolve(response.schema).description,
        groups=rows.of_response(status, response.schema),
    )
