"""What a fresh state is filled with: data sets by name."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from ..errors import SandboxError
from ..http.accounts import User
from ..resources.crud import Crud
from ..storage.state import filled_with, first_of_all
from .demo import Demo

USUAL = "demo"
MANY = 10_000
SEEDS: Mapping[str, str] = {
    "empty": "the demo users and their institutes only",
    USUAL: "exams with students and what belongs to them as well; the default",
    "exams-10000": "10,000 exams of the demo user, the same in every state",
}
_LOG = logging.getLogger("procwise_sandbox")
_FIRST_START = 1_893_488_400_000  # 2030-01-01 09:00 UTC
_HOUR = 3_600_000
_TYPES = ("record_review", "live_proctoring", "classroom")
_SUBJECTS = ("Algebra", "Botany", "Chemistry", "Drawing", "Economics", "French", "Geology")
_DURATIONS = (45, 60, 90, 120)


def known_seed(name: str) -> str:
    """The name; SandboxError where there is no such set."""
    if name and name not in SEEDS:
        raise SandboxError(f"there is no data set {name} (there are: {', '.join(SEEDS)})")
    return name


def fill(connection: Connection, behaviours: Mapping[str, Crud], now_ms: int, seed: str) -> None:
    """Fills a fresh state; one that is filled already stays as it is, which is said if another set is asked for."""
    chosen = known_seed(seed) or USUAL
    if not first_of_all(connection, chosen):
        _tell(filled_with(connection) or USUAL, seed)
        return
    demo = Demo(connection, behaviours, now_ms)
    demo.make_users()
    if chosen == USUAL:
        demo.fill()
    elif chosen != "empty" and "exams" in behaviours:
        _many(connection, behaviours["exams"], demo.users["demo"])


def _tell(has: str, asked: str) -> None:
    if asked and asked != has:
        _LOG.warning("the database is filled with %s already, not with %s: name a new one for that", has, asked)


def _many(connection: Connection, exams: Crud, user: User) -> None:
    """One insert of all, of which only the first is made by the behaviour."""
    made = [_exam(number) for number in range(1, MANY + 1)]
    kinds = {kind: exams.new(connection, user, {"type": kind}, _FIRST_START) for kind in _TYPES}
    rows = ({**kinds[exam["type"]], **_tokens(exams, exam["name"]), **exam} for exam in made)
    connection.execute(insert(exams.table), [exams.stored(row) for row in rows])


def _exam(number: int) -> dict[str, Any]:
    start = _FIRST_START + number * _HOUR
    return {
        "name": f"{_SUBJECTS[number % len(_SUBJECTS)]} {number:05}",
        "type": _TYPES[number % len(_TYPES)],
        "start_time": start,
        "duration_minutes": _DURATIONS[number % len(_DURATIONS)],
    }


def _tokens(exams: Crud, name: str) -> dict[str, str]:
    """What is random elsewhere."""
    return {member: hashlib.sha256(f"{member} {name}".encode()).hexdigest()[:32] for member in exams.resource.random}
