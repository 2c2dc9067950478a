"""Conditions and orders of lists, written with the columns that a list has."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, TypeAlias, TypeVar

from .._codec.encoding import json_text, to_json
from .._codec.unset import Unset
from .._errors.exceptions import InvalidArgument

if TYPE_CHECKING:
    from typing_extensions import deprecated
else:
    from .._calls.deprecation import deprecated

Owner = TypeVar("Owner")
Value = TypeVar("Value")
Moment: TypeAlias = datetime.datetime | datetime.date | str


@dataclass(frozen=True, slots=True)
class Condition(Generic[Owner]):
    """A column compared with a value; several of them in a list must all hold."""

    column: str
    operator: str
    value: object
    owner: type[Columns] | None = None

    def __bool__(self) -> NoReturn:
        raise InvalidArgument(
            f"a condition on {self.column!r} is neither true nor false: `and`, `or`, `not` and chains such as"
            " `a < column < b` cannot join conditions (pass them in a list: [column > a, column < b])"
        )


@dataclass(frozen=True, slots=True)
class Order(Generic[Owner]):
    """A column to sort by; of several in a list the first counts most."""

    column: str
    direction: Literal["asc", "desc"]
    owner: type[Columns] | None = None

    def __bool__(self) -> NoReturn:
        raise InvalidArgument(f"an order by {self.column!r} is neither true nor false (pass several in a list)")


class Column(Generic[Owner, Value]):
    """A column of a list: compare it with a value, or sort by it."""

    __slots__ = ("is_sortable", "name", "operators", "owner")

    def __init__(self, name: str, *operators: str, is_sortable: bool) -> None:
        self.name = name
        self.operators = operators
        self.is_sortable = is_sortable
        self.owner: type[Columns] | None = None

    def __set_name__(self, owner: type[Columns], name: str) -> None:
        self.owner = owner

    def __repr__(self) -> str:
        return f"<Column {self.name}>"

    def __eq__(self, value: Value) -> Condition[Owner]:  # type: ignore[override]
        return self._compare("eq", value)

    @deprecated("a column cannot be compared by `!=`")  # which type checkers report, as they do a bool as condition
    def __ne__(self, value: object) -> bool:
        raise InvalidArgument(f"{self.name!r} cannot be compared by `!=` ({_names(self.operators)})")

    def __gt__(self, value: Value) -> Condition[Owner]:
        return self._compare("gt", value)

    def __ge__(self, value: Value) -> Condition[Owner]:
        return self._compare("gte", value)

    def __lt__(self, value: Value) -> Condition[Owner]:
        return self._compare("lt", value)

    def __le__(self, value: Value) -> Condition[Owner]:
        return self._compare("lte", value)

    __hash__ = object.__hash__

    def asc(self) -> Order[Owner]:
        """Smallest first."""
        return self._order("asc")

    def desc(self) -> Order[Owner]:
        """Largest first."""
        return self._order("desc")

    def _compare(self, operator: str, value: Value) -> Condition[Owner]:
        if operator not in self.operators:
            raise InvalidArgument(f"{self.name!r} cannot be compared by {operator!r} ({_names(self.operators)})")
        return Condition(self.name, operator, value, self.owner)

    def _order(self, direction: Literal["asc", "desc"]) -> Order[Owner]:
        if not self.is_sortable:
            raise InvalidArgument(f"lists cannot be sorted by {self.name!r}")
        return Order(self.name, direction, self.owner)


class Columns:
    """The columns of a list."""

    @classmethod
    def _by_name(cls) -> dict[str, Column[Any, Any]]:
        """Each column by its name in requests."""
        return {value.name: value for value in vars(cls).values() if isinstance(value, Column)}


def filter_json(columns: type[Columns], asked: Any) -> str | Unset:
    """The JSON text of conditions; text is sent as it is, so that it may name what the description does not."""
    if isinstance(asked, str | Unset):
        return asked
    merged: dict[str, dict[str, Any]] = {}
    for condition in _conditions(asked):
        column = _column(columns, condition.column, condition.owner)
        if condition.operator not in column.operators:
            message = f"{column.name!r} cannot be compared by {condition.operator!r} ({_names(column.operators)})"
            raise InvalidArgument(message)
        tests = merged.setdefault(column.name, {})
        if condition.operator in tests:
            raise InvalidArgument(f"{column.name!r} is compared by {condition.operator!r} twice")
        tests[condition.operator] = to_json(condition.value)
    text: str = json_text(merged)
    return text


def sort_json(columns: type[Columns], asked: Any) -> str | Unset:
    """The JSON text of an order; text is sent as it is."""
    if isinstance(asked, str | Unset):
        return asked
    listed = [asked] if isinstance(asked, Order | Mapping) else asked
    orders = [order for entry in _list(listed) for order in _orders(entry)]
    for order in orders:
        name, direction = order.column, order.direction
        if not _column(columns, name, order.owner).is_sortable:
            raise InvalidArgument(f"lists cannot be sorted by {name!r}")
        if direction not in ("asc", "desc"):
            raise InvalidArgument(f"{name!r} cannot be sorted {direction!r} (asc, desc)")
    text: str = json_text([{order.column: order.direction} for order in orders])
    return text


def _conditions(asked: Any) -> Iterator[Condition[Any]]:
    if isinstance(asked, Mapping):
        for name, tests in asked.items():
            if not isinstance(tests, Mapping):
                raise InvalidArgument(f"the conditions on {name!r} must be a dict of operators and values")
            yield from (Condition(name, operator, value) for operator, value in tests.items())
        return
    for condition in [asked] if isinstance(asked, Condition) else _list(asked):
        if not isinstance(condition, Condition):
            raise InvalidArgument(f"{type(condition).__name__} is no condition (compare a column with a value)")
        yield condition


def _orders(entry: Any) -> Iterator[Order[Any]]:
    if isinstance(entry, Order):
        yield entry
    elif isinstance(entry, Mapping):
        yield from (Order(name, direction) for name, direction in entry.items())
    else:
        raise InvalidArgument(f"{type(entry).__name__} is no order (use .asc() or .desc() of a column)")


def _list(asked: Any) -> Sequence[Any]:
    if isinstance(asked, list | tuple):
        return asked
    raise InvalidArgument(
        f"a value of type {type(asked).__name__} cannot be sent here (pass a list, a dict or JSON text)"
    )


def _column(columns: type[Columns], name: object, owner: type[Columns] | None) -> Column[Any, Any]:
    if owner is not None and owner is not columns:
        raise InvalidArgument(f"{name!r} of {owner.__name__} is a column of another list (use {columns.__name__})")
    known = columns._by_name()
    if name not in known:
        raise InvalidArgument(f"there is no column {name!r} ({_names(known)}); JSON text is sent as it is")
    return known[str(name)]


def _names(names: Any) -> str:
    return ", ".join(names) or "none"
