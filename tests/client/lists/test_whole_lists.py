"""Every list is read in the same way, whether it comes in pages, whole, or as the members of an object."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from procwise import v1, v3
from procwise.pages import ItemList
from tests.client.conftest import AT_ONCE, BASE_URL, SECRET_KEY, TOKEN, Recorder

BUNDLES = Path(__file__).parents[3] / "generated" / "openapi"
CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL, "retry": AT_ONCE}


def _follow(document: Any, part: Any) -> Any:
    while "$ref" in part:
        found = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def _read_lists(version: str) -> Iterator[tuple[Any, str, str, int, object]]:
    """The module, the resource, the method, how many ids its path has, and the example of each list's response."""
    document = json.loads((BUNDLES / f"{version}.json").read_text("utf-8"))
    for path, operations in document["paths"].items():
        operation = operations.get("get", {})
        if "x-pagination" in operation:
            content = _follow(document, operation["responses"]["200"])["content"]["application/json"]
            example = _follow(document, next(iter(content["examples"].values())))["value"]
            names = operation["x-client"]
            yield {"v1": v1, "v3": v3}[version], names["resource"], names["method"], path.count("{"), example


LISTS = [*_read_lists("v1"), *_read_lists("v3")]


def _connect(module: Any, data: object, *, is_async: bool = False) -> Any:
    server = Recorder()
    items = next(iter(data.values()), None) if isinstance(data, dict) else None
    count = len(items) if isinstance(items, list) else 0
    server.reply(data=data, X_Pagination_Item_Count=str(count), X_Pagination_Page_Count="1")
    transport = httpx2.MockTransport(server)
    if is_async:
        return module.AsyncClient(**CREDENTIALS, http=httpx2.AsyncClient(transport=transport))
    return module.Client(**CREDENTIALS, http=httpx2.Client(transport=transport))


def test_all_lists_are_here() -> None:
    assert (sum(one[0] is v1 for one in LISTS), sum(one[0] is v3 for one in LISTS)) == (5, 11)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("module", "resource", "method", "ids", "example"), LISTS)
def test_every_list_is_read_alike(module: Any, resource: str, method: str, ids: int, example: object) -> None:
    def call() -> Any:
        client = _connect(module, example)
        return getattr(getattr(client, resource), method)(*[1] * ids)

    async def read() -> tuple[list[Any], Any, Any, bool]:
        client = _connect(module, example, is_async=True)
        listed = getattr(getattr(client, resource), method)(*[1] * ids)
        items = [item async for item in listed]
        return items, await listed.first(), listed.item_count, bool(listed)

    found = list(call())
    assert found
    assert all(isinstance(item.id, int) for item in found)
    assert call().first() == found[0]
    assert call().item_count == len(found)
    items, first, count, is_true = asyncio.run(read())
    assert (items, first, count, is_true) == (found, found[0], len(found), True)


DOCUMENT = {
    "id": 3, "exam_content": "Three pistons", "created_at": "2026-06-15T09:00:00Z", "exam_id": 1,
    "updated_at": "2026-06-15T09:00:00Z", "file_file_name": None, "file_content_type": None,
    "file_file_size": None, "file_updated_at": None, "file_processing": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ({}, []),
        ({"document": DOCUMENT}, [3]),
        ({"document": None}, []),
        ({"documents": [DOCUMENT, {**DOCUMENT, "id": 4}]}, [3, 4]),
        ({"document": {**DOCUMENT, "id": 5}, "documents": [DOCUMENT]}, [5, 3]),
        ({"document": DOCUMENT, "documents": [DOCUMENT]}, [3]),
    ],
)
def test_the_members_of_an_object_are_one_list(data: object, ids: list[int]) -> None:
    documents = _connect(v3, data).documents.list(1)
    assert [one.id for one in documents] == ids
    assert (documents.item_count, len(documents)) == (len(ids), len(ids))
    assert (documents.first() is None) == (not ids)
    raw = _connect(v3, data).documents.with_raw_response.list(1)
    assert (raw.status, [one.id for one in raw.value]) == (200, ids)


@pytest.mark.parametrize("data", [[], [DOCUMENT], "none", 7])
def test_what_is_no_object_is_no_empty_list(data: object) -> None:
    with pytest.raises(procwise.UnexpectedAnswer, match="no list of items"):
        _connect(v3, data).documents.list(1)
    with pytest.raises(procwise.UnexpectedAnswer):
        _connect(v3, {"tool_providers": data if data == "none" else None}).tool_providers.list()


def test_a_list_that_comes_whole_is_a_list() -> None:
    providers = _connect(v3, {"tool_providers": []}).tool_providers.list()
    assert providers == []
    assert (providers.first(), providers.item_count, bool(providers)) == (None, 0, False)
    for other in (pickle.loads(pickle.dumps(providers)), copy.deepcopy(providers)):
        assert (type(other), other) == (ItemList, providers)


def test_an_async_list_knows_nothing_before_it_is_read() -> None:
    listed = _connect(v3, {}, is_async=True).documents.list(1)
    for ask in (lambda: listed.item_count, lambda: bool(listed)):
        with pytest.raises(procwise.ProcwiseError, match="not read yet"):
            ask()
