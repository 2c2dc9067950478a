"""Every operation, called with its documented example: what is sent, decoded, shown and warned of."""

from __future__ import annotations

import asyncio
import datetime
import inspect
import io
import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from generator.ir import Api, Operation, Schema, thaw
from generator.names import snake
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.spec import read_project

PROJECT = read_project()
OPERATIONS = [
    pytest.param(api, operation, id=f"{api.name}-{operation.id}")
    for api in PROJECT.apis
    for operation in api.operations
]
PLANTED = "planted-value-"
Outcome = tuple[Any, list[str]]


def is_zip(operation: Operation) -> bool:
    return "json" not in operation.success.media_type


def request_of(operation: Operation) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """The path, query and body of the example request."""
    path = {one.name: 17 + number for number, one in enumerate(operation.in_("path"))}
    query = {one.name: thaw(one.examples[0].value) for one in operation.in_("query") if one.examples}
    body = thaw(operation.body.examples[0].value) if operation.body else None
    return path, query, body


def keywords(operation: Operation, query: Mapping[str, Any], body: Any) -> dict[str, Any]:
    """The arguments that make the example request; a file is bytes."""
    page = operation.pagination.page if operation.pagination else ""
    given = {snake(name): value for name, value in query.items() if name != page}
    is_upload = operation.body is not None and operation.body.media_types[0].startswith("multipart/")
    members = {snake(name): value.encode() if is_upload else value for name, value in (body or {}).items()}
    return {**given, **members}


def response_body(operation: Operation) -> Any:
    return thaw(operation.success.examples[0].value) if operation.success.examples else {}


def plant(api: Api, schema: Schema, value: Any, texts: Iterator[str]) -> Any:
    """The value with a text of its own wherever the description says secret or personal."""
    meant = api.resolve(schema)
    for variant in meant.variants:
        value = plant(api, variant, value, texts)
    if isinstance(value, list) and meant.items:
        return [plant(api, meant.items, item, texts) for item in value]
    if not isinstance(value, dict):
        return value
    said = {member.name: member for member in meant.properties}
    result = dict(value)
    for name in said.keys() & value.keys():
        hidden = said[name].secret or said[name].pii
        result[name] = next(texts) if hidden else plant(api, said[name].schema, value[name], texts)
    return result


def build_server(operation: Operation, data: Any) -> Recorder:
    server = Recorder()
    if is_zip(operation):
        archive = io.BytesIO()
        zipfile.ZipFile(archive, "w").close()
        server.responses.append(
            httpx2.Response(200, content=archive.getvalue(), headers={"Content-Type": operation.success.media_type})
        )
    else:
        server.reply(operation.success.status, data, X_Pagination_Page_Count="1", X_Pagination_Limit="300")
    return server


def call(api: Api, operation: Operation, server: Recorder, folder: Path, *, is_async: bool = False) -> Outcome:
    """Call the operation with its example; the value, and the warnings."""
    path, query, body = request_of(operation)
    positional = [*path.values(), *([folder / "result.zip"] if is_zip(operation) else [])]
    module = getattr(procwise, api.name)
    kind, http = (module.AsyncClient, httpx2.AsyncClient) if is_async else (module.Client, httpx2.Client)
    client = kind(
        token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http(transport=httpx2.MockTransport(server))
    )
    method = getattr(getattr(client, snake(operation.resource)), snake(operation.name))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = method(*positional, **keywords(operation, query, body))
        value = value.page(1) if operation.pagination else value
        if is_async:
            value = asyncio.run(await_value(value))
    assert all(one.filename == __file__ for one in caught) or is_async
    return value, [str(one.message) for one in caught]


async def await_value(value: Any) -> Any:
    return await value


def received_body(operation: Operation, server: Recorder) -> Any:
    """The body as the server reads it."""
    kind = server.last.headers.get("Content-Type", "")
    if not kind.startswith("multipart/"):
        return json.loads(server.last.content) if server.last.content else None
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + server.last.content)
    parts = message.get_payload()
    assert isinstance(parts, list)
    return {str(one.get_param("name", header="content-disposition")): one.get_payload() for one in parts}  # type: ignore[union-attr]


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("api", "operation"), OPERATIONS)
def test_the_example_is_sent_as_documented_and_signed(
    api: Api, operation: Operation, is_async: bool, tmp_path: Path
) -> None:
    server = build_server(operation, response_body(operation))
    call(api, operation, server, tmp_path, is_async=is_async)
    path, query, body = request_of(operation)
    sent = server.query()
    signing = {name: sent.pop(name) for name in ("timestamp", "nonce", "signature")}
    assert server.last.method == operation.method
    assert server.path() == api.base_path + operation.path.format(**path)
    assert received_body(operation, server) == body
    assert query.keys() <= sent.keys() <= {one.name for one in operation.in_("query")}
    is_upload = operation.body is not None and operation.body.media_types[0].startswith("multipart/")
    scheme = getattr(procwise, api.name).signing.SCHEME
    params = scheme.merge(path=path, query={**sent, **signing}, body={} if is_upload else body)
    assert scheme.verify(params, SECRET_KEY, signing["signature"])


@pytest.mark.parametrize(("api", "operation"), OPERATIONS)
def test_the_example_response_is_decoded_whole_and_nothing_secret_is_shown(
    api: Api, operation: Operation, tmp_path: Path
) -> None:
    texts = (f"{PLANTED}{number}" for number in range(1000))
    data = response_body(operation)
    hidden = data if operation.success.schema is None else plant(api, operation.success.schema, data, texts)
    value, _ = call(api, operation, build_server(operation, hidden), tmp_path)
    if is_zip(operation):
        assert value == tmp_path / "result.zip"
        return
    found = value.answer if operation.job else value
    assert PLANTED not in repr(found)
    envelope = operation.pagination.items if operation.pagination else operation.success.envelope
    wrapped = hidden[envelope] if envelope else hidden
    is_list = isinstance(wrapped, list) or isinstance(found, list)  # an object of lists is read as a list too
    items = list(found) if is_list else [found]
    expected = wrapped if isinstance(wrapped, list) else list(wrapped.values()) if is_list else [wrapped]
    assert [normal(one.to_dict()) for one in items] == [normal(one) for one in expected]


def normal(value: Any) -> Any:
    """JSON data with every moment spelled the same way."""
    if isinstance(value, dict):
        return {name: normal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    try:
        return datetime.datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
    except ValueError:
        return value


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("api", "operation"), OPERATIONS)
def test_what_is_deprecated_warns_and_names_its_successor(
    api: Api, operation: Operation, is_async: bool, tmp_path: Path
) -> None:
    server = build_server(operation, response_body(operation))
    _, warned = call(api, operation, server, tmp_path, is_async=is_async)
    assert bool(warned) == operation.deprecated
    if not operation.deprecated:
        return
    (text,) = warned
    assert text.startswith(f"{operation.resource}.{operation.name} of procwise.{api.name} is deprecated: ")
    advice = text.partition("deprecated: ")[2]
    if operation.replaced_by.startswith("none"):
        assert advice.startswith("there is no successor: version 3")
        return
    *version, wanted = operation.replaced_by.split()
    successor = next(
        o for a in PROJECT.apis if a.name == (version or ["v3"])[0] for o in a.operations if o.id == wanted
    )
    assert advice.removesuffix(" of procwise.v3") == f"use {successor.resource}.{successor.name}"


def test_a_locked_object_has_an_error_of_its_own(client: procwise.Client, server: Recorder) -> None:
    operation = PROJECT.current.operation("destroyToolProvider")
    (locked,) = (response for response in operation.errors if response.status == 423)
    server.reply(423, thaw(locked.examples[0].value))
    with pytest.raises(procwise.LockedError) as caught:
        client.tool_providers.destroy(5)
    assert caught.value.status == 423
    body: Any = caught.value.body
    assert (body["code"], body["error"]["open_exam"][0][0]["id"]) == ("locked", 1)


def test_the_docstring_says_what_is_deprecated() -> None:
    for api in PROJECT.apis:
        client = getattr(procwise, api.name).Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL)
        for operation in api.operations:
            method = getattr(getattr(client, snake(operation.resource)), snake(operation.name))
            assert ("Deprecated: " in (inspect.getdoc(method) or "")) == operation.deprecated
