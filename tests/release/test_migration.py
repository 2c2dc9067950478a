"""The migration page: every breaking change, with code before and after that differs and is code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.generator.running import Run
from tests.proofs import mark_most_slow
from tests.release.checkout import SPEC
from tests.release.edits import EDITS

Toolkit = Callable[..., Run]
Replace = Callable[[str, str, str], None]
TAB = re.compile(r'^=== "(Before|After)"\n\n    (`{3,}) (\w+)\n((?:    .*\n|\n)*?)    \2\n', re.MULTILINE)


def read_code(page: str) -> list[tuple[str, str, str, str]]:
    """Each pair of codes: the language and the text before, and after."""
    found = [(label, language, re.sub("^    ", "", text, flags=re.M)) for label, _, language, text in TAB.findall(page)]
    assert [label for label, _, _ in found] == ["Before", "After"] * (len(found) // 2)
    return [(*found[index][1:], *found[index + 1][1:]) for index in range(0, len(found), 2)]


def write_page(checkout: Path, toolkit: Toolkit) -> str:
    run = toolkit("release", "--write", "--version", "7.0.0")
    assert run.code == 0, run.err
    return (checkout / "docs/migrations/7.0.0.md").read_text("utf-8")


EXPECTED = {
    "an operation goes": ("client.books.destroy(1)", "# DELETE /books/{id} is gone"),
    "a member goes": ("print(answer[0].title)", "# answer[0].title: the optional member is gone"),
    "the key moves": ("name: X-Key", "name: X-Reader"),
    "words say how to sign": ("description: The key of the reader.", "description: Sign with HMAC-SHA256."),
    "a limit is narrower": ("client.books.list(kind=", "# GET /books query kind: "),
    "a response has another value": ("print(answer[0].state)\n", 'print(answer[0].state)  # it can also be "lost"'),
    "a method is renamed": ("client.books.destroy(1)", "client.books.remove(1)"),
}


@pytest.mark.parametrize("what", mark_most_slow(EXPECTED, 2))
def test_code_before_and_after(checkout: Path, toolkit: Toolkit, edit: Replace, what: str) -> None:
    (one,) = (one for one in EDITS if one.what == what)
    edit(SPEC, one.old, one.new)
    page = write_page(checkout, toolkit)
    assert 'title: "Migrating to 7.0.0"' in page
    assert f"## v1: 1.2.3 to {one.description}\n" in page
    codes = read_code(page)
    for language, before, other, after in codes:
        assert before != after
        for kind, text in ((language, before), (other, after)):
            if kind == "python":
                ast.parse(text)
            elif kind == "yaml":
                yaml.safe_load(text)
    was, is_now = EXPECTED[what]
    assert any(was in code[1] and is_now in code[3] for code in codes)
    assert not any(is_now in code[1] for code in codes)


def test_every_breaking_edit_is_tried() -> None:
    breaking = {one.what for one in EDITS if "2.0.0" in one.description or one.packages == "1.0.0"}
    assert breaking == {*EXPECTED}


def test_the_successor_of_an_operation(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    """A deprecated operation that goes is shown beside the one that its `x-replaced-by` names."""
    more = "  /shelf:\n    get:\n      operationId: showShelf\n      deprecated: true\n"
    more += '      x-replaced-by: "v1 listBooks"\n'
    more += "      tags: [Books]\n      summary: Show the shelf\n      description: All of it.\n"
    more += "      x-client: {resource: shelf, method: show}\n      responses: *books\n"
    edit(SPEC, "components:\n  securitySchemes", f"{more}components:\n  securitySchemes")
    assert toolkit("release", "--write", "--version", "0.5.0").code == 0
    edit(SPEC, more, "")
    ((_, before, _, after),) = read_code(write_page(checkout, toolkit))
    assert "client.shelf.show()" in before
    assert 'client.books.list(kind="novel")' in after


def test_texts_of_the_description_are_harmless(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    hostile = r'"<script>alert(1)</script> ```\n=== x [x](http://x.example) \x1b[31m | # {{ y }}"'
    edit(SPEC, "enum: [here, lent]", f"enum: [here, lent, {hostile}]")
    page = write_page(checkout, toolkit)
    prose = TAB.sub("", page)
    assert "&lt;script&gt;" in prose
    assert not re.search(r"<script|(?<!\\)\[x(?<!\\)\]\(", prose)
    assert all(char.isprintable() or char == "\n" for char in page)
    ((_, before, _, after),) = read_code(page)
    assert "<script>" in after
    assert len(ast.parse(after).body) == len(ast.parse(before).body) == 2


def test_a_release_that_breaks_nothing_has_no_page(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "enum: [novel, poem]", "enum: [novel, poem, play]")
    assert toolkit("release", "--write").code == 0
    assert not (checkout / "docs").exists()
