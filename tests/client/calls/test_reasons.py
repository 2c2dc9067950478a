"""Why a request was refused is understood wherever a server says it, in words or codes, and no more is claimed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import EXAM, Recorder

ADVICE = {
    "time": "The time of the request was refused: ",
    "nonce": "A nonce counts once",
    "signature": "The usual causes:",
    "token": "Check token= / PROCWISE_TOKEN",
}
TERSE = "A server that gives no reasons says so too if the secret key is wrong, or the time "
SAID: list[tuple[str, object]] = [
    ("nonce", {"error": "nonce_used"}),
    ("nonce", {"error": {"code": "NonceReplayed"}}),
    ("nonce", {"message": "The nonce has already been seen."}),
    ("nonce", {"title": "Forbidden", "detail": "Duplicate nonce"}),
    ("nonce", {"errors": [{"reason": "replay attack"}]}),
    ("time", {"error": "timestamp_expired"}),
    ("time", {"error": "Timestamp is stale"}),
    ("time", {"code": "RequestTimeTooSkewed"}),
    ("time", {"error": {"type": "auth", "message": "the timestamp is too old"}}),
    ("time", {"type": "https://errors.example/timestamp-in-the-future", "title": "No."}),
    ("time", {"fault": {"faultstring": "x", "detail": {"errorcode": "oauth.v2.TimestampOutOfRange"}}}),
    ("time", {"error_description": "Clock skew is larger than 300 seconds"}),
    ("time", {"reason": "The difference between the request time and ours is too large"}),
    ("time", {"error": "Signature expired: it is earlier than allowed"}),
    ("signature", {"error": "invalid_signature"}),
    ("signature", {"Error": {"Code": "SignatureDoesNotMatch"}}),
    ("signature", {"detail": "HMAC verification failed"}),
    ("token", {"error": "unknown token"}),
    ("token", {"code": "InvalidAccessKeyId"}),
    ("token", {"message": "API key not found"}),
    ("token", {"errors": ["The token has expired."]}),
]


def ahead(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def refusal(client: procwise.Client, server: Recorder, status: int, body: object, date: str) -> str:
    server.responses[:] = [httpx2.Response(status, json=body, headers={"Date": date})]
    with pytest.raises(procwise.APIStatusError) as caught:
        client.exams.show(17)
    assert caught.value.status == status
    return str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(("reason", "body"), SAID, ids=lambda one: json.dumps(one)[:60])
def test_a_reason_is_understood_wherever_it_is(
    client: procwise.Client, server: Recorder, reason: str, body: object, status: int
) -> None:
    message = refusal(client, server, status, body, ahead(0))
    assert [name for name, advice in ADVICE.items() if advice in message] == [reason]
    assert "gives no reasons" not in message
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [body for reason, body in SAID if reason == "time"], ids=json.dumps)
@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_clock_that_the_server_complains_of_is_corrected(
    client: procwise.Client, server: Recorder, body: object, status: int
) -> None:
    server.responses[:] = [httpx2.Response(status, json=body, headers={"Date": ahead(7200)})]
    server.reply(200, {"exam": EXAM})
    assert client.exams.show(17).id == 17
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
def test_the_skew_is_named_if_the_corrected_clock_does_not_help(
    client: procwise.Client, server: Recorder, status: int
) -> None:
    message = refusal(client, server, status, {"error": "timestamp is stale"}, ahead(7200))
    assert re.search("refused: the clock of this machine is 7(199|20[0-9]) seconds behind the server's", message)
    assert len(server.requests) == 2
    server.reply(200, {"exam": EXAM})
    server.responses.pop(0)
    client.exams.show(17)
    assert abs(int(server.query()["timestamp"]) / 1000 - datetime.now(UTC).timestamp()) < 60  # it is not kept


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [{}, {"error": "No."}, {"error": ""}, [], None], ids=json.dumps)
def test_a_terse_refusal_names_the_time_with_the_skew(
    client: procwise.Client, server: Recorder, body: object, status: int
) -> None:
    message = refusal(client, server, status, body, ahead(-7200))
    assert TERSE in message
    assert re.search("the clock of this machine is 7[12][0-9]{2} seconds ahead of", message)
    assert ("Check token= / PROCWISE_TOKEN" in message) == (status == 401)
    assert len(server.requests) == 2  # one with the corrected clock


@pytest.mark.parametrize(
    "body",
    [
        {"error": "You may not do this now."},
        {"error": "The exam's end date is in the past."},
        {"code": "nonce_missing"},
        {"error": "timestamp missing"},
        {"error": "invalid_client"},
        {"error": "session time limit"},
        {"timestamp": "2026-11-28T12:00:00Z", "status": 403, "error": "Forbidden", "path": "/expired"},
        {"name": "nonce used", "note": "timestamp expired"},
        {"errors": {"email": ["is invalid"]}},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("status", [400, 403])
def test_no_more_is_claimed_than_is_said(client: procwise.Client, server: Recorder, body: Any, status: int) -> None:
    message = refusal(client, server, status, body, ahead(0))
    assert not any(advice in message for advice in ADVICE.values())


@pytest.mark.parametrize(
    "text", ["Invalid signature, timestamp or nonce", "The timestamp expired, or the signature is wrong"]
)
def test_several_reasons_are_no_single_one(client: procwise.Client, server: Recorder, text: str) -> None:
    message = refusal(client, server, 403, {"error": text}, ahead(0))
    assert not any(advice in message for advice in ADVICE.values())
    assert "Check the secret key, and the time (the clock of this machine agrees with the server's)" in message


def test_a_code_and_a_message_inside_of_another_object_are_read(client: procwise.Client, server: Recorder) -> None:
    server.reply(403, {"error": {"code": "nonce_used", "message": "Seen before."}})
    with pytest.raises(procwise.ForbiddenError, match=r"403 Seen before. \[nonce_used\]") as caught:
        client.exams.show(17)
    assert caught.value.code == procwise.ErrorCode.NONCE_USED


@pytest.mark.parametrize("text", ["Timestamp expired", "<Error><Code>RequestTimeTooSkewed</Code></Error>"])
def test_a_text_that_is_no_json_is_read_too(client: procwise.Client, server: Recorder, text: str) -> None:
    server.responses[:] = [httpx2.Response(403, text=text, headers={"Date": ahead(7200)})]
    server.reply(200, {"exam": EXAM})
    assert client.exams.show(17).id == 17
    assert len(server.requests) == 2
