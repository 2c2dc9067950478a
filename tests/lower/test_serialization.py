"""The model as JSON: what programs read back is what was lowered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from generator.ir import Api, Project
from generator.ir.serialization import dump, load
from tests.lower.lowering import operation, placeholders, read
from tests.spec import read_project

FOR_READERS = {
    "target",
    "definition",
    "description",
    "document",
    "file",
    "hint",
    "line",
    "meaning",
    "source",
    "summary",
    "tag",
}


def project_of(api: Api) -> Project:
    return Project(client="c", sandbox="s", conformance="k", version="1", apis=(api,))


def differences(old: object, new: object, where: str = "") -> Iterator[str]:
    """The members that differ, but for those that only readers need."""
    if is_dataclass(old) and type(old) is type(new):
        for one in (one.name for one in fields(old) if one.name not in FOR_READERS and not one.name.startswith("_")):
            yield from differences(getattr(old, one), getattr(new, one), f"{where}.{one}")
    elif isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, f"{where}[{number}]")
    elif old != new:
        yield f"{where}: {old!r} became {new!r}"


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project()


def test_everything_but_errors_is_read_back(project: Project) -> None:
    loaded = load(dump(project))
    for old, new in zip(project.apis, loaded.apis, strict=True):
        assert [one.name for one in new.resources] == [one.name for one in old.resources]
        assert list(differences(old.resources, new.resources)) == []
        assert list(differences(old.schemas, new.schemas)) == []
        for before, after in zip(old.operations, new.operations, strict=True):
            statuses = [response.status for response in before.responses]
            assert [response.status for response in after.responses] == statuses
            found = [one for one in differences(before, after) if not one.startswith(".responses[")]
            assert found == [], before.id
            assert list(differences(before.success, after.success)) == [], before.id
            assert [one.name for one in after.members] == [one.name for one in before.members]


def test_a_text_that_is_read_and_written_again_is_the_same(project: Project) -> None:
    text = dump(project)
    assert dump(load(text)) == text


@pytest.mark.parametrize("package", ["sandbox/procwise_sandbox", "conformance/procwise_conformance"])
def test_both_packages_have_the_same_description(root: Path, project: Project, package: str) -> None:
    folder = root / "generated" / package / "description"
    stored = json.loads((folder / "project.json").read_text("utf-8"))
    del stored["x-generated"]
    assert stored == json.loads(dump(project))
    for module in (root / "generator" / "ir").glob("*.py"):
        assert (folder / module.name).read_text("utf-8").endswith(module.read_text("utf-8"))


@pytest.mark.parametrize("value", [False, 0, "", [], {}, None, 0.0, {"a": [False, {}]}])
def test_an_example_that_is_empty_is_one_too(tmp_path: Path, value: object) -> None:
    shown = operation("show_thing", "things", {}, parameters=placeholders("id"))
    shown["responses"]["200"]["content"]["application/json"]["example"] = value
    api = load(dump(project_of(read(tmp_path, {"/things/{id}": {"get": shown}})))).apis[0]
    (example,) = api.operations[0].success.examples
    assert json.dumps(json.loads(dump(project_of(api)))["apis"][0]["operations"][0]["responses"][0]["examples"]) == (
        json.dumps([{"name": "example", "value": value}])
    )
    assert example.name == "example"


def test_a_schema_that_refers_to_itself_still_does(tmp_path: Path) -> None:
    reference = {"$ref": "#/components/schemas/Tree"}
    tree = {"type": "object", "properties": {"below": {"type": "array", "items": reference}}}
    shown = operation("show_tree", "trees", reference, parameters=placeholders("id"))
    api = load(dump(project_of(read(tmp_path, {"/trees/{id}": {"get": shown}}, {"Tree": tree})))).apis[0]
    (below,) = api.operations[0].members
    assert below.schema.element.resolve() is api.schema("Tree")
