"""What each filter of the templates promises for any text; each rule fails where the promise is broken."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from markdown import markdown

from generator.templates import comment, doc, jsdoc, json_text, md, py

_EXTENSIONS = ["tables", "attr_list", "admonition", "def_list"]
_CELL_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "code"}


class Page(HTMLParser):
    """The tags of a page, and the words between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def show_page(markdown_text: str) -> Page:
    """The page that is made of Markdown."""
    parser = Page()
    parser.feed(markdown(markdown_text, extensions=_EXTENSIONS))
    parser.close()
    return parser


def check_literal(value: object) -> None:
    """A Python literal means the value."""
    assert ast.literal_eval(py(value)) == value


def check_docstring(value: str) -> None:
    """A docstring holds the text and nothing else."""
    module = ast.parse(f'def f():\n    """{doc(value)}"""\n    return 1\n')
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) <= 2
    assert isinstance(function.body[-1], ast.Return)


def check_comment(value: str) -> None:
    """A comment stays on its line."""
    assert ast.dump(ast.parse(f"# {comment(value)}\nx = 1\n")) == ast.dump(ast.parse("x = 1\n"))


def check_jsdoc(value: str) -> None:
    """A comment of JavaScript ends where it should, and each of its lines stands behind an asterisk."""
    written = f"/** {jsdoc(value, 2)} */"
    assert written.index("*/") == len(written) - 2
    assert all(line.startswith("   * ") for line in written.split("\n")[1:])
    assert written.splitlines() == written.split("\n")


def check_json(value: object) -> None:
    """JSON is JSON, and safe in a script."""
    rendered = json_text(value)
    assert json.loads(rendered) == value
    assert "<" not in rendered
    assert "\u2028" not in rendered


def check_markdown(value: str) -> None:
    """A paragraph shows the text as it is, and a table cell stays one cell."""
    plain = "".join(char for char in value if char.isprintable() and char != "`")  # the rest is shown as its code
    shown = show_page(md(plain))
    assert set(shown.tags) <= {"p"}
    assert "".join(shown.words.split()) == "".join(plain.split())
    cell = show_page(f"| a | b |\n|---|---|\n| x{md(value)} | end |\n")
    assert cell.tags.count("td") == 2
    assert set(cell.tags) <= _CELL_TAGS


RULES: Mapping[str, Callable[[str], None]] = {
    "py": check_literal,
    "doc": check_docstring,
    "comment": check_comment,
    "jsdoc": check_jsdoc,
    "json": check_json,
    "md": check_markdown,
}
