"""The page from v1 to v3 names what becomes of every parameter, and has the programs of the pages of the operations."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.load import Document
from tests.docs.test_reference import Described, read_operations
from tests.programs import Programs

ROWS = re.compile(r"^\| (?:<code>(\S*)</code>)? *\| (?:<code>(\S*)</code>)? *\| (.+) \|$", re.MULTILINE)


FIELDS = "Fields of the response"


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    """The text of the page by heading."""
    text = (root / "docs/reference/migration.md").read_text(encoding="utf-8").replace("&#95;", "_")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    steps = [f"{title}\n{body}" for title, body in zip(parts[1::2], parts[2::2], strict=True)]
    return {
        next(iter(re.findall(r"\]\(v1/(\S+)\.md\) becomes", step)), step.partition("\n")[0]): step for step in steps
    }


def names_of(operation: Described) -> set[str]:
    """What a call sends, as the description writes it."""
    sent = {parameter["name"] for parameter in operation.parameters if parameter["in"] in ("path", "query")}
    for media in operation.resolve(operation.value.get("requestBody", {})).get("content", {}).values():
        sent |= names_of_members(operation, media["schema"])
    return sent - {"timestamp", "nonce", "signature"}


def names_of_members(operation: Described, schema: dict[str, Any]) -> set[str]:
    schema = operation.resolve(schema)
    inside = (names_of_members(operation, part) for part in schema.get("allOf", ()))
    return {*schema.get("properties", {})}.union(*inside)


def test_every_parameter_that_is_gone_or_new_is_named(
    sections: dict[str, str], documents: tuple[Document, ...]
) -> None:
    by_id = {(one.api, one.value["operationId"]): one for one in read_operations(documents)}
    tried = 0
    for operation in by_id.values():
        api, _, name = operation.value.get("x-replaced-by", "").partition(" ")
        if (api, name) not in by_id:
            continue
        old, new = names_of(operation), names_of(by_id[api, name])
        client = operation.value["x-client"]
        text = sections.get(f"{client['resource']}/{client['method']}", "")
        rows = ROWS.findall(text.partition(FIELDS)[0])
        assert old - new <= {row[0] for row in rows}, name
        assert new - old <= {row[1] for row in rows}, name
        assert {row[0] for row in rows} - {""} <= old
        assert {row[1] for row in rows} - {""} <= new
        tried += bool(rows)
    assert tried == 12  # counted by hand in spec/v1


def fields_of(operation: Described) -> dict[str, dict[str, Any]]:
    """The fields of its successes by their paths, as the description writes them."""
    fields: dict[str, dict[str, Any]] = {}
    for status, response in operation.value["responses"].items():
        for media in operation.resolve(response).get("content", {}).values() if status.startswith("2") else ():
            waiting = [("", media["schema"])]
            while waiting:
                path, schema = waiting.pop()
                schema = operation.resolve(schema)
                waiting += [(path, part) for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()))]
                waiting += [(path, schema["items"])] if "items" in schema else []
                for name, member in schema.get("properties", {}).items():
                    if f"{path}{name}" not in fields:
                        fields[f"{path}{name}"] = member
                        waiting.append((f"{path}{name}.", member))
    return fields


def test_every_field_of_a_response_that_moved_or_went_is_named(
    sections: dict[str, str], documents: tuple[Document, ...]
) -> None:
    by_id = {(one.api, one.value["operationId"]): one for one in read_operations(documents)}
    named = 0
    for operation in by_id.values():
        api, _, name = operation.value.get("x-replaced-by", "").partition(" ")
        if (api, name) not in by_id:
            continue
        old, new = fields_of(operation), fields_of(by_id[api, name])
        client = operation.value["x-client"]
        text = sections.get(f"{client['resource']}/{client['method']}", "")
        rows = ROWS.findall(text.partition(FIELDS)[2])
        renamed = {
            (path, f"{path.rpartition('.')[0]}.{one['x-replaced-by']}")
            for path, one in old.items()
            if "x-replaced-by" in one
        }
        assert {*old} - {*new} <= {row[0] for row in rows}, name
        assert renamed <= {row[:2] for row in rows}, name
        assert {row[0] for row in rows} <= {*old}
        assert {row[1] for row in rows} - {""} <= {*new}
        named += len(rows)
    assert named > 15
    shown = ROWS.findall(sections["exams/show"].partition(FIELDS)[2])
    assert ("exam.duration", "exam.duration_minutes", "renamed") in [
        (*row[:2], row[2].partition(",")[0]) for row in shown
    ]
    assert ("students.close_time", "", "gone: v3 shows no such field") in ROWS.findall(
        sections["student_sessions/list"]
    )


def test_a_field_that_moved_is_found(program: Programs, tmp_path: Path) -> None:
    room = {"type": "object", "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}}
    before = {"room_name": {"type": "string", "x-replaced-by": "room.name"}, "door": {**room, "x-replaced-by": "none"}}
    before = {**before, "size": {"type": "string"}, "old": room}
    after = {"room": room, "size": {"type": ["integer", "null"]}}
    for version, members, extra in (
        ("v1", before, {"deprecated": True, "x-replaced-by": "v2 showA"}),
        ("v2", after, {}),
    ):
        schema = {"type": "object", "properties": members}
        operation = {
            "operationId": "showA",
            "x-client": {"resource": "as", "method": "show"},
            "responses": {"200": {"description": "A.", "content": {"application/json": {"schema": schema}}}},
            **extra,
        }
        described = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get": operation}}}
        path = tmp_path / version / "openapi.yaml"
        path.parent.mkdir()
        path.write_text(json.dumps(described), encoding="utf-8")
    given = [part for version in ("v1", "v2") for part in ("--spec", str(tmp_path / version / "openapi.yaml"))]
    ended = program("generator", "generate", "--layer", "docs", *given, "--out", str(tmp_path))
    assert ended.code == 0, ended.err
    text = (tmp_path / "docs/reference/migration.md").read_text("utf-8").replace("&#95;", "_")
    assert ROWS.findall(text.partition(FIELDS)[2]) == [
        ("room_name", "room.name", "moved"),
        ("door", "", "gone: v2 shows no such field"),
        ("size", "size", "was string, is integer or <code>null</code>"),
        ("old", "", "gone: v2 shows no such field"),
    ]


def test_an_id_that_means_another_object_is_not_taken_for_the_same(sections: dict[str, str]) -> None:
    assert {row[:2] for row in ROWS.findall(sections["exams/show_student"].partition(FIELDS)[0])} == {
        ("id", ""),
        ("student_session_id", "id"),
    }
    assert ("id", "exam_id", "renamed") in ROWS.findall(sections["exams/add_student"])


def test_renamed_members_and_those_of_another_operation_are_named(sections: dict[str, str]) -> None:
    rows = ROWS.findall(sections["exams/create"])
    assert ("duration", "duration_minutes", "renamed") in rows
    assert any(row[0] == "exam_content" and "v3/documents/create.md" in row[2] for row in rows)


def test_the_programs_are_those_of_the_operations(sections: dict[str, str], root: Path) -> None:
    for page, text in sections.items():
        programs = re.findall(r"``` python\n(.*?)```", text, re.DOTALL)
        assert (len(programs) == 2) is ("/" in page and "becomes [" in text and "What to do" in text), page
        for program, version in zip(programs, ("v1", "v3"), strict=False):
            target = re.findall(rf"\]\(({version}/\S+\.md)\)", text)[0]
            own = (root / "docs/reference" / target).read_text(encoding="utf-8").replace("&#95;", "_")
            assert program in own, target


def test_what_has_no_successor_says_why(sections: dict[str, str]) -> None:
    ended = sections["What has no successor in v3"]
    assert ended.count("version 3 gives proctors to student sessions, not to exams") == 3


@pytest.mark.slow
def test_without_successors_there_is_no_page(program: Programs, tmp_path: Path) -> None:
    spec = tmp_path / "v9/openapi.yaml"
    spec.parent.mkdir()
    operation = {
        "operationId": "a",
        "x-client": {"resource": "as", "method": "list"},
        "responses": {"200": {"description": "A."}},
    }
    described = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/as": {"get": operation}}}
    spec.write_text(json.dumps(described), encoding="utf-8")
    ended = program("generator", "generate", "--layer", "docs", "--spec", str(spec), "--out", str(tmp_path))
    assert ended.code == 0, ended.err
    assert not (tmp_path / "docs/reference/migration.md").exists()
