"""Operations that set or clear one flag of an object, as the description says which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Column, Connection, Row

from ..http.context import HandlerResult, RequestContext


class Objects(Protocol):
    """What a toggle needs of a resource."""

    def find_requested(self, context: RequestContext) -> Row[Any]: ...
    def key_of(self, row: Row[Any]) -> Any: ...
    def column(self, name: str) -> Column[Any] | None: ...
    def store_changes(self, context: RequestContext, key: Any, values: Mapping[str, Any]) -> None: ...
    def get_row(self, connection: Connection, key: Any) -> Row[Any]: ...
    def respond_one(self, context: RequestContext, row: Row[Any]) -> HandlerResult: ...


def toggle(objects: Objects, context: RequestContext) -> HandlerResult:
    """Sets or clears the flag, and responds with the object if the operation has one to respond with."""
    key, column = objects.key_of(objects.find_requested(context)), objects.column(context.operation.toggles)
    if column is not None:
        objects.store_changes(context, key, {column.key: not context.operation.clears})
    if not context.operation.fields:
        return HandlerResult(content={})
    return objects.respond_one(context, objects.get_row(context.connection, key))
