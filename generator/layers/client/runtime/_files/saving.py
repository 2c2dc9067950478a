"""Files on this machine; what goes wrong with them says which file, why, and what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from .._errors.exceptions import FileNotWritten, InvalidArgument


@contextmanager
def explain_faults(path: Path) -> Iterator[None]:
    """Raise FileNotWritten for what the operating system reports."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except ValueError as error:  # a null byte, half a surrogate pair
        reason = str(error)
    else:
        return
    raise FileNotWritten(f"{path}: cannot be written ({reason})")


def check_path(path: object) -> Path:
    """The path, in a folder that exists, at which a file can be written."""
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise InvalidArgument(f"a value of type {type(path).__name__} is no path of a file")
    place = Path(path)
    with explain_faults(place):
        folder = follow_link(place).parent
        if not folder.is_dir():
            raise FileNotWritten(f"{place}: cannot be written: there is no folder {folder} (make it first)")
        refuse_other_kinds(place)
    return place


def refuse_other_kinds(place: Path) -> None:
    """Raise FileNotWritten for what is there and no file: a new file would take the place of a device or a pipe."""
    if place.is_dir():
        raise FileNotWritten(f"{place}: is a folder (name a file in it)")
    if place.exists() and not place.is_file():
        raise FileNotWritten(f"{place}: is no regular file, but a device, a pipe or a socket (name a file)")


def follow_link(place: Path) -> Path:
    """The file that is written: the one that a symbolic link leads to, which may not exist yet, or the place itself."""
    if not place.is_symlink():
        return place
    file = Path(os.path.realpath(place))
    if file.is_symlink():
        raise FileNotWritten(f"{place}: is a symbolic link that leads back to itself (name a file)")
    return file


def lock_file(file: IO[Any], path: Path) -> None:
    """Hold the file against other processes until it is closed; the system frees it if this one dies."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    except OSError:
        file.close()
    raise FileNotWritten(f"{path}: is being downloaded by somebody else (wait, or choose another file)")


def replace_file(file: IO[bytes], part: Path, path: Path) -> None:
    """Close the file, which lies whole on the disk then, and give it its name."""
    with explain_faults(path):
        file.flush()
        os.fsync(file.fileno())
        file.close()
        refuse_other_kinds(path)  # it may have been made meanwhile
        part.replace(path)
