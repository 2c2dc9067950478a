"""The commands of the command line, one for each method of the client, as data of the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace

from generator.ir import Api, Filter, Project
from generator.layers.client.arguments import UPLOADABLE, Argument
from generator.layers.client.methods import Method
from generator.layers.client.resources import Resource
from generator.layers.client.runtime._cli.declarations import Command, Field, Filters, Kind, ValueType
from generator.names import distinct
from generator.templates import py

_OWN = ("all", "columns", "help", "json", "output", "profile", "reveal", "to", "wait")
_PROGRAM = ("configure", "doctor", "explain", "sign")
_KINDS: dict[str, Kind] = {"value": "value", "items": "value", "pages": "pages", "file": "file", "job": "job"}
_TYPES: dict[str, ValueType] = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGroup:
    """The commands of a resource: their name, the resource, and the Python that makes them."""

    name: str
    resource: Resource
    commands: str

    @property
    def names(self) -> tuple[str, ...]:
        """The classes that the Python names."""
        return tuple(name for name in ("Command", "Field", "Filters") if f"{name}(" in self.commands)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCommands:
    """The commands of a version, and the one that `doctor` runs: its group and its name."""

    api: Api
    groups: tuple[CommandGroup, ...]
    probe: tuple[str, str] | None


def version_commands(project: Project, api: Api, resources: tuple[Resource, ...]) -> VersionCommands:
    """The commands of one version; those of the current one share a level with the program's own."""
    taken = (*_PROGRAM, *(one.name for one in project.apis))
    names = distinct((*taken, *(resource.name for resource in resources)))[len(taken) :]
    groups: list[CommandGroup] = []
    probe: tuple[str, str] | None = None
    for name, resource in zip(names, resources, strict=True):
        commands = tuple(_command(one) for one in resource.methods)
        groups.append(CommandGroup(name=_spell(name), resource=resource, commands=write_literal(commands)))
        found = (one for one, command in zip(resource.methods, commands, strict=True) if _is_harmless(one, command))
        first = next(found, None)
        probe = probe or ((_spell(name), _spell(first.name)) if first else None)
    return VersionCommands(api=api, groups=tuple(groups), probe=probe)


def write_literal(value: object) -> str:
    """Python that makes the value; members of data classes that have their default are left out."""
    if isinstance(value, tuple):
        return "(" + "".join(f"{write_literal(item)}, " for item in value) + ")"
    if not is_dataclass(value) or isinstance(value, type):
        return py(value)
    members = ((one.name, getattr(value, one.name)) for one in fields(value) if getattr(value, one.name) != one.default)
    return f"{type(value).__name__}({', '.join(f'{name}={write_literal(member)}' for name, member in members)})"


def _command(method: Method) -> Command:
    operation = method.operation
    arguments = (*method.path, *method.others)
    spelt = (f"{_spell(one.name)}-file" if _is_secret(one) else _spell(one.name) for one in arguments)
    options = distinct((*_OWN, *spelt))[len(_OWN) :]
    return Command(
        name=_spell(method.name),
        method=method.name,
        kind=_KINDS[method.kind],
        label=operation.label,
        fields=tuple(
            replace(field, help=_explain_filters(operation.filter, field.wire, field.place) or field.help)
            for field in map(_field, arguments, map(_spell, options))
        ),
        filters=_filters(operation.filter, arguments),
        page=method.page.name if method.kind == "pages" else "",
        members=_columns(method),
        summary=(operation.summary or operation.id).rstrip(".") + ".",
        details="\n\n".join(_details(method)),
        notice=method.notice,
    )


def _columns(method: Method) -> tuple[str, ...]:
    """The members of the object that the command prints, or of each one in its list."""
    members = method.operation.members
    if method.joined:
        lists = (one.schema.canonical.items for one in members)
        return next(tuple(member.name for member in one.resolve().properties) for one in lists if one is not None)
    return tuple(member.name for member in members)


def _details(method: Method) -> Iterator[str]:
    operation = method.operation
    yield from [operation.description] if operation.description else []
    yield from [f"May be called by: {operation.role}."] if operation.role else []
    if operation.filter is not None:
        columns = ", ".join(f"{one.name} ({' '.join(one.operators)})" for one in operation.filter.columns)
        yield f"Columns to filter by: {columns}. Columns to sort by: {', '.join(operation.filter.sortable)}."


def _field(argument: Argument, option: str) -> Field:
    type_, many = _type_of(argument)
    item = argument.schema.canonical.element.canonical
    return Field(
        name=argument.name,
        option=option,
        wire=argument.wire,
        place=argument.place,
        type=type_,
        many=many,
        choices=tuple(value for value in item.enum if isinstance(value, str | int) and type_ != "boolean"),
        required=argument.required,
        secret=_is_secret(argument),
        help=argument.description.removesuffix(UPLOADABLE).strip(),
    )


def _is_secret(argument: Argument) -> bool:
    """Whether the value must not be seen in the list of processes; what stands in a path is seen anyway."""
    return argument.secret and argument.place != "path"


def _type_of(argument: Argument) -> tuple[ValueType, bool]:
    """The type of the field's values, and whether it may be repeated."""
    schema = argument.schema.canonical
    many = schema.items is not None
    if "Uploadable" in argument.annotation:
        return "file", many
    item = schema.element.canonical
    if item.format == "binary":
        return "bytes", many
    type_ = _TYPES.get(item.types[0] if item.types else "", "json")
    return type_, many and type_ != "json"


def _filters(asked: Filter | None, arguments: Iterable[Argument]) -> Filters:
    if asked is None:
        return Filters()
    names = {argument.wire: argument.name for argument in arguments if argument.place == "query"}
    columns = tuple((column.name, column.type) for column in asked.columns)
    return Filters(filter=names.get(asked.filter, ""), sort=names.get(asked.sort, ""), columns=columns)


def _explain_filters(asked: Filter | None, wire: str, place: str) -> str:
    """How conditions and orders are typed; nothing for any other field."""
    if asked is None or place != "query":
        return ""
    if wire == asked.filter:
        return f"A condition such as '{asked.columns[0].name}>=VALUE', by = > >= < or <=. May be repeated."
    return (
        f"Columns, such as '{asked.sortable[0]}', or '-{asked.sortable[0]}' for the largest first."
        if wire == asked.sort
        else ""
    )


def _is_harmless(method: Method, command: Command) -> bool:
    """Whether the command reads and needs no argument."""
    is_read = method.operation.method == "GET" and method.operation.signed and command.kind in ("pages", "value")
    return is_read and not method.operation.role and not any(field.required for field in command.fields)


def _spell(name: str) -> str:
    """A Python name as it is typed in a terminal."""
    return name.strip("_").replace("_", "-")
