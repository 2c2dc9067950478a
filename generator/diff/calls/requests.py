"""What a caller sends: parameters and body."""

from __future__ import annotations

from generator.diff.calls.media import content_changes, media_changes, media_type
from generator.diff.calls.servers import PLACEHOLDER
from generator.diff.notes import description_changes, example_changes, member_notes
from generator.diff.signing.schemes import signs_paths
from generator.diff.texts import was
from generator.diff.values.forms import types_of
from generator.diff.values.schemas import Values
from generator.diff.where import Found, Where
from generator.ir import Api, Body, Operation, Parameter

Key = tuple[str, str]


def parameter_changes(values: Values, old: Operation, new: Operation) -> Found:
    """Parameters of path, query and header; those of the path by their order in it."""
    renamed = dict(zip(reversed(PLACEHOLDER.findall(old.path)), reversed(PLACEHOLDER.findall(new.path)), strict=False))
    before = {_key(parameter, renamed): parameter for parameter in old.parameters}
    after = {_key(parameter, {}): parameter for parameter in new.parameters}
    for key, parameter in before.items():
        if key not in after:
            yield _at(parameter).build_finding("request-parameter-removed", "the parameter is gone")
    for key, parameter in after.items():
        if key in before:
            yield from _name_changes(values, new, before[key], parameter)
            yield from _parameter(values, before[key], parameter)
        else:
            kind = "required" if parameter.required else "optional"
            yield _at(parameter).build_finding(f"new-{kind}-request-parameter", f"the {kind} parameter is new")


def body_changes(values: Values, old: Body | None, new: Body | None) -> Found:
    """The request body: whether there is one, its media types, what it holds."""
    where = Where("request-body", "body")
    if new is None:
        if old:
            yield where.build_finding("request-body-removed", "the body is gone")
        return
    kind = "required" if new.required else "optional"
    if old is None:
        yield where.build_finding(f"new-{kind}-request-body", f"the {kind} body is new")
        return
    if old.required != new.required:
        yield where.build_finding(f"request-body-became-{kind}", f"the body is {kind} now")
    yield from _body_media(where, old.media_types, new.media_types)
    if old.envelope != new.envelope:
        yield where.build_finding("request-body-envelope-changed", f"the envelope is {was(old.envelope, new.envelope)}")
    yield from description_changes(where, old.description, new.description)
    yield from example_changes(where, old.examples, new.examples)
    yield from content_changes(values, where, old.contents, new.contents)


def _body_media(where: Where, old: tuple[str, ...], new: tuple[str, ...]) -> Found:
    yield from media_changes(where, "request-body", old, new)
    before, after = [media_type(one) for one in old], [media_type(one) for one in new]
    if before[:1] != after[:1] and before[:1] and before[0] in after:
        yield where.build_finding("request-body-media-type-preferred", f"the client sends {new[0]}, sent {old[0]}")


def _key(parameter: Parameter, renamed: dict[str, str]) -> Key:
    if parameter.location == "path":
        return "path", renamed.get(parameter.name, parameter.name)
    return parameter.location, parameter.name.lower() if parameter.location == "header" else parameter.name


def _at(parameter: Parameter) -> Where:
    return Where("request-parameter", f"{parameter.location} {parameter.name}")


def _name_changes(values: Values, operation: Operation, old: Parameter, new: Parameter) -> Found:
    if old.location == "path" and old.name != new.name:
        signed = operation.signed and signs_paths(values.new)
        why = "and the name is signed" if signed else "and is an argument of the client"
        yield _at(new).build_finding("request-path-parameter-renamed", f"the placeholder was called {old.name}, {why}")


def _parameter(values: Values, old: Parameter, new: Parameter) -> Found:
    where = _at(new)
    if old.required != new.required:
        word = "required" if new.required else "optional"
        yield where.build_finding(f"request-parameter-became-{word}", f"the parameter is {word} now")
    if old.style != new.style and not (_scalar(values.old, old) and _scalar(values.new, new)):
        sentence = f"lists and objects are written as {new.style}, were {old.style}"
        yield where.build_finding("request-parameter-style-changed", sentence)
    yield from description_changes(where, old.description, new.description)
    yield from example_changes(where, old.examples, new.examples)
    yield from member_notes(where, old, new)
    yield from values.compare(where, old.schema, new.schema)


def _scalar(api: Api, parameter: Parameter) -> bool:
    """Whether the value is written the same in every style."""
    types = types_of(api.resolve(parameter.schema))
    return bool(types) and not types & {"array", "object"} and "/" not in parameter.style
