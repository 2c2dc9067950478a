"""Every operation is a command, and calls what the client calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from procwise import Client
from procwise_sandbox import Running
from tests.client.cli.conftest import Run
from tests.counts import ALL

MOMENT = "2031-01-01T09:00:00Z"
SECRET = ("password", "password_confirmation", "oauth_consumer_secret", "tawk_api_key")
EXAM = ("exams", "create", "--name", "Ünits?", "--type", "classroom")


def test_every_operation_has_a_command_with_help(command: Callable[..., Run]) -> None:
    from procwise.v1.commands import VERSION as V1
    from procwise.v3.commands import VERSION as V3

    seen = 0
    for version in (V3, V1):
        prefix = [] if version is V3 else [version.name]
        for group in version.groups:
            listed = command(*prefix, group.name, "--help").out
            for one in group.load():
                shown = command(*prefix, group.name, one.name, "--help")
                assert (shown.code, shown.err) == (0, "")
                assert f"  {one.name} " in listed
                missing = [f.option for f in one.fields if f.place != "path" and f"--{f.option}" not in shown.out]
                assert missing == []
                assert [f.option for f in one.fields if f.wire in SECRET and not f.option.endswith("-file")] == []
                seen += 1
    assert seen == ALL


def test_the_current_version_needs_no_prefix(command: Callable[..., Run]) -> None:
    assert json.loads(command("v3", "exams", "show", "1").out) == json.loads(command("exams", "show", "1").out)
    old = command("v1", "exams", "show", "1")
    assert json.loads(old.out)["duration"] == json.loads(command("exams", "show", "1").out)["duration_minutes"]
    assert "warning: exams.show of procwise.v1 is deprecated" in old.err


def test_fields_as_options_and_as_json(command: Callable[..., Run], tmp_path: Path) -> None:
    created = command(*EXAM, "--duration-minutes", "90", "--mobile-cam", "--no-use-duration", "--end-time", MOMENT)
    exam = json.loads(created.out)
    assert (exam["name"], exam["duration_minutes"], exam["mobile_cam"], exam["use_duration"]) == (
        "Ünits?",
        90,
        True,
        False,
    )
    fields = tmp_path / "fields.json"
    fields.write_text('\ufeff{"name": "From a file", "end_time": null, "duration_minutes": 5}', encoding="utf-8")
    changed = json.loads(
        command("exams", "update", str(exam["id"]), "--json", str(fields), "--duration-minutes", "6").out
    )
    assert (changed["name"], changed["end_time"], changed["duration_minutes"]) == ("From a file", None, 6)
    piped = command("exams", "update", str(exam["id"]), "--json", "-", stdin='{"name": "é"}'.encode())
    assert json.loads(piped.out)["name"] == "é"


def test_lists(command: Callable[..., Run], sandbox: Running) -> None:
    with Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url) as client:
        made = [client.exams.create(name=f"listed {n}", type="classroom").id for n in range(3)]
    asked = ("exams", "list", "--filter", "name>=listed", "--filter", "name<listee", "--limit", "2")
    page = command(*asked)
    assert [exam["id"] for exam in json.loads(page.out)] == made[:2]
    assert "page 1 of 2, 3 items in all (--all" in page.err
    assert [exam["id"] for exam in json.loads(command(*asked, "--page", "2").out)] == made[2:]
    every = command(*asked, "--all", "--sort", "-name")
    assert [exam["id"] for exam in json.loads(every.out)] == made[::-1]
    shown = command(*asked, "--all", is_terminal=True)
    assert ("reading" in every.err, "reading" in shown.err) == (False, True)


def test_a_file_goes_up_and_a_zip_comes_down(command: Callable[..., Run], tmp_path: Path) -> None:
    picture = tmp_path / "plan.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    sent = command("attachments", "create", "1", "--document", str(picture))
    assert (sent.code, "plan.png" in sent.out) == (0, True)
    target = tmp_path / "documents.zip"
    waited = command("exams", "generate-documents-zip", "1", "--to", str(target))
    assert (waited.code, json.loads(waited.out), target.read_bytes()[:2]) == (0, {"file": str(target)}, b"PK")
    target.unlink()
    assert command("exams", "download-documents-zip", "1", "--to", str(target)).code == 0
    assert target.exists()
    assert json.loads(command("exams", "generate-documents-zip", "1", "--wait").out) == {"state": "success"}


def test_a_secret_field_is_read_from_a_file(command: Callable[..., Run], sandbox: Running, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("planted-consumer-secret\n")
    shown = command("tool-providers", "create", "--help").out
    assert "--oauth-consumer-secret-file FILE" in shown
    assert "--oauth-consumer-secret " not in shown
    call = ("tool-providers", "create", "--tool-name", "LMS", "--oauth-consumer-key", "key-7")
    made = command(*call, "--oauth-consumer-secret-file", "-", stdin=b"\xef\xbb\xbfplanted-consumer-secret\r\n")
    assert made.code == 0, made.err
    assert "planted-consumer-secret" not in made.out + made.err
    with Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url) as client:
        kept = client.tool_providers.show(json.loads(made.out)["id"]).to_dict()
    assert kept["oauth_consumer_secret"] == "planted-consumer-secret"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("exams", "show", "999999"), 1, "404"),
        (("exams", "show", "Ada"), 2, "ID takes a whole number"),
        (("exams", "show"), 2, "Missing argument 'ID'"),
        (("exams", "create", "--type", "classroom"), 2, '--name is missing (or name it "name" in the file of --json)'),
        ((*EXAM[:-1], "nothing"), 2, "--type takes one of: demo, classroom"),
        ((*EXAM, "--duration-minutes", "Ada"), 2, "--duration-minutes takes a whole number"),
        (("exams", "create", "--json", "/nowhere"), 2, "/nowhere: the file cannot be read (No such file"),
        (("exams", "create", "--json", "-"), 2, "standard input is no JSON"),
        (("exams", "list", "--filter", "nome=Ada"), 2, "(columns: name, start_time)"),
        (("exams", "list", "--filter", "name=a", "--filter", "name==b"), 2, "compares name by == twice"),
        (("exams", "list", "--sort", "status"), 2, "status"),
        (("exams", "list", "--columns", "nome"), 2, "there is no column 'nome' (there are: id, "),
        (("exams", "download-documents-zip", "1"), 2, "--to is missing"),
        (("attachments", "create", "1", "--document", "/nowhere"), 2, "/nowhere: the file cannot be read"),
        (("nothing",), 2, "No such command 'nothing'"),
    ],
)
def test_mistakes(command: Callable[..., Run], arguments: tuple[str, ...], code: int, message: str) -> None:
    ended = command(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert "Ada" not in ended.err


def test_a_field_that_is_not_there(command: Callable[..., Run]) -> None:
    ended = command("exams", "create", "--json", "-", stdin=b'{"nome": "Ada"}')
    assert (ended.code, ended.out) == (2, "")
    assert "standard input: there is no field 'nome' (there are: name, " in ended.err


def test_personal_data_stands_in_rows_alone(command: Callable[..., Run]) -> None:
    call = ("student-sessions", "create", "1", "--name", "Planted Person", "--email", "planted@student.example")
    made = command(*call)
    assert ("Planted Person" in made.out, made.code) == (True, 0)
    refused = command(*call, "--external-id", "\x01planted" * 99)
    for ended in (made, refused, command(*call[:-1], "planted.student.example"), command(*call, "--nothing")):
        assert "lanted" not in ended.err
    listed = command(
        "student-sessions", "list", "--all", "--filter", "name=Planted Person", "--columns", "name", is_terminal=True
    )
    assert ("Planted" in listed.out, "Planted" in listed.err) == (True, False)


def test_no_server(command: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procwise._files.cancel.time.sleep", lambda seconds: None)  # between the attempts
    ended = command("exams", "destroy", "1", PROCWISE_BASE_URL="http://127.0.0.1:9")
    assert (ended.code, ended.out) == (2, "")
    assert "cannot reach http://127.0.0.1:9" in ended.err
