"""HAR files in the forms of five programs, with other people's traffic among them, and broken ones."""

from __future__ import annotations

import codecs
import io
import json
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from procwise_conformance.observe.recordings.bytes import open_text
from tests.conformance.conftest import ROOT
from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import DIALECTS, Json, Seen, chrome, firefox, insomnia, mitmproxy, write_har

BASE = "https://demo.proctorexam.com/api/v3"
JSON = {"Content-Type": "application/json"}
TOKEN = {"Authorization": "Token token=planted-token", "Accept": "application/json"}
STAMP = "timestamp=1764000000000&nonce=7&signature=00"


def example_of(name: str) -> Any:
    """An example of a response from the description."""
    document = json.loads((ROOT / "generated/openapi/v3.json").read_text("utf-8"))
    return document["components"]["examples"][name]["value"]


def make_list(**changes: Any) -> Seen:
    """A list of exams as the description has it."""
    content = example_of("ExamList")
    counts = {"Item-Count": len(content["exams"]), "Page-Count": 1, "Page": 1, "Limit": 300}
    headers = {f"X-Pagination-{name}": str(count) for name, count in counts.items()}
    made = {
        "method": "GET",
        "url": f"{BASE}/exams?{STAMP}",
        "headers": TOKEN,
        "answered": {**JSON, **headers},
        "content": json.dumps(content).encode(),
    }
    return Seen(**{**made, **changes})


def break_list(seen: Seen) -> Seen:
    """The same list with a number in place of the first name."""
    content = json.loads(seen.content)
    content["exams"][0]["name"] = 7
    return make_list(content=json.dumps(content).encode())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_recording_of_each_program_is_read(observe: Observe, tmp_path: Path, dialect: str) -> None:
    form = DIALECTS[dialect]
    fine = observe(write_har(tmp_path / "fine.har", [form(make_list())]))
    assert (fine.code, fine.findings) == (0, []), fine.output + fine.errors
    assert fine.report["results"]
    broken = observe(write_har(tmp_path / "broken.har", [form(break_list(make_list()))]))
    assert (broken.code, broken.broken_ids()) == (1, {"MOD-102 listExams"}), broken.output
    assert broken.findings[0]["observed"] == "200 application/json: /exams/0/name breaks type"


def test_what_is_not_for_the_api_is_ignored_and_counted(observe: Observe, tmp_path: Path) -> None:
    elsewhere = Seen(method="GET", url="https://stats.example/exams", answered=JSON, content=b"[]")
    preflight = make_list(method="OPTIONS", headers={"Access-Control-Request-Method": "GET"}, status=204, content=b"")
    failed = mitmproxy(make_list(status=200))
    failed["response"] = {"status": 0, "statusText": "", "headers": [], "content": {}, "_error": "net::ERR_FAILED"}
    upgraded = make_list(status=101)
    entries = [mitmproxy(make_list()), mitmproxy(elsewhere), mitmproxy(preflight), failed, mitmproxy(upgraded)]
    outcome = observe(write_har(tmp_path / "mixed.har", entries))
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    notes = outcome.report["notes"]
    assert "mixed.har: 1 requests to described operations; nothing was sent" in notes
    assert "the servers of the description are taken for the API" in notes
    assert [note for note in notes if note.startswith("ignored")] == [
        "ignored: 1 requests of other addresses",
        "ignored: 1 requests that browsers sent to ask for permission (CORS)",
        "ignored: 1 requests without a response",
        "ignored: 1 requests that became a WebSocket",
    ]
    assert "never seen: 64 of 65 operations" in notes
    reached = {one["operation"]: one for one in outcome.report["coverage"]}
    assert (reached["GET /exams"]["requests"], reached["POST /exams"]["why"]) == (1, "never seen")


def test_the_address_is_found_by_the_paths_or_given(observe: Observe, tmp_path: Path) -> None:
    local = "http://localhost:3000/api/v3"
    seen = break_list(make_list())
    entries = [mitmproxy(Seen(**{**vars_of(seen), "url": seen.url.replace(BASE, local)}))]
    path = write_har(tmp_path / "local.har", entries)
    found = observe(path)
    assert found.broken_ids() == {"MOD-102 listExams"}
    assert f"{local} is taken for the API" in " ".join(found.report["notes"])
    assert observe(path, "--base-url", "http://localhost:3000").broken_ids() == {"MOD-102 listExams"}
    other = observe(path, "--base-url", "http://localhost:4000")
    assert (other.code, other.output) == (2, "")
    assert "has no request to" in other.errors
    assert "1 are of other addresses" in other.errors


def vars_of(seen: Seen) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in seen.__dataclass_fields__}


def test_a_body_that_is_missing_or_cut_is_nothing_wrong(observe: Observe, tmp_path: Path) -> None:
    missing, cut, undecodable = (chrome(make_list()) for _ in range(3))
    del missing["response"]["content"]["text"]
    cut["response"]["content"]["text"] = cut["response"]["content"]["text"][:40]
    undecodable["response"]["content"] |= {"encoding": "base64", "text": "%%%"}
    outcome = observe(write_har(tmp_path / "bodies.har", [missing, cut, undecodable]))
    assert (outcome.code, outcome.findings) == (0, []), outcome.output


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, b""])
def test_a_byte_order_mark_is_no_part_of_the_file(observe: Observe, tmp_path: Path, mark: bytes) -> None:
    outcome = observe(write_har(tmp_path / "mark.har", [firefox(make_list())], mark))
    assert (outcome.code, outcome.findings) == (0, [])


def test_a_file_in_utf_16_is_read(observe: Observe, tmp_path: Path) -> None:
    path = write_har(tmp_path / "wide.har", [firefox(make_list())])
    path.write_text(path.read_text("utf-8"), "utf-16")
    assert observe(path).code == 0


PIECES = ["\udcff", "\U0001d11e", "\\", "\\ud800", "\ud834", "x", '"', "\n", "é"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 13, 64])
def test_halves_of_characters_are_replaced_wherever_a_file_is_cut(size: int) -> None:
    """Python writes bytes that are no text as halves of characters."""
    chosen = random.Random(size)
    for _ in range(60):
        text = "".join(chosen.choices(PIECES, k=chosen.randrange(40)))
        source = open_text(io.BytesIO(json.dumps([text]).encode()))
        (read,) = json.loads(b"".join(iter(partial(source.read, size), b"")))
        joined = json.loads(json.dumps(text))  # two halves are a character
        assert read == "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in joined)


@pytest.mark.parametrize("ahead", [0, 7])
def test_halves_of_characters_break_no_file(observe: Observe, tmp_path: Path, ahead: int) -> None:
    odd = mitmproxy(make_list())
    text = "\udcff \U0001d11e \\ud800 \ud834x " * 9000
    odd["comment"] = "x" * ahead + text
    outcome = observe(write_har(tmp_path / "halves.har", [odd, mitmproxy(make_list())]))
    assert outcome.code == 0, outcome.errors
    assert "halves.har: 2 requests to described operations; nothing was sent" in outcome.report["notes"]


def test_forms_are_read_from_their_fields(observe: Observe, tmp_path: Path) -> None:
    """Insomnia keeps no text of a form; a field that is missing is missing."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", **TOKEN}
    url = f"{BASE}/exams?{STAMP}"
    sent = Seen(method="POST", url=url, headers=kind, body=b"name=a", status=422, answered=JSON, content=b"{}")
    outcome = observe(write_har(tmp_path / "form.har", [insomnia(sent)]))
    told = [one for one in outcome.findings if one["id"] == "OBS-003 createExam"]
    assert told[0]["observed"] == "422 application/json: application/x-www-form-urlencoded"


BROKEN: dict[str, tuple[bytes, str]] = {
    "cut": (b'{"log": {"entries": [{"request": {"method": "GET", "url": "https://x/"}}, {"requ', "behind entry 1"),
    "empty": (b"", "before its first entry"),
    "no JSON": (b"<html>", "before its first entry"),
    "no HAR": (b'{"openapi": "3.1.0"}', "it has no list log.entries"),
    "a list": (b"[1, 2]", "it has no list log.entries"),
    "not UTF-8": (b'{"log": {"entries": ["\xff"]}}', "is no JSON that can be read to its end"),
    "a number too large": (b'{"log": {"entries": [' + b"9" * 5000 + b"]}}", "is no JSON that can be read to its end"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_sentence(observe: Observe, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "broken.har"
    path.write_bytes(content)
    for options in ((), ("--base-url", BASE)):
        outcome = observe(path, *options)
        assert (outcome.code, outcome.output) == (2, ""), outcome.errors
        assert said in outcome.errors
        assert outcome.errors.count("\n") == 1
        assert str(path) in outcome.errors


def test_a_file_that_is_not_there_is_one_sentence(observe: Observe, tmp_path: Path) -> None:
    outcome = observe(tmp_path / "absent.har")
    assert (outcome.code, outcome.output) == (2, "")
    assert outcome.errors.endswith("absent.har cannot be read: No such file or directory.\n")


def test_entries_that_cannot_be_read_are_counted(observe: Observe, tmp_path: Path) -> None:
    odd: list[Any] = [None, 7, {}, {"request": {"method": 3}}, {"request": {"method": "GET", "url": "//"}}]
    outcome = observe(write_har(tmp_path / "odd.har", [*odd, mitmproxy(make_list())]))
    assert outcome.code == 0
    note = "5 entries could not be read, the first since entry 1 has no request with a method and an address"
    assert note in outcome.report["notes"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Peak memory of the reading alone, of 400 entries and of 4,000."""
    import tracemalloc

    from procwise_conformance.observe.recordings.har import read_entries

    def measure(count: int) -> int:
        entry: Json = mitmproxy(make_list())
        path = write_har(tmp_path / f"{count}.har", [entry] * count)
        tracemalloc.start()
        assert sum(1 for _ in read_entries(path)) == count
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert measure(1000) < 1.5 * measure(100)
