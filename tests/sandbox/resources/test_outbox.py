"""What the API mails lies in the outbox; who may look at that and at the page, and what is logged."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from procwise_sandbox import Running, running
from procwise_sandbox.loading import load_description
from procwise_sandbox.server import serving
from procwise_sandbox.server.application import build
from procwise_sandbox.settings.options import Options
from tests.sandbox.sandbox_calls import Caller, open_page, send
from tests.sandbox.settings.test_command import started_command

PATHS = ("/", "/page.css", "/page.js", "/page.json", "/log.json", "/outbox")
MEMBERS = {"id", "sent_at", "to", "name", "subject", "text", "link", "exam_id", "student_session_id", "institute_id"}


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    with running() as result:
        yield result


@pytest.fixture(scope="module")
def caller(own: Running) -> Caller:
    return Caller(own.base_url, own.token, own.secret_key)


@pytest.fixture(scope="module")
def visitor(own: Running) -> dict[str, str]:
    return open_page(own.page)


def exam_with(caller: Caller, students: int, **settings: object) -> tuple[int, list[int]]:
    exam = caller.call("POST", "/exams", {"name": "Spelling", "type": "demo"}).json["exam"]["id"]
    return exam, [
        caller.call(
            "POST",
            "/exams/{exam_id}/student_sessions",
            {"name": f"Student {number}", "email": f"s{number}@outbox.example", **settings},
            exam_id=exam,
        ).json["student"]["id"]
        for number in range(students)
    ]


def basic(own: Running, user: str = "demo") -> dict[str, str]:
    """The header with token and secret key of a user, as `curl -u` sends them."""
    given = getattr(own, user)
    return {"Authorization": f"Basic {base64.b64encode(f'{given.token}:{given.secret_key}'.encode()).decode()}"}


def messages(own: Running, query: str = "") -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = send(own.base_url, "GET", f"/outbox{query}", basic(own)).json["messages"]
    return result


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_each_student_of_the_exam_is_mailed(version: str, own: Running, caller: Caller) -> None:
    exam, students = exam_with(caller, 2)
    before = len(own.outbox)
    assert before == len(messages(own)), "nobody is mailed without being asked for it"
    sender = Caller(own.base_url, own.token, own.secret_key, version)
    assert sender.call("POST", "/exams/{id}/send_emails", id=exam).status == 200
    mailed = messages(own)[before:]
    assert own.outbox[before:] == mailed
    assert [message["student_session_id"] for message in mailed] == students
    for number, message in enumerate(mailed):
        assert message.keys() == MEMBERS
        assert (message["to"], message["name"]) == (f"s{number}@outbox.example", f"Student {number}")
        assert (message["exam_id"], message["institute_id"], message["subject"]) == (exam, 1, "Your exam: Spelling")
        displayed = caller.call("GET", "/student_sessions/{id}", id=students[number]).json["student"]
        assert message["link"].endswith(f"/{displayed['token']}")
        assert message["link"] in message["text"]
        assert (displayed["status"], displayed["is_email_sent"]) == ("email_sent", True)
    assert messages(own, "?limit=1") == mailed[-1:]
    for odd in ("x", "-1", "1.5"):
        rejected = send(own.base_url, "GET", f"/outbox?limit={odd}", basic(own))
        assert (rejected.status, rejected.json["errors"]) == (422, {"limit": ["must be a whole number"]})


def test_who_skips_the_check_is_not_asked_for_it(own: Running, caller: Caller) -> None:
    exam, _ = exam_with(caller, 1, skip_requirements=True)
    caller.call("POST", "/exams/{id}/send_emails", id=exam)
    assert "Open your exam here: https" in str(own.outbox[-1]["text"])


def test_the_outbox_keeps_the_last_thousand(tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    with running(database=f"sqlite:///{database}") as result:
        sender = Caller(result.base_url, result.token, result.secret_key)
        exam, students = exam_with(sender, 30)
        for _ in range(34):
            sender.call("POST", "/exams/{id}/send_emails", id=exam)
        remaining = [message["student_session_id"] for message in result.outbox]
    assert remaining == [*students[20:], *(students * 33)]
    stored = sqlite3.connect(database)
    assert stored.execute("SELECT count(*) FROM _outbox").fetchone() == (1000,)
    stored.close()


def test_processes_share_the_outbox(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    with running(database=database) as one, running(database=database) as other:
        sender = Caller(one.base_url, one.second.token, one.second.secret_key)
        exam = sender.call("GET", "/exams").json["exams"][0]["id"]
        assert sender.call("POST", "/exams/{id}/send_emails", id=exam).status == 200
        assert [message["institute_id"] for message in messages(other)] == [2, 2]


def test_a_failed_request_mails_nobody(own: Running, caller: Caller) -> None:
    before = own.outbox
    assert caller.call("POST", "/exams/{id}/send_emails", id=999_999).status == 404
    foreign = Caller(own.base_url, own.second.token, own.second.secret_key)
    assert foreign.call("POST", "/exams/{id}/send_emails", id=1).status == 404
    assert own.outbox == before


@pytest.mark.parametrize("path", PATHS)
def test_the_page_is_for_its_own_browser_alone(path: str, own: Running, visitor: dict[str, str]) -> None:
    port = urlsplit(own.base_url).port
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}")
    assert [send(own.base_url, "GET", path, {"Host": host, **visitor}).status for host in hosts] == [200] * 3
    for headers in (
        {"Host": "rebound.example"},
        {"Host": f"127.0.0.1.rebound.example:{port}"},
        {"Host": "127.0.0.1@rebound.example"},
        {"Host": ""},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"},
    ):
        reply = send(own.base_url, "GET", path, {**headers, **visitor})
        assert (reply.status, reply.code) in ((403, "forbidden"), (400, "unreadable")), headers
        assert own.token not in reply.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_every_response_of_the_page_is_guarded(path: str, own: Running, visitor: dict[str, str]) -> None:
    reply = send(own.base_url, "GET", path, visitor)
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert (reply.headers["cache-control"], reply.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert "access-control-allow-origin" not in reply.headers
    head = send(own.base_url, "HEAD", path, visitor)
    assert (head.status, head.content) == (200, b"")
    link = send(own.base_url, "GET", path, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", **visitor})
    assert link.status == 200, "a link from elsewhere may lead here"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/"), ("DELETE", "/outbox"), ("GET", "/page"), ("PUT", "/log.json")]
)
def test_all_else_is_left_to_the_api(method: str, path: str, own: Running) -> None:
    assert send(own.base_url, method, path).code == "path_not_found"


def test_an_api_that_has_such_a_path_keeps_it() -> None:
    newest = load_description().apis[-1]
    exams = next(operation for operation in newest.operations if operation.id == "listExams")
    theirs = replace(newest, name="theirs", base_path="", operations=(replace(exams, path="/outbox"),))
    described = replace(load_description(), apis=(*load_description().apis, theirs))
    with serving.run_in_thread(build(described, Options())) as result:
        assert send(result.base_url, "GET", "/outbox").code == "unauthorized"
        assert send(result.base_url, "GET", "/log.json").status == 200


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "203.0.113.7"}, {"Cookie": "sandbox=x"}], ids=str)
def test_who_comes_without_the_link_sees_no_secret(headers: dict[str, str], own: Running) -> None:
    """A proxy of this machine looks like a browser of this machine."""
    facts = send(own.base_url, "GET", "/page.json", headers).json
    assert (facts["users"], facts["samples"]) == ([], [])
    assert "the link that the sandbox printed" in facts["hidden"]
    assert send(own.base_url, "GET", "/outbox", headers).code == "forbidden"
    assert send(own.base_url, "GET", "/log.json", headers).status == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_link_works_once_and_its_cookie_for_long(host: str) -> None:
    with running(host=host, seed="empty") as result:
        query = urlsplit(result.page).query
        assert send(result.base_url, "HEAD", f"/?{query}").status == 200
        assert send(result.base_url, "GET", f"/?{query}", {"Sec-Purpose": "prefetch"}).status == 403
        assert send(result.base_url, "GET", "/?key=").status == 403
        cookie = open_page(result.page)
        assert send(result.base_url, "GET", f"/?{query}").code == "forbidden"
        for _ in range(2):
            assert len(send(result.base_url, "GET", "/page.json", cookie).json["users"]) == 3
            assert send(result.base_url, "GET", "/outbox", cookie).json == {"messages": []}


@pytest.mark.parametrize("sent", ["Basic", "Basic =", "Basic eA==", "Bearer {}", "Basic {}x"])
def test_who_has_no_secret_key_reads_no_message(sent: str, own: Running) -> None:
    token = base64.b64encode(own.token.encode()).decode()
    assert send(own.base_url, "GET", "/outbox", {"Authorization": sent.format(token)}).code == "forbidden"
    assert send(own.base_url, "GET", "/outbox", basic(own, "superuser")).status == 200


@pytest.mark.slow
def test_the_links_are_printed_and_shared_by_workers(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    with started_command("--port", "0", "--quiet", "--workers", "2", "--database", database) as (process, content):
        cookie = open_page(content["page"])
        for _ in range(6):  # by whichever worker
            assert send(content["base_url"], "GET", f"/?{urlsplit(content['page']).query}").status == 403
            assert send(content["base_url"], "GET", "/outbox", cookie).status == 200
        process.terminate()
        _, err = process.communicate(timeout=20)
    links = re.findall(r"http://\S+", err)
    assert links[0] == content["page"]
    assert len({*links}) == 2


def test_there_may_be_no_page() -> None:
    with running(page=False) as result:
        assert {send(result.base_url, "GET", path).code for path in PATHS} == {"path_not_found"}
        demo = Caller(result.base_url, result.token, result.secret_key)
        assert demo.call("POST", "/exams/{id}/send_emails", id=1).status == 200
        assert len(result.outbox) == 3


def test_the_last_200_requests_are_kept_without_what_was_sent(own: Running, caller: Caller) -> None:
    for _ in range(205):
        send(
            own.base_url, "GET", "/nowhere?secret=shown-to-nobody", {"X-Secret": "shown-to-nobody"}, b"shown-to-nobody"
        )
    caller.call("GET", "/exams", query={"filter": "shown-to-nobody"})
    reply = send(own.base_url, "GET", "/log.json")
    entries = reply.json["entries"]
    assert len(entries) == 200
    assert [entry["number"] for entry in entries] == list(range(entries[0]["number"], entries[-1]["number"] + 1))
    assert entries[-1] | {"time": 0, "ms": 0, "number": 0, "process": ""} == {
        "process": "",
        "number": 0,
        "time": 0,
        "method": "GET",
        "path": "/api/v3/exams",
        "operation": "v3 listExams",
        "status": 422,
        "verdict": "ok",
        "cause": "validation_failed",
        "ms": 0,
    }
    for secret in ("shown-to-nobody", own.token, own.secret_key):
        assert secret not in reply.content.decode()


def test_the_cause_is_kept_where_the_response_is_terse() -> None:
    with running(strict=True) as result:
        wrong = Caller(result.base_url, result.token, "x")
        assert wrong.call("GET", "/exams").code == "forbidden"
        entry = send(result.base_url, "GET", "/log.json").json["entries"][-1]
        assert entry["verdict"] == "signature_invalid"
        assert entry["cause"].startswith("no mistake was recognised")


@pytest.mark.parametrize("title", ["Shell", "Python"])
@pytest.mark.needs("curl")
@pytest.mark.needs("openssl")
def test_the_lines_to_begin_with_work(title: str, own: Running, caller: Caller) -> None:
    samples = {one["title"]: one["code"] for one in send(own.base_url, "GET", "/page.json", basic(own)).json["samples"]}
    assert samples[title].count("\n") == 2
    interpreter = {"Shell": ["sh", "-c"], "Python": [sys.executable, "-c"]}[title]
    done = subprocess.run([*interpreter, samples[title]], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "Introduction to logic" in done.stdout) == (0, True), done.stderr


@pytest.mark.slow
def test_the_log_can_be_json() -> None:
    began = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    with started_command("--port", "0", "--log", "json") as (process, content):
        demo = Caller(content["base_url"], content["token"], content["secret_key"])
        demo.call("GET", "/exams", query={"limit": 5})
        assert send(content["base_url"], "GET", "/a%0A%22b%E2%80%A8?secret=1").code == "path_not_found"
        process.terminate()
        _, err = process.communicate(timeout=20)
    page, first, second = [json.loads(line) for line in err.splitlines()]
    assert page["message"].endswith(content["page"])
    assert list(first) == ["time", "method", "path", "operation", "status", "verdict", "cause", "ms"]
    assert (first["operation"], first["status"], first["verdict"]) == ("v3 listExams", 200, "ok")
    assert first["time"] > began
    assert (second["path"], second["cause"]) == ('/a\n"b\u2028', "path_not_found")
    for secret in (content["token"], content["secret_key"], "limit", "secret"):
        assert secret not in err
