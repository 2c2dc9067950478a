"""Each operation as a function that typer makes a command of."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from .argument_values import name_field
from .calls import Asked, run_operation
from .declarations import Command, Field, Group, Program, Version
from .output import Format

Profile = Annotated[str, typer.Option("--profile", help="Credentials of this profile.", metavar="NAME")]
_JSON = "A file with the fields as one JSON object, - for standard input. Options go over it."
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "all": (Annotated[bool, typer.Option("--all", help="Read every page.")], False),
    "wait": (Annotated[bool, typer.Option("--wait", help="Wait until the job is done.")], False),
    "to": (Annotated[Path | None, typer.Option("--to", help="The file to write.", metavar="FILE")], None),
    "json": (Annotated[str | None, typer.Option("--json", help=_JSON, metavar="FILE")], None),
    "output": (
        Annotated[Format | None, typer.Option("--output", "-o", help="table on a terminal, else json, if left out.")],
        None,
    ),
    "columns": (
        Annotated[str, typer.Option("--columns", help="Only these, separated by commas.", metavar="NAMES")],
        "",
    ),
    "reveal": (Annotated[bool, typer.Option("--reveal", help="Print secret values too, instead of ***.")], False),
    "profile": (Profile, ""),
}
_OF_KIND = {"pages": ("all",), "job": ("wait", "to"), "file": ("to",)}
_METAVARS = {"integer": "NUMBER", "number": "NUMBER", "json": "JSON", "file": "FILE", "bytes": "FILE"}


def make_function(program: Program, version: Version, group: Group, command: Command) -> Callable[..., None]:
    """The function of one operation, with a parameter for each field and each option."""
    fields = tuple(_make_parameters(command))
    options = tuple(_list_options(command))

    def call(**values: Any) -> None:
        given = [values[parameter.name] for parameter in fields]
        asked = Asked(**{name: values[f"own_{name}"] for name in options})
        run_operation(program, version, group, command, given, asked)

    parameters = [*fields, *(_make_parameter(f"own_{name}", *_OPTIONS[name]) for name in options)]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return call


def write_help(command: Command) -> str:
    """What the command does, in paragraphs."""
    notice = f"Deprecated: {command.notice}." if command.notice else ""
    return "\n\n".join(filter(None, (command.summary, command.details, notice)))


def _list_options(command: Command) -> Iterator[str]:
    yield from _OF_KIND.get(command.kind, ())
    if any(_is_from_json(field) or field.place == "body" for field in command.fields):
        yield "json"
    yield from ("output", "columns", "reveal", "profile")


def _is_from_json(field: Field) -> bool:
    """Whether the field is a whole body of JSON, which --json names."""
    return field.place == "" and field.type == "json"


def _make_parameters(command: Command) -> Iterator[inspect.Parameter]:
    taken = {field.option for field in command.fields}
    for index, field in enumerate(command.fields):
        about = _describe(field)
        if field.place == "path":
            about["metavar"] = name_field(field)
            yield _make_parameter(f"field_{index}", Annotated[str, typer.Argument(**about)], inspect.Parameter.empty)
            continue
        names = [f"--{field.option}"]
        if field.type == "boolean" and not field.many and f"no-{field.option}" not in taken:
            names = [f"--{field.option}/--no-{field.option}"]
            del about["metavar"]
            yield _make_parameter(f"field_{index}", Annotated[bool | None, typer.Option(*names, **about)], None)
        elif field.many or field.name in (command.filters.filter, command.filters.sort):
            yield _make_parameter(f"field_{index}", Annotated[list[str], typer.Option(*names, **about)], [])
        else:
            hidden = _is_from_json(field)
            annotation = Annotated[str | None, typer.Option(*names, hidden=hidden, **about)]
            yield _make_parameter(f"field_{index}", annotation, None)


def _describe(field: Field) -> dict[str, Any]:
    """The help of a field, and what a shell completes it with."""
    choices = [str(choice) for choice in field.choices]
    repeat = "May be repeated." if field.many else ""
    parts = (
        field.help,
        repeat,
        f"One of: {', '.join(choices)}." if choices else "",
        "Required." if field.required else "",
    )
    metavar = "FILE" if field.secret else _METAVARS.get(field.type, "TEXT")
    about: dict[str, Any] = {"help": " ".join(filter(None, parts)), "show_default": False, "metavar": metavar}
    if choices:
        about["autocompletion"] = lambda incomplete: [one for one in choices if one.startswith(incomplete)]
    return about


def _make_parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
