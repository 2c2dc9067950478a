"""The kind of value that an annotation allows. What the annotations say is what responses are checked for."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from dataclasses import MISSING, fields
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from .kinds import Anything, Choice, Items, Kind, Plain, Table, Words, days, enum_words, identifiers, moments
from .model import EXTRA, IS_OPEN, TAGS, Model, wire_name
from .objects import Member, Objects
from .reading import Reading
from .unset import Unset

_READ: dict[type[Model], Objects] = {}
_UNFINISHED: dict[type[Model], Objects] = {}
_LOCK = threading.RLock()


def read_as(annotation: Any, text: bytes, reading: Reading) -> Any:
    """The value of JSON text that the description gives this annotation; raises ValueError if it is no JSON."""
    return _kind_of_result(annotation).read_text(text, reading)


def kind_of(annotation: Any, *, hidden: bool = False, is_open: bool = False) -> Kind:
    """The kind of an annotation.

    No value that is `hidden` is noted. An enum beside text is there for values that the enum does
    not list, unless `is_open`: then the description allows any text.
    """
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _choice(inner, hidden=hidden, is_open=is_open)
    if origin is Literal:
        return Words(annotation, {value: value for value in inner}, hidden=hidden)
    if origin is list:
        return Items(kind_of(inner[0], hidden=hidden, is_open=is_open))
    if origin is dict:
        return Table(kind_of(inner[1], hidden=hidden, is_open=is_open))
    return _class(annotation, hidden=hidden)


def objects_of(model: type[Model]) -> Objects:
    """How the objects of a model are read; made when it is first needed."""
    if model in _READ:
        return _READ[model]
    with _LOCK:  # a model may hold itself, so what is unfinished is known, but to this thread alone
        if model not in _UNFINISHED:
            made = _UNFINISHED[model] = Objects(model._adopt)
            made.define(tuple(_members(model)), _rest(model))
            _READ[model] = _UNFINISHED.pop(model)
            return made
        return _UNFINISHED[model]


@cache
def _kind_of_result(annotation: Any) -> Kind:
    return kind_of(annotation)


def _choice(annotations: tuple[Any, ...], *, hidden: bool, is_open: bool) -> Kind:
    wanted = [one for one in annotations if one is not Unset]
    if not is_open:
        plain = {base for one in wanted if _is_enum(one) for base in (str, int) if issubclass(one, base)}
        wanted = [one for one in wanted if one not in plain]
    kinds = [kind_of(one, hidden=hidden, is_open=is_open) for one in wanted]
    return kinds[0] if len(kinds) == 1 else Choice(kinds)


def _class(kind: Any, *, hidden: bool) -> Kind:
    if kind is None or kind is NoneType:
        return Plain(NoneType)
    if kind in (bool, int, float, str):
        return Plain(kind)
    if kind is bytes:  # JSON has none: its text
        return Plain(str)
    if kind is datetime.datetime:
        return moments(hidden=hidden)
    if kind is datetime.date:
        return days(hidden=hidden)
    if kind is UUID:
        return identifiers(hidden=hidden)
    if _is_enum(kind):
        return enum_words(kind, hidden=hidden)
    return objects_of(kind) if isinstance(kind, type) and issubclass(kind, Model) else Anything()


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _members(model: type[Any]) -> Iterator[Member]:
    hints = get_type_hints(model)
    for field in fields(model):
        if field.name == EXTRA:
            continue
        kind = kind_of(hints[field.name], hidden=not field.repr, is_open=IS_OPEN in field.metadata)
        yield Member(field.name, wire_name(field), kind, field.default is MISSING, field.metadata.get(TAGS, ()))


def _rest(model: type[Model]) -> Kind:
    return kind_of(get_args(get_type_hints(model)[EXTRA])[1])
