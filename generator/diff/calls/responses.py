"""What comes back: statuses, bodies and headers."""

from __future__ import annotations

from generator.diff.calls.media import content_changes, media_changes, media_type
from generator.diff.notes import description_changes, example_changes, member_notes, source_changes
from generator.diff.texts import json_text, was
from generator.diff.values.schemas import Values
from generator.diff.where import Found, Where
from generator.ir import Operation, Parameter, Response


def response_changes(values: Values, old: Operation, new: Operation) -> Found:
    """The documented responses, by status."""
    before, after = _by_status(old), _by_status(new)
    for status, response in before.items():
        if status not in after:
            yield from _removal(values, status, response, after)
    for status, response in after.items():
        if status in before:
            yield from _response(values, _at(status), before[status], response)
        else:
            yield from _addition(values, status, response, before)


def _by_status(operation: Operation) -> dict[str, Response]:
    return {**{str(one.status): one for one in operation.responses}, **dict(operation.ranges)}


def _at(status: str) -> Where:
    return Where("response-body", status)


def _succeeds(status: str) -> bool:
    return status.startswith("2")


def _around(status: str, known: dict[str, Response]) -> Response | None:
    """The response that stands for a status without its own: that of its range, or the default one of errors."""
    wide = known.get(f"{status[:1]}XX") if status.isdecimal() else None
    return wide if wide or _succeeds(status) or status == "default" else known.get("default")


def _removal(values: Values, status: str, response: Response, after: dict[str, Response]) -> Found:
    wide = _around(status, after)
    if wide is not None:
        yield from content_changes(values, _at(status), response.contents, wide.contents)
    elif status in ("default", "2XX") and any(map(_succeeds, after)):
        yield _at(status).build_finding("response-range-removed", "only the statuses that are named come")
    else:
        kind = "success" if _succeeds(status) else "non-success"
        yield _at(status).build_finding(f"response-{kind}-status-removed", "the response is gone")


def _addition(values: Values, status: str, response: Response, before: dict[str, Response]) -> Found:
    wide = _around(status, before)
    if wide is not None:
        yield from content_changes(values, _at(status), wide.contents, response.contents)
    elif not _succeeds(status):
        yield _at(status).build_finding("response-non-success-status-added", "the error is new")
    elif _content_key(response) in [_content_key(one) for key, one in before.items() if _succeeds(key)]:
        yield _at(status).build_finding("response-success-status-added", "the success is new, its body is known")
    else:
        sentence = "the success is new, and so is its body"
        yield _at(status).build_finding("response-success-status-added-with-other-body", sentence)


def _content_key(response: Response) -> list[tuple[str, str]]:
    return [(media_type(content.media_type), json_text(content.schema.definition)) for content in response.contents]


def _response(values: Values, where: Where, old: Response, new: Response) -> Found:
    before, after = ([content.media_type for content in side.contents] for side in (old, new))
    yield from media_changes(where, "response", before, after)
    if old.envelope != new.envelope:
        yield where.build_finding("response-envelope-changed", f"the envelope is {was(old.envelope, new.envelope)}")
    yield from description_changes(where, old.description, new.description)
    yield from source_changes(where, old.source, new.source)
    yield from example_changes(where, old.examples, new.examples)
    yield from content_changes(values, where, old.contents, new.contents)
    yield from header_changes(values, f"{where.path} ", old.headers, new.headers)


def header_changes(values: Values, prefix: str, old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Found:
    """Headers that programs read; `prefix` leads to them, and ends with a space."""
    before = {header.name.lower(): header for header in old}
    after = {header.name.lower(): header for header in new}
    for name, header in before.items():
        if name not in after:
            yield _header(prefix, header).build_finding("response-header-removed", "the header is gone")
    for name, header in after.items():
        where = _header(prefix, header)
        if name in before:
            yield from _same_header(values, where, before[name], header)
        else:
            yield where.build_finding("response-header-added", "the header is new")


def _header(prefix: str, header: Parameter) -> Where:
    return Where("response-header", f"{prefix}{header.location} {header.name}")


def _same_header(values: Values, where: Where, old: Parameter, new: Parameter) -> Found:
    if old.required != new.required:
        word = "required" if new.required else "optional"
        yield where.build_finding(f"response-header-became-{word}", f"the header is {word} now")
    yield from description_changes(where, old.description, new.description)
    yield from example_changes(where, old.examples, new.examples)
    yield from member_notes(where, old, new)
    yield from values.compare(where, old.schema, new.schema)
