"""Identifiers: words, case, reserved words, collisions."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given, strategies as st

from generator.names import distinct, pascal, snake


@pytest.mark.parametrize(
    ("text", "name", "class_name"),
    [
        ("listExams", "list_exams", "ListExams"),
        ("X-Pagination-Page", "x_pagination_page", "XPaginationPage"),
        ("HTTPServer", "http_server", "HTTPServer"),
        ("class", "class_", "Class"),
        ("2nd try", "field_2nd_try", "Model2ndTry"),
        ("__import__('os')", "import_os", "ImportOs"),
        ("größe", "größe", "Größe"),
        ("none", "none", "None_"),
    ],
)
def test_examples(text: str, name: str, class_name: str) -> None:
    assert (snake(text), pascal(text)) == (name, class_name)


@given(st.text())
def test_every_text_becomes_a_name_or_is_refused(text: str) -> None:
    for make in (snake, pascal):
        try:
            name = make(text)
        except ValueError as error:
            assert "name" in str(error)
        else:
            assert name.isidentifier()
            assert not keyword.iskeyword(name)


@given(st.lists(st.sampled_from(["id", "id_2", "name"])))
def test_twins_are_numbered(names: list[str]) -> None:
    found = distinct(names)
    assert len(set(found)) == len(found) == len(names)
