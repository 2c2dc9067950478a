"""What is logged of a request: the operation, and the verdict about its signature."""

from __future__ import annotations

import json
import re
import secrets
from collections import deque
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Event, Lock, Thread

from ..errors import ApiError
from ..storage.failures import report_failure
from ..storage.files import write_atomically
from .request_parsing import RequestParameters

KEPT = 200
RECORDED = 10_000
_LONGEST = 500
_SHARED_EVERY = 0.5
_LONG = re.compile(r"[0-9A-Za-z_-]{20,}")
_WORDS = re.compile(r"[a-z_-]+")  # as names in described paths are
_NOBODY = 401


@dataclass(slots=True)
class Note:
    """Filled while the request is handled. `verdict` is `ok`, or the code of the error before the operation.

    `parameters` is what was sent, `signing` the names in it that belong to the signature.
    """

    operation: str = ""
    verdict: str = ""
    cause: str = ""
    parameters: RequestParameters | None = None
    signing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRequest:
    """A request that a program under test made.

    `operation` is its operation id, `api` the version of the API; both are empty if there is no such path.
    `parameters` are those of path, query and body by name, without timestamp, nonce, signature and files.
    `status` is 0 if no response was sent, `verdict` is `ok` or the code of the error before the operation.
    """

    api: str
    operation: str
    method: str
    path: str
    parameters: Mapping[str, object]
    status: int
    verdict: str


_NOTE: ContextVar[Note | None] = ContextVar("note", default=None)


def start_note() -> Note:
    """The note of the request that this task and its threads handle."""
    note = Note()
    _NOTE.set(note)
    return note


def note_operation(api: str, operation: str) -> None:
    note = _NOTE.get()
    if note is not None:
        note.operation = f"{api} {operation}"


def note_parameters(parameters: RequestParameters, signing: tuple[str, ...]) -> None:
    note = _NOTE.get()
    if note is not None:
        note.parameters, note.signing = parameters, signing


def note_verdict(error: ApiError | None) -> None:
    """Notes whether the request was verified, or why it was not; never a value of it."""
    note = _NOTE.get()
    if note is None:
        return
    if error is None:
        note.verdict = "ok"
        return
    explanation = error.more.get("explanation")
    details = explanation if isinstance(explanation, dict) else {}
    note.verdict = error.code
    note.cause = str(details.get("cause") or error.sentence)[:_LONGEST]


def note_error(error: ApiError) -> None:
    """Notes the cause of an error response, unless the signature was the cause."""
    note = _NOTE.get()
    if note is None or note.cause:
        return
    if error.status == _NOBODY:
        note_verdict(error)
    else:
        note.cause = error.code  # its message may repeat a value of the request


class Recorder:
    """The last requests with their parameters, for the program that runs the sandbox; they are written nowhere."""

    def __init__(self) -> None:
        self._requests: deque[MadeRequest] = deque(maxlen=RECORDED)

    def add(self, method: str, path: str, status: int, note: Note) -> None:
        api, _, operation = note.operation.partition(" ")
        self._requests.append(
            MadeRequest(
                api=api,
                operation=operation,
                method=method,
                path=path,
                parameters=_without_signing(note),
                status=status,
                verdict=note.verdict,
            )
        )

    def requests(self) -> list[MadeRequest]:
        """The oldest first."""
        return list(self._requests)


def _without_signing(note: Note) -> dict[str, object]:
    """The parameters of all places by name: the path beats the query, and the query the body."""
    sent = note.parameters
    merged = {**sent.body, **sent.query, **sent.path} if sent else {}
    return {name: value for name, value in merged.items() if name not in note.signing}


class Journal:
    """The last requests: of this process, in memory, or of all that share a folder.

    There each process writes its own file, from a thread of its own and twice a second at the most, so that no
    request waits for it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._entries: deque[dict[str, object]] = deque(maxlen=KEPT)
        self._count = self._written = 0
        self._process = secrets.token_hex(4)
        self._folder = folder
        self._writing, self._stopping = Lock(), Event()
        if folder is not None:
            Thread(target=self._share, args=(folder,), name="journal", daemon=True).start()

    def add(self, entry: dict[str, object]) -> None:
        self._count += 1
        self._entries.append({"process": self._process, "number": self._count, **entry})

    def entries(self) -> list[dict[str, object]]:
        """The oldest first, numbered from one in each process."""
        if self._folder is None:
            return list(self._entries)
        self._write(self._folder)
        details = (json.loads(path.read_bytes()) for path in self._folder.glob("*.json"))
        return sorted(chain.from_iterable(details), key=lambda entry: (entry["time"], entry["number"]))[-KEPT:]

    def close(self) -> None:
        self._stopping.set()

    def _share(self, folder: Path) -> None:
        while not self._stopping.wait(_SHARED_EVERY):
            try:
                self._write(folder)
            except OSError as failure:
                report_failure("keeping the last requests", failure)
                return

    def _write(self, folder: Path) -> None:
        with self._writing:
            count = self._count
            if count != self._written:
                with write_atomically(folder / f"{self._process}.json") as part:
                    part.write_text(json.dumps(list(self._entries)), encoding="utf-8")
                self._written = count


def entry(method: str, path: str, status: int, milliseconds: float, note: Note) -> dict[str, object]:
    """One log entry: no query, no header, no body."""
    return {
        "method": method,
        "path": mask_path(path)[:_LONGEST],
        "operation": note.operation,
        "status": status,
        "verdict": note.verdict,
        "cause": note.cause,
        "ms": round(milliseconds, 1),
    }


def mask_path(path: str) -> str:
    """The path without what looks like a credential: mailed links contain a token, mistaken requests a secret key."""
    return _LONG.sub(lambda match: match[0] if _WORDS.fullmatch(match[0]) else "***", path)
