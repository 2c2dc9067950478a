"""`procwise-toolkit diff`: its exit codes and messages, its formats, and the description of this project."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from markdown import markdown

from tests.generator.running import Run

Toolkit = Callable[..., Run]


@pytest.fixture
def two(write: Callable[..., Path], small: str) -> Callable[..., None]:
    """Write old.yaml, and new.yaml with one text replaced."""

    def two(old: str, new: str) -> None:
        assert old in small
        write("old.yaml", small)
        write("new.yaml", small.replace(old, new))

    return two


def test_no_changes(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("Small", "Small")
    assert toolkit("diff", "old.yaml", "new.yaml") == Run(0, "new 1: no changes\n", "")
    assert toolkit("diff", "old.yaml", "new.yaml", "--format", "markdown").out == "## new 1\n\nNo changes.\n"


def test_text_names_place_line_and_rule(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two('version: "1"', "version: 2.0.0")
    assert toolkit("diff", "new.yaml", "new.yaml").out == "new 2.0.0: no changes\n"
    two("    get:", "    put:")
    assert toolkit("diff", "old.yaml", "new.yaml") == Run(
        1,
        "new 1: 1 breaking, 1 addition(s)\n"
        "description: major; Python client: major\n"
        "\n"
        "HTTP\n"
        "  breaking  GET /things/{id}: the operation is gone [operation-removed]\n"
        "            (old.yaml:6)\n"
        "  addition  PUT /things/{id}: the operation is new [operation-added]\n",
        "",
    )


def test_members_that_come_together_are_one_entry(toolkit: Toolkit, two: Callable[..., None]) -> None:
    members = ("a: {type: string}", "b: {type: boolean}", "d: {type: integer}")
    two("id: {type: integer}\n", "id: {type: integer}\n" + "".join(f"        {one}\n" for one in members))
    came = toolkit("diff", "old.yaml", "new.yaml").out.splitlines()
    assert came[0] == "new 1: 1 addition(s)"
    (line,) = (one.partition(" schema ")[2] for one in came if " schema " in one)
    assert line.startswith("Thing a, b, d: the optional members are new; used by GET /things/{id} ")
    went = toolkit("diff", "new.yaml", "old.yaml", "--format", "json")
    (api,) = json.loads(went.out)["apis"]
    (group,) = api["groups"]
    assert (group["name"], group["names"]) == (None, ["a", "b", "d"])
    assert group["sentence"] == "the optional members are gone"
    assert [(one["place"], one["path"]) for one in group["places"]] == [("schema Thing", name) for name in "abd"]
    assert [one["sentence"] for one in api["changes"]] == 3 * ["the optional member is gone"]


def test_members_of_two_objects_are_two_entries(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    inner = "b: {type: object, properties: {c: {type: string}}}"
    before = small.replace("id: {type: integer}\n", f"id: {{type: integer}}\n        {inner}\n")
    more = inner.replace("c: {", "d: {type: string}, c: {") + "\n        e: {type: string}"
    write("old.yaml", before)
    write("new.yaml", before.replace(inner, more))
    said = toolkit("diff", "old.yaml", "new.yaml").out
    assert "schema Thing b.d: the optional member is new" in said
    assert "schema Thing e: the optional member is new" in said


def test_markdown_is_a_section_of_a_changelog(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("id: {type: integer}\n", "id: {type: integer}\n        the owner's name: {type: string}\n")
    assert toolkit("diff", "old.yaml", "new.yaml", "--format", "markdown") == Run(
        0,
        "## new 1\n"
        "\n"
        "description: minor; Python client: minor.\n"
        "\n"
        "### Additions\n"
        "\n"
        "- **HTTP** schema Thing the owner's name: the optional member is new; used by GET /things/\\{id\\} "
        "(`response-optional-property-added`)\n",
        "",
    )


def test_json_has_stable_keys(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("id: {type: integer}\n", "id: {type: boolean}\n")
    run = toolkit("diff", "old.yaml", "new.yaml", "--format", "json")
    assert (run.code, run.err) == (1, "")
    said = {"severity": "breaking", "vocabulary": "http", "sentence": "the value is boolean, was integer"}
    around = {"operations": ["GET /things/{id}"], "file": "new.yaml", "line": 19}
    place = {"place": "schema Thing", "path": "id", **around}
    rule = "response-property-type-changed"
    group = {**said, "name": None, "names": [], "breaks": ["readers"], "rules": [rule], "places": [place]}
    assert json.loads(run.out) == {
        "bump": "major",
        "apis": [
            {
                "name": "new",
                "bump": "major",
                "bumps": {"http": "major", "python": "none", "signing": "none", "client": "major"},
                "version": {"old": "1", "new": "1", "next": None},
                "unbuilt": None,
                "groups": [{**group, "operations": ["GET /things/{id}"]}],
                "changes": [{**said, **place, "rule": rule}],
            }
        ],
    }


def test_versions_of_the_api_that_come_and_go(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    for name in ("old/v1", "old/v2", "new/v2", "new/v3"):
        write(f"{name}/openapi.yaml", small)
    run = toolkit("diff", "old", "new", "--format", "json")
    comparison = json.loads(run.out)
    assert run.code == 1
    assert [(api["name"], api["bump"], [one["rule"] for one in api["changes"]]) for api in comparison["apis"]] == [
        ("v2", "none", []),
        ("v3", "minor", ["api-added"]),
        ("v1", "major", ["api-removed"]),
    ]


def test_what_cannot_be_compared(toolkit: Toolkit, two: Callable[..., None], write: Callable[..., Path]) -> None:
    two("Small", "Small")
    missing = toolkit("diff", "old.yaml", "nowhere")
    assert (missing.code, missing.out) == (2, "")
    assert "nowhere: there is no such file or folder" in missing.err
    wrong = toolkit("diff", "old.yaml", "new.yaml", "--format", "pdf")
    assert (wrong.code, wrong.out) == (2, "")
    assert "pdf" in wrong.err
    assert toolkit("diff", "old.yaml").code == 2
    two("schemas/Thing", "schemas/Thong")
    write("old.yaml", "openapi: [3.1.0\n")
    faulty = toolkit("diff", "old.yaml", "new.yaml")
    assert (faulty.code, faulty.out) == (2, "")
    assert "old.yaml:2: invalid YAML" in faulty.err
    assert "new.yaml:16: " in faulty.err
    assert "Traceback" not in missing.err + wrong.err + faulty.err


def test_what_is_not_valid_is_compared_all_the_same(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("          description: The thing.\n", "")
    run = toolkit("diff", "old.yaml", "new.yaml")
    assert (run.code, run.out.splitlines()[0]) == (0, "new 1: 1 note(s)")
    assert run.err.startswith("new.yaml: compared in spite of 1 fault(s), such as: new.yaml:")


HOSTILE = '"\\x1b[31m\\x9b2J\\u202e <script>alert(1)</script> | *x* [red]`y` ![z](http://x.example) # \\n- a"'


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


def test_texts_of_a_description_are_harmless(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("id: {type: integer}\n", f"id: {{type: integer}}\n        {HOSTILE}: {{enum: [{HOSTILE}], type: string}}\n")
    forms = ("text", "json", "markdown", "junit", "github", "html")
    texts = {form: toolkit("diff", "new.yaml", "old.yaml", "--format", form).out for form in forms}
    for text in texts.values():
        assert all(char.isprintable() or char == "\n" for char in text)
        assert "script" in text
    assert "[red]" in texts["text"]
    indented = {line[:12] for line in texts["text"].splitlines() if line.startswith("  ")}
    assert indented == {"  breaking  ", " " * 12}
    assert _tags(markdown(texts["markdown"])) <= {"h2", "h3", "p", "ul", "li", "strong", "code"}
    assert not {"script", "img", "a"} & _tags(texts["html"])
    cases = ElementTree.fromstring(texts["junit"]).iter("testcase")
    assert any("<script>" in case.attrib["name"] for case in cases)
    assert all(line.startswith("::") for line in texts["github"].splitlines())


def _tags(page: str) -> set[str]:
    parser = _Page()
    parser.feed(page)
    return parser.tags


def test_junit_fails_where_callers_break(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("    get:", "    put:")
    run = toolkit("diff", "old.yaml", "new.yaml", "--format", "junit")
    suite = ElementTree.fromstring(run.out).find("testsuite")
    assert suite is not None
    cases = {case.attrib["name"]: case.find("failure") is not None for case in suite.iter("testcase")}
    assert (run.code, suite.attrib["tests"], suite.attrib["failures"]) == (1, "2", "1")
    assert cases == {"GET /things/{id}: the operation is gone": True, "PUT /things/{id}: the operation is new": False}


def test_github_has_an_annotation_for_each_change(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("    get:", "    put:")
    assert toolkit("diff", "old.yaml", "new.yaml", "--format", "github").out == (
        "::error file=old.yaml,line=6,title=new breaking (HTTP)%3A operation-removed"
        "::GET /things/{id}: the operation is gone\n"
        "::notice file=new.yaml,line=6,title=new addition (HTTP)%3A operation-added"
        "::PUT /things/{id}: the operation is new\n"
    )


def test_tolerant_readers_are_not_broken_by_another_value(
    toolkit: Toolkit, write: Callable[..., Path], small: str
) -> None:
    for name, words in (("old", "[new]"), ("new", "[new, old]")):
        text = f"id: {{type: integer}}\n        state: {{type: string, enum: {words}}}\n"
        write(f"{name}.yaml", small.replace("id: {type: integer}\n", text))
    strict = toolkit("diff", "old.yaml", "new.yaml", "--format", "json")
    tolerant = toolkit("diff", "old.yaml", "new.yaml", "--format", "json", "--policy", "tolerant")
    assert (strict.code, tolerant.code) == (1, 0)
    first, second = (json.loads(run.out) for run in (strict, tolerant))
    assert (first["bump"], first["apis"][0]["bumps"]["client"]) == ("major", "minor")
    assert (second["bump"], second["apis"][0]["bumps"]["client"]) == ("minor", "minor")


@pytest.mark.slow
def test_the_description_of_this_project_does_not_differ_from_itself(toolkit: Toolkit, root: Path) -> None:
    spec = str(root / "spec")
    run = toolkit("diff", spec, spec)
    assert (run.code, run.err) == (0, "")
    assert [line.rpartition(": ")[2] for line in run.out.split("\n\n")] == ["no changes", "no changes\n"]


@pytest.mark.slow
def test_the_bundle_is_what_it_was_bundled_from(toolkit: Toolkit, root: Path) -> None:
    run = toolkit("diff", str(root / "spec/v3/openapi.yaml"), str(root / "generated/openapi/v3.yaml"))
    assert (run.code, run.out) == (0, f"v3 {_version(root)}: no changes\n")


@pytest.mark.slow
def test_an_operation_that_leaves_this_project(toolkit: Toolkit, root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "spec", tmp_path / "new")
    path = tmp_path / "new/v3/institutes.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("    delete:\n")
    end = text.index("\n\n", start) if "\n\n" in text[start:] else len(text)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    run = toolkit("diff", str(root / "spec"), "new", "--format", "json")
    first, third = json.loads(run.out)["apis"]
    assert (run.code, first["bump"]) == (1, "none")
    now = _version(root)
    assert third["version"] == {"old": now, "new": now, "next": f"{int(now.partition('.')[0]) + 1}.0.0"}
    (change,) = third["changes"]
    line = text[:start].count("\n") + 1
    assert (change["rule"], change["place"]) == ("operation-removed", "DELETE /institutes/{id}")
    assert (Path(change["file"]), change["line"]) == (root / "spec/v3/institutes.yaml", line)


def _version(root: Path) -> str:
    """What the description calls version 3."""
    return str(yaml.safe_load((root / "spec/v3/openapi.yaml").read_text(encoding="utf-8"))["info"]["version"])
