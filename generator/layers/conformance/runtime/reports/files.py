"""Reads files that the user names."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

from ..errors import CannotRun
from ..results import Result

_ANEW = {"says"}  # what every run finds out again


def read_text(path: Path) -> str:
    """The text of a file; raises CannotRun with the reason if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CannotRun(f"{path} cannot be read: {reason}.") from None


def read_report(path: Path) -> dict[str, Any]:
    """A `report.json` as data; raises CannotRun if it is none."""
    try:
        data = json.loads(read_text(path))
    except ValueError:
        data = None
    if not isinstance(data, dict) or not str(data.get("schema", "")).startswith("procwise-conformance/"):
        raise CannotRun(f"{path} is no report.json of this suite.")
    shape = json.loads(resources.files(__package__).joinpath("report.schema.json").read_text("utf-8"))
    for fault in Draft202012Validator(shape).iter_errors(data):
        place = "/".join(map(str, fault.instance_path)) or "it"
        raise CannotRun(f"{path} is no report.json of this version of the suite: {place} is not as its schema says.")
    return data


def read_results(path: Path) -> tuple[Result, ...]:
    """The results in a `report.json`; raises CannotRun if it is none."""
    names = {field.name for field in fields(Result)} - _ANEW
    results = read_report(path)["results"]
    return tuple(Result(**{name: value for name, value in one.items() if name in names}) for one in results)
