"""Annotations are true for every response that fits the description, and can be read at run time."""

from __future__ import annotations

import dataclasses
import json
import typing
import warnings
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import procwise
from generator.ir import Api, Operation
from generator.names import snake
from procwise import v1, v3
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.client.fitting import generate_data, is_of
from tests.client.test_every_operation import OPERATIONS, is_zip, keywords, request_of
from tests.proofs import FULL

MODELS = [
    pytest.param(value, id=f"{version.__name__}.{name}")
    for version in (v1, v3)
    for name in version.models.__all__
    if dataclasses.is_dataclass(value := getattr(version.models, name))
]
DECODED = [one for one in OPERATIONS if not is_zip(typing.cast(Operation, one.values[1]))]


@pytest.mark.parametrize("model", MODELS)
def test_the_types_of_members_can_be_read_at_run_time(model: Any) -> None:
    hints = typing.get_type_hints(model)
    assert hints.keys() == {field.name for field in dataclasses.fields(model)}


@pytest.mark.parametrize(("api", "operation"), DECODED)
@given(data=st.data())
@settings(
    max_examples=8 if FULL else 2,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
def test_a_response_that_fits_is_of_the_annotated_type(api: Api, operation: Operation, data: st.DataObject) -> None:
    server = Recorder()
    fits = data.draw(generate_data(operation.success.schema)) if operation.success.schema else {}
    items = fits.get(operation.pagination.items, []) if operation.pagination else []
    counts = {"Page": 1, "Page-Count": 1, "Limit": 300, "Item-Count": len(items)}
    pages = {f"X-Pagination-{name}": str(count) for name, count in counts.items()}
    server.responses.append(httpx2.Response(operation.success.status, content=json.dumps(fits).encode(), headers=pages))
    client = getattr(procwise, api.name).Client(
        token=TOKEN,
        secret_key=SECRET_KEY,
        base_url=BASE_URL,
        http=httpx2.Client(transport=httpx2.MockTransport(server)),
        drift="strict",
        max_retries=0,  # no look at what is there before an object is created: one response is enough
    )
    method = getattr(getattr(client, snake(operation.resource)), snake(operation.name))
    path, query, body = request_of(operation)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        result = method(*path.values(), **keywords(operation, query, body))
    expected = typing.get_type_hints(method)["return"]
    if operation.pagination or operation.job:
        (expected,) = typing.get_args(expected)
        result, expected = (result.answer, expected) if operation.job else (list(result), list[expected])
    assert is_of(result, expected), (result, expected)
    assert client.drift() == ()
