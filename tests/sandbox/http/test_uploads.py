"""Attachments are files: kept byte for byte, under names that do no harm, gone with their exam."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, send

PATH = "/exams/{exam_id}/attachments"
NAMES = (
    ("drawing.svg", "drawing.svg"),
    ("../../etc/passwd", "passwd"),
    ("..\\..\\boot.ini", "boot.ini"),
    ("/etc/cron.d/job", "job"),
    ("Zoë 试验 {x}.txt", "Zoë_试验_x_.txt"),
    ("..", "file"),
    (".hidden", "hidden"),
    ("a b&c#d%e?.pdf", "a_b_c_d_e_.pdf"),
    ("x" * 300 + ".png", "x" * 146 + ".png"),
)


@dataclass(frozen=True)
class Place:
    """A sandbox of its own with its folder."""

    folder: Path
    demo: Caller
    second: Caller

    def exam(self) -> int:
        created: int = self.demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
        return created

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir() if path.name.startswith(("attachment", "exam"))}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("uploads")
    with running(files=folder, body_limit=3_000_000, job_seconds=0.01) as result:
        second = Caller(result.base_url, result.second.token, result.second.secret_key)
        yield Place(folder, Caller(result.base_url, result.token, result.secret_key), second)


@pytest.mark.parametrize("size", [0, 1, 1_000_000, 2_500_000])
def test_a_file_is_kept_byte_for_byte(place: Place, size: int) -> None:
    content = os.urandom(size)
    exam, before = place.exam(), int(time.time())
    created = place.demo.upload(PATH, "apparatus.png", content, "image/png", exam_id=exam).json["attachment"]
    assert (created["document_content_type"], created["document_file_size"]) == ("image/png", size)
    stamp, _, name = created["placeholder"].partition("_")
    assert name == created["document_file_name"] == "apparatus.png"
    assert before <= int(stamp) <= time.time()
    assert (place.folder / f"attachment-{created['id']}-apparatus.png").read_bytes() == content
    assert place.demo.call("GET", f"{PATH}/{{id}}", exam_id=exam, id=created["id"]).json["attachment"] == created
    assert place.demo.call("GET", PATH, exam_id=exam).json["attachments"] == [created]


@pytest.mark.parametrize(("sent", "kept"), NAMES)
def test_names_are_made_safe(place: Place, sent: str, kept: str) -> None:
    created = place.demo.upload(PATH, sent, b"x", exam_id=place.exam()).json["attachment"]
    assert created["document_file_name"] == kept
    assert (place.folder / f"attachment-{created['id']}-{kept}").read_bytes() == b"x"


@pytest.mark.parametrize("sent", ["", "text", "text/plain; charset=utf-8", "Image/PNG", "a/b/c", "x" * 300 + "/y"])
def test_media_types_are_plain(place: Place, sent: str) -> None:
    created = place.demo.upload(PATH, "n", b"x", sent, exam_id=place.exam()).json["attachment"]
    content = {"text/plain; charset=utf-8": "text/plain", "Image/PNG": "image/png"}
    assert created["document_content_type"] == content.get(sent, "application/octet-stream")


def test_what_is_no_file_is_rejected(place: Place) -> None:
    exam = place.exam()
    missing = place.demo.upload(PATH, "n", b"x", part="other", exam_id=exam)
    assert (missing.status, missing.code) == (422, "parameter_missing")
    nameless = place.demo.upload(PATH, "", b"", exam_id=exam)
    assert (nameless.status, nameless.code) == (422, "parameter_missing")
    written = place.demo.call("POST", PATH, {"document": "text"}, exam_id=exam)
    assert (written.status, written.json["errors"]) == (422, {"document": ["must be an uploaded file"]})
    broken = place.demo.stamp()
    target = f"/api/v3/exams/{exam}/attachments?" + "&".join(f"{k}={v}" for k, v in broken.items())
    headers = {**place.demo.authorization, "Content-Type": "multipart/form-data"}
    assert send(place.demo.base_url, "POST", target, headers, b"--x").status == 422
    assert place.demo.call("GET", PATH, exam_id=exam).json["attachments"] == []


def test_a_file_that_is_too_large_is_rejected() -> None:
    with running(body_limit=1000) as result:
        demo = Caller(result.base_url, result.token, result.secret_key)
        large = demo.upload(PATH, "n", b"x" * 2000, exam_id=1)
        assert (large.status, large.code) == (413, "body_too_large")


def test_a_file_is_seen_by_its_institute_and_below_its_exam_only(place: Place) -> None:
    exam, other = place.exam(), place.exam()
    created = place.demo.upload(PATH, "n", b"x", exam_id=exam).json["attachment"]["id"]
    item = f"{PATH}/{{id}}"
    assert place.demo.call("GET", item, exam_id=other, id=created).code == "record_not_found"
    for reply in (
        place.second.upload(PATH, "n", b"x", exam_id=exam),
        place.second.call("GET", PATH, exam_id=exam),
        place.second.call("GET", item, exam_id=exam, id=created),
        place.second.call("DELETE", item, exam_id=exam, id=created),
    ):
        assert (reply.status, reply.code) == (404, "record_not_found")


def test_a_file_goes_with_its_attachment_and_its_exam(place: Place) -> None:
    exam, before = place.exam(), place.files()
    first, second = (place.demo.upload(PATH, "n", b"x", exam_id=exam).json["attachment"]["id"] for _ in range(2))
    assert place.files() - before == {f"attachment-{first}-n", f"attachment-{second}-n"}
    assert place.demo.call("DELETE", f"{PATH}/{{id}}", exam_id=exam, id=first).json == {}
    assert place.files() - before == {f"attachment-{second}-n"}
    _zip(place.demo, exam)
    assert place.files() - before == {f"attachment-{second}-n", f"exam-{exam}-documents.zip"}
    place.demo.call("DELETE", "/exams/{id}", id=exam)
    assert place.files() == before


def test_the_zip_holds_what_was_uploaded(place: Place) -> None:
    exams = place.demo.call("GET", "/exams").json["exams"]
    exam = next(one["id"] for one in exams if one["name"] == "Inorganic chemistry, first sitting")
    content = os.urandom(10_000)
    created = place.demo.upload(PATH, "drawing.svg", content, exam_id=exam).json["attachment"]["id"]
    with zipfile.ZipFile(io.BytesIO(_zip(place.demo, exam))) as archive:
        assert archive.read(f"attachments/{created}/drawing.svg") == content
        details = json.loads(archive.read("index.json"))
        packed = [name for student in details for name in student["files"]]
        assert packed == [f"answers/{details[0]['student_session_id']}/answers.txt"]
        assert archive.read(packed[0]) == b"The synthesis begins with benzene.\n"


def _zip(caller: Caller, exam: int) -> bytes:
    caller.call("PUT", "/exams/{id}/generate_exam_documents_zip", id=exam)
    for _ in range(200):
        content: dict[str, Any] = caller.call("GET", "/exams/{id}/status_exam_documents_zip", id=exam).json
        if content["zip_job_status"] == "success":
            return caller.call("GET", "/exams/{id}/download_exam_documents_zip", id=exam).content
        time.sleep(0.05)
    raise AssertionError(content)
