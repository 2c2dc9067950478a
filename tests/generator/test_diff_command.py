"""`procwise-toolkit diff`: its exit codes and messages, its three formats, and the description of this project."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
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


def test_text_tells_place_line_and_rule(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two('version: "1"', "version: 2.0.0")
    assert toolkit("diff", "new.yaml", "new.yaml").out == "new 2.0.0: no changes\n"
    two("    get:", "    put:")
    assert toolkit("diff", "old.yaml", "new.yaml") == Run(
        1,
        "new 1, bump major: 1 breaking, 1 addition\n"
        "\n"
        "GET /things/{id} (old.yaml:6)\n"
        "  breaking  the operation is gone [operation-removed]\n"
        "\n"
        "PUT /things/{id} (new.yaml:6)\n"
        "  addition  the operation is new [operation-added]\n",
        "",
    )


def test_markdown_is_a_section_of_a_changelog(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("id: {type: integer}\n", "id: {type: integer}\n        name: {type: string}\n")
    assert toolkit("diff", "old.yaml", "new.yaml", "--format", "markdown") == Run(
        0,
        "## new 1\n"
        "\n"
        "### Additions\n"
        "\n"
        "- **schema Thing** name: the optional member is new (`response-optional-property-added`)\n",
        "",
    )


def test_json_has_stable_keys(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("id: {type: integer}\n", "id: {type: string}\n")
    run = toolkit("diff", "old.yaml", "new.yaml", "--format", "json")
    assert (run.code, run.err) == (1, "")
    assert json.loads(run.out) == {
        "bump": "major",
        "apis": [
            {
                "name": "new",
                "bump": "major",
                "version": {"old": "1", "new": "1", "next": None},
                "changes": [
                    {
                        "severity": "breaking",
                        "rule": "response-property-type-changed",
                        "place": "schema Thing",
                        "path": "id",
                        "sentence": "the value is string, was integer",
                        "operations": ["GET /things/{id}"],
                        "file": "new.yaml",
                        "line": 6,
                    }
                ],
            }
        ],
    }


def test_versions_of_the_api_that_come_and_go(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    for name in ("old/v1", "old/v2", "new/v2", "new/v3"):
        write(f"{name}/openapi.yaml", small)
    run = toolkit("diff", "old", "new", "--format", "json")
    told = json.loads(run.out)
    assert run.code == 1
    assert [(api["name"], api["bump"], [one["rule"] for one in api["changes"]]) for api in told["apis"]] == [
        ("v2", "none", []),
        ("v3", "minor", ["api-added"]),
        ("v1", "major", ["api-removed"]),
    ]


def test_what_cannot_be_compared(toolkit: Toolkit, two: Callable[..., None], write: Callable[..., Path]) -> None:
    two("Small", "Small")
    missing = toolkit("diff", "old.yaml", "nowhere")
    assert (missing.code, missing.out) == (2, "")
    assert "nowhere: there is no such file or folder" in missing.err
    wrong = toolkit("diff", "old.yaml", "new.yaml", "--format", "html")
    assert (wrong.code, wrong.out) == (2, "")
    assert "html" in wrong.err
    assert toolkit("diff", "old.yaml").code == 2
    two("type: integer", "type: integr")
    write("old.yaml", "openapi: [3.1.0\n")
    faulty = toolkit("diff", "old.yaml", "new.yaml")
    assert (faulty.code, faulty.out) == (2, "")
    assert "old.yaml:2: invalid YAML" in faulty.err
    assert "new.yaml:22: " in faulty.err
    assert "Traceback" not in missing.err + wrong.err + faulty.err


HOSTILE = '"\\x1b[31m\\x9b2J\\u202e <script>alert(1)</script> | *x* [red]`y` ![z](http://x.example) # \\n- a"'


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


def test_texts_of_a_description_are_harmless(toolkit: Toolkit, two: Callable[..., None]) -> None:
    two("id: {type: integer}\n", f"id: {{type: integer}}\n        {HOSTILE}: {{enum: [{HOSTILE}], type: string}}\n")
    texts = [toolkit("diff", "new.yaml", "old.yaml", "--format", form).out for form in ("text", "json", "markdown")]
    for text in texts:
        assert all(char.isprintable() or char == "\n" for char in text)
        assert "script" in text
    terminal, _, page = texts
    assert "[red]" in terminal
    assert [line[:12] for line in terminal.splitlines()[3:]] == ["  breaking  "]
    parser = _Page()
    parser.feed(markdown(page))
    assert parser.tags <= {"h2", "h3", "ul", "li", "strong", "code"}


def test_the_description_of_this_project_does_not_differ_from_itself(toolkit: Toolkit, root: Path) -> None:
    spec = str(root / "spec")
    run = toolkit("diff", spec, spec)
    assert (run.code, run.err) == (0, "")
    assert [line.rpartition(": ")[2] for line in run.out.split("\n\n")] == ["no changes", "no changes\n"]


def test_the_bundle_is_what_it_was_bundled_from(toolkit: Toolkit, root: Path) -> None:
    run = toolkit("diff", str(root / "spec/v3/openapi.yaml"), str(root / "generated/openapi/v3.yaml"))
    assert (run.code, run.out) == (0, "v3 3.0.0: no changes\n")


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
    assert third["version"] == {"old": "3.0.0", "new": "3.0.0", "next": "4.0.0"}
    (change,) = third["changes"]
    line = text[:start].count("\n") + 1
    assert (change["rule"], change["place"]) == ("operation-removed", "DELETE /institutes/{id}")
    assert (Path(change["file"]), change["line"]) == (root / "spec/v3/institutes.yaml", line)
