"""Many files replaced as one: a run that is killed at any moment leaves none of them changed.

Everything is staged in a folder of the checkout, with links to what it replaces; then the journal is written, and
from then on whoever finds it puts the old files back. Three may find it: the run itself after an error, the watcher,
a process that outlives a killed run, and the next command, if both were killed. Removing the journal is the commit.

This module is also the watcher's program, and so imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

FOLDER = ".procwise-release"
_JOURNAL, _LOCK, _NEW, _OLD = "journal.json", "lock", "new", "old"
_PATIENCE = 2  # seconds; taking a run back takes a moment, a run takes longer


class Busy(OSError):
    """Another run is writing here at this moment."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of files below the root: their new texts, and those that go."""

    texts: Mapping[str, str]
    removed: tuple[str, ...]

    def list_paths(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.texts, *self.removed)))


def apply_edit(root: Path, edit: Edit, verify: Callable[[], None]) -> None:
    """Replace all files or, if anything fails, `verify` raises or the process dies, none.

    Raises OSError where the disk does not let it, and what `verify` raises, which sees the new files.
    """
    recover(root)
    folder = root / FOLDER
    with _watch(root):
        folder.mkdir()
        with _lock(folder):
            try:
                _stage(root, folder, edit)
                _replace(root, folder, edit)
                verify()
                (folder / _JOURNAL).unlink()
            finally:
                _take_back(root, folder)


def recover(root: Path) -> bool:
    """Take back what a run left that died, and say whether there was anything; raises Busy while one goes on."""
    folder = root / FOLDER
    if not folder.is_dir():
        return False
    try:
        with _lock(folder):
            return _take_back(root, folder)
    except FileNotFoundError:  # somebody else took it back meanwhile
        return False


def _stage(root: Path, folder: Path, edit: Edit) -> None:
    """Everything that can fail for want of space or rights, before anything is replaced."""
    for path in edit.list_paths():
        if (root / path).is_symlink():
            raise OSError(0, "is a symbolic link (put a file in its place)", str(root / path))
    for path, text in edit.texts.items():
        _write(folder / _NEW / path, text)
        if (root / path).exists():
            shutil.copymode(root / path, folder / _NEW / path)
    old = [path for path in edit.list_paths() if (root / path).exists()]
    for path in old:
        _keep(root / path, folder / _OLD / path)
    created = [path for path in edit.texts if path not in old]
    folders = {parent.as_posix() for path in created for parent in PurePosixPath(path).parents}
    missing = sorted((one for one in folders if not (root / one).exists()), key=len, reverse=True)
    _write(folder / "journal", json.dumps({"replaced": old, "created": created, "folders": missing}))
    (folder / "journal").replace(folder / _JOURNAL)


def _replace(root: Path, folder: Path, edit: Edit) -> None:
    for path in edit.texts:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / _NEW / path).replace(root / path)
    for path in edit.removed:
        (root / path).unlink(missing_ok=True)
        _prune((root / path).parent, root)


def _take_back(root: Path, folder: Path) -> bool:
    """Undo what the journal lists, as often as it takes, and remove the folder; without a journal only that."""
    journal = folder / _JOURNAL
    if found := journal.exists():
        listed = json.loads(journal.read_text(encoding="utf-8"))
        for path in listed["replaced"]:
            if (folder / _OLD / path).exists():  # otherwise it is back already
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / _OLD / path).replace(root / path)
        for path in listed["created"]:
            (root / path).unlink(missing_ok=True)
        for path in listed["folders"]:
            with contextlib.suppress(OSError):
                (root / path).rmdir()
        journal.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, kept: Path) -> None:
    """The file itself under a second name, so that it comes back with its times and rights; or a copy."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        kept.hardlink_to(path)
    except OSError:
        shutil.copy2(path, kept)


def _prune(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


@contextlib.contextmanager
def _watch(root: Path) -> Iterator[None]:
    """A process of its own, which takes the run back if this process dies; its input ends with this process."""
    call = [sys.executable, "-I", str(Path(__file__).resolve()), str(root.resolve())]
    watcher = subprocess.Popen(call, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603  # our own program
    try:
        yield
    finally:
        if watcher.stdin is not None:
            watcher.stdin.close()
        watcher.wait()


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes; the system frees it if this one dies. FileNotFoundError if it went."""
    with (folder / _LOCK).open("w") as file:
        until = time.monotonic() + _PATIENCE
        while not _is_held(file):
            if time.monotonic() > until:
                raise Busy(0, "a release is being written here (wait until it has ended)", str(folder))
            time.sleep(0.02)
        if (folder / _LOCK).stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise FileNotFoundError(folder)
        yield


def _is_held(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdin.buffer.read()  # ends with the run
    with contextlib.suppress(Busy):
        recover(Path(sys.argv[1]))
