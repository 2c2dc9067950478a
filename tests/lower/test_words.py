"""Words of closed sets: one that is misspelt is named with its place, whoever looked before."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import SpecErrors
from generator.load import bundle
from generator.lower import lower

TEXT = """\
openapi: 3.1.0
info: {title: Small, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      x-retry: {policy: safe}
      x-source: {pages: [p], confidence: documented}
      x-filter:
        filter: filter
        sort: sort
        columns: [{name: title, type: string, operators: [eq]}]
        sortable: [title]
      parameters:
        - {name: filter, in: query, schema: {type: string}}
      responses: {"200": {description: Done.}}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("policy: safe", "policy: save", 7, "policy is 'save'"),
        ("confidence: documented", "confidence: documentd", 8, "confidence is 'documentd'"),
        ("type: string, operators", "type: text, operators", 12, "type is 'text'"),
        ("operators: [eq]", "operators: [equal]", 12, "operators is 'equal'"),
        ("in: query, schema", "in: qurey, schema", 15, "in is 'qurey'"),
    ],
)
def test_a_misspelt_word_is_a_fault_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int, message: str
) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(TEXT.replace(right, wrong), encoding="utf-8")
    assert right in TEXT
    document, faults = bundle(file)
    assert not faults
    with pytest.raises(SpecErrors) as caught:
        lower([document])
    (fault,) = caught.value.faults
    assert (fault.line, fault.message) == (line, message)
    assert fault.hint.startswith("write one of ")
