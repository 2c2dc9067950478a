"""What `app`, `running` and the marker of tests may be asked for: what the command takes, in its words.

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
from .durations import Shifted, shifted
from .limits import USUAL, Limits
from .options import Options

_CLOCK = "write it like +2h, -90s or +1d12h, as a number of seconds, or as a function that tells the seconds since 1970"
_COMMAND = "procwise-sandbox --workers {} --database sqlite:///state.db"
_MOST_SECONDS = 10_000 * 86_400


class Asked(TypedDict, total=False):
    """The options of an application. One text stands for a list of one.

    `clock` is an offset as text or in seconds, or a function that tells the seconds since 1970. `fault` is another
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


class AskedToRun(Asked, total=False):
    """The options of an application and the port that it is served at; 0 is a free one."""

    port: int


def known() -> list[str]:
    """The names of the options."""
    return [*AskedToRun.__annotations__]


def options_of(asked: Mapping[str, Any]) -> Options:
    """How the sandbox runs; SandboxError says what is wrong, TypeError what is no option."""
    _check(asked)
    taken = {name: asked[name] for name in _AS_THEY_ARE if name in asked}
    taken |= {name: _texts(name, asked[name]) for name in ("network", "cors") if name in asked}
    return Options(
        **taken,
        files=Path(asked["files"]) if asked.get("files") else None,
        clock=_clock(asked.get("clock", 0)),
        faults=(*_texts("fault", asked.get("fault", ())), *_texts("faults", asked.get("faults", ()))),
        limits=_limits(asked),
        admin_key=_new_key() if asked.get("admin") else "",
    )


_AS_THEY_ARE = ("database", "strict", "body_limit", "job_seconds", "host", "page", "seed", "self_check")
_SWITCHES = ("strict", "page", "admin", "self_check", "quiet")
_WHOLE = ("body_limit", "max_connections", "workers", "port")


def _check(asked: Mapping[str, Any]) -> None:
    unknown = sorted(asked.keys() - {*known()})
    if unknown:
        raise TypeError(f"there is no option {', '.join(unknown)} (there are: {', '.join(known())})")
    for name in LEAST.keys() & asked.keys():
        _check_number(name, asked[name])
    for name in asked.keys() & {*_SWITCHES}:
        if not isinstance(asked[name], bool):
            raise SandboxError(f"{name}: {asked[name]!r} is not a valid boolean")
    if asked.get("workers", 1) != 1:
        command = _COMMAND.format(asked["workers"])
        raise SandboxError(
            f"workers are processes of their own, which a test cannot have inside its own: run {command}"
        )
    if "log" in asked:
        raise SandboxError("log is the command's: inside a program, set up the loggers of the name procwise_sandbox")


def _check_number(name: str, value: object) -> None:
    """SandboxError where it is no number that the option takes."""
    kinds = int if name in _WHOLE else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise SandboxError(f"{name}: {value!r} is not a valid {'integer' if name in _WHOLE else 'float'}")
    least, most = LEAST[name], MOST.get(name)
    if value < least or (most is not None and value > most) or (name == "job_seconds" and not value < _MOST_SECONDS):
        told = f"x>={least}" if most is None else f"{least}<=x<={most}"
        raise SandboxError(f"{name}: {value!r} is not in the range {told}")


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    texts = tuple(value) if isinstance(value, Iterable) else (None,)
    if all(isinstance(one, str) for one in texts):
        return texts
    raise SandboxError(f"{name}: {value!r} is neither text nor a list of texts")


def _clock(asked: object) -> Callable[[], float]:
    if isinstance(asked, str):
        return shifted(asked)
    if isinstance(asked, int | float) and not isinstance(asked, bool):
        if not abs(asked) <= _MOST_SECONDS:
            raise SandboxError(f"{asked!r} is no offset of the clock: it is longer than 10000 days")
        return Shifted(asked) if asked else time.time
    if callable(asked):
        return asked
    raise SandboxError(f"{asked!r} is no offset of the clock: {_CLOCK}")


def _new_key() -> str:
    """A key that opens the admin routes of one sandbox."""
    return secrets.token_urlsafe(32)


def _limits(asked: Mapping[str, Any]) -> Limits:
    words = {"max_connections": "connections", "read_timeout": "read_seconds", "keep_alive": "idle_seconds"}
    limits: Limits = asked.get("limits", USUAL)
    return replace(limits, **{word: asked[name] for name, word in words.items() if name in asked})
