"""`configure`, `sign`, `doctor` and `explain`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from procwise_sandbox import Running, running
from tests.client.cli.conftest import Run

NOTHING = {"PROCWISE_TOKEN": None, "PROCWISE_SECRET_KEY": None, "PROCWISE_BASE_URL": None}
PLANTED = "planted-secret-0123456789"
SIGNED = {"id": 17, "name": "é & ?", "nonce": 7, "open": True, "timestamp": 1795899888000}
BASE = "id=17?name=é & ??nonce=7?open=true?timestamp=1795899888000"


def digest(text: str, key: str = PLANTED) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def lines_of(sandbox: Running) -> bytes:
    return f"{sandbox.base_url}\n{sandbox.token}\n{sandbox.secret_key}\n".encode()


def test_a_profile_is_kept_where_nobody_else_reads_it(
    command: Callable[..., Run], sandbox: Running, config: Path
) -> None:
    assert command("exams", "list", **NOTHING).err.endswith(
        "(run procwise configure, or set PROCWISE_TOKEN, PROCWISE_SECRET_KEY and PROCWISE_BASE_URL)\n"
    )
    entered = command("configure", stdin=lines_of(sandbox), **NOTHING)
    assert (entered.code, entered.out) == (0, "")
    assert not any(value in entered.err for value in (sandbox.token, sandbox.secret_key))
    assert config.stat().st_mode & 0o777 == 0o600
    assert config.parent.stat().st_mode & 0o077 == 0
    assert command("exams", "show", "1", **NOTHING).code == 0
    config.chmod(0o640)
    refused = command("exams", "show", "1", **NOTHING)
    assert (refused.code, refused.out) == (2, "")
    assert f"can be read by others (mode 0640): run chmod 600 {config}" in refused.err


def test_profiles_and_the_environment_do_not_mix(command: Callable[..., Run], sandbox: Running) -> None:
    second = sandbox.second
    command("configure", stdin=lines_of(sandbox))
    text = f"{sandbox.base_url}\r\n\ufeff{second.token} \r\n{second.secret_key}\r\n".encode()
    assert command("configure", "--profile", "other", stdin=text).code == 0
    numbers = [
        {exam["institute_id"] for exam in json.loads(command("exams", "list", *words, **variables).out)}
        for words, variables in (
            ((), NOTHING),
            (("--profile", "other"), {}),
            ((), {"PROCWISE_PROFILE": "other"}),
            ((), {"PROCWISE_TOKEN": second.token, "PROCWISE_SECRET_KEY": second.secret_key}),
        )
    ]
    assert numbers[0].isdisjoint(numbers[1])
    assert numbers[1:] == [numbers[1]] * 3
    half = command("exams", "list", PROCWISE_SECRET_KEY=None)
    assert (half.code, "the environment: secret_key missing" in half.err) == (2, True)
    missing = command("exams", "list", "--profile", "third")
    assert (missing.code, "no profile 'third' (there are: default, other)" in missing.err) == (2, True)


@pytest.mark.parametrize("text", [b"", b"https://a.example\n\n\n", b"ftp://a.example\nabc\ndef\n", b"\n\xff\x00\n\n"])
def test_nothing_is_kept_of_what_cannot_work(command: Callable[..., Run], config: Path, text: bytes) -> None:
    ended = command("configure", stdin=text)
    assert (ended.code, ended.out, config.exists()) == (2, "", False)
    assert "Traceback" not in ended.err


def test_a_malformed_file_shows_no_secret(command: Callable[..., Run], config: Path) -> None:
    config.parent.mkdir()
    config.touch(mode=0o600)
    for text in (f"{PLANTED}\n", f"[default]\ntoken\n{PLANTED}\n", "[default]\ntoken = a\ntoken = b\n"):
        config.write_text(text)
        ended = command("exams", "list", "--profile", "default")
        assert (ended.code, "is malformed" in ended.err) == (2, True)
        assert PLANTED not in ended.err


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("key", [PLANTED, f"\ufeff {PLANTED}\r\n"], ids=["clean", "from a file"])
def test_sign(command: Callable[..., Run], mark: bytes, key: str) -> None:
    text = mark + json.dumps(SIGNED, ensure_ascii=False).encode()
    for words, variables in (((), {"PROCWISE_SECRET_KEY": key}), (("--secret-env", "S", "--api", "v1"), {"S": key})):
        run = command("sign", *words, stdin=text, **variables)
        assert json.loads(run.out) == {"base_string": BASE, "signature": digest(BASE)}
        assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize(
    ("stdin", "variables", "message"),
    [
        *[(text, {}, "standard input is no JSON") for text in (b"{", b"\xff{}", b'{"x": [-1e400]}')],
        (b"[]", {}, "no JSON object"),
        (b"{}", {"S": None}, "the environment variable S is not set"),
        (b"{}", {"S": " \ufeff\n"}, "it is empty"),
        (b"{}", {"S": "a\0b".replace("\0", "\x01")}, "characters that no secret_key has"),
    ],
)
def test_what_cannot_be_signed(
    command: Callable[..., Run], stdin: bytes, variables: dict[str, str | None], message: str
) -> None:
    run = command("sign", "--secret-env", "S", stdin=stdin, **{"S": PLANTED, **variables})
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert PLANTED not in run.err


def test_the_doctor_finds_nothing_wrong(command: Callable[..., Run]) -> None:
    for words in ((), ("--api", "v1")):
        found = command("doctor", *words)
        assert (found.code, found.err) == (0, "")
        subjects = [line.split()[1] for line in found.out.splitlines()]
        assert subjects == ["program", "settings", "proxies", "server", "clock", "token", "signature", "version"]
        assert {line.split()[0] for line in found.out.splitlines()} == {"fine"}


@pytest.mark.parametrize(
    ("variables", "subject", "message"),
    [
        ({"PROCWISE_SECRET_KEY": None}, "settings", "secret_key missing"),
        ({"PROCWISE_SECRET_KEY": PLANTED}, "signature", "the secret key belongs to another user"),
        ({"PROCWISE_TOKEN": PLANTED}, "token", "Is it the token of this server"),
        ({"PROCWISE_BASE_URL": "http://127.0.0.1:9"}, "server", "Is the server running?"),
        ({"PROCWISE_BASE_URL": "ftp://a.example"}, "settings", "must start with http"),
    ],
)
def test_the_doctor_says_what_to_do(
    command: Callable[..., Run], variables: dict[str, str | None], subject: str, message: str
) -> None:
    found = command("doctor", **variables)
    assert found.code == 1
    [wrong] = [line for line in found.out.splitlines() if line.startswith("wrong ")]
    assert wrong.split()[1] == subject
    assert message in found.out
    assert PLANTED not in found.out + found.err


def test_the_doctor_knows_for_which_servers_a_proxy_is(command: Callable[..., Run], sandbox: Running) -> None:
    place = sandbox.base_url.removeprefix("http://")
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
    excepted = command("doctor", **{**proxy, "no_proxy": place})
    assert (excepted.code, "fine   proxies    NO_PROXY excepts the server" in excepted.out) == (0, True)
    dead = command("doctor", **proxy).out
    assert ("wrong  server" in dead, "Is the server running?" in dead) == (True, False)
    assert "the proxy in HTTP_PROXY: is it running?" in dead


@pytest.mark.parametrize("name", ["a\n[default]\nx", "a]", " a", "\t", "a\x1b"])
def test_a_profile_cannot_have_any_name(command: Callable[..., Run], config: Path, name: str) -> None:
    refused = command("configure", "--profile", name, stdin=b"https://a.example\ntoken-0123\nkey-0123\n")
    assert (refused.code, "cannot be the name of a profile" in refused.err) == (2, True)
    assert not config.exists()


def test_the_doctor_knows_other_paths_proxies_and_clocks(command: Callable[..., Run], sandbox: Running) -> None:
    moved = command("doctor", PROCWISE_BASE_URL=f"{sandbox.base_url}/moved")
    assert (moved.code, "wrong  version" in moved.out, "has a path of its own" in moved.out) == (1, True, True)
    proxy = {"HTTP_PROXY": f"http://user:{PLANTED}@127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
    behind = command("doctor", **proxy)
    assert "note   proxies    requests go by way of HTTP_PROXY" in behind.out
    assert "fine   proxies    NO_PROXY excepts" in command("doctor", **{**proxy, "no_proxy": "127.0.0.1"}).out
    assert PLANTED not in behind.out + behind.err
    with running(clock="+2h") as ahead:
        late = command(
            "doctor",
            PROCWISE_BASE_URL=ahead.base_url,
            PROCWISE_TOKEN=ahead.token,
            PROCWISE_SECRET_KEY=ahead.secret_key,
        )
    assert late.code == 1
    assert "seconds behind the server's; 3600 seconds are allowed: set the clock" in late.out


def curl(sandbox: Running, base: str, query: str, *, key: str = "", body: str = "") -> str:
    signature = digest(base, key or sandbox.secret_key)
    address = f"{sandbox.base_url}/api/v3/exams/17?{query}&signature={signature}"
    return f"curl -sS {body} -H 'Authorization: Token token={sandbox.token}' \\\n  '{address}'"


@pytest.mark.parametrize(
    ("base", "code", "message"),
    [
        ("id=17?nonce=7?timestamp={now}", 0, "the signature is right"),
        ("id=17&nonce=7&timestamp={now}", 1, "likely cause: the pairs were joined by '&' instead of '?'"),
        ("nonce=7?timestamp={now}", 1, "likely cause: the ids in the path were not signed"),
    ],
)
def test_a_curl_line_is_explained(
    command: Callable[..., Run], sandbox: Running, base: str, code: int, message: str
) -> None:
    now = int(time.time() * 1000)
    line = curl(sandbox, base.format(now=now), f"nonce=7&timestamp={now}")
    for found in (command("explain", stdin=line.encode()), command("explain", line)):
        assert (found.code, message in found.out) == (code, True), found
        assert f"right base string: id=17?nonce=7?timestamp={now}" in found.out
        assert not any(value in found.out + found.err for value in (sandbox.token, sandbox.secret_key))


def test_a_curl_line_with_a_body(command: Callable[..., Run], sandbox: Running) -> None:
    now = int(time.time() * 1000)
    base = f"id=17?mobile_cam=True?name=é?nonce=7?timestamp={now}"
    body = """-X PUT -H 'Content-Type: application/json' -d '{"name": "é", "mobile_cam": true}'"""
    found = command("explain", curl(sandbox, base, f"nonce=7&timestamp={now}", body=body))
    assert (found.code, "`True` was signed for `mobile_cam`; write `true`" in found.out) == (1, True)
    address = f"{sandbox.base_url}/api/v3/institutes/1/users?nonce=7&timestamp={now}&signature=ab"
    secret = command("explain", f"curl -d name=é -d password={PLANTED} '{address}'")
    assert f"name=é?nonce=7?password=***?timestamp={now}" in secret.out
    assert PLANTED not in secret.out
    got = command("explain", f"curl -G --data-urlencode 'name=é & ?' '{sandbox.base_url}/api/v3/exams'")
    assert "right base string: name=é & ?\n" in got.out
    form = "-F name=é -F mobile_cam=true -F document=@plan.png --request put"
    sent = f"{sandbox.base_url}/api/v3/exams/17"
    assert (
        f"mobile_cam=true?name=é?nonce=7?timestamp={now}"
        in command("explain", f"curl {form} '{sent}?nonce=7&timestamp={now}&signature=ab'").out
    )


def test_an_old_request_and_one_without_parts(command: Callable[..., Run], sandbox: Running) -> None:
    old = command("explain", curl(sandbox, "id=17?nonce=7?timestamp=1000", "nonce=7&timestamp=1000"))
    assert (old.code, "the signature is right" in old.out) == (1, True)
    assert "no server takes it now: the timestamp is " in old.out
    bare = command("explain", f"{sandbox.base_url}/api/v3/exams/17?nonce=7")
    assert bare.code == 1
    assert "missing: the parameter timestamp\nmissing: the parameter signature\n" in bare.out


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (BASE, 0, "the base string is right"),
        (BASE.replace("?", "&"), 1, "joined by '&'"),
        ("id=17?nonce=7?open=True?timestamp=1795899888000", 1, "`True` was signed for `open`; write `true`"),
        ("id=17?name=a%20b?nonce=7?timestamp=1795899888000", 1, "encoded"),
        ("timestamp=1795899888000?nonce=7?id=17", 1, "sort them by name: id, nonce, timestamp"),
    ],
)
def test_a_base_string_is_explained_without_any_key(
    command: Callable[..., Run], text: str, code: int, message: str
) -> None:
    found = command("explain", stdin=text.encode(), **NOTHING)
    assert (found.code, message in found.out) == (code, True), found


def test_a_signature_is_explained_beside_its_parameters(command: Callable[..., Run], tmp_path: Path) -> None:
    params = tmp_path / "params.json"
    params.write_text(json.dumps(SIGNED | {"timestamp": int(time.time() * 1000)}), encoding="utf-8-sig")
    base = BASE.replace(str(SIGNED["timestamp"]), str(json.loads(params.read_text("utf-8-sig"))["timestamp"]))
    asked = {"PROCWISE_SECRET_KEY": PLANTED}
    assert command("explain", digest(base), "--params", str(params), **asked).code == 0
    wrong = command("explain", digest(base.replace("true", "1")), "--params", str(params), **asked)
    assert (wrong.code, "`1` was signed for `open`" in wrong.out) == (1, True)
    encoded = base64.b64encode(bytes.fromhex(digest(base))).decode()
    assert "written as base64" in command("explain", encoded, "--params", str(params), **asked).out
    other = command("explain", base.replace("id=17", "id=18"), "--params", str(params), **asked)
    assert (other.code, "at character 5: '8?name" in other.out) == (1, True)
    keyless = command("explain", digest(base), "--params", str(params), **NOTHING)
    assert (keyless.code, "no secret key" in keyless.err) == (1, True)
    assert PLANTED not in keyless.out + wrong.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is nothing to explain"),
        ("a" * 64, "a signature alone says nothing"),
        ("some words", "the parameters cannot be read"),
        ("curl -X", "the curl line cannot be read"),
        ("curl 'https://a.example", "the curl line cannot be read"),
        ("curl -sS", "names no address"),
        ("https://a.example/api/v3/nothing", "no operation of v3 has the method GET and the path /api/v3/nothing"),
    ],
)
def test_what_cannot_be_explained(command: Callable[..., Run], text: str, message: str) -> None:
    ended = command("explain", stdin=text.encode())
    assert (ended.code, ended.out, message in ended.err) == (2, "", True), ended


def test_completion(command: Callable[..., Run]) -> None:
    shell = {"_PROCWISE_COMPLETE": "complete_bash"}
    assert command(COMP_WORDS="procwise exams sh", COMP_CWORD="2", **shell).out.split() == [
        "show",
        "show-student",
        "show-lti-student",
    ]
    typed = command(COMP_WORDS="procwise exams create --type d", COMP_CWORD="4", **shell)
    assert typed.out.split() == ["demo"]
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # CI runs in a shell that has no completion
    assert "_PROCWISE_COMPLETE=complete_bash" in command("--show-completion", "bash", **named).out
