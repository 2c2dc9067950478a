"""Nothing that people wrote, and no secret, is in a report on their traffic."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import Json, Seen, mitmproxy, write_har
from tests.conformance.observe.test_har_files import BASE, JSON

PRIVATE = (
    "planted-token-9f3a",
    "planted-secret-77aa",
    "ada.lovelace@example.org",
    "Ada Lovelace",
    "planted-session-cookie",
    "eyJhbGciOiJIUzI1NiJ9.planted.c2lnbmF0dXJl",
    "planted-bearer-11",
    "0f" * 32,
    "planted answer of a student",
    "+44 20 7946 0000",
    "planted-undescribed-value",
    "1815-planted-key@example.org",
    "Ockham Park",
)
SHOWN = "/exam/note_of_tutor"


def make_entries() -> list[Json]:
    """Requests and responses that break the description in many ways, with private values in every place."""
    token, secret, mail, name, cookie, jwt, bearer, signature, answer, phone, value, key, place = PRIVATE
    headers = {
        "Authorization": f"Token token={token}",
        "Cookie": f"session={cookie}",
        "X-Forwarded-User": mail,
        "X-Id-Token": jwt,
        "Referer": f"https://portal.example/{name.replace(' ', '%20')}?token={bearer}",
        "Content-Type": "application/json",
    }
    exam = {
        "exam": {
            "id": "7",
            "name": answer,
            "token": secret,
            "note_of_tutor": value,
            "contacts": {key: phone, "first_name": name},
            "home": place,
            "status": answer,
        }
    }
    error = {"error": f"Bearer {bearer} of {mail} is not known", "code": name, "errors": [{"detail": answer}]}
    query = f"timestamp=1&nonce=n&signature={signature}&email={mail.replace('@', '%40')}&q={name.replace(' ', '+')}"
    body = json.dumps({"name": 7, "student": {"email": mail, "phone": phone, "home": place}, key: answer}).encode()
    answered = {**JSON, "Set-Cookie": f"session={cookie}", "X-Pagination-Page": name}
    return [
        mitmproxy(Seen("GET", f"{BASE}/exams/7?{query}", headers, b"", 200, answered, json.dumps(exam).encode())),
        mitmproxy(Seen("POST", f"{BASE}/exams?{query}", headers, body, 500, answered, json.dumps(error).encode())),
        mitmproxy(Seen("PATCH", f"{BASE}/exams/{name}", headers, body, 418, answered, answer.encode())),
        mitmproxy(Seen("GET", f"{BASE}/people/{mail}/{place}?x={answer}", headers, b"", 200, answered, b"{}")),
        mitmproxy(Seen("GET", f"{BASE}/exams/{mail}", headers, b"", 200, answered, json.dumps([mail]).encode())),
    ]


def test_nothing_private_is_kept(observe: Observe, tmp_path: Path) -> None:
    keys = {"PROCWISE_TOKEN": PRIVATE[0], "PROCWISE_SECRET_KEY": PRIVATE[1]}
    for variables in (keys, {}):
        outcome = observe(write_har(tmp_path / "private.har", make_entries()), **variables)
        assert outcome.code == 1
        assert len(outcome.findings) > 10
        kept = {path.name: path.read_text("utf-8") for path in outcome.folder.iterdir()}
        kept |= {"output": outcome.output, "errors": outcome.errors}
        for place, text in kept.items():
            for private in PRIVATE:
                forms = (private, private.replace(" ", "+"), private.replace(" ", "%20"), private.replace("@", "%40"))
                assert not [form for form in forms if form in text], (place, private)
        assert SHOWN in kept["report.json"]


def test_what_tells_a_finding_apart_is_kept(observe: Observe, tmp_path: Path) -> None:
    outcome = observe(write_har(tmp_path / "private.har", make_entries()))
    shown = next(one for one in outcome.findings if one["id"] == "MOD-102 showExam")
    assert f"GET {BASE}/exams/7?timestamp=1" in shown["request"]
    assert "signature=***" in shown["request"]
    assert '"id": "7"' in shown["answer"]
    assert '"note_of_tutor": "***"' in shown["answer"]
