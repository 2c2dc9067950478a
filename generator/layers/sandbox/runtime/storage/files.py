"""The folder of files, under safe names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST = 150  # in bytes; a file system takes 255, the kind and the number of the object come before
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:\"/\\|?*{}%#&$\s]+")
_NAMELESS = "file"
ATTACHMENT, ANSWER, FACE_PHOTO, ID_CARD = "attachment", "answer", "face_photo", "id_card"  # kinds of files


class Files:
    """What was uploaded, each file named after the object that it belongs to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The path of the file. The name comes from the sandbox, never from a request."""
        return self.folder / name

    def save(self, name: str, content: bytes) -> None:
        """Writes the file atomically, readable by its owner alone."""
        with write_atomically(self.path(name)) as part, open(part, "wb", opener=open_private) as file:
            file.write(content)

    def of(self, kind: str, key: int) -> dict[str, Path]:
        """The files of one object, by the names that they were given."""
        start = stored_file_name(kind, key, "")
        return {path.name.removeprefix(start): path for path in sorted(self.folder.glob(f"{start}*"))}

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            self.path(name).unlink(missing_ok=True)


def open_private(path: str, flags: int) -> int:
    """An opener of files for their owner alone, whatever the umask; Path.open takes none."""
    opened = os.open(path, flags, 0o600)
    if flags & os.O_CREAT and hasattr(os, "fchmod"):
        os.fchmod(opened, 0o600)
    return opened


def make_folder(path: Path, *, exist_ok: bool = False) -> Path:
    """A new folder for its owner alone, whatever the umask; one that is there already keeps its mode."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if not (exist_ok and path.is_dir()):
            raise
    else:
        path.chmod(0o700)
    return path


def is_unfinished(path: Path) -> bool:
    """Whether it is a file that is being written: stored names never begin with a dot."""
    return path.name.startswith(".")


@contextmanager
def write_atomically(target: Path, owner: str = "") -> Iterator[Path]:
    """Where to write a file that takes the place of the target at the end; after an exception nothing is left."""
    part = unfinished_path(target, owner)
    try:
        yield part
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def unfinished_path(target: Path, owner: str = "") -> Path:
    """Where the file is written, by an owner if several may try."""
    return target.with_name(f".{target.name}{owner and '.'}{owner}.part")


def stored_file_name(kind: str, key: object, file_name: str) -> str:
    """What the file of an object is called in the folder; `file_name` is a safe one."""
    return f"{kind}-{key}-{file_name}"


def safe_name(sent: str) -> str:
    """The last part of a sent file name, without anything that a file system or placeholder minds."""
    last = re.split(r"[/\\]", sent)[-1]
    name = _UNSAFE.sub("_", last).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > 20:
        stem, suffix = name, ""
    room = _LONGEST - len(suffix.encode()) - 1
    stem = stem.encode()[:room].decode(errors="ignore")
    return f"{stem}{dot if suffix else ''}{suffix}" or _NAMELESS
