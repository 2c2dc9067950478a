"""The texts of a command line as the values of an operation's arguments."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .declarations import Command, Field, Filters
from .sign import read_object
from .streams import CannotRun, read_input

_CONDITION = re.compile(r"([^<>=]+?)(>=|<=|==|=|>|<)(.*)", re.DOTALL)
_OPERATORS = {">=": "gte", "<=": "lte", "==": "eq", "=": "eq", ">": "gt", "<": "lt"}
_WORDS = {"true": True, "false": False}
_WHOLE = re.compile(r"[+-]?[0-9]+")


def collect_arguments(command: Command, given: Sequence[object], json_file: str | None) -> dict[str, Any]:
    """The arguments of the client's method: those of the JSON file, and over them those of the options."""
    arguments = _read_json(command, json_file) if json_file is not None else {}
    for field, value in zip(command.fields, given, strict=True):
        if value not in (None, [], ()):
            arguments[field.name] = _parse_value(command.filters, field, value)
    for field in command.fields:
        if field.required and field.name not in arguments:
            raise CannotRun(f"{name_field(field)} is missing{_other_way(field)}")
    return arguments


def name_field(field: Field) -> str:
    """The field as it is written on the command line."""
    return field.option.upper().replace("-", "_") if field.place == "path" else f"--{field.option}"


def read_file(name: str) -> bytes:
    """The content of a file, or of standard input for `-`."""
    if name == "-":
        return read_input()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise CannotRun(f"{name}: the file cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _other_way(field: Field) -> str:
    return f' (or name it "{field.wire}" in the file of --json)' if field.place == "body" and not field.secret else ""


def _read_json(command: Command, name: str) -> dict[str, Any]:
    source = "standard input" if name == "-" else name
    whole = next((field for field in command.fields if field.place == "" and field.type == "json"), None)
    if whole is not None:
        return {whole.name: _load_json(read_file(name).decode("utf-8-sig", "replace"), source)}
    names = {field.wire: field.name for field in command.fields if field.place == "body"}
    read = read_object(read_file(name), source)
    for wire in read:
        if wire not in names:
            raise CannotRun(f"{source}: there is no field {wire!r} (there are: {', '.join(names) or 'none'})")
    return {names[wire]: value for wire, value in read.items()}


def _parse_value(filters: Filters, field: Field, value: object) -> object:
    if isinstance(value, bool):
        return value
    texts = [str(value)] if isinstance(value, str) else [str(item) for item in _to_list(value)]
    if field.name == filters.filter:
        return _parse_conditions(filters, texts)
    if field.name == filters.sort:
        return [_parse_order(word) for text in texts for word in text.split(",")]
    if field.secret:
        return _read_secret(field, texts[0])
    parsed = [_parse_text(field, text) for text in texts]
    return parsed if field.many else parsed[0]


def _to_list(value: Any) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else [value]


def _parse_text(field: Field, text: str) -> object:
    if field.choices:
        return _choose_value(field, text)
    if field.type == "bytes":
        return read_file(text)
    if field.type == "json":
        return _load_json(text, name_field(field))
    return _parse_scalar(field.type, text, name_field(field))


def _parse_scalar(type_: str, text: str, name: str) -> object:
    """The value of a text; messages do not repeat it, since it may be personal."""
    if type_ == "integer":
        if not _WHOLE.fullmatch(text) or len(text) > 4000:
            raise CannotRun(f"{name} takes a whole number")
        return int(text)
    if type_ == "boolean":
        if text not in _WORDS:
            raise CannotRun(f"{name} takes true or false")
        return _WORDS[text]
    if type_ == "number":
        try:
            return float(text)
        except ValueError:
            raise CannotRun(f"{name} takes a number") from None
    return text


def _choose_value(field: Field, text: str) -> object:
    for choice in field.choices:
        if str(choice) == text:
            return choice
    raise CannotRun(f"{name_field(field)} takes one of: {', '.join(map(str, field.choices))}")


def _load_json(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CannotRun(f"{name} is no JSON: {error}") from None


def _read_secret(field: Field, name: str) -> str:
    """A secret from a file, from standard input, or from somebody who types it unseen."""
    if name == "-" and sys.stdin.isatty():
        return getpass.getpass(f"{field.wire}: ")
    try:
        return read_file(name).decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise CannotRun(f"{name_field(field)}: the file is no text in UTF-8") from None


def _parse_conditions(filters: Filters, texts: Iterable[str]) -> Mapping[str, Mapping[str, object]]:
    types = dict(filters.columns)
    conditions: dict[str, dict[str, object]] = {}
    for text in texts:
        found = _CONDITION.fullmatch(text)
        column = found[1].strip() if found else ""
        if found is None or column not in types:
            raise CannotRun(f"--filter takes a column, one of = > >= < <= and a value (columns: {', '.join(types)})")
        operator = _OPERATORS[found[2]]
        tests = conditions.setdefault(column, {})
        if operator in tests:
            raise CannotRun(f"--filter compares {column} by {found[2]} twice")
        tests[operator] = _parse_scalar(types[column], found[3].strip(), f"--filter {column}")
    return conditions


def _parse_order(word: str) -> dict[str, str]:
    name = word.strip()
    return {name.lstrip("+-"): "desc" if name.startswith("-") else "asc"}
