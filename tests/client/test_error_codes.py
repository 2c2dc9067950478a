"""An error's code is a member of the version's `ErrorCode`, with its meaning; other words are kept as text."""

from __future__ import annotations

import copy
import pickle
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from hypothesis import example, given, strategies as st

import procwise
from procwise._errors.code import Code
from procwise_sandbox import Running, running
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.client.descriptions import describe_paths, generate_package, json_responses, run
from tests.proofs import mark_most_slow

VERSIONS: dict[str, ModuleType] = {"v1": procwise.v1, "v3": procwise.v3}
MEMBERS = [(name, member) for name, version in VERSIONS.items() for member in version.ErrorCode]
PASSWORD = "Made-up passw0rd"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with running() as found:
        yield found


class Caller:
    """A user of the sandbox, and calls that it refuses."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def show_exam(self, number: int = 1) -> object:
        return self.client.exams.show(number)

    def long_ago(self) -> object:
        self.client._transport.session.clock = lambda: 1_000_000_000_000
        return self.show_exam()

    def twice_with_one_nonce(self) -> object:
        once = time.monotonic_ns()
        self.client._transport.session.nonce = lambda: once
        list(self.client.exams.list())
        return self.show_exam()

    def create_exam(self, **settings: Any) -> object:
        return self.client.exams.create(**settings)

    def create_user_again(self) -> object:
        account = {"email": "demo@staff.example", "password": PASSWORD, "password_confirmation": PASSWORD}
        return self.client.users.create(1, name="Ida", role="teacher", **account)

    def create_institute(self) -> object:
        return self.client.institutes.create(name="n", short_name="n")

    def destroy_busy_provider(self) -> object:
        return self.client.tool_providers.destroy([*self.client.tool_providers.list()][-1].id)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A call that is refused, the member that says why, and what else the client is made with."""

    member: str
    call: Callable[[Caller], object]
    versions: tuple[str, ...] = ("v1", "v3")
    over: Mapping[str, str] = field(default_factory=dict)


REFUSED = {
    "unknown token": Case(member="UNAUTHORIZED", call=Caller.show_exam, over={"token": "nobody"}),
    "signature": Case(member="SIGNATURE_INVALID", call=Caller.show_exam, over={"secret_key": "x"}),
    "clock": Case(member="TIMESTAMP_OUTSIDE_WINDOW", call=Caller.long_ago, over={"clock_skew": "off"}),
    "used nonce": Case(member="NONCE_USED", call=Caller.twice_with_one_nonce),
    "no such exam": Case(member="RECORD_NOT_FOUND", call=lambda caller: caller.show_exam(4711)),
    "no name": Case(member="PARAMETER_MISSING", call=lambda caller: caller.create_exam(name="", type="demo")),
    "no such type": Case(member="VALIDATION_FAILED", call=lambda caller: caller.create_exam(name="n", type="x")),
    "e-mail in use": Case(member="VALIDATION_FAILED", call=Caller.create_user_again, versions=("v3",)),
    "no right": Case(member="FORBIDDEN", call=Caller.create_institute, versions=("v3",)),
    "no zip": Case(
        member="ZIP_NOT_READY",
        call=lambda caller: caller.client.exams.download_documents_zip(2, "result.zip"),
        versions=("v3",),
    ),
    "locked": Case(member="LOCKED", call=Caller.destroy_busy_provider, versions=("v3",)),
}


def provoke(version: str, case: Case, sandbox: Running) -> procwise.APIStatusError:
    """What the sandbox makes of the case."""
    credentials = {"token": sandbox.token, "secret_key": sandbox.secret_key, "base_url": sandbox.base_url}
    with VERSIONS[version].Client(**{**credentials, **case.over}) as client:
        return refusal(lambda: case.call(Caller(client)))


def refusal(work: Callable[[], object]) -> procwise.APIStatusError:
    with warnings.catch_warnings(), pytest.raises(procwise.APIStatusError) as caught:
        warnings.simplefilter("ignore", DeprecationWarning)
        work()
    return caught.value


@pytest.mark.parametrize(
    ("version", "name"), [(version, name) for name, case in REFUSED.items() for version in case.versions]
)
def test_what_the_sandbox_refuses_is_named(
    version: str, name: str, sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = provoke(version, REFUSED[name], sandbox)
    expected = VERSIONS[version].ErrorCode[REFUSED[name].member]
    assert error.code is expected
    assert error.status in expected.statuses
    assert error.meaning == expected.meaning != ""
    assert error.hint == expected.hint != ""
    assert expected.meaning.removesuffix(".") in str(error)
    assert sandbox.token not in str(error)
    assert sandbox.secret_key not in str(error)
    assert not list(tmp_path.iterdir())


def test_an_address_in_use_is_reported_by_its_field(sandbox: Running) -> None:
    error = provoke("v3", REFUSED["e-mail in use"], sandbox)
    assert error.body["errors"] == {"email": ["has already been taken"]}  # type: ignore[index]


def error_for(version: str, status: int, data: object) -> procwise.APIStatusError:
    """The exception for a response."""
    server = Recorder()
    server.reply(status, data)
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = VERSIONS[version].Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, max_retries=0)
    return refusal(lambda: client.exams.show(1))


@pytest.mark.parametrize(("version", "member"), MEMBERS)
def test_every_code_of_the_catalogue_is_understood(version: str, member: Code) -> None:
    error = error_for(version, member.statuses[0], {"error": "So it is.", "code": str(member)})
    assert error.code is member
    assert error.code == str(member)
    assert f"So it is. [{member}]. {member.meaning.removesuffix('.')}" in str(error)
    assert member.__doc__ == member.meaning
    for copied in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (copied.code, copied.meaning, str(copied)) == (member, member.meaning, str(error))
        assert copied.code is member


@pytest.mark.parametrize("version", VERSIONS)
@given(word=st.text(), said=st.text())
@example(word="email_taken", said="Not so.")
@example(word="ErrorCode", said="")
@example(word="mro", said="")
def test_a_word_that_no_catalogue_has_is_kept_as_text(version: str, word: str, said: str) -> None:
    error = error_for(version, 422, {"error": said, "code": word})
    if error.code not in list(VERSIONS[version].ErrorCode):
        assert (type(error.code), error.meaning, error.hint) == (str, "", "")
        assert error.code == " ".join(word.split())[:500]


@pytest.mark.parametrize("word", [None, 17, True, ["locked"], {"code": "locked"}, ""])
def test_what_is_no_word_is_no_code(word: object) -> None:
    error = error_for("v3", 423, {"error": "No.", "code": word})
    assert (error.code, error.meaning) == ("", "")


def test_the_meaning_is_left_out_where_the_server_says_it() -> None:
    meaning = procwise.ErrorCode.PARAMETER_MISSING.meaning
    error = error_for("v3", 422, {"error": meaning.upper(), "code": "parameter_missing"})
    assert meaning not in str(error)
    assert error.meaning == meaning


def test_what_this_machine_knows_better_goes_before_the_hint() -> None:
    error = error_for("v3", 401, {"code": "unauthorized"})
    assert "Check token= / PROCWISE_TOKEN" in str(error)
    assert error.hint not in str(error)


PATHS = {"/things": {"get": {"operationId": "listThings", "tags": ["things"], "responses": json_responses({})}}}
ODD = {
    "E-1001": "E_1001",
    "1001": "VALUE_1001",
    "class": "CLASS",
    "größe": "GRÖSSE",
    "notFound": "NOT_FOUND",
    "mro": "MRO",
    "name": "NAME",
    "none": "NONE",
}
PROGRAM = """
import httpx2, procwise
word, member = %r
server = httpx2.MockTransport(lambda request: httpx2.Response(410, json={"reason": word, "code": "other"}))
client = procwise.v1.Client(token="aaaa", base_url="https://other.example", http=httpx2.Client(transport=server))
try:
    client.things.list_things()
except procwise.APIStatusError as error:
    print(type(error.code).__name__, error.code, error.code is getattr(procwise.v1.ErrorCode, member, None), error)
"""


def with_catalogue(codes: Iterable[str]) -> dict[str, Any]:
    """A description whose errors have their code in another member."""
    entries = [{"code": code, "status": [404, 410], "meaning": f"It is {code}."} for code in codes]
    reason = {"type": "string", "x-error-catalogue": entries}
    return describe_paths(
        PATHS, components={"schemas": {"Fault": {"type": "object", "properties": {"reason": reason}}}}
    )


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_package(with_catalogue(ODD), tmp_path_factory.mktemp("odd"))


@pytest.mark.parametrize(("word", "member"), mark_most_slow(ODD.items(), 4))
def test_codes_of_another_vendor_have_names_and_a_member_of_their_own(odd: Path, word: str, member: str) -> None:
    printed = run(PROGRAM % ((word, member),), odd)
    assert printed.startswith(f"ErrorCode {word} True GET /things: 410 [{word}]. It is {word}.")


def test_without_a_catalogue_a_code_is_text(tmp_path: Path) -> None:
    package = generate_package(describe_paths(PATHS), tmp_path)
    assert not list(package.rglob("codes.py"))
    assert run(PLAIN, package) == "str gone '' '' False\n"


PLAIN = """
import httpx2, procwise
server = httpx2.MockTransport(lambda request: httpx2.Response(410, json={"code": "gone"}))
client = procwise.v1.Client(token="aaaa", base_url="https://other.example", http=httpx2.Client(transport=server))
try:
    client.things.list_things()
except procwise.APIStatusError as error:
    print(type(error.code).__name__, error.code, repr(error.meaning), repr(error.hint), hasattr(procwise, "ErrorCode"))
"""
