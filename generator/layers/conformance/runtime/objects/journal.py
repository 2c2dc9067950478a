"""What the suite has created on a server, on disk before it goes on, so that no crash forgets it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import CannotRun
from .recovery import Asked

NAME = "journal.jsonl"
Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An object that the suite created: by which operation, its id, its parents' ids by their creators, made-up names.

    A server may give out an id again: objects with other names are other ones.
    """

    creator: str
    identity: object
    parents: Mapping[str, object]
    markers: tuple[str, ...] = ()


class Journal:
    """A file with one JSON object for each request that creates, its answer, each creation, deletion and removal.

    The first line names the API and the server: `{"api": …, "url": …}`. Several processes may append to it.
    `fault` is why it could not be written, and `unwritten` what it should hold from then on: what was made is
    removed by it all the same.
    """

    def __init__(self, path: Path, *, api: str, url: str) -> None:
        self.path = path
        self._head = {"api": api, "url": url}
        self._open: int | None = None
        self._torn = False
        self._number = 0
        self.fault = ""
        self.unwritten: list[Entry] = []

    def asked(self, asked: Asked) -> str:
        """Note a request before it is sent; the key is for its answer. A crash of this program does not lose it.

        Raises CannotRun where it could not be noted: then it must not be sent.
        """
        self.check()
        self._number += 1
        key = f"{os.getpid()}-{self._number}"
        self._append({"asked": asdict(asked), "key": key}, at_once=False)
        if self.fault:
            self.answered(key)
        self.check()
        return key

    def check(self) -> None:
        """Raises CannotRun where it could not be written."""
        if self.fault:
            raise CannotRun(self.fault)

    def answered(self, key: str) -> None:
        """Note that what became of a request is known."""
        self._append({"answered": key}, at_once=False)

    def made(self, made: Made) -> None:
        """Note a creation; it is on disk when this returns, or there is a fault."""
        self._append({"made": asdict(made)})

    def deleted(self, made: Made) -> None:
        """Note that a deletion of it was answered with a success: whoever has its id from now on may be another one."""
        self._append({"deleted": asdict(made)})

    def removed(self, made: Made) -> None:
        """Note that it is gone."""
        self._append({"removed": asdict(made)})

    def close(self) -> None:
        """Remove the file where nothing stayed."""
        if self._open is not None:
            os.close(self._open)
            self._open = None
            if not is_left(self.path, self.unwritten):
                self.path.unlink(missing_ok=True)

    def _append(self, entry: Entry, *, at_once: bool = True) -> None:
        try:
            if self._open is None:
                self._open = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                self._line(self._open, self._head)
            self._line(self._open, entry)
            if at_once:
                os.fsync(self._open)
        except OSError as error:
            self.fault = f"the journal {self.path} cannot be written, so there is no verdict: {error.strerror}."
        if self.fault:
            self.unwritten.append(entry)

    def _line(self, place: int, entry: Entry) -> None:
        line = b"\n" * self._torn + json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        self._torn = True
        while line:  # a disk that is all but full takes the beginning
            line = line[os.write(place, line) :]
        self._torn = False


def heading(path: Path) -> tuple[str, str]:
    """The API and the URL that a journal was written for; ValueError where it is no journal."""
    for entry in _entries(path):
        if isinstance(entry.get("api"), str) and isinstance(entry.get("url"), str):
            return str(entry["api"]), str(entry["url"])
    raise ValueError("it has no line with api and url")


def left(path: Path, unwritten: Iterable[Entry] = ()) -> Iterator[tuple[Made, bool]]:
    """What was made and not removed, in the order in which it was made, and whether it was deleted.

    A torn line is ignored.
    """
    made: dict[str, tuple[Made, bool]] = {}
    for entry in (*_entries(path), *unwritten):
        for word in ("made", "deleted", "removed"):
            if isinstance(data := entry.get(word), dict):
                one = Made(**{**data, "markers": tuple(data.get("markers", ()))})
                key = json.dumps(asdict(one), sort_keys=True)
                if word == "removed":
                    made.pop(key, None)
                elif word == "made" or key in made:
                    made[key] = one, word == "deleted"
    yield from made.values()


def unanswered(path: Path, unwritten: Iterable[Entry] = ()) -> Iterator[Asked]:
    """The requests of which nobody knows what they made."""
    asked: dict[str, Asked] = {}
    for entry in (*_entries(path), *unwritten):
        if isinstance(data := entry.get("asked"), dict):
            asked[str(entry.get("key"))] = Asked(**{**data, "markers": tuple(data["markers"])})
        asked.pop(str(entry.get("answered")), None)
    yield from asked.values()


def is_left(path: Path, unwritten: Iterable[Entry] = ()) -> bool:
    """Whether there is a journal with anything that was made and not removed, or may have been."""
    both = left, unanswered
    return path.exists() and any(True for found in both for _ in found(path, unwritten))


def _entries(path: Path) -> Iterator[Entry]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
