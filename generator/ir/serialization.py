"""The model as JSON, for programs that run without the toolkit: a member left out has the empty value of its type."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .api import Project
from .frozen import freeze, thaw
from .messages import Response
from .operations import Operation

_FOR_READERS = frozenset(
    ("definition", "description", "document", "file", "hint", "line", "meaning", "summary", "tag", "tags", "target")
)
_DATA = "value"  # any JSON data: an empty one is one too
_EMPTY = (None, "", 0, ())
_ERROR = 400
_Decode = Callable[[Any], Any]
_PLAIN: Mapping[object, object] = {str: "", int: 0, bool: False}


def dump(project: Project) -> str:
    """The JSON text of what programs need of the project: no descriptions, no places, of errors the status alone."""
    return json.dumps(_encode(project), ensure_ascii=False, indent=1) + "\n"


def load(text: str) -> Project:
    """The project that the text holds; unknown members are passed over."""
    was_enabled = gc.isenabled()
    gc.disable()  # what is made here stays: looking through it on the way takes longer than making it
    try:
        project: Project = _decoder(Project)[0](json.loads(text))
    finally:
        if was_enabled:
            gc.enable()
    return project


def _encode(value: object) -> object:
    if isinstance(value, Response) and value.status >= _ERROR:
        return {"status": value.status}
    if is_dataclass(value):
        named = ((one.name, getattr(value, one.name)) for one in fields(value) if one.init)
        kept = ((name, inner) for name, inner in named if not _is_for_readers(value, name))
        return {name: _encode(inner) for name, inner in kept if name == _DATA or inner not in _EMPTY}
    return [_encode(item) for item in value] if isinstance(value, tuple) else thaw(value)


def _is_for_readers(value: object, name: str) -> bool:
    return name in _FOR_READERS or (name == "source" and not isinstance(value, Operation))


@cache
def _decoder(hint: Any) -> tuple[_Decode, object]:
    """What makes a value of that type from JSON data, and its empty value."""
    if hint in _PLAIN:
        return _same, _PLAIN[hint]
    if is_dataclass(hint):
        return _builder(hint), None
    arguments = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return _decoder(next(one for one in arguments if one is not NoneType))[0], None
    if get_origin(hint) is tuple:
        return _of_tuple(arguments), ()
    if get_origin(hint) is Literal:
        return _same, ""
    return freeze, {} if get_origin(hint) is Mapping else None


def _same(value: Any) -> Any:
    return value


def _of_tuple(arguments: tuple[Any, ...]) -> _Decode:
    if arguments[-1] is not Ellipsis:
        decoders = [_decoder(one)[0] for one in arguments]
        return lambda items: tuple(decode(item) for decode, item in zip(decoders, items, strict=True))
    decode = _decoder(arguments[0])[0]
    return tuple if decode is _same else lambda items: tuple(map(decode, items))


def _builder(kind: Any) -> _Decode:
    """Builds objects of a class; what is known of its members is looked up when the first one is built."""
    members: dict[str, _Decode] = {}
    empty: dict[str, object] = {}

    def build(data: Mapping[str, Any]) -> Any:
        if not empty:
            hints = get_type_hints(kind)
            for one in fields(kind):
                if one.init:
                    members[one.name], empty[one.name] = _decoder(hints[one.name])
        known = {name: members[name](value) for name, value in data.items() if name in members}
        return kind(**{**empty, **known})

    return build
