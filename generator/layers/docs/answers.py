"""What an operation answers, status by status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from generator.ir import Api, Body, Example, Response
from generator.layers.docs.fields import Row, header_rows, schema_rows
from generator.layers.docs.prose import Link, Origin, literal, origin
from generator.layers.docs.samples import MULTIPART, Block, json_block
from generator.layers.docs.wording import value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An example and the sentence above it."""

    summary: str
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body, sent or received; `value` tells what it is where it has no members."""

    media_types: str
    value: str
    meaning: str
    rows: tuple[Row, ...]
    examples: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of one status, or of several that answer the same; `links` lead to what each may mean."""

    statuses: str
    links: tuple[Link, ...]
    meaning: str
    content: Content | None
    headers: tuple[Row, ...]
    source: Origin


def answers(api: Api, responses: tuple[Response, ...], linked: Callable[[int], Link]) -> tuple[Answer, ...]:
    """One answer for each distinct response."""
    groups: dict[Answer, list[Link]] = {}
    for response in responses:
        groups.setdefault(_answer(api, response), []).append(linked(response.status))
    return tuple(
        replace(answer, statuses=" and ".join(link.title for link in found), links=tuple(found))
        for answer, found in groups.items()
    )


def request_content(api: Api, body: Body) -> Content:
    """The body that is sent."""
    return Content(
        media_types=" or ".join(literal(name) for name in body.media_types),
        value=value_of(api, body.schema),
        meaning=body.description or api.resolve(body.schema).description,
        rows=schema_rows(api, body.schema),
        examples=() if body.media_types[0].startswith(MULTIPART) else _show_examples(body.examples),
    )


def distinct_rows(shown: tuple[Answer, ...]) -> tuple[Row, ...]:
    """The members of all these answers, each once."""
    return tuple(dict.fromkeys(row for answer in shown if answer.content for row in answer.content.rows))


def _answer(api: Api, response: Response) -> Answer:
    return Answer(
        statuses="",
        links=(),
        meaning=response.description,
        content=_content(api, response),
        headers=header_rows(api, response.headers),
        source=origin(response.source),
    )


def _content(api: Api, response: Response) -> Content | None:
    if response.schema is None:
        return None
    return Content(
        media_types=literal(response.media_type),
        value=value_of(api, response.schema),
        meaning=api.resolve(response.schema).description,
        rows=schema_rows(api, response.schema),
        examples=_show_examples(response.examples) if "json" in response.media_type else (),
    )


def _show_examples(examples: tuple[Example, ...]) -> tuple[Shown, ...]:
    return tuple(
        Shown(summary=example.summary or example.name, block=json_block(example.value)) for example in examples
    )
