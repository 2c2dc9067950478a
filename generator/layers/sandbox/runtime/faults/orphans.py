"""Faults of deletion: what was below a deleted object is still shown or listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from ..api import Operation
from ..errors import ApiError
from ..http.context import Handler, HandlerResult, RequestContext
from .fault import SHOULD, Fault

_GONE = 404
_REMEMBERED = ("create", "show", "update", "replace")
_KEPT: WeakKeyDictionary[Engine, dict[tuple[str, str], Any]] = WeakKeyDictionary()  # by resource and id


def _keep(is_shown: Callable[[Operation], bool]) -> Callable[[Operation, Handler], Handler]:
    """Operations that are meant answer with what they know of an object that was not deleted by itself."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        def faulty(context: RequestContext) -> HandlerResult:
            kept = _KEPT.setdefault(context.connection.engine, {})
            try:
                result = handler(context)
            except ApiError as error:
                found = kept.get((operation.resource, _id_of(context)))
                if error.status != _GONE or found is None or operation.kind != "show" or not is_shown(operation):
                    raise
                return HandlerResult(content=found)
            if operation.kind == "delete":
                kept.pop((operation.resource, _id_of(context)), None)
            if operation.kind in _REMEMBERED:
                _remember(kept, operation, result.content)
            return _with_orphans(kept, operation, result) if is_shown(operation) else result

        return faulty

    return wrap_handler


def _id_of(context: RequestContext) -> str:
    return next(reversed([*context.path.values()]), "")


def _remember(kept: dict[tuple[str, str], Any], operation: Operation, content: Any) -> None:
    members = content.get(operation.wrapper, content) if operation.wrapper else content
    if isinstance(members, dict) and "id" in members:
        kept[operation.resource, str(members["id"])] = content


def _with_orphans(kept: dict[tuple[str, str], Any], operation: Operation, result: HandlerResult) -> HandlerResult:
    """A list with everything that is kept, once."""
    content: Any = result.content
    if operation.kind != "list" or not isinstance(content, dict):
        return result
    items = content[operation.wrapper]
    known = {str(item["id"]) for item in items}
    orphans = [
        next(iter(one.values()))
        for (resource, id_), one in kept.items()
        if resource == operation.resource and id_ not in known
    ]
    return replace(result, content={operation.wrapper: [*items, *orphans]})


def _is_shown_alone(operation: Operation) -> bool:
    return operation.kind == "show" and operation.path.count("{") == 1


def _is_shown_below(operation: Operation) -> bool:
    return operation.kind == "show" and operation.path.count("{") > 1


def _is_listed_alone(operation: Operation) -> bool:
    return operation.kind == "list" and "{" not in operation.path


FAULTS: Mapping[str, Fault] = {
    "orphan-shown": Fault(
        clause="responses.404",
        level=SHOULD,
        meaning="what was below a deleted object is still shown at an address of its own",
        wrap_handler=_keep(_is_shown_alone),
    ),
    "orphan-shown-below": Fault(
        clause="responses.404",
        level=SHOULD,
        meaning="what was below a deleted object is still shown below it",
        wrap_handler=_keep(_is_shown_below),
    ),
    "orphan-listed": Fault(
        clause="responses.404",
        level=SHOULD,
        meaning="what was below a deleted object is still on the list of all of its kind",
        wrap_handler=_keep(_is_listed_alone),
    ),
}
