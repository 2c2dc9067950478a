"""The reference says what the descriptions say: compared with the bundled OpenAPI documents, not with the model."""

from __future__ import annotations

import json
import re
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
    """An operation as it is described, and the page that ought to describe it."""

    api: str
    path: str
    method: str
    value: dict[str, Any]
    document: dict[str, Any]

    def page(self, site: Path) -> Page:
        client = self.value["x-client"]
        return page_at(site / "reference" / self.api / client["resource"] / client["method"] / "index.html")

    def resolve(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            found: Any = self.document
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            value = found
        return value

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [self.resolve(parameter) for parameter in self.value.get("parameters", ())]

    @property
    def schemas(self) -> Iterator[dict[str, Any]]:
        """The schemas of all bodies, sent and received."""
        bodies = [self.value["requestBody"]] if "requestBody" in self.value else []
        for body in (*bodies, *self.value["responses"].values()):
            for media in self.resolve(body).get("content", {}).values():
                yield media["schema"]


def read_operations(documents: tuple[Document, ...]) -> list[Described]:
    """All operations of all descriptions."""
    found = []
    for document in documents:
        content: dict[str, Any] = document.content
        for path, item in content["paths"].items():
            found += [Described(document.name, path, m, item[m], content) for m in METHODS if m in item]
    return found


@pytest.fixture(scope="module")
def all_pages(documents: tuple[Document, ...], site: Path) -> list[tuple[Described, Page]]:
    return [(operation, operation.page(site)) for operation in read_operations(documents)]


def members(
    operation: Described, schema: dict[str, Any], prefix: str, shown: set[str] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """All members by the anchors of their rows, each with its schema as it is written; those of a component once."""
    shown = set() if shown is None else shown
    reference = str(schema.get("$ref", ""))
    if reference in shown:
        return
    shown |= {reference} - {""}
    schema = operation.resolve(schema)
    for name, value in schema.get("properties", {}).items():
        yield f"{prefix}.{name}", value
        yield from members(operation, value, f"{prefix}.{name}", shown)
    for part in schema.get("allOf", ()):
        yield from members(operation, operation.resolve(part), prefix, shown)
    for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from members(operation, part, prefix, shown)
    if "items" in schema:
        yield from members(operation, schema["items"], prefix, shown)


def sent_facts(operation: Described) -> dict[str, dict[str, Any]]:
    """The parameters and the members of the body, by the anchors of their rows."""
    found = {f"{parameter['in']}.{parameter['name']}": parameter for parameter in operation.parameters}
    if "requestBody" in operation.value:
        media = next(iter(operation.resolve(operation.value["requestBody"])["content"].values()))
        found |= members(operation, media["schema"], "body")
    return found


def received_facts(operation: Described, page: Page) -> dict[str, dict[str, Any]]:
    """The members and headers of all responses, by the anchors of their rows; those of errors stand together."""
    found: dict[str, dict[str, Any]] = {}
    statuses = sorted(operation.value["responses"])
    shown = [status for status in statuses if f"response-{status}" in page.ids]
    for status in statuses:
        response = operation.resolve(operation.value["responses"][status])
        success = status.startswith("2")
        prefix = next((s for s in shown if s >= status), status) if success else "error"
        for media in response.get("content", {}).values():
            found = dict(members(operation, media["schema"], prefix)) | found
        found |= {f"{prefix}.{name}": header for name, header in response.get("headers", {}).items()}
    return found


def test_one_page_for_each_operation(documents: tuple[Document, ...], root: Path) -> None:
    expected = {
        f"{o.api}/{o.value['x-client']['resource']}/{o.value['x-client']['method']}.md"
        for o in read_operations(documents)
    }
    reference = root / "docs/reference"
    found = {path.relative_to(reference).as_posix() for path in reference.rglob("*.md") if path.name != "index.md"}
    errors = {f"{document.name}/errors.md" for document in documents}
    assert found == expected | errors | {"migration.md", "workbench.md"}
    assert len(expected) == len(read_operations(documents))


def test_each_page_names_its_request(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        assert page.codes[0] == operation.document["servers"][0]["url"].rstrip("/") + operation.path
        assert page.headings[0] == f"{operation.value['summary']} {operation.method.upper()}, {operation.api}"
        assert operation.value["operationId"] in page.codes
        assert (f"{operation.value.get('x-role')} only" in page.text) == ("x-role" in operation.value)


def test_there_is_a_row_for_exactly_what_is_described(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        errors = {f"error-{status}" for status in operation.value["responses"] if not status.startswith("2")}
        expected = {*sent_facts(operation), *received_facts(operation, page)} | errors
        repeated = {name for name in page.rows if name.rpartition("-")[2].isdigit()} - errors
        assert {*page.rows} - repeated == expected, page.title


def test_each_row_says_what_is_described(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        for anchor, fact in (sent_facts(operation) | received_facts(operation, page)).items():
            schema = operation.resolve(fact)
            schema = operation.resolve(schema.get("schema", schema))
            own, where = page.rows[anchor], (page.title, anchor)
            assert own.codes[0] == anchor.rpartition(".")[2], where
            simple = not any(key in schema for key in ("oneOf", "anyOf")) and not isinstance(schema.get("type"), list)
            if simple:
                assert {*own.words} == {as_text(value) for value in schema.get("enum", ())}, where
                assert {*own.limits} == {as_text(schema[key]) for key in LIMITS if key in schema}, where
            source = fact.get("x-source") or operation.resolve(fact).get("x-source") or schema.get("x-source")
            assert source["confidence"] in own.text, where
            description = fact.get("description") or operation.resolve(fact).get("description", "")
            if "enum" not in schema:
                assert bare(description) in bare(own.text), where
            assert all(word in bare(own.text) for word in map(bare, map(as_text, schema.get("enum", ())))), where


LIMITS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
    "default",
)


def as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def bare(text: str) -> str:
    """Without what Markdown uses up."""
    return "".join(text.replace("`", "").split())


def test_each_shared_value_is_explained_on_the_page_of_its_version(
    all_pages: list[tuple[Described, Page]], site: Path
) -> None:
    linked = 0
    for operation, page in all_pages:
        index = page_at(site / "reference" / operation.api / "index.html")
        for row in page.rows.values():
            for link in (link for link in row.links if "#value-" in link):
                linked += 1
                explained = index.rows[link.partition("#")[2]]
                schema = operation.document["components"]["schemas"][link.partition("#value-")[2]]
                forms = [schema, *map(operation.resolve, schema.get("oneOf", ()))]
                values = {as_text(one[key]) for one in forms for key in LIMITS if key in one}
                assert values <= {*explained.codes}, (page.title, link)
                assert bare(schema["description"]) in bare(explained.text)
    assert linked > 100


def test_each_tag_is_explained_on_the_page_of_its_resource_and_of_its_version(
    documents: tuple[Document, ...], all_pages: list[tuple[Described, Page]], site: Path
) -> None:
    for document in documents:
        content: Any = document.content
        explained = {tag["name"]: bare(tag["description"]) for tag in content["tags"]}
        version = bare(page_at(site / "reference" / document.name / "index.html").text)
        for operation in (one for one, _ in all_pages if one.api == document.name):
            (tag,) = operation.value["tags"]
            resource = operation.page(site).path.parents[1] / "index.html"
            assert explained[tag] in bare(page_at(resource).text), resource
            assert explained[tag] in version, tag


def test_each_response_and_each_deprecation_is_named(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        headings = " ".join(page.headings)
        for status in operation.value["responses"]:
            assert status in headings if status.startswith("2") else f"error-{status}" in page.rows, page.title
        warned = "Do not use this operation in new programs." in page.text
        assert warned == bool(operation.value.get("deprecated")), page.title


def test_the_errors_name_the_codes_that_apply(all_pages: list[tuple[Described, Page]]) -> None:
    by_id = {(operation.api, operation.value["operationId"]): page for operation, page in all_pages}
    create, show = by_id["v3", "createExam"], by_id["v3", "showExam"]
    assert {"parameter_missing", "validation_failed", "unreadable"} <= {*create.rows["error-422"].codes}
    assert "record_not_found" in show.rows["error-404"].codes
    assert not {"path_not_found", "zip_not_ready"} & {*show.rows["error-404"].codes}
    assert "zip_not_ready" in by_id["v3", "downloadExamDocumentsZip"].rows["error-404"].codes


def test_an_example_of_an_error_names_a_parameter_of_the_operation(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        names = {anchor.partition(".")[2] for anchor in sent_facts(operation)}
        for block in page.blocks:
            if '"errors": {' in block:
                assert {*json.loads(block)["errors"]} <= names, page.title


def test_both_versions_of_an_operation_lead_to_each_other(all_pages: list[tuple[Described, Page]]) -> None:
    by_id = {(operation.api, operation.value["operationId"]): page for operation, page in all_pages}
    assert "../../../v1/exams/create/" in by_id["v3", "createExam"].links
    assert "../../../v3/exams/create/" in by_id["v1", "createExam"].links


def test_the_order_of_work_leads_from_page_to_page(all_pages: list[tuple[Described, Page]]) -> None:
    steps = {operation.value["operationId"]: page for operation, page in all_pages if operation.api == "v3"}
    workflow = next(operation.document["x-workflow"] for operation, _ in all_pages if operation.api == "v3")
    titles = [steps[name].headings[0].rpartition(" ")[0].rpartition(" ")[0] for name in workflow]
    for name in workflow:
        assert bare(" → ".join(titles)) in bare(steps[name].text), name


def test_an_upload_is_shown_as_a_form_and_passed_as_bytes(all_pages: list[tuple[Described, Page]]) -> None:
    (page,) = (page for operation, page in all_pages if operation.value["operationId"] == "createAttachment")
    assert 'document=b"The apparatus has three flasks."' in page.blocks[0]
    (sent,) = (block for block in page.blocks if block.startswith("POST /"))
    head, _, form = sent.partition("\n\n")
    assert head.endswith("Content-Type: multipart/form-data; boundary=BOUNDARY")
    assert form.startswith('--BOUNDARY\nContent-Disposition: form-data; name="document"; filename=')
    assert form.rstrip().endswith("The apparatus has three flasks.\n--BOUNDARY--")


def test_one_character_is_no_plural(all_pages: list[tuple[Described, Page]]) -> None:
    texts = [row.text for _, page in all_pages for row in page.rows.values()]
    assert any("at least 1 character" in text for text in texts)
    assert not [text for text in texts if re.search(r"\b1 (characters|items|members)\b", text)]


def test_required_members_of_a_request_are_marked(all_pages: list[tuple[Described, Page]]) -> None:
    for operation, page in all_pages:
        for parameter in operation.parameters:
            state = "required" if parameter.get("required") else "optional"
            assert f"{parameter['in']}, {state}" in page.rows[f"{parameter['in']}.{parameter['name']}"].text, page.title
        if "requestBody" not in operation.value:
            continue
        media = next(iter(operation.resolve(operation.value["requestBody"])["content"].values()))
        for name in required_members(operation, media["schema"]):
            assert "required" in page.rows[f"body.{name}"].text, (page.title, name)


def required_members(operation: Described, schema: dict[str, Any]) -> set[str]:
    """The members that a body must have, taken together over `allOf`."""
    schema = operation.resolve(schema)
    inherited = (name for part in schema.get("allOf", ()) for name in required_members(operation, part))
    return {*schema.get("required", ()), *inherited}
