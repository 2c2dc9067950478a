"""What has to be known of a job to go on with it in another process: as a text without any secret."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from .._errors.exceptions import InvalidArgument
from .._files.saving import check_path, explain_faults, follow_link, refuse_other_kinds
from .polling import States

_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """The jobs that an operation starts: its id, the name of their result, and how their state is read.

    `places` are the names of the values in its path, `field` is the member of the status that holds
    the state, `media_type` the type of the result.
    """

    operation: str
    name: str
    places: tuple[str, ...]
    field: str
    states: States
    media_type: str

    def write_handle(self, server: str, place: tuple[Any, ...]) -> str:
        """The handle of the job that was started with these values in its path."""
        return json.dumps(
            {"job": self.operation, "server": server, "arguments": dict(zip(self.places, place, strict=True))},
            default=str,
        )

    def read_handle(self, text: str, server: str) -> tuple[Any, ...]:
        """The values in the path of the job; InvalidArgument if the handle is of another job or server."""
        try:
            found = json.loads(text)
        except (TypeError, ValueError):
            found = None
        if not isinstance(found, dict) or not isinstance(found.get("arguments"), dict):
            raise InvalidArgument("this is no handle of a job (pass the text of `job.handle`)")
        if (found.get("job"), found.get("server")) != (self.operation, server):
            whose = f"{found.get('job')} at {found.get('server')}"
            raise InvalidArgument(f"the handle is of another job: {whose}, not {self.operation} at {server}")
        if found["arguments"].keys() != set(self.places):
            raise InvalidArgument(f"the handle has other arguments than {', '.join(self.places) or 'none'}")
        return tuple(found["arguments"][name] for name in self.places)

    def end_states(self) -> States:
        """The states that end a job which somebody else started."""
        return replace(self.states, failure=(*self.states.failure, *self.states.idle))

    def choose_file(self, to: str | PathLike[str] | None, place: tuple[Any, ...]) -> Path:
        """Where the result goes: to that file, or under a name of its own into that folder or the current one."""
        if to is not None and not _is_folder(to):
            return check_path(to)
        suffix = self.media_type.rpartition("/")[2].removeprefix("x-")
        name = "-".join((self.name, *(_UNSAFE.sub("_", str(value)) for value in place)))
        return check_path(Path(to or "") / f"{name}.{suffix}")


def _is_folder(to: object) -> bool:
    """Whether it is the path of a folder; `check_path` says what is wrong with any other."""
    try:
        return isinstance(to, str | PathLike) and Path(to).is_dir()
    except (OSError, TypeError, ValueError):
        return False


class HandleFile:
    """A file that keeps a handle for as long as its job is not done; None keeps nothing."""

    def __init__(self, path: str | PathLike[str] | None) -> None:
        self._path = None if path is None else follow_link(check_path(path))

    def __str__(self) -> str:
        return str(self._path)

    def read(self) -> str | None:
        """The handle, if there is one."""
        try:
            return None if self._path is None else self._path.read_text("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            pass
        raise InvalidArgument(f"{self._path}: holds no handle of a job that can be read")

    def write(self, handle: str) -> None:
        """Keep the handle; it appears whole."""
        if self._path is None:
            return
        part = self._path.with_name(f".{self._path.name[:40]}.{secrets.token_hex(4)}.part")
        with explain_faults(self._path):
            part.write_text(handle, "utf-8")
            refuse_other_kinds(self._path)
            part.replace(self._path)

    def remove(self) -> None:
        """Forget the handle."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
