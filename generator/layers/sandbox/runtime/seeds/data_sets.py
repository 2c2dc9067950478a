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
from ..storage.state import claim_seeding, read_seed_name
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


def check_data_set(name: str) -> str:
    """The name; SandboxError where there is no such set."""
    if name and name not in SEEDS:
        raise SandboxError(f"there is no data set {name} (there are: {', '.join(SEEDS)})")
    return name


def fill(connection: Connection, resources: Mapping[str, Crud], now_ms: int, seed: str) -> None:
    """Fills an empty state; a filled one stays unchanged, with a warning if another data set is requested."""
    chosen = check_data_set(seed) or USUAL
    if not claim_seeding(connection, chosen):
        _warn_if_another(read_seed_name(connection) or USUAL, seed)
        return
    demo = Demo(connection, resources, now_ms)
    demo.make_users()
    if chosen == USUAL:
        demo.fill()
    elif chosen != "empty" and "exams" in resources:
        _insert_many(connection, resources["exams"], demo.users["demo"])


def _warn_if_another(has: str, asked: str) -> None:
    if asked and asked != has:
        _LOG.warning("the database is filled with %s already, not with %s: name a new one for that", has, asked)


def _insert_many(connection: Connection, exams: Crud, user: User) -> None:
    """One INSERT of all rows; the handler computes the values of one row per type."""
    exams_values = [_exam_values(number) for number in range(1, MANY + 1)]
    kinds = {kind: exams.new_values(connection, user, {"type": kind}, _FIRST_START) for kind in _TYPES}
    rows = ({**kinds[exam["type"]], **_tokens(exams, exam["name"]), **exam} for exam in exams_values)
    connection.execute(insert(exams.table), [exams.column_values(row) for row in rows])


def _exam_values(number: int) -> dict[str, Any]:
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
