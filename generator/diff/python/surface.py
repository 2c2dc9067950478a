"""The public names of the Python client of one version of the API, with their types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MethodKind = Literal["value", "pages", "items", "file", "job"]
ClassKind = Literal["model", "enum"]
Types = frozenset[str]  # the alternatives of an annotation, each as it is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of a method; `wire` is the place and the name that its value travels under."""

    name: str
    wire: str
    types: Types


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method such as `exams.list`; `call` is the operation's method and path, `aliases` are earlier names."""

    name: str
    call: str
    kind: MethodKind
    result: Types
    arguments: tuple[Argument, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute of a model, or a member of an enum; `wire` is the name or the value that it stands for."""

    name: str
    wire: str
    types: Types


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A model or an enum."""

    name: str
    kind: ClassKind
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Everything that a program may name. `errors` are statuses with their exceptions."""

    methods: tuple[Method, ...]
    classes: tuple[Class, ...]
    errors: tuple[tuple[str, str], ...]
