"""The options of a run as pytest has them: `--conformance-url` and `--conformance-option NAME=VALUE`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from .settings import Settings

_OF_PROCESSES = ("url", "units", "until")  # set by the run that starts the processes
_BOOLEANS = {"true": True, "false": False}


def read_settings(config: pytest.Config) -> Settings:
    """The settings in the options of pytest; raises UsageError."""
    usual = Settings()
    kinds: dict[str, type] = {field.name: _kind(getattr(usual, field.name)) for field in fields(Settings)}
    values: dict[str, Any] = {"url": config.getoption("--conformance-url")}
    for text in config.getoption("--conformance-option"):
        name, _, value = text.partition("=")
        if name == "workers":
            raise pytest.UsageError(f"--conformance-option {text}: pytest-xdist shares the items: say -n {value}")
        name = name.replace("-", "_")
        if name not in kinds:
            known = ", ".join(kind.replace("_", "-") for kind in kinds if kind not in _OF_PROCESSES)
            raise pytest.UsageError(f"--conformance-option {text}: there is no {name}; known: {known}")
        values[name] = _read_value(text, kinds[name], value)
    return Settings(**values)


def _kind(usual: object) -> type:
    return str if usual is None else type(usual)


def _read_value(text: str, kind: type, value: str) -> Any:
    try:
        return _BOOLEANS[value.lower()] if kind is bool else kind(value)
    except KeyError:
        wrong = "neither true nor false"
    except ValueError:
        wrong = "no number"
    raise pytest.UsageError(f"--conformance-option {text}: {value!r} is {wrong}")
