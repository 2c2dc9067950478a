"""Nothing is described without words, a source, an example and the decisions that the layers need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.ir import Api, Project
from tests.description.described import Bundle, Written
from tests.spec import SPEC

Operations = tuple[tuple[Bundle, Written], ...]
LONGEST = 600
WIDEST = 120


def test_operations_parameters_and_responses_have_words_and_a_source(operations: Operations) -> None:
    lacking = []
    for bundle, operation in operations:
        lacking += [] if operation.value.get("summary") and _explains(operation.value) else [operation.name]
        parts = {
            **{f"parameter {p['name']}": p for p in map(bundle.resolve, operation.value.get("parameters", ()))},
            **{status: bundle.resolve(response) for status, response in operation.value["responses"].items()},
        }
        lacking += [f"{operation.name} {name}" for name, part in parts.items() if not _explains(part)]
    assert not lacking


def test_every_property_has_words_and_a_source(bundles: tuple[Bundle, ...]) -> None:
    lacking = [
        f"{bundle.name} {name}.{member}"
        for bundle in bundles
        for name, schema in bundle.content["components"]["schemas"].items()
        for member, value in _properties(schema)
        if not _explains(value)
    ]
    assert not lacking


def test_every_schema_has_words_and_its_own_name_as_title(bundles: tuple[Bundle, ...]) -> None:
    for bundle in bundles:
        for name, schema in bundle.content["components"]["schemas"].items():
            assert schema.get("description"), f"{bundle.name} {name}"
            assert schema.get("title") == name, f"{bundle.name} {name}"


def test_every_value_of_an_enumeration_has_a_meaning(bundles: tuple[Bundle, ...]) -> None:
    """Written as `value`: meaning, in the order of the values; the docs make a row of each."""
    lacking = []
    for bundle in bundles:
        for name, schema in _enumerations(bundle.content, ""):
            pattern = r".*".join(rf"`{re.escape(str(value))}`: [^`.]+\." for value in schema["enum"])
            lacking += [] if re.search(pattern, schema.get("description", "")) else [f"{bundle.name} {name}"]
    assert not lacking


def _enumerations(value: object, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schemas with an enumeration, by their place in the document."""
    if isinstance(value, Mapping):
        if isinstance(value.get("enum"), list):
            yield name, value
        for key, inner in value.items():
            yield from _enumerations(inner, f"{name}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _enumerations(inner, f"{name}/{number}")


def test_documented_facts_name_a_page(bundles: tuple[Bundle, ...]) -> None:
    for bundle in bundles:
        for source in _sources(bundle.content):
            assert source["pages"] or source["confidence"] == "inferred", source


def test_every_operation_has_its_place_in_the_client_and_a_retry_policy(operations: Operations) -> None:
    for _, operation in operations:
        assert {"x-client", "x-retry"} <= operation.value.keys(), operation.name


def test_lists_have_a_decision_about_pages(operations: Operations) -> None:
    for _, operation in operations:
        method = operation.value["x-client"]["method"]
        is_list = operation.method == "get" and method.split("_")[0] in ("list", "index")
        assert ("x-pagination" in operation.value) == is_list, operation.name


def test_paged_lists_are_those_that_the_pages_tell_of(project: Project) -> None:
    paged = {api.name: {o.path for o in api.operations if o.pagination} for api in project.apis}
    assert paged == {
        "v1": set(),
        "v3": {
            "/exams",
            "/exams/{exam_id}/attachments",
            "/exams/{exam_id}/student_sessions",
            "/exams/{id}/index_students",
            "/institutes",
            "/institutes/{institute_id}/users",
            "/lti_resources",
            "/student_sessions",
        },
    }


def test_paged_lists_have_the_parameters_and_headers_that_they_name(project: Project) -> None:
    for operation in (o for api in project.apis for o in api.operations if o.pagination):
        paging = operation.pagination
        assert paging is not None
        assert {paging.page, paging.limit} <= {p.name for p in operation.in_("query")}
        headers = {paging.item_count, paging.page_count, paging.page_header, paging.limit_header}
        assert headers == {header.name for header in operation.success.headers}
        assert paging.items == operation.success.envelope


def test_filters_have_their_parameters_and_columns_of_the_listed_object(project: Project) -> None:
    for api in project.apis:
        for operation in (o for o in api.operations if o.filter):
            assert operation.filter is not None
            assert {operation.filter.filter, operation.filter.sort} <= {p.name for p in operation.in_("query")}
            assert {column.name for column in operation.filter.columns} <= _members_of_list(api, operation.id)


def test_deprecated_operations_name_a_successor_that_exists_or_say_why_there_is_none(project: Project) -> None:
    known = {(api.name, operation.id): operation for api in project.apis for operation in api.operations}
    for api in project.apis:
        for operation in api.operations:
            assert bool(operation.replaced_by) == operation.deprecated, operation.id
            if not operation.deprecated or operation.replaced_by.startswith("none: "):
                continue
            version, _, name = operation.replaced_by.rpartition(" ")
            assert not known[version or api.name, name].deprecated, operation.id


def test_what_a_creation_requires_is_required_in_the_model(project: Project) -> None:
    for api in project.apis:
        for operation in (o for o in api.operations if o.method == "POST" and o.body):
            assert operation.body is not None
            assert any(member.required for member in api.resolve(operation.body.schema).properties), operation.id


def test_secrets_are_marked(project: Project) -> None:
    words = ("secret", "token", "password", "api_key", "pin_code")
    unmarked = {
        f"{schema.name}.{member.name}"
        for api in project.apis
        for schema in api.schemas
        for member in schema.properties
        if any(word in member.name for word in words) and not member.secret
    }
    assert unmarked == {"Institute.token_value"}  # a small number, explained by no page


def test_files_are_short_and_narrow() -> None:
    for path in SPEC.rglob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= LONGEST, path
        assert not [number for number, line in enumerate(lines, 1) if len(line) > WIDEST], path


def test_nothing_is_described_that_no_operation_uses(bundles: tuple[Bundle, ...]) -> None:
    """References lift what is used, so what is left in a file is used by nobody."""
    lifted = [pair for bundle in bundles for pair in bundle.content["components"].items()]
    used = {(kind, name) for kind, named in lifted for name in named}
    for path in SPEC.rglob("*.yaml"):
        kind = ""
        for line in path.read_text(encoding="utf-8").splitlines() if path.name != "openapi.yaml" else ():
            if line and line[0].isalpha():
                kind = line.rstrip(":")
            elif kind not in ("", "paths", "securitySchemes") and line.startswith("  ") and line[2].isalpha():
                assert (kind, line.strip().rstrip(":")) in used, f"{path.name}: {line.strip()}"


def _explains(value: Mapping[str, Any]) -> bool:
    return bool(value.get("description")) and bool(value.get("x-source"))


def _properties(schema: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for item in schema:
            yield from _properties(item)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for key, item in schema.items():
            yield from _properties(list(item.values()) if key == "properties" else item if key != "x-source" else None)


def _sources(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _sources(item)
    elif isinstance(value, dict):
        if isinstance(value.get("x-source"), dict):
            yield value["x-source"]
        for item in value.values():
            yield from _sources(item)


def _members_of_list(api: Api, operation_id: str) -> set[str]:
    response = next(o for o in api.operations if o.id == operation_id).success
    assert response.schema is not None
    whole = api.resolve(response.schema)
    items = next(p.schema.items for p in whole.properties if p.name == response.envelope)
    assert items is not None
    return {member.name for member in api.resolve(items).properties}
