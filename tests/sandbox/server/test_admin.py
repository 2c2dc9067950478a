"""Snapshots of the state, for those who have the admin key."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Caller, Reply, send


@dataclass(frozen=True)
class Place:
    """A sandbox with admin routes, its demo user, and its folder of files."""

    sandbox: Running
    folder: Path

    @property
    def demo(self) -> Caller:
        return Caller(self.sandbox.base_url, self.sandbox.token, self.sandbox.secret_key)

    def admin(self, action: str, body: object = None, key: str | None = None, method: str = "POST") -> Reply:
        headers = {"Authorization": f"Bearer {self.sandbox.admin_key if key is None else key}"}
        sent = None if body is None else json.dumps(body).encode()
        return send(self.sandbox.base_url, method, f"/admin/{action}", headers, sent)

    def state(self) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]], Mapping[str, bytes]]:
        """Exams, their students, and files."""
        exams = self.demo.call("GET", "/exams").json["exams"]
        path = "/exams/{exam_id}/student_sessions"
        students = [self.demo.call("GET", path, exam_id=exam["id"]).json["students"] for exam in exams]
        files = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        return exams, students, files

    def change(self) -> None:
        """A bit of everything: new and gone objects, new and gone files."""
        exam = self.demo.call("GET", "/exams").json["exams"][0]["id"]
        for name in ("n.txt", "report.part", ".part", ".hidden"):
            assert self.demo.upload("/exams/{exam_id}/attachments", name, b"new", exam_id=exam).status == 200
        other = self.demo.call("GET", "/exams").json["exams"][1]["id"]
        assert self.demo.call("DELETE", "/exams/{id}", id=other).status == 200
        assert self.demo.call("POST", "/exams", {"name": "new", "type": "demo"}).status == 200


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with running(files=tmp_path, admin=True) as result:
        yield Place(result, tmp_path)


def test_restore_and_reset_bring_rows_and_files_back(place: Place) -> None:
    first = place.state()
    place.change()
    second = place.state()
    name = place.admin("snapshot").json["id"]
    place.change()
    assert place.state() != second
    for wanted, action, body in (
        (second, "restore", {"id": name}),
        (first, "reset", None),
        (second, "restore", {"id": name}),
    ):
        assert place.admin(action, body).status == 200
        assert place.state() == wanted
    assert first[2] != second[2]


def test_a_nonce_stays_used_and_ids_go_on(place: Place) -> None:
    nonce = place.demo.stamp()["nonce"]
    created = place.demo.call("POST", "/exams", {"name": "n", "type": "demo"}, over={"nonce": nonce}).json["exam"]
    place.admin("reset")
    assert place.demo.call("GET", "/exams/{id}", id=created["id"]).status == 404
    assert place.demo.call("POST", "/exams", {"name": "n", "type": "demo"}, over={"nonce": nonce}).code == "nonce_used"
    repeated = place.demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]
    assert repeated["id"] > created["id"]


def test_numbers_of_messages_are_given_once(place: Place) -> None:
    seen: list[object] = []
    for _ in range(3):
        assert place.demo.call("POST", "/exams/{id}/send_emails", id=1).status == 200
        fresh = [message["id"] for message in place.sandbox.outbox]
        assert len(fresh) == 3
        assert not {*fresh} & {*seen}
        seen += fresh
        assert place.admin("reset").status == 200
        assert place.sandbox.outbox == []


def test_a_restore_that_fails_changes_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.change()
    before = place.state()
    links = iter([True, False])

    def full(source: Path, target: Path) -> None:
        if not next(links):
            raise OSError("no space left")
        target.write_bytes(source.read_bytes())

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", full)
        failed = place.admin("reset")
    assert (failed.status, failed.code) == (500, "internal_error")
    assert place.state() == before
    assert place.admin("reset").status == 200


def test_only_the_key_opens_it(place: Place) -> None:
    for key in ("", "x", place.sandbox.token, place.sandbox.admin_key[:-1], "é"):
        content = place.admin("reset", key=key.encode().decode("latin-1"))
        assert (content.status, content.code) == (401, "unauthorized")
    assert send(place.sandbox.base_url, "POST", "/admin/reset").status == 401


def test_what_is_asked_wrongly(place: Place) -> None:
    for body, status in (({"id": "none"}, 404), ({"id": "../x"}, 404), ({"id": 1}, 422), ([], 422), ({}, 422)):
        assert place.admin("restore", body).status == status
    assert place.admin("restore", {"id": "x" * 2000}).code == "body_too_large"
    assert place.admin("nothing").code == "path_not_found"
    assert place.admin("reset", method="GET").headers["allow"] == "POST"


def test_a_file_keeps_its_snapshots(tmp_path: Path) -> None:
    database, folder = f"sqlite:///{tmp_path / 'state.db'}", tmp_path / "files"
    with running(database=database, files=folder, admin=True) as sandbox:
        place = Place(sandbox, folder)
        first = place.state()
        place.change()
        key = sandbox.admin_key
    with running(database=database, files=folder, admin=True) as sandbox:
        place = Place(sandbox, folder)
        assert sandbox.admin_key != key
        assert place.admin("reset").status == 200
        assert place.state() == first


def test_there_are_no_such_routes_unless_asked_for(sandbox: Running) -> None:
    assert sandbox.admin_key == ""
    assert "admin" not in json.loads(sandbox.line())
    content = send(sandbox.base_url, "POST", "/admin/reset", {"Authorization": "Bearer "})
    assert content.code == "path_not_found"


def test_the_first_line_has_the_key_and_no_repr_does(place: Place) -> None:
    content = json.loads(place.sandbox.line())["admin"]
    assert content == {"url": f"{place.sandbox.base_url}/admin", "key": place.sandbox.admin_key}
    assert place.sandbox.admin_key not in repr(place.sandbox)
