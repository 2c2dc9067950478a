"""What the suite derives from a description without extensions: collections, lists in objects, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.ir import Api, Operation
from generator.load import load
from generator.lower import lower
from generator.resources import regroup
from procwise_conformance.stateful.lists.paging import infer_paging

HERE = Path(__file__).parent
TEXT = {"type": "string"}
ITEM, NOTE = ({"type": "object", "properties": {name: TEXT}} for name in ("id", "note"))


@pytest.fixture(scope="module")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Api]:
    return {name: read(tmp_path_factory.mktemp(name), load_yaml(name)) for name in ("pantry", "vault")}


def load_yaml(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


def read(folder: Path, document: Any) -> Api:
    (folder / "openapi.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    (api,) = lower(load([folder])).apis
    return regroup(api)


def describe_list(query: Mapping[str, str], headers: Iterable[str], members: Mapping[str, Any]) -> dict[str, Any]:
    """A description of one list with these parameters, headers of the response, and members beside its items."""
    many = {"type": "array", "items": ITEM}
    schema = {"type": "object", "properties": {"items": many, **members}} if members else many
    response = {
        "description": "A page.",
        "headers": {name: {"schema": {"type": "string"}} for name in headers},
        "content": {"application/json": {"schema": schema}},
    }
    parameters = [{"name": name, "in": "query", "schema": {"type": kind}} for name, kind in query.items()]
    get = {"operationId": "list", "parameters": parameters, "responses": {"200": response}}
    item = {"operationId": "show", "responses": {"200": {"description": "One."}}}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {"/things": {"get": get}, "/things/{id}": {"parameters": [path], "get": item}},
    }


def test_labels_below_a_jar_are_no_jars(vendors: dict[str, Api]) -> None:
    pantry = vendors["pantry"]
    jars, labels = (pantry.resource(pantry.operation(id_).resource) for id_ in ("jarsCreate", "labelsCreate"))
    assert (jars.creators, jars.shower, jars.destroyer) == (("jarsCreate",), "jarsRead", "jarsEmpty")
    assert (labels.creators, labels.listers, labels.shower) == (("labelsCreate",), ("labelsIndex",), "")
    assert (labels.destroyer, labels.identity) == ("labelsRemove", "labelId")
    assert [parent.resource for parent in labels.parents] == [jars.name]


def test_a_tag_for_both_changes_nothing(tmp_path: Path, vendors: dict[str, Api]) -> None:
    document = load_yaml("pantry")
    for item in document["paths"].values():
        for method in ("get", "post", "patch", "delete"):
            item.get(method, {})["tags"] = ["Kitchen"]
    labels = read(tmp_path, document).resource("kitchen labels")
    assert labels.destroyer == vendors["pantry"].resource("jars labels").destroyer


def test_a_list_in_an_object_is_a_list(vendors: dict[str, Api]) -> None:
    listing = vendors["vault"].operation("ListDeposits")
    assert (listing.kind, listing.wrapper) == ("list", "results")


@pytest.mark.parametrize(
    ("members", "wrapper"),
    [
        ({"data": ITEM}, "data"),
        ({"thing": ITEM, "meta": NOTE, "request_id": TEXT}, "thing"),
        ({"thing": ITEM, "name": TEXT}, ""),
        ({"id": TEXT, "thing": ITEM}, ""),
        ({"thing": ITEM, "owner": ITEM}, ""),
        ({"colours": NOTE}, ""),
    ],
)
def test_an_object_in_an_envelope_is_that_object(tmp_path: Path, members: dict[str, Any], wrapper: str) -> None:
    document = describe_list({}, [], {"items": {"type": "array", "items": ITEM}, "links": NOTE})
    schema = {"type": "object", "properties": members}
    content = {"application/json": {"schema": schema}}
    document["paths"]["/things/{id}"]["get"]["responses"]["200"]["content"] = content
    document["paths"]["/things"]["post"] = {
        "operationId": "create",
        "requestBody": {"content": content, "required": True},
        "responses": {"201": {"description": "One.", "content": content}},
    }
    api = read(tmp_path, document)
    assert (api.operation("show").wrapper, api.operation("create").wrapper) == (wrapper, wrapper)
    sent = api.operation("create").body
    assert sent is not None
    assert sent.envelope == (wrapper if len(members) == 1 else "")
    assert api.operation("list").wrapper == "items"


@pytest.mark.parametrize(
    ("query", "headers", "members", "style", "position"),
    [
        ({"cursor": "string", "limit": "integer"}, ["X-Next-Cursor"], {}, "cursor", "cursor"),
        ({"page_token": "string"}, [], {"next_page_token": {"type": "string"}}, "cursor", "page_token"),
        ({"offset": "integer", "count": "integer"}, [], {"total": {"type": "integer"}}, "offset", "offset"),
        ({"page": "integer", "per_page": "integer"}, [], {}, "page", "page"),
        ({"limit": "integer"}, [], {}, "unknown", ""),
        ({}, ["Link"], {}, "unknown", ""),
        ({"from": "string", "colour": "string"}, [], {}, "whole", ""),
    ],
)
def test_pages_are_known_by_names(
    tmp_path: Path, query: dict[str, str], headers: list[str], members: dict[str, Any], style: str, position: str
) -> None:
    listing: Operation = read(tmp_path, describe_list(query, headers, members)).operation("list")
    paging = infer_paging(listing)  # type: ignore[arg-type]  # the suite has a copy of this class
    assert (paging.style, paging.position) == (style, position)
