"""The keyword arguments of `app`, `running` and the pytest marker: the options of the command, under its names.

Light to import: pytest loads it in every project of the environment.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, TypedDict

from ..errors import SandboxError
from .defaults import LEAST, MOST
from .durations import ClockOffset, parse_clock_offset
from .limits import USUAL, Limits
from .options import Options

_CLOCK = "write it like +2h, -90s or +1d12h, as a number of seconds, or a function that returns the seconds since 1970"
_COMMAND = "procwise-sandbox --workers {} --database sqlite:///state.db"
_MOST_SECONDS = 10_000 * 86_400


class AppOptions(TypedDict, total=False):
    """The options of an application. One text stands for a list of one.

    `clock` is an offset as text or in seconds, or a function that returns the seconds since 1970. `fault` is another
    word for `faults`; `max_connections`, `read_timeout` and `keep_alive` are the members of `limits`.
    """

    database: str
    files: str | PathLike[str] | None
    strict: bool
    clock: str | float | Callable[[], float]
    body_limit: int
    job_seconds: float
    fault: str | Sequence[str]
    faults: str | Sequence[str]
    host: str
    page: bool
    network: str | Sequence[str]
    limits: Limits
    max_connections: int
    read_timeout: float
    keep_alive: float
    seed: str
    admin: bool
    self_check: bool
    cors: str | Sequence[str]
    workers: int
    log: str
    quiet: bool


class RunOptions(AppOptions, total=False):
    """The options of an application and the port that it is served at; 0 is a free one."""

    port: int


def option_names() -> list[str]:
    """The names of the options."""
    return [*RunOptions.__annotations__]


def parse_options(given: Mapping[str, Any]) -> Options:
    """How the sandbox runs; SandboxError says what is wrong, TypeError what is no option."""
    _check(given)
    taken = {name: given[name] for name in _AS_THEY_ARE if name in given}
    taken |= {name: _parse_texts(name, given[name]) for name in ("network", "cors") if name in given}
    return Options(
        **taken,
        files=Path(given["files"]) if given.get("files") else None,
        clock=_parse_clock(given.get("clock", 0)),
        faults=(*_parse_texts("fault", given.get("fault", ())), *_parse_texts("faults", given.get("faults", ()))),
        limits=_parse_limits(given),
        admin_key=_new_key() if given.get("admin") else "",
    )


_AS_THEY_ARE = ("database", "strict", "body_limit", "job_seconds", "host", "page", "seed", "self_check")
_SWITCHES = ("strict", "page", "admin", "self_check", "quiet")
_INTEGERS = ("body_limit", "max_connections", "workers", "port")


def _check(given: Mapping[str, Any]) -> None:
    unknown = sorted(given.keys() - {*option_names()})
    if unknown:
        raise TypeError(f"there is no option {', '.join(unknown)} (there are: {', '.join(option_names())})")
    for name in LEAST.keys() & given.keys():
        _check_number(name, given[name])
    for name in given.keys() & {*_SWITCHES}:
        if not isinstance(given[name], bool):
            raise SandboxError(f"{name}: {given[name]!r} is not a valid boolean")
    if given.get("workers", 1) != 1:
        command = _COMMAND.format(given["workers"])
        raise SandboxError(
            f"workers are processes of their own, which a test cannot have inside its own: run {command}"
        )
    if "log" in given:
        raise SandboxError("log is the command's: inside a program, set up the loggers of the name procwise_sandbox")


def _check_number(name: str, value: object) -> None:
    """SandboxError where it is no number that the option takes."""
    kinds = int if name in _INTEGERS else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise SandboxError(f"{name}: {value!r} is not a valid {'integer' if name in _INTEGERS else 'float'}")
    least, most = LEAST[name], MOST.get(name)
    if value < least or (most is not None and value > most) or (name == "job_seconds" and not value < _MOST_SECONDS):
        limits = f"x>={least}" if most is None else f"{least}<=x<={most}"
        raise SandboxError(f"{name}: {value!r} is not in the range {limits}")


def _parse_texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    texts = tuple(value) if isinstance(value, Iterable) else (None,)
    if all(isinstance(one, str) for one in texts):
        return texts
    raise SandboxError(f"{name}: {value!r} is neither text nor a list of texts")


def _parse_clock(given: object) -> Callable[[], float]:
    if isinstance(given, str):
        return parse_clock_offset(given)
    if isinstance(given, int | float) and not isinstance(given, bool):
        if not abs(given) <= _MOST_SECONDS:
            raise SandboxError(f"{given!r} is no offset of the clock: it is longer than 10000 days")
        return ClockOffset(given) if given else time.time
    if callable(given):
        return given
    raise SandboxError(f"{given!r} is no offset of the clock: {_CLOCK}")


def _new_key() -> str:
    """A key that opens the admin routes of one sandbox."""
    return secrets.token_urlsafe(32)


def _parse_limits(given: Mapping[str, Any]) -> Limits:
    words = {"max_connections": "connections", "read_timeout": "read_seconds", "keep_alive": "idle_seconds"}
    limits: Limits = given.get("limits", USUAL)
    return replace(limits, **{word: given[name] for name, word in words.items() if name in given})
