"""The reference says what the descriptions say: compared with the bundled OpenAPI documents, not with the model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.load import Document
from tests.docs.built_site import Page, page_at

METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Described:
    """An operation as it is described, and the page that ought to tell of it."""

    api: str
    path: str
    method: str
    value: dict[str, Any]
    document: dict[str, Any]

    def page(self, site: Path) -> Page:
        client = self.value["x-client"]
        return page_at(site / "reference" / self.api / client["resource"] / client["method"] / "index.html")

    def resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            found: Any = self.document
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            value = found
        return value

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [self.resolved(parameter) for parameter in self.value.get("parameters", ())]

    @property
    def schemas(self) -> Iterator[dict[str, Any]]:
        """The schemas of all bodies, sent and received."""
        bodies = [self.value["requestBody"]] if "requestBody" in self.value else []
        for body in (*bodies, *self.value["responses"].values()):
            for media in self.resolved(body).get("content", {}).values():
                yield media["schema"]


def described(documents: tuple[Document, ...]) -> list[Described]:
    """All operations of all descriptions."""
    found = []
    for document in documents:
        content: dict[str, Any] = document.content
        for path, item in content["paths"].items():
            found += [Described(document.name, path, m, item[m], content) for m in METHODS if m in item]
    return found


@pytest.fixture(scope="module")
def all_pages(documents: tuple[Document, ...], site: Path) -> list[tuple[Described, Page]]:
    return [(operation, operation.page(site)) for operation in described(documents)]


def members(
    operation: Described, schema: dict[str, Any], prefix: str = "", above: tuple[int, ...] = ()
) -> Iterator[str]:
    """The names of all members, as the tables write them."""
    schema = operation.resolved(schema)
    if id(schema) in above:
        return
    below = (*above, id(schema))
    for name, value in schema.get("properties", {}).items():
        full = f"{prefix}.{name}" if prefix else name
        yield full
        yield from members(operation, value, full, below)
    for key in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(key, ()):
            yield from members(operation, part, prefix, below)
    if "items" in schema:
        yield from members(operation, schema["items"], f"{prefix}[]", below)


def words(operation: Described, schema: dict[str, Any], above: tuple[int, ...] = ()) -> Iterator[str]:
    """All enum values at any depth, as the pages write them."""
    schema = operation.resolved(schema)
    if id(schema) in above:
        return
    yield from (value if isinstance(value, str) else json.dumps(value) for value in schema.get("enum", ()))
    nested = [*schema.get("properties", {}).values(), *(schema[key] for key in ("items",) if key in schema)]
    nested += [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, ())]
    for value in nested:
        yield from words(operation, value, (*above, id(schema)))


def rows(page: Page) -> dict[str, str]:
    """The first cells of the tables of parameters and members: name and state."""
    found = [row[0].split("\n") for table in page.tables for row in table[1:]]
    return {row[0]: row[1] for row in found if len(row) == 2}


def test_one_page_for_each_operation(documents: tuple[Document, ...], root: Path) -> None:
    expected = {
        f"{o.api}/{o.value['x-client']['resource']}/{o.value['x-client']['method']}.md" for o in described(documents)
    }
    reference = root / "docs/reference"
    found = {path.relative_to(reference).as_posix() for path in reference.rglob("*.md") if path.name != "index.md"}
    assert found == expected | {f"{document.name}/errors.md" for document in documents}
    assert len(expected) == len(described(documents))


def test_each_page_names_its_request(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        url = operation.document["servers"][0]["url"]
        base = "/" + url.split("://")[1].partition("/")[2].rstrip("/")
        assert f"{operation.method.upper()} {base}{operation.path}" in page.codes
        assert page.headings[0] == operation.value["summary"]


def test_each_parameter_is_on_its_page_as_it_is_described(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        shown = rows(page)
        for parameter in operation.parameters:
            state = "required" if parameter.get("required") else "optional"
            assert shown[parameter["name"]] == f"{parameter['in']}, {state}", (page.title, parameter["name"])


def test_the_tables_name_exactly_what_is_described(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        headers = {
            name for r in operation.value["responses"].values() for name in operation.resolved(r).get("headers", {})
        }
        expected = {name for schema in operation.schemas for name in members(operation, schema)} | headers
        assert {*rows(page)} == expected | {parameter["name"] for parameter in operation.parameters}, page.title


def test_each_enum_value_is_on_its_page(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        schemas = [*operation.schemas, *(parameter["schema"] for parameter in operation.parameters)]
        expected = {word for schema in schemas for word in words(operation, schema)}
        assert expected <= {*page.codes}, page.title


def test_each_limit_and_default_is_on_its_page(all_pages: list[tuple[Described, Page]]) -> None:
    keywords = ("minimum", "maximum", "minLength", "maxLength", "pattern", "default")
    for operation, page in all_pages:
        for parameter in operation.parameters:
            schema = operation.resolved(parameter["schema"])
            row = next(r for table in page.tables for r in table if r[0].startswith(f"{parameter['name']}\n"))
            assert all(str(schema[key]) in row[1] for key in keywords if key in schema), page.title


def test_each_answer_and_each_deprecation_is_told(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        told = " ".join(page.headings) + " ".join(row[0] for table in page.tables for row in table)
        assert all(status in told for status in operation.value["responses"]), page.title
        warned = "Do not use this operation in new programs." in page.text
        assert warned == bool(operation.value.get("deprecated")), page.title


def test_an_upload_is_shown_as_a_form_and_passed_as_bytes(all_pages: list[tuple[Described, Page]]) -> None:
    (page,) = (page for operation, page in all_pages if operation.value["operationId"] == "createAttachment")
    assert 'document=b"The apparatus has three flasks.")' in page.blocks[0]
    head, _, form = page.blocks[1].partition("\n\n")
    assert head.endswith("Content-Type: multipart/form-data; boundary=BOUNDARY")
    assert form.startswith('--BOUNDARY\nContent-Disposition: form-data; name="document"; filename=')
    assert form.rstrip().endswith("The apparatus has three flasks.\n--BOUNDARY--")


def test_each_fact_is_marked_as_documented_or_inferred(all_pages: list[tuple[Described, Page]]) -> None:
    for _, page in all_pages:
        for table in page.tables:
            for row in table[1:]:
                assert "documented" in row[-1] or "inferred" in row[-1], (page.title, row[0])


def test_required_members_of_a_request_are_marked(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        if "requestBody" not in operation.value:
            continue
        media = next(iter(operation.resolved(operation.value["requestBody"])["content"].values()))
        for name in required(operation, media["schema"]):
            assert rows(page)[name] == "required", (page.title, name)


def required(operation: Described, schema: dict[str, Any]) -> set[str]:
    """The members that a body must have, taken together over `allOf`."""
    schema = operation.resolved(schema)
    inherited = (name for part in schema.get("allOf", ()) for name in required(operation, part))
    return {*schema.get("required", ()), *inherited}
