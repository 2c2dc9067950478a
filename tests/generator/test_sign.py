"""`procwise-toolkit sign`: base string and signature of parameters on standard input."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run
from tests.proofs import mark_most_slow, mark_slow

SECRET = "planted-secret-key"


@pytest.fixture
def sign(toolkit: Callable[..., Run], root: Path) -> Callable[..., Run]:
    def sign(stdin: str, *options: str) -> Run:
        spec = ("--spec", str(root / "spec"))
        return toolkit("sign", "--secret-env", "S", *options, *spec, stdin=stdin, S=SECRET)

    return sign


@pytest.mark.parametrize("api", [(), mark_slow(("--api", "v1")), mark_slow(("--api", "v3"))])
def test_base_string_and_signature(sign: Callable[..., Run], api: tuple[str, ...]) -> None:
    run = sign('{"nonce": 7, "id": 17, "name": "\u00e9 & ?", "open": true, "timestamp": 9007199254740993}', *api)
    message = "id=17?name=\u00e9 & ??nonce=7?open=true?timestamp=9007199254740993"
    signature = hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert json.loads(run.out) == {"base_string": message, "signature": signature}
    assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize(
    ("stdin", "message"),
    mark_most_slow(
        [
            ("{", "standard input is no JSON"),
            ("[1]", "standard input is no JSON object"),
            ('{"a": NaN}', "NaN is no JSON number"),
            ('{"a": "\\ud800"}', "standard input is no JSON"),
            ("[" * 100_000, "standard input is no JSON"),
        ],
        3,
    ),
    ids=["broken", "list", "NaN", "lone surrogate", "nested without end"],
)
def test_what_cannot_be_signed(sign: Callable[..., Run], stdin: str, message: str) -> None:
    run = sign(stdin)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert "Traceback" not in run.err


@pytest.mark.slow
def test_the_secret_is_that_of_the_client(toolkit: Callable[..., Run], root: Path) -> None:
    call = ("sign", "--secret-env", "S", "--spec", str(root / "spec"))
    run = toolkit(*call, stdin='\ufeff{"name": "\u4e2d"}', S=f"\ufeff{SECRET} \r\n")
    assert json.loads(run.out)["signature"] == hmac.new(SECRET.encode(), "name=\u4e2d".encode(), "sha256").hexdigest()
    empty = toolkit(*call, stdin="{}", S="\ufeff \n")
    assert (empty.code, empty.out, "S holds no secret key: it is empty" in empty.err) == (2, "", True)


@pytest.mark.slow
def test_mistakes(sign: Callable[..., Run], toolkit: Callable[..., Run], root: Path) -> None:
    assert "known: v1, v3" in sign("{}", "--api", "v2").err
    run = toolkit("sign", "--secret-env", "NOT_THERE", "--spec", str(root / "spec"), stdin="{}")
    assert (run.code, "NOT_THERE is not set" in run.err) == (2, True)
    for message in (sign("{}", "--api", "v2").err, sign("{").err):
        assert SECRET not in message
