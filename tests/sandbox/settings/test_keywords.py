"""What tests ask of their sandbox: the options of the command, in its words, refused with its sentences."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Limits, SandboxError, app, running
from tests.programs import Programs
from tests.sandbox.sandbox_calls import Caller, send
from tests.sandbox.settings.test_command import error_of
from tests.sandbox.settings.test_pytest_plugin import pytest_run

TWO_HOURS = 7200


@pytest.mark.parametrize("clock", ["-2h", -TWO_HOURS, -7200.0, lambda: time.time() - TWO_HOURS])
def test_a_clock_is_text_seconds_or_a_function(clock: Any) -> None:
    with running(clock=clock) as sandbox:
        content = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key).call("GET", "/exams").json
        assert content["explanation"]["off_by_ms"] == pytest.approx(TWO_HOURS * 1000, abs=5000)


@pytest.mark.parametrize(
    "asked",
    [{"faults": "signature-ignored"}, {"fault": "signature-ignored"}, {"fault": ["signature-ignored"], "faults": []}],
)
def test_one_text_is_a_list_of_one(asked: Any) -> None:
    with running(**asked, network="503=1x", workers=1, quiet=True) as sandbox:
        stranger = Caller(sandbox.base_url, sandbox.token, "another")
        assert [stranger.call("GET", "/exams").status for _ in range(2)] == [503, 200]


def test_the_limits_have_the_words_of_the_command() -> None:
    with running(read_timeout=0.3, keep_alive=2, max_connections=9) as sandbox:
        reply = send(sandbox.base_url, "POST", "/api/v3/exams", {"Content-Length": "5"}, b"{")
        assert (reply.status, reply.code) == (408, "request_timeout")
    content = app(limits=Limits(read_seconds=7), keep_alive=2).state.options.limits
    assert content == Limits(read_seconds=7, idle_seconds=2)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("clock", "2h", None),
        ("clock", "+2x", None),
        ("fault", "no-such", None),
        ("network", "rain=1", None),
        ("network", "drop=2", None),
        ("seed", "no-such", None),
        ("cors", "docs.example", None),
        ("host", "", None),
        ("database", "state.db", None),
        ("read_timeout", "nan", float("nan")),
        ("body_limit", "0", 0),
        ("port", "70000", 70000),
        ("max_connections", "0", 0),
        ("read_timeout", "0.01", 0.01),
        ("keep_alive", "-1.0", -1.0),
    ],
)
def test_wrong_values_are_rejected_with_the_sentence_of_the_command(
    program: Programs, option: str, value: str, words: object
) -> None:
    query: Any = {option: value if words is None else words}
    with pytest.raises(SandboxError) as said, running(**query):
        pass
    sentence = str(said.value).removeprefix(f"{option}: ")
    content = error_of(program, "--port", "0", f"--{option.replace('_', '-')}", value)
    assert sentence in " ".join(content.replace("│", " ").split())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"job_seconds": -1}, "job_seconds: -1 is not in the range x>=0"),
        ({"job_seconds": float("inf")}, "job_seconds: inf is not in the range"),
        ({"job_seconds": float("nan")}, "job_seconds: nan is not in the range"),
        ({"job_seconds": "1"}, "job_seconds: '1' is not a valid float"),
        ({"workers": 2}, "workers are processes of their own"),
        ({"log": "json"}, "log is the command's"),
        ({"body_limit": 1.5}, "body_limit: 1.5 is not a valid integer"),
        ({"body_limit": True}, "body_limit: True is not a valid integer"),
        ({"strict": "yes"}, "strict: 'yes' is not a valid boolean"),
        ({"faults": 7}, "faults: 7 is neither text nor a list of texts"),
        ({"clock": True}, "True is no offset of the clock"),
        ({"clock": float("nan")}, "nan is no offset of the clock"),
    ],
)
def test_what_a_program_cannot_mean_is_rejected(asked: Any, said: str) -> None:
    with pytest.raises(SandboxError) as content:
        app(**asked)
    assert said in str(content.value)


def test_what_is_no_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="there is no option colour"):
        app(colour="red")  # type: ignore[call-arg]


MARKED = """
import pytest
from procwise import Client, ForbiddenError

@pytest.mark.procwise_sandbox(clock="+2h", faults="signature-ignored", network="latency=1ms", read_timeout=1)
def test_taken(procwise_sandbox):
    settings = {"base_url": procwise_sandbox.base_url, "token": procwise_sandbox.token, "secret_key": "wrong"}
    with Client(**settings, clock_skew="off") as client, pytest.raises(ForbiddenError, match="timestamp"):
        client.exams.show(1)

@pytest.mark.procwise_sandbox(workers=2)
def test_workers(procwise_sandbox):
    pass

@pytest.mark.procwise_sandbox(clock="2h")
def test_clock(procwise_sandbox):
    pass
"""


@pytest.mark.slow
def test_the_marker_takes_the_same(tmp_path: Path) -> None:
    done = pytest_run(tmp_path, MARKED, "-q")
    assert "1 passed, 2 errors" in done.stdout, done.stdout
    assert "workers are processes of their own" in done.stdout
    assert "'2h' is no offset of the clock: begin with + or -" in done.stdout
