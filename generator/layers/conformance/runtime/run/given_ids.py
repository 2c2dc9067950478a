"""Ids of objects that the suite cannot create: `--ids proctor_id=4,comanager_id=5`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..api import Api, Json, Operation
from ..errors import CannotRun


def give_ids(api: Api, text: str) -> Api:
    """The version with these ids in its required parameters and bodies; raises CannotRun if a name is unknown."""
    ids = dict(_read_pair(pair) for pair in text.split(",") if pair.strip())
    if not ids:
        return api
    operations = tuple(_give(operation, ids) for operation in api.operations)
    used = {name for one in operations for name in (*dict(one.given), *dict(one.required_query))}
    if unknown := sorted(ids.keys() - used):
        known = sorted({name for one in api.operations for name, creator in one.named if not creator})
        raise CannotRun(f"--ids: nothing asks for {', '.join(unknown)}; what can be given: {', '.join(known)}.")
    return replace(api, operations=operations)


def _read_pair(pair: str) -> tuple[str, str]:
    name, equals, value = pair.strip().partition("=")
    if not (name and equals and value):
        raise CannotRun(f"--ids {pair!r} is no pair: write NAME=VALUE, such as proctor_id=4.")
    return name, value


def _give(operation: Operation, ids: Mapping[str, str]) -> Operation:
    """The operation with the ids of what nothing creates; those of own objects stay."""
    named = {name: ids[name] for name, creator in operation.named if not creator and name in ids}
    example = operation.example if isinstance(operation.example, dict) else {}
    samples = {**dict(operation.required_query), **example}
    query = tuple((name, _like(value, ids.get(name))) for name, value in operation.required_query)
    given = tuple((name, _like(samples.get(name), text)) for name, text in named.items())
    return replace(operation, required_query=query, given=given)


def _like(sample: Json, text: str | None) -> Json:
    """The text as a value of the sample's type; the sample itself, if nothing is given."""
    if text is None:
        return sample
    return int(text) if isinstance(sample, int) and text.lstrip("-").isdecimal() else text
