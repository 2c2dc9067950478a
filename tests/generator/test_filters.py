"""Each filter makes any text harmless in its place, and keeps its meaning."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, strategies as st

from generator.templates import json_text, md
from tests.generator.filter_rules import (
    check_comment,
    check_docstring,
    check_jsdoc,
    check_json,
    check_literal,
    check_markdown,
    show_page,
)

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
    check_literal(value)


@given(text)
def test_docstrings_hold_the_text_and_nothing_else(value: str) -> None:
    check_docstring(value)


@given(text)
def test_comments_stay_on_their_line(value: str) -> None:
    check_comment(value)


@given(text)
def test_comments_of_javascript_end_where_they_should(value: str) -> None:
    check_jsdoc(value)


@given(data)
def test_json_is_json_and_yaml_and_safe_in_a_script(value: object) -> None:
    check_json(value)
    if isinstance(value, str):
        assert yaml.safe_load(json_text(value)) == value


@given(text)
def test_markdown_shows_the_text_as_it_is_and_a_cell_stays_one(value: str) -> None:
    check_markdown(value)


def test_code_between_backticks_stays_code() -> None:
    assert show_page(md("send `Token token=<x>` here")).tags == ["p", "code"]
    assert show_page(md("send `Token token=<x>` here")).words.strip() == "send Token token=<x> here"


@pytest.mark.parametrize("value", ['say "t"\n', '"" ', 'a\\"\n\t', "\n\n", ' """ '])
def test_a_docstring_may_end_in_quotes_and_blanks(value: str) -> None:
    check_docstring(value)
