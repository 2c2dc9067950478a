"""Failed calls are repeated as the description says of their operation; what is given up says how far it came."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder

LOST = httpx2.RemoteProtocolError("Server disconnected without sending a response.")
UNREACHED = httpx2.ConnectError("refused")
Outcome = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


def response(status: int, data: object = None, **headers: str) -> Outcome:
    """A response that can be given any number of times."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: httpx2.Response(status, json=data if data is not None else {}, headers=named)


FINE = response(200, {"exam": EXAM})


def exam_list(*ids: int, name: str = "Organic chemistry") -> Outcome:
    exams = [{**EXAM, "id": number, "name": name} for number in ids]
    return response(200, {"exams": exams}, X_Pagination_Page_Count="1")


def methods(server: Recorder) -> str:
    return " ".join(request.method for request in server.requests)


@pytest.mark.parametrize("trouble", [LOST, UNREACHED, httpx2.ReadTimeout("slow"), *map(response, (429, 500, 502, 503))])
def test_a_safe_call_is_sent_again_newly_signed(client: procwise.Client, server: Recorder, trouble: Outcome) -> None:
    server.responses += [trouble, trouble, FINE]
    assert client.exams.show(17).id == 17
    for name in ("nonce", "signature"):
        assert len({server.query(request)[name] for request in server.requests}) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 501])
def test_a_lasting_refusal_is_not_repeated(client: procwise.Client, server: Recorder, status: int) -> None:
    server.responses.append(response(status))
    with pytest.raises(procwise.APIStatusError) as caught:
        client.exams.show(17)
    assert len(server.requests) == caught.value.attempts == 1


@pytest.mark.parametrize(("trouble", "requests"), [(UNREACHED, 5), (LOST, 1), (response(503), 1), (response(429), 1)])
def test_what_must_not_be_repeated_is_only_if_it_did_not_leave(
    client: procwise.Client, server: Recorder, trouble: Outcome, requests: int
) -> None:
    server.responses.append(trouble)
    with pytest.raises(procwise.ProcwiseError) as caught:
        client.exams.send_emails(17)
    assert len(server.requests) == caught.value.attempts == requests


def test_an_html_page_of_a_proxy_is_a_server_error(client: procwise.Client, server: Recorder) -> None:
    server.responses += [lambda _: httpx2.Response(502, html="<html>Bad gateway</html>")]
    with pytest.raises(procwise.ServerError) as caught:
        client.exams.show(17)
    assert "base_url" not in str(caught.value)
    assert caught.value.attempts == 5


@pytest.mark.parametrize("form", ["7", "date"])
def test_retry_after_is_on_the_exception(client: procwise.Client, server: Recorder, form: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    text = form if form == "7" else format_datetime(now + timedelta(seconds=7), usegmt=True)
    server.responses.append(response(429, Retry_After=text, Date=format_datetime(now, usegmt=True)))
    with pytest.raises(procwise.TooManyRequestsError) as caught:
        client.exams.show(17, max_retries=0)
    assert caught.value.retry_after == 7
    assert caught.value.headers["RETRY-AFTER"] == text


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("3", 3),
        ("2.5", 2.5),
        ("7, 9", 7),
        ("100000", 60),
        ("99999999999", 60),
        ("9" * 40, 60),
        ("soon", 0),
        ("Sat, 28 Nov 99999999999999999999 12:00:00 GMT", 0),
    ],
)
def test_retry_after_is_waited_for_up_to_a_limit(
    client: procwise.Client, server: Recorder, monkeypatch: pytest.MonkeyPatch, asked: str, waited: float
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    server.responses += [response(503, Retry_After=asked), FINE]
    client.exams.show(17)
    assert waits == [waited]


@pytest.mark.parametrize("asked", ["99999999999", "9" * 40, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_of_ages_can_be_slept_through(client: procwise.Client, server: Recorder, asked: str) -> None:
    server.responses.append(response(429, Retry_After=asked))
    with pytest.raises(procwise.TooManyRequestsError) as caught:
        client.exams.show(17, max_retries=0)
    assert caught.value.retry_after == 1e9


def test_waits_grow_and_differ(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    policy = procwise.RetryPolicy(max_retries=40, first_wait=1, longest_wait=9)
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=policy)
    server.responses.append(response(503))
    with pytest.raises(procwise.ServerError):
        client.exams.show(17)
    assert len(set(waits)) > 20
    assert min(waits) >= 1
    assert 3 < max(waits) <= 9


def test_a_deadline_ends_the_retries(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(response(503, Retry_After="50"))
    with pytest.raises(procwise.ServerError) as caught:
        client.exams.show(17, deadline=10)
    assert caught.value.attempts == 1


def test_a_deletion_whose_response_was_lost_is_done(client: procwise.Client, server: Recorder) -> None:
    server.responses += [LOST, response(404, {"error": "no such exam"})]
    assert client.exams.destroy(17) == procwise.v3.models.Empty()


def test_a_deletion_of_nothing_is_an_error(client: procwise.Client, server: Recorder) -> None:
    server.responses += [response(503), response(404)]
    client.exams.destroy(17)
    server.responses[:] = [response(429), response(404)]
    with pytest.raises(procwise.NotFoundError) as caught:
        client.exams.destroy(17)
    assert not caught.value.may_have_taken_effect


def test_an_error_after_a_lost_response_says_that_it_may_be_done(client: procwise.Client, server: Recorder) -> None:
    server.responses += [LOST, response(422, {"error": "already taken"})]
    with pytest.raises(procwise.APIStatusError, match="earlier attempt was lost") as caught:
        client.exams.update(17, name="Physics")
    assert caught.value.may_have_taken_effect


@pytest.mark.parametrize("content", [b'{"exam":{"id":1', b"", b"[]"])
def test_a_response_that_cannot_be_read_does_not_undo_what_was_done(
    client: procwise.Client, server: Recorder, content: bytes
) -> None:
    headers = {"Content-Type": "application/json", "X-Trace": "abc"}
    server.responses += [exam_list(), lambda _: httpx2.Response(201, content=content, headers=headers)]
    with pytest.raises(procwise.ProcwiseError) as caught:
        create(client)
    assert caught.value.may_have_taken_effect
    assert caught.value.attempts == 1
    assert caught.value.headers["x-trace"] == "abc"


CREATED = response(201, {"exam": {**EXAM, "id": 20}})


def create(client: procwise.Client) -> Any:
    return client.exams.create(name="Organic chemistry", type="demo")


def test_a_creation_whose_response_was_lost_is_found(client: procwise.Client, server: Recorder) -> None:
    server.responses += [exam_list(17), LOST, exam_list(17, 20)]
    assert create(client).id == 20
    assert methods(server) == "GET POST GET"


def test_an_older_object_is_never_taken_for_the_new_one(client: procwise.Client, server: Recorder) -> None:
    server.responses += [exam_list(17), LOST, exam_list(17), CREATED]
    assert create(client).id == 20
    assert methods(server) == "GET POST GET POST"


def test_an_object_of_another_name_is_not_taken(client: procwise.Client, server: Recorder) -> None:
    server.responses += [exam_list(), LOST, exam_list(19, name="Physics"), CREATED]
    assert create(client).id == 20


@pytest.mark.parametrize(
    ("before", "after", "trouble", "candidates"),
    [
        (exam_list(17), exam_list(17, 20, 21), LOST, (20, 21)),
        (response(403), exam_list(20), LOST, ()),
        (exam_list(), response(403), LOST, ()),
        (exam_list(), exam_list(), httpx2.ReadTimeout("slow"), ()),
        (response(403), exam_list(20), response(503), ()),
    ],
    ids=["two new ones", "nothing known before", "nothing known after", "may still come", "refused for a while"],
)
def test_what_cannot_be_told_is_said(
    client: procwise.Client,
    server: Recorder,
    before: Outcome,
    after: Outcome,
    trouble: Outcome,
    candidates: tuple[int, ...],
) -> None:
    server.responses += [before, trouble, after]
    with pytest.raises(procwise.OutcomeUnknown, match="may exist") as caught:
        create(client)
    assert caught.value.candidates == candidates
    assert caught.value.may_have_taken_effect
    assert methods(server).count("POST") == 1


def test_a_creation_that_did_not_arrive_is_repeated_without_a_look(client: procwise.Client, server: Recorder) -> None:
    server.responses += [exam_list(17), UNREACHED, UNREACHED, CREATED]
    assert create(client).id == 20
    assert methods(server) == "GET POST POST POST"


def test_without_retries_a_creation_is_one_request(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(LOST)
    with pytest.raises(procwise.ConnectionFailed, match="It may have taken effect"):
        create(client.with_options(max_retries=0))
    assert methods(server) == "POST"


@pytest.mark.parametrize("trouble", [LOST, response(503), httpx2.ReadTimeout("slow")])
def test_without_a_look_a_creation_that_may_have_taken_effect_is_not_repeated(
    client: procwise.Client, server: Recorder, trouble: Outcome
) -> None:
    server.responses += [trouble, CREATED]
    with pytest.raises(procwise.OutcomeUnknown, match="may exist"):
        create(client.with_options(retry=procwise.RetryPolicy(look_first=False, first_wait=0)))
    assert methods(server) == "POST"


def test_without_a_look_a_creation_that_had_no_effect_is_repeated(client: procwise.Client, server: Recorder) -> None:
    server.responses += [UNREACHED, response(429), CREATED]
    policy = procwise.RetryPolicy(look_first=False, first_wait=0, longest_wait=0)
    assert create(client.with_options(retry=policy)).id == 20
    assert methods(server) == "POST POST POST"


def test_a_file_that_cannot_be_rewound_is_sent_once(client: procwise.Client, server: Recorder) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(b"image")
    server.responses.append(UNREACHED)
    with os.fdopen(reading, "rb") as pipe, pytest.raises(procwise.ConnectionFailed) as caught:
        client.attachments.create(1, document=procwise.Upload(pipe, name="a.png"))
    assert caught.value.attempts == 1


def test_a_named_pipe_is_sent_once(client: procwise.Client, server: Recorder, tmp_path: Path) -> None:
    image = tmp_path / "a.png"
    os.mkfifo(image)
    server.responses += [UNREACHED] * 2
    with ThreadPoolExecutor(1) as pool:
        hooks = procwise.Hooks(retry=lambda _: pool.submit(image.write_bytes, b"image"))
        pool.submit(image.write_bytes, b"image")
        with pytest.raises(procwise.ConnectionFailed) as caught:
            client.with_options(max_retries=1, hooks=hooks).attachments.create(1, document=image)
    assert caught.value.attempts == 1


def test_a_job_waits_through_trouble(client: procwise.Client, server: Recorder) -> None:
    server.responses += [response(200)]
    job = client.exams.generate_documents_zip(17, max_retries=0)
    trouble = [response(503), LOST, httpx2.ReadTimeout("slow"), response(429), response(502)]
    server.responses[:] = [
        response(200, {"zip_job_status": "running"}),
        *trouble,
        response(200, {"zip_job_status": "success"}),
    ]
    assert job.wait(timeout=60, interval=0.001) is job
    assert len(server.requests) == 8


def test_the_async_client_repeats_as_well(async_client: procwise.AsyncClient, server: Recorder) -> None:
    server.responses += [response(503), LOST, FINE]
    assert asyncio.run(async_client.exams.show(17)).id == 17
