"""Ids of objects that the suite does not create: `--ids proctor_id=4,exam=12,showReport.exam=3`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from ..api import Api, Json, Operation, Placeholder
from ..errors import CannotRun


def give_ids(api: Api, text: str) -> Api:
    """The version with these ids in its required parameters and bodies; raises CannotRun if a name is unknown.

    A name behind the id of an operation holds for that operation alone, and before what the suite creates.
    """
    ids = dict(_read_pair(pair) for pair in text.split(",") if pair.strip())
    if not ids:
        return api
    operations = tuple(_give(operation, ids) for operation in api.operations)
    known = sorted({name for one in api.operations for name in _list_names(one)})
    scoped = {f"{one.id}.{name}" for one in api.operations for name in _list_names(one)}
    if unknown := sorted(ids.keys() - {*known, *scoped}):
        raise CannotRun(f"--ids: nothing asks for {', '.join(unknown)}; what can be given: {', '.join(known)}.")
    return replace(api, operations=operations)


def _list_names(operation: Operation) -> Iterator[str]:
    """What can be given to an operation: ids that nothing creates, required texts, and what its path names."""
    yield from (name for name, creator in operation.named if not creator)
    yield from (name for name, _ in operation.required_query)
    for placeholder in operation.placeholders:
        yield from _name_placeholder(placeholder)


def _name_placeholder(placeholder: Placeholder) -> tuple[str, ...]:
    """What an id in a path is called: `exam_id`, and `exam` for short."""
    short = re.sub(r"(?<=.)(_id|Id)$", "", placeholder.reference)
    return tuple(dict.fromkeys((placeholder.reference, short)))


def _read_pair(pair: str) -> tuple[str, str]:
    name, equals, value = pair.strip().partition("=")
    if not (name and equals and value):
        raise CannotRun(f"--ids {pair!r} is no pair: write NAME=VALUE, such as proctor_id=4.")
    return name, value


def _give(operation: Operation, given_ids: Mapping[str, str]) -> Operation:
    """The operation with the ids of what nothing creates; those of own objects stay."""
    prefix = f"{operation.id}."
    own = {name.removeprefix(prefix): text for name, text in given_ids.items() if name.startswith(prefix)}
    ids = {**given_ids, **own}
    asked = (*(name for name, creator in operation.named if not creator), *dict(operation.required_query))
    example = operation.example if isinstance(operation.example, dict) else {}
    samples = {**dict(operation.required_query), **example}
    query = tuple((name, _like(value, ids.get(name))) for name, value in operation.required_query)
    given = tuple((name, _like(samples.get(name), ids[name])) for name in dict.fromkeys(asked) if name in ids)
    placeholders = tuple(
        _give_placeholder(_forget_creator(placeholder, own), ids) for placeholder in operation.placeholders
    )
    return replace(operation, required_query=query, given=given, placeholders=placeholders)


def _forget_creator(placeholder: Placeholder, own: Collection[str]) -> Placeholder:
    """What the operation's own ids name is not created by the suite."""
    is_own = any(name in own for name in _name_placeholder(placeholder))
    return replace(placeholder, creator="", lister="") if is_own else placeholder


def _give_placeholder(placeholder: Placeholder, ids: Mapping[str, str]) -> Placeholder:
    text = next((ids[name] for name in _name_placeholder(placeholder) if name in ids), None)
    if text is None:
        return placeholder
    return replace(placeholder, given=int(text) if placeholder.integer and text.isdecimal() else text)


def _like(sample: Json, text: str | None) -> Json:
    """The text as a value of the sample's type; the sample itself, if nothing is given."""
    if text is None:
        return sample
    return int(text) if isinstance(sample, int) and text.lstrip("-").isdecimal() else text
