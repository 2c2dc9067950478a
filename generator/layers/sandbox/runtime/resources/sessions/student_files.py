"""Photos and exam answers of students, which no operation of the API uploads."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select

from ...errors import record_not_found, validation_failed
from ...storage.files import ANSWER, FACE_PHOTO, ID_CARD, safe_name, stored_file_name
from ...storage.state import State
from ..crud import Crud
from .events import parse_body

KINDS = (ANSWER, FACE_PHOTO, ID_CARD)
_UNKNOWN = "application/octet-stream"


def store_file(
    connection: Connection, sessions: Crud, key: int, kind: str, name: str, content: bytes, now_ms: int
) -> None:
    """Stores a file of a session under a safe name; a photo takes the place of the one before."""
    column = "exam_document" if kind == ANSWER else kind
    facts: dict[str, object] = {
        f"{column}_file_name": name,
        f"{column}_content_type": mimetypes.guess_type(name)[0] or _UNKNOWN,
        f"{column}_file_size": len(content),
        f"{column}_updated_at": now_ms,
    }
    known = {column: value for column, value in facts.items() if column in sessions.table.c}
    connection.execute(sessions.table.update().where(sessions.key == key).values(known))
    files = sessions.shared.files
    if kind != ANSWER:
        files.remove(path.name for path in files.of(kind, key).values())
    files.save(stored_file_name(kind, key, name), content)


class StudentFiles:
    """Stores the files of the admin route."""

    def __init__(self, state: State, sessions: Crud, clock: Callable[[], float]) -> None:
        self._state = state
        self._sessions = sessions
        self._clock = clock

    def store_file(self, body: bytes) -> dict[str, object]:
        """Stores the file of a JSON text; returns under which name."""
        sent = parse_body(body)
        kind, name, content = sent.get("kind"), sent.get("name"), _parse_content(sent)
        if kind not in KINDS:
            raise validation_failed({"kind": [f"must be one of {', '.join(KINDS)}"]})
        if not isinstance(name, str):
            raise validation_failed({"name": ["must be the name of a file"]})
        stored = safe_name(name)
        with self._state.transaction() as connection:
            if connection.scalar(select(self._sessions.key).where(self._sessions.key == sent["id"])) is None:
                raise record_not_found(self._sessions.title, self._sessions.resource.key, sent["id"])
            now_ms = int(self._clock() * 1000)
            store_file(connection, self._sessions, sent["id"], kind, stored, content, now_ms)
        return {"id": sent["id"], "kind": kind, "name": stored, "size": len(content)}


def _parse_content(sent: Mapping[str, object]) -> bytes:
    content, encoding = sent.get("content"), sent.get("encoding", "utf-8")
    try:
        if isinstance(content, str) and encoding == "utf-8":
            return content.encode()
        if isinstance(content, str) and encoding == "base64":
            return base64.b64decode(content, validate=True)
    except ValueError:  # half of a surrogate pair, or no base64
        pass
    raise validation_failed({"content": ["must be a text, in base64 if `encoding` says so"]})
