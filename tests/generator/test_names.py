"""Identifiers: words, case, reserved words, collisions."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given, strategies as st

from generator.names import constant, distinct, pascal, snake


@pytest.mark.parametrize(
    ("text", "name", "class_name", "constant_name"),
    [
        ("listExams", "list_exams", "ListExams", "LIST_EXAMS"),
        ("X-Pagination-Page", "x_pagination_page", "XPaginationPage", "X_PAGINATION_PAGE"),
        ("HTTPServer", "http_server", "HTTPServer", "HTTP_SERVER"),
        ("class", "class_", "Class", "CLASS"),
        ("2nd try", "field_2nd_try", "Model2ndTry", "VALUE_2ND_TRY"),
        ("__import__('os')", "import_os", "ImportOs", "IMPORT_OS"),
        ("größe", "größe", "Größe", "GRÖSSE"),
        ("none", "none", "None_", "NONE"),
    ],
)
def test_examples(text: str, name: str, class_name: str, constant_name: str) -> None:
    assert (snake(text), pascal(text), constant(text)) == (name, class_name, constant_name)


@given(st.text())
def test_every_text_becomes_a_name_or_is_refused(text: str) -> None:
    for make in (snake, pascal, constant):
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
