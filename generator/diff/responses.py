"""What comes back: statuses, bodies and headers."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.change import Finding
from generator.diff.notes import described, exemplified, member_notes, sourced
from generator.diff.requests import content_changes, media_changes
from generator.diff.schemas import Values
from generator.diff.texts import shown, was
from generator.diff.where import Found, Where
from generator.ir import Operation, Parameter, Project, Response


def response_changes(values: Values, old: Operation, new: Operation) -> Found:
    """The documented answers, by status."""
    before = {response.status: response for response in old.responses}
    after = {response.status: response for response in new.responses}
    for status, response in before.items():
        if status not in after:
            kind = "success" if _succeeds(response) else "non-success"
            yield _at(response).plain(f"response-{kind}-status-removed", "the answer is gone")
    for status, response in after.items():
        if status in before:
            yield from _response(values, before[status], response)
        else:
            yield _added(response, old)


def error_changes(old: Project, new: Project) -> Iterator[Finding]:
    """The classes of the client's exceptions: one for each status that is no success, named by the answer."""
    before, after = _error_names(old), _error_names(new)
    for status, name in before.items():
        if status not in after:
            yield Finding(rule="error-class-removed", path=str(status), sentence=f"no answer is {name} any more")
        elif after[status] != name:
            sentence = f"the answer is called {after[status]}, was {name}"
            yield Finding(rule="error-class-renamed", path=str(status), sentence=sentence)


def _error_names(project: Project) -> dict[int, str]:
    """As the client does: the current version names what several versions have."""
    found: dict[int, str] = {}
    for api in sorted(project.apis, key=lambda one: one is not project.current):
        for operation in api.operations:
            for response in operation.errors:
                found.setdefault(response.status, response.name)
    return found


def _at(response: Response) -> Where:
    return Where("response-body", str(response.status))


def _succeeds(response: Response) -> bool:
    return 200 <= response.status < 300


def _added(response: Response, old: Operation) -> Finding:
    where = _at(response)
    if not _succeeds(response):
        return where.plain("response-non-success-status-added", "the refusal is new")
    known = [_held(one) for one in old.responses if _succeeds(one)]
    if _held(response) in known:
        return where.plain("response-success-status-added", "the success is new, its body is known")
    return where.plain("response-success-status-added-with-other-body", "the success is new, and so is its body")


def _held(response: Response) -> list[tuple[str, str]]:
    return [(content.media_type, shown(content.schema.definition)) for content in response.contents]


def _response(values: Values, old: Response, new: Response) -> Found:
    where = _at(new)
    before, after = (tuple(content.media_type for content in side.contents) for side in (old, new))
    yield from media_changes(where, "response", before, after)
    if old.envelope != new.envelope:
        yield where.plain("response-envelope-changed", f"the envelope is {was(old.envelope, new.envelope)}")
    yield from described(where, old.description, new.description)
    yield from sourced(where, old.source, new.source)
    yield from exemplified(where, old.examples, new.examples)
    yield from content_changes(values, where, old.contents, new.contents)
    yield from _headers(values, where.path, old.headers, new.headers)


def _headers(values: Values, status: str, old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Found:
    before = {header.name.lower(): header for header in old}
    after = {header.name.lower(): header for header in new}
    for name, header in before.items():
        if name not in after:
            yield _header(status, header).plain("response-header-removed", "the header is gone")
    for name, header in after.items():
        where = _header(status, header)
        if name in before:
            yield from _same_header(values, where, before[name], header)
        else:
            yield where.plain("response-header-added", "the header is new")


def _header(status: str, header: Parameter) -> Where:
    return Where("response-header", f"{status} header {header.name}")


def _same_header(values: Values, where: Where, old: Parameter, new: Parameter) -> Found:
    if old.required != new.required:
        word = "required" if new.required else "optional"
        yield where.plain(f"response-header-became-{word}", f"the header is {word} now")
    yield from described(where, old.description, new.description)
    yield from exemplified(where, old.examples, new.examples)
    yield from member_notes(where, old, new)
    yield from values.compare(where, old.schema, new.schema)
