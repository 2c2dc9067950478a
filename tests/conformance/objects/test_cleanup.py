"""What a run deletes is its own, and what it cannot find is reported, though ids are reused and users are mixed up."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.conformance.conftest import ENVIRONMENT, Command
from tests.conformance.servers.model_objects import Called
from tests.conformance.servers.model_server import Model, serve
from tests.programs import PROGRAMS, Ended
from tests.proofs import mark_slow
from tests.shared import make_environment

SECOND = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
STRANGERS = "somebody's own"


class Reusing(Model):
    """The next id is the largest one and one more. With `neighbour` a book of this title follows each deletion."""

    neighbour = ""
    looks: Counter[str]

    def new_object(self, called: Called) -> dict[str, Any]:
        self.last_id = max(self.objects.get(called.collection, {}), default=0)
        return super().new_object(called)

    def destroy(self, called: Called) -> Response:
        number = called.found[-1]["id"]
        response = super().destroy(called)
        if self.neighbour:
            self.objects["books"][number] = book(number, self.neighbour)
        return response


def like(model: Model, kind: type[Model]) -> Any:
    return kind(model.api, model.users, model.bugs)


def strangers(server: Model) -> set[int]:
    return {number for number, book in server.objects["books"].items() if book["title"] == server.neighbour}


def test_an_id_that_was_given_out_again_is_left_alone(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    """Each deletion is followed by somebody else's book of the same id."""
    server = like(model("shelf"), Reusing)
    server.neighbour = STRANGERS
    few = ("--operations", "removeBook", "--include-check", "SIG-009,SIG-001")
    with serve(server) as url:
        outcome = shelf_conformance(url, *few)
    assert len(server.deleted) > 2
    assert len(strangers(server)) == len(server.objects["books"]) == len(server.deleted), outcome.output
    assert not (outcome.folder / "journal.jsonl").exists()


def test_an_id_that_another_process_has_got_is_not_deleted_again(
    shelf_conformance: Command, model: Callable[..., Model]
) -> None:
    server = like(model("shelf"), Reusing)
    server.neighbour = f"Emma conformance-{1:016x}"
    with serve(server) as url:
        outcome = shelf_conformance(url, "--include-check", "MOD-02*", "--operations", "removeBook")
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    assert len(strangers(server)) == len(server.deleted) > 0
    reported = {result["id"]: result["observed"] for result in outcome.report["results"]}
    assert reported["MOD-022 removeBook"] == "the server reused the id"


@pytest.mark.slow
def test_an_id_that_another_process_has_got_is_no_object_that_stayed(
    shelf_conformance: Command, model: Callable[..., Model]
) -> None:
    server = like(model("shelf"), Reusing)
    server.neighbour = f"Emma conformance-{1:016x}"
    with serve(server) as url:
        outcome = shelf_conformance(url, "--include-check", "MOD-024", "--max-examples", "80")
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    assert len(strangers(server)) > 1


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), mark_slow(("--workers", "2"))])
def test_ids_that_come_again_break_nothing(
    shelf_conformance: Command, model: Callable[..., Model], workers: tuple[str, ...]
) -> None:
    server = like(model("shelf"), Reusing)
    with serve(server) as url:
        outcome = shelf_conformance(url, "--include-check", "MOD-02*", "--max-examples", "80", *workers)
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    assert not [note for note in outcome.report["notes"] if "not removed" in note]
    assert server.objects["books"] == {}


def write_journal(folder: Path, url: str, *entries: tuple[str, int]) -> Path:
    """The journal of a run that was killed."""
    lines: list[Any] = [{"api": "shelf", "url": f"{url}/rest"}]
    for word, number in entries:
        marker = f"conformance-{number:016x}"
        lines.append({word: {"creator": "addBook", "identity": number, "parents": {}, "markers": [marker]}})
    journal = folder / "journal.jsonl"
    journal.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return journal


def book(number: int, title: str) -> dict[str, Any]:
    return {"id": number, "title": title, "status": "on", "pin": "1", "owner": "o"}


def test_clean_deletes_again_only_what_is_shown_with_its_own_name(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path
) -> None:
    """1 is gone, 2 stayed though it was deleted, 3 is another run's by now, 4 may be anybody's, 5 was not deleted."""
    server = model("shelf")
    titles = {2: f"Emma conformance-{2:016x}", 3: f"Emma conformance-{99:016x}", 4: "Emma", 5: "Emma"}
    server.objects["books"] = {number: book(number, title) for number, title in titles.items()}
    with serve(server) as url:
        entries = [("made", number) for number in range(1, 6)] + [("deleted", number) for number in range(1, 5)]
        journal = write_journal(tmp_path, url, *entries)
        done = run_clean(shelf_packages, journal)
    assert sorted(server.deleted) == ["books/2", "books/5"]
    assert done.code == 1
    note = "DELETE /books/{id} 4: it was deleted, and whether it is gone is not known"
    assert " ".join((done.out + done.err).split()) == f"not removed: {note}"
    assert not journal.exists()


def run_clean(packages: Path, journal: Path, *options: str) -> Ended:
    environment = make_environment(packages, **ENVIRONMENT)
    return PROGRAMS.run("procwise_conformance", "clean", str(journal), *options, environment=environment)


@pytest.mark.parametrize("users", [(), SECOND])
def test_clean_removes_what_the_second_user_made(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path, users: tuple[str, ...]
) -> None:
    """A run that is killed while it looks up whose objects the second user's are leaves one of them."""
    server = model("shelf")
    first, second = server.users
    server.objects["books"] = {number: book(number, f"Emma conformance-{number:016x}") for number in (1, 2)}
    server.owners = {1: first, 2: second}
    with serve(server) as url:
        done = run_clean(shelf_packages, write_journal(tmp_path, url, ("made", 1), ("made", 2)), *users)
    assert (done.code, set(server.objects["books"])) == ((0, set()) if users else (1, {2})), done.err
    assert ("DELETE /books/{id} 2: answered 404" in " ".join(done.err.split())) is not bool(users)


class Misled(Model):
    """An object is another user's than who asks for it; `lost` ones are nobody's."""

    lost = False

    def new_object(self, called: Called) -> dict[str, Any]:
        made = super().new_object(called)
        first, second = self.users
        if called.user == first:
            self.owners[made["id"]] = "nobody" if self.lost else second
        return made


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_out_of_sight_is_removed_as_another_user_or_listed(
    shelf_conformance: Command, model: Callable[..., Model], lost: bool
) -> None:
    server = like(model("shelf"), Misled)
    server.lost = lost
    with serve(server) as url:
        outcome = shelf_conformance(url, *SECOND, "--operations", "addBook", "--include-check", "SIG-001")
    left = set(server.objects["books"])
    assert server.requests
    assert bool(left) is lost, outcome.output
    notes = {f"not removed: DELETE /books/{{id}} {n}: answered 404, though this run did not delete it" for n in left}
    assert {note for note in outcome.report["notes"] if "not removed" in note} == notes


class Losing(Model):
    """Of a request that comes many times at once, the one that passes gets no response."""

    async def response(self, request: Request) -> Response:
        self.seen = getattr(self, "seen", Counter[str]())
        once = str(request.query_params.get("once"))
        self.seen[once] += 1
        response = await super().response(request)
        await asyncio.sleep(0.5 if request.method == "POST" else 0)
        if response.status_code == 200 and request.method == "POST" and self.seen[once] > 3:
            return Response(b"", headers={"content-length": "100"})
        return response


def test_what_one_of_many_at_once_made_is_found_without_its_response(
    shelf_conformance: Command, model: Callable[..., Model]
) -> None:
    server = like(model("shelf"), Losing)
    with serve(server) as url:
        outcome = shelf_conformance(url, "--operations", "addBook", "--include-check", "SIG-149")
    assert max(server.seen.values()) == 24
    assert server.objects["books"] == {}, outcome.output
    assert not [note for note in outcome.report["notes"] if "not removed" in note]


def test_many_at_once_count_for_the_rate(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf")) as url:
        few = ("--operations", "listBooks", "--include-check", "SIG-149")
        outcome = shelf_conformance(url, *few, "--rate", "20/s")
    assert outcome.report["summary"]["passed"] == 1, outcome.output
    assert outcome.report["seconds"] >= 24 / 20


class Crowded(Reusing):
    """Another process of the run gets each id that becomes free."""

    def destroy(self, called: Called) -> Response:
        number = called.found[-1]["id"]
        response = super().destroy(called)
        self.objects["books"][number] = book(number, "Emma conformance-00000000000000ab")
        return response


@pytest.mark.slow
def test_another_process_may_have_got_the_id(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    """A deleted object is not taken for one that stayed."""
    with serve(like(model("shelf"), Crowded)) as url:
        outcome = shelf_conformance(url, "--include-check", "MOD-024", "--max-examples", "80")
    assert not [one["observed"] for one in outcome.findings if "404, since" in one["expected"]], outcome.output
