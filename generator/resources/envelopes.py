"""Lists and objects that lie in an object with nothing but facts about them, where no `x-envelope` says so."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.ir import Operation, Property, Response, Schema

_FACTS = re.compile(
    r"_?(meta|metadata|links?|paging|pagination|page|pageinfo|page_info|cursors?|included|jsonapi|errors?)"
)
_STATUS = re.compile(r"success|ok|status|status_?code|code|message|request_?id|timestamp|version", re.IGNORECASE)
_ENVELOPES = ("data", "result", "item", "object", "payload", "response")
_IDENTITY = re.compile(r"(?:.*[a-z_])?(?:id|Id|ID|uuid|Uuid)")


def unwrap(operation: Operation) -> Operation:
    """The operation with the members that its body and its success are wrapped in."""
    response = operation.success
    if operation.wrapper or operation.payload is None:
        return operation
    name = _find_list(operation) or _find_object(operation.payload)
    if not name:
        return operation
    responses = tuple(_wrap(one, name) if one is response else one for one in operation.responses)
    return _unwrap_body(replace(operation, responses=responses), name)


def _unwrap_body(operation: Operation, name: str) -> Operation:
    """The same for a body that has one required member, of the name that the response has."""
    body = operation.body
    if body is None or body.envelope or body.schema is None:
        return operation
    members = body.schema.resolve().properties
    is_wrapped = [one.name for one in members] == [name] and bool(members[0].schema.resolve().properties)
    return replace(operation, body=replace(body, envelope=name)) if is_wrapped else operation


def _find_list(operation: Operation) -> str:
    """The only list of objects in a read that has nothing else but facts about it; empty if it is something else."""
    payload = operation.payload
    if operation.method != "GET" or payload is None or payload.resolve().items is not None:
        return ""
    members = payload.resolve().properties
    lists = [one for one in members if one.schema.resolve().items is not None]
    others = [one for one in members if one not in lists]
    if len(lists) != 1 or any(_is_object(one) and not _FACTS.fullmatch(one.name.lower()) for one in others):
        return ""
    element = lists[0].schema.resolve().items
    return lists[0].name if element is not None and element.resolve().properties else ""


def _find_object(payload: Schema) -> str:
    """The only object beside facts about it, if it has an id or the name of an envelope; empty if there is none."""
    members = payload.resolve().properties
    objects = [one for one in members if _is_object(one) and not _FACTS.fullmatch(one.name.lower())]
    others = [one.name for one in members if one not in objects]
    if len(objects) != 1 or not all(_FACTS.fullmatch(one.lower()) or _STATUS.fullmatch(one) for one in others):
        return ""
    inside = objects[0].schema.resolve().properties
    has_id = any(_IDENTITY.fullmatch(one.name) for one in inside)
    return objects[0].name if has_id or objects[0].name in _ENVELOPES else ""


def _is_object(member: Property) -> bool:
    schema = member.schema.resolve()
    return bool(schema.properties or schema.variants)


def _wrap(response: Response, name: str) -> Response:
    return replace(response, envelope=name)
