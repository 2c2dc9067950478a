"""Each filter makes any text harmless in its place, and keeps its meaning."""

from __future__ import annotations

import ast
import json
from html.parser import HTMLParser

import yaml
from hypothesis import given, strategies as st
from markdown import markdown

from generator.templates import comment, doc, json_text, md, py

NASTY = [
    '"""',
    "'''",
    "\\",
    "{{ x }}",
    "{% raw %}",
    "*/",
    "</script>",
    "\n",
    "\r",
    "\x00",
    "\u2028",
    "|",
    "`",
    "<b>",
    "__import__('os')",
    "${x}",
    "#{x}",
    "\u202e",
]
text = st.lists(st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=8).map(
    "".join
)
data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@given(data)
def test_python_literals_mean_the_value(value: object) -> None:
    assert ast.literal_eval(py(value)) == value


@given(text)
def test_docstrings_hold_the_text_and_nothing_else(value: str) -> None:
    module = ast.parse(f'def f():\n    """{doc(value)}"""\n    return 1\n')
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) <= 2
    assert isinstance(function.body[-1], ast.Return)


@given(text)
def test_comments_stay_on_their_line(value: str) -> None:
    assert ast.dump(ast.parse(f"# {comment(value)}\nx = 1\n")) == ast.dump(ast.parse("x = 1\n"))


@given(data)
def test_json_is_json_and_yaml_and_safe_in_a_script(value: object) -> None:
    rendered = json_text(value)
    assert json.loads(rendered) == value
    assert "<" not in rendered
    assert "\u2028" not in rendered
    if isinstance(value, str):
        assert yaml.safe_load(rendered) == value


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def page(markdown_text: str) -> _Page:
    parser = _Page()
    parser.feed(markdown(markdown_text, extensions=["tables", "attr_list", "admonition", "def_list"]))
    parser.close()
    return parser


@given(text)
def test_markdown_shows_the_text_as_it_is(value: str) -> None:
    value = value.replace("`", "").replace("\x02", "").replace("\x03", "")  # Python-Markdown's own marks
    shown = page(md(value))
    assert set(shown.tags) <= {"p"}
    assert "".join(shown.words.split()) == "".join(value.split())


@given(text)
def test_a_table_cell_stays_one_cell(value: str) -> None:
    shown = page(f"| a | b |\n|---|---|\n| x{md(value)} | end |\n")
    assert shown.tags.count("td") == 2
    assert set(shown.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


def test_code_between_backticks_stays_code() -> None:
    assert page(md("send `Token token=<x>` here")).tags == ["p", "code"]
    assert page(md("send `Token token=<x>` here")).words.strip() == "send Token token=<x> here"
