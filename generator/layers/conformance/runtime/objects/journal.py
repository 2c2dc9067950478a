"""The journal: what the suite created on a server, written before it goes on, so that no crash loses it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import CannotRun
from .recovery import CreationRequest

if sys.platform != "win32":
    import fcntl

NAME = "journal.jsonl"
Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalledObject:
    """An object that the suite created: its creating operation, id, parents' ids by their creators, and made-up names.

    A server may reuse an id: objects with other names are other ones.
    """

    creator: str
    identity: object
    parents: Mapping[str, object]
    markers: tuple[str, ...] = ()


class Journal:
    """A file with one JSON object for each creating request, its response, each creation, deletion and removal.

    The first line names the API and the server: `{"api": …, "url": …}`. Several processes may append to it.
    `fault` is why it could not be written, and `unwritten` what it should hold from then on: created objects are
    removed all the same.
    """

    def __init__(self, path: Path, *, api: str, url: str) -> None:
        self.path = path
        self._head = {"api": api, "url": url}
        self._open: int | None = None
        self._torn = False
        self._number = 0
        self.fault = ""
        self.unwritten: list[Entry] = []

    def record_request(self, request: CreationRequest) -> str:
        """Record a request before it is sent; the key is for its response.

        Raises CannotRun if it could not be written: then the request must not be sent.
        """
        self.check()
        self._number += 1
        key = f"{os.getpid()}-{self._number}"
        self._append({"asked": asdict(request), "key": key}, at_once=False)
        if self.fault:
            self.record_response(key)
        self.check()
        return key

    def check(self) -> None:
        """Raises CannotRun if it could not be written."""
        if self.fault:
            raise CannotRun(self.fault)

    def record_response(self, key: str) -> None:
        """Record that the outcome of a request is known."""
        self._append({"answered": key}, at_once=False)

    def record_creation(self, created: JournalledObject) -> None:
        """Record a creation; it is on disk when this returns, or there is a fault."""
        self._append({"made": asdict(created)})

    def record_deletion(self, created: JournalledObject) -> None:
        """Record a successful deletion: from now on its id may belong to another object."""
        self._append({"deleted": asdict(created)})

    def record_removal(self, created: JournalledObject) -> None:
        """Record that it is gone."""
        self._append({"removed": asdict(created)})

    def close(self) -> None:
        """Remove the file if nothing is left and no other process has it open: the last one does so."""
        if self._open is not None:
            if _is_last(self._open) and not has_remaining(self.path, self.unwritten):
                self.path.unlink(missing_ok=True)
            os.close(self._open)
            self._open = None

    def _append(self, entry: Entry, *, at_once: bool = True) -> None:
        try:
            if self._open is None:
                self._open = _open_shared(self.path)
                self._write_line(self._open, self._head)
            self._write_line(self._open, entry)
            if at_once:
                os.fsync(self._open)
        except OSError as error:
            self.fault = f"the journal {self.path} cannot be written, so there is no verdict: {error.strerror}."
        if self.fault:
            self.unwritten.append(entry)

    def _write_line(self, place: int, entry: Entry) -> None:
        line = b"\n" * self._torn + json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        self._torn = True
        while line:  # an almost full disk writes only the beginning
            line = line[os.write(place, line) :]
        self._torn = False


def _open_shared(path: Path) -> int:
    """The file, locked as one that several processes may have open; not one that another is just removing."""
    while True:
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if sys.platform == "win32":
            return place
        fcntl.flock(place, fcntl.LOCK_SH)
        try:
            if os.path.samestat(os.fstat(place), path.stat()):
                return place
        except FileNotFoundError:
            os.close(place)
        else:
            os.close(place)


def _is_last(place: int) -> bool:
    """Whether no other process has the file open; it is locked against them from then on."""
    if sys.platform == "win32":  # which removes no open file: it stays, and names nothing
        return False
    fcntl.flock(place, fcntl.LOCK_UN)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_heading(path: Path) -> tuple[str, str]:
    """The API and the URL that a journal was written for; raises ValueError if it is no journal."""
    for entry in _read_entries(path):
        if isinstance(entry.get("api"), str) and isinstance(entry.get("url"), str):
            return str(entry["api"]), str(entry["url"])
    raise ValueError("it has no line with api and url")


def read_remaining(path: Path, unwritten: Iterable[Entry] = ()) -> Iterator[tuple[JournalledObject, bool]]:
    """What was created and not removed, in that order, and whether it was deleted.

    An incomplete line is ignored.
    """
    remaining: dict[str, tuple[JournalledObject, bool]] = {}
    for entry in (*_read_entries(path), *unwritten):
        for word in ("made", "deleted", "removed"):
            if isinstance(data := entry.get(word), dict):
                one = JournalledObject(**{**data, "markers": tuple(data.get("markers", ()))})
                key = json.dumps(asdict(one), sort_keys=True)
                if word == "removed":
                    remaining.pop(key, None)
                elif word == "made" or key in remaining:
                    remaining[key] = one, word == "deleted"
    yield from remaining.values()


def read_unanswered(path: Path, unwritten: Iterable[Entry] = ()) -> Iterator[CreationRequest]:
    """The creating requests whose outcome is not known."""
    request: dict[str, CreationRequest] = {}
    for entry in (*_read_entries(path), *unwritten):
        if isinstance(data := entry.get("asked"), dict):
            request[str(entry.get("key"))] = CreationRequest(**{**data, "markers": tuple(data["markers"])})
        request.pop(str(entry.get("answered")), None)
    yield from request.values()


def has_remaining(path: Path, unwritten: Iterable[Entry] = ()) -> bool:
    """Whether there is a journal with anything that was created and not removed, or may have been."""
    both = read_remaining, read_unanswered
    try:
        return any(True for read in both for _ in read(path, unwritten))
    except FileNotFoundError:  # another worker may just have removed it
        return False


def _read_entries(path: Path) -> Iterator[Entry]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
