"""Over a network that drops, loses, cuts and refuses, every object is created once, or an error says it may exist."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

import procwise
from procwise_sandbox import running

TROUBLE = ("drop=0.05", "lose=0.08", "truncate=0.04", "429=0.04", "503=0.04", "retry-after=0s", "latency=1ms")
QUICK = procwise.RetryPolicy(first_wait=0.001, longest_wait=0.01)
SEEDS = range(1, 6) if os.environ.get("FULL") else (1,)
PASSWORD = "correct horse 7"
USER = {"role": "teacher", "password": PASSWORD, "password_confirmation": PASSWORD}
COUNT = 500 if os.environ.get("FULL") else 25  # of exams, and as many students


@dataclass
class Tally:
    """What became of the creations of one kind: the objects that came back, and how many may exist."""

    returned: list[tuple[str, int]] = field(default_factory=list)
    unknown: int = 0

    def note(self, create: Callable[[], Any]) -> None:
        try:
            made = create()
        except procwise.ProcwiseError as error:  # also once no retries are left
            self.unknown += error.may_have_taken_effect
        else:
            self.returned.append((made.name, made.id))

    def check(self, stored: list[tuple[str, int]]) -> None:
        """Each returned object is another one and is stored under its name; the rest is what may exist."""
        assert len({number for _, number in self.returned}) == len(self.returned)
        assert set(self.returned) <= set(stored)
        assert len(stored) - len(self.returned) <= self.unknown


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_many_creations_are_neither_doubled_nor_lost(seed: int, record_property: Callable[[str, object], None]) -> None:
    hold(seed, COUNT, record_property)


def test_some_creations_are_neither_doubled_nor_lost(record_property: Callable[[str, object], None]) -> None:
    hold(7, 8, record_property)


def hold(seed: int, count: int, record_property: Callable[[str, object], None]) -> None:
    """Create exams, every second one with an earlier name and no start, students and users; count what is stored.

    The list of users has no credentials, so that a user whose response was lost is named and not returned.
    """
    exams, students, users = Tally(), Tally(), Tally()
    with running(network=[*TROUBLE, f"seed={seed}"]) as sandbox:
        credentials = {"token": sandbox.token, "secret_key": sandbox.secret_key, "base_url": sandbox.base_url}
        with procwise.Client(**credentials, retry=QUICK) as client:
            room = next(iter(client.exams.list())).id
            for number in range(count):
                start = procwise.UNSET if number % 2 else f"2030-01-01T00:{number % 60:02}:00Z"
                name = f"exam {number // 2}"
                exams.note(lambda name=name, start=start: client.exams.create(name=name, type="demo", start_time=start))
                student = {"name": f"student {number}", "email": f"student{number}@example.com"}
                students.note(lambda student=student: client.student_sessions.create(room, **student))
                user = {**USER, "name": f"user {number}", "email": f"user{number}@example.com"}
                users.note(lambda user=user: client.users.create(1, **user))
            patient = client.with_options(max_retries=50)
            exams.check([*names_and_ids(patient.exams.list(), "exam ")])
            students.check([*names_and_ids(patient.student_sessions.list_for_exam(room), "student ")])
            users.check([*names_and_ids(patient.users.list(1), "user ")])
    made = ((exams, "exams"), (students, "students"), (users, "users"))
    figures = ", ".join(f"{len(tally.returned)} {kind}" for tally, kind in made) + f" of {count} each came back"
    record_property("creations over a troubled network", f"seed {seed}: {figures}; none lost, none doubled")
    assert len(students.returned) >= 0.99 * count


def names_and_ids(objects: Any, start: str) -> Iterator[tuple[str, int]]:
    """The name and number of each object that was made here."""
    return ((one.name, one.id) for one in objects if one.name.startswith(start) and one.name[len(start) :].isdigit())
