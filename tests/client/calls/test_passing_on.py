"""What is passed to other processes, and what tools read of the client: pickles, copies, type hints, texts."""

from __future__ import annotations

import asyncio
import copy
import pickle
import typing
from typing import Any

import pytest

import procwise
from procwise import Client, Deviation, Upload
from tests.client.conftest import Recorder
from tests.client.lists.test_pages import connect_async, page_server, sync

PROTOCOLS = pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))


def _start_job(server: Recorder, *, is_async: bool) -> Any:
    server.reply(data={})
    if is_async:
        return asyncio.run(connect_async(server).exams.generate_documents_zip(17))
    return sync(server).exams.generate_documents_zip(17)


@PROTOCOLS
@pytest.mark.parametrize("is_async", [False, True])
def test_what_makes_calls_says_what_to_pass_on_instead(protocol: int, is_async: bool) -> None:
    connect = connect_async if is_async else sync
    found: list[tuple[Any, str]] = [
        (_start_job(Recorder(), is_async=is_async), "pass its handle on"),
        (connect(page_server(3)).exams.list(), "next_page"),
        (connect(page_server(3)), "pass its settings on"),
    ]
    found += [(connect_async(Recorder()).tool_providers.list(), "await it")] if is_async else []
    for one, advice in found:
        with pytest.raises(procwise.InvalidArgument, match=rf"^a (value of type )?{type(one).__name__} .*{advice}"):
            pickle.dumps(one, protocol)


def test_copies_of_jobs_and_lists_use_the_same_client() -> None:
    pager, job = sync(page_server(5)).exams.list(limit=2), _start_job(Recorder(), is_async=False)
    for copied in (copy.copy, copy.deepcopy):
        assert [exam.id for exam in copied(pager)] == [1, 2, 3, 4, 5]
        assert copied(job).handle == job.handle


@PROTOCOLS
def test_an_upload_survives_every_protocol(protocol: int) -> None:
    upload = Upload(b"Drei Kolben", name="a.txt", content_type="text/plain")
    found = pickle.loads(pickle.dumps(upload, protocol))
    assert (found.name, found.content_type, found.progress, found.is_repeatable) == ("a.txt", "text/plain", None, True)


def test_type_hints_of_what_names_deviations_are_found() -> None:
    for function in (Client.drift, procwise.AsyncClient.drift):
        assert typing.get_type_hints(function)["return"] == tuple[Deviation, ...]
    hints = typing.get_type_hints(procwise.ResponseDeviates.__init__)
    assert hints["deviations"] == tuple[Deviation, ...]


def test_an_attempt_that_was_not_made_yet_has_no_outcome(client: Client, server: Recorder) -> None:
    server.reply(data={"exam": {"id": 1}})
    seen: list[str] = []
    hooks = procwise.Hooks(request=lambda one: seen.append(str(one)), response=lambda one: seen.append(str(one)))
    client.with_options(hooks=hooks).exams.show(1)
    assert seen[0] == "GET /api/v3/exams/1: about to be sent (attempt 1)"
    assert seen[1].startswith("GET /api/v3/exams/1: 200 in ")


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/behind/api/v12"])
def test_a_base_url_of_another_version_is_refused(path: str) -> None:
    with pytest.raises(procwise.WrongBaseUrl, match=r"ends with /api/v1\d?, which is another version than the /api/v3"):
        Client(token="abcd", secret_key="k", base_url=f"https://demo.example{path}")


@pytest.mark.parametrize("path", ["", "/api/v3", "/api", "/xapi/v1/other"])
def test_other_paths_of_a_base_url_are_kept(path: str) -> None:
    with Client(token="abcd", secret_key="k", base_url=f"https://demo.example{path}") as client:
        assert repr(client) == f"<Client of https://demo.example{path.removesuffix('/api/v3')}/api/v3>"
