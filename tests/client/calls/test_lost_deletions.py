"""A deletion whose response was lost, and that is found done, is a success, also if a value was promised."""

from __future__ import annotations

import httpx2
import pytest

import procwise
import procwise.v1
from procwise_sandbox import running
from tests.client.conftest import AT_ONCE, BASE_URL, SECRET_KEY, TOKEN, Recorder

LOST = httpx2.RemoteProtocolError("Server disconnected without sending a response.")


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["lose=1x", "truncate=1x"])
@pytest.mark.parametrize("drift", ["observe", "strict"])
def test_a_comanager_is_removed(trouble: str, drift: procwise.DriftMode) -> None:
    with running() as sandbox:
        hooks = procwise.Hooks(request=lambda one: sandbox.set_network(*[trouble] * (one.number == 1)))
        credentials = {"token": sandbox.token, "secret_key": sandbox.secret_key, "base_url": sandbox.base_url}
        with procwise.Client(**credentials, retry=AT_ONCE, drift=drift) as client:
            exam = client.exams.create(name="Statics", type="demo").id
            user = client.exams.add_comanager(exam, comanager_id=5)
            assert client.exams.remove_comanager(exam, comanager_id=user.id, hooks=hooks) is None
            assert client.drift() == ()
            with pytest.raises(procwise.NotFoundError):
                client.exams.remove_comanager(exam, comanager_id=user.id)


@pytest.mark.parametrize("status", [404, 410])
def test_the_raw_response_says_how_it_was_found_done(client: procwise.Client, server: Recorder, status: int) -> None:
    server.responses += [LOST, httpx2.Response(status, json={"error": "not_found"})]
    response = client.exams.with_raw_response.remove_comanager(1, comanager_id=5)
    assert (response.value, response.status, response.attempts) == (None, status, 2)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_proctor_is_removed_in_the_older_version(server: Recorder) -> None:
    server.responses += [LOST, httpx2.Response(404, json={"error": "not_found"})]
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.v1.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=AT_ONCE)
    assert client.exams.remove_from_proctor_pool(1, proctor_pool=[5]) is None
    assert client.drift() == ()


def test_what_was_never_there_is_no_success(client: procwise.Client, server: Recorder) -> None:
    server.reply(404, {"error": "not_found"})
    with pytest.raises(procwise.NotFoundError):
        client.exams.remove_comanager(1, comanager_id=5)
