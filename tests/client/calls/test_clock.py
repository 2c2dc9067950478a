"""The clock of the machine is corrected after an error, or named."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

import procwise
from procwise._session.clock import measure_skew
from procwise_sandbox import running
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder


def refuse_once(server: Recorder, ahead: float, code: str, **headers: str) -> None:
    """Refuse the first request at a time of the server, then accept."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    server.reply(403, {"error": "No.", **({"code": code} if code else {})}, Date=date, **headers)
    server.reply(200, {"exam": EXAM})


@pytest.mark.parametrize("code", ["forbidden", "", "timestamp_outside_window"])
@pytest.mark.parametrize("ahead", [7200, -7200])
def test_a_wrong_clock_is_corrected_once(client: procwise.Client, server: Recorder, code: str, ahead: int) -> None:
    refuse_once(server, ahead, code)
    assert client.exams.show(17).id == 17
    first, second = (int(server.query(request)["timestamp"]) for request in server.requests)
    assert abs(second - first - ahead * 1000) < 60_000
    client.exams.show(17)
    assert abs(int(server.query()["timestamp"]) - first - ahead * 1000) < 60_000


@pytest.mark.parametrize(("ahead", "headers"), [(0, {}), (7200, {"Age": "7200"})], ids=["agrees", "cached"])
def test_a_refusal_for_another_reason_is_not_repeated(
    client: procwise.Client, server: Recorder, ahead: int, headers: dict[str, str]
) -> None:
    refuse_once(server, ahead, "forbidden", **headers)
    with pytest.raises(procwise.ForbiddenError):
        client.exams.show(17)
    assert len(server.requests) == 1


def test_a_clock_that_is_not_to_be_corrected_is_named(server: Recorder) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, clock_skew="off")
    refuse_once(server, 7200, "")
    with pytest.raises(procwise.ForbiddenError, match=r"secret key .* 7\d\d\d seconds behind the server's"):
        client.exams.show(17)


def test_a_given_skew_is_used_from_the_start(server: Recorder) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, clock_skew=-3600)
    server.reply(200, {"exam": EXAM})
    client.exams.show(17)
    assert abs(int(server.query()["timestamp"]) / 1000 - datetime.now(UTC).timestamp() + 3600) < 60


@pytest.mark.parametrize("strict", [True, False])
def test_a_sandbox_of_another_time_is_reached(strict: bool) -> None:
    with running(clock="+2h", strict=strict) as sandbox:
        client = procwise.Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url)
        with client:
            assert client.exams.list().item_count


def test_a_wrong_key_is_distinguished_from_a_wrong_clock() -> None:
    with running(strict=True) as sandbox:
        client = procwise.Client(token=sandbox.token, secret_key="another-key", base_url=sandbox.base_url)
        with client, pytest.raises(procwise.ForbiddenError, match=r"secret key is wrong.*clock of this machine agrees"):
            client.exams.show(1)


def test_a_skew_that_does_not_help_is_dropped(client: procwise.Client, server: Recorder) -> None:
    """A right is missing, and a proxy writes a wrong `Date`."""
    date = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    server.reply(403, {"error": "No."}, Date=date)
    server.reply(403, {"error": "No."}, Date=date)
    server.reply(200, {"exam": EXAM})
    with pytest.raises(procwise.ForbiddenError) as caught:
        client.exams.show(17)
    assert caught.value.attempts == 2
    client.exams.show(17)
    first, second, third = (int(server.query(request)["timestamp"]) for request in server.requests)
    assert second - first > 7_000_000
    assert third - first < 60_000


def test_a_given_skew_that_is_wrong_is_named(server: Recorder) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, clock_skew=-7200)
    refuse_once(server, 0, "")
    with pytest.raises(procwise.ForbiddenError, match=r"clock is [+-]\d seconds off, while clock_skew makes it -7200"):
        client.exams.show(17)


def test_a_message_says_that_the_clock_was_corrected_before(client: procwise.Client, server: Recorder) -> None:
    refuse_once(server, 7200, "")
    client.exams.show(17)
    server.reply(403, {"error": "No."}, Date=format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True))
    server.responses[:] = server.responses[-1:]
    with pytest.raises(procwise.ForbiddenError, match="which the time of the request allowed for"):
        client.exams.show(18)


@pytest.mark.parametrize(
    "form",
    ["%a, %d %b %Y %H:%M:%S -0000", "%a %b %d %H:%M:%S %Y", "%A, %d-%b-%y %H:%M:%S GMT"],
    ids=["-0000", "C", "850"],
)
def test_a_date_is_in_utc_wherever_the_machine_stands(
    client: procwise.Client, server: Recorder, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        server.reply(403, {"error": "No."}, Date=datetime.now(UTC).strftime(form))
        with pytest.raises(procwise.ForbiddenError, match="agrees with the server's"):
            client.exams.show(17)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_date_beyond_all_years_is_none(client: procwise.Client, server: Recorder) -> None:
    server.reply(403, {"error": "No."}, Date="Sat, 28 Nov 99999999999999999999 12:00:00 GMT")
    with pytest.raises(procwise.ForbiddenError, match="could not be compared"):
        client.exams.show(17)


@pytest.mark.parametrize(("received_ms", "skew"), [(2_000, 9.5), (12_000, 0.0)], ids=["quick", "slow"])
def test_what_the_time_under_way_explains_is_no_skew(received_ms: int, skew: float) -> None:
    """A slow server may have written its `Date` at any time between sending and receiving."""
    assert measure_skew({"date": "Thu, 01 Jan 1970 00:00:10 GMT"}, 0, received_ms) == skew
