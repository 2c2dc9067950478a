"""How lists and objects of a query are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.client.descriptions import TEXT, describe_paths, generate_package, operation, show
from tests.proofs import mark_most_slow

LIST_AND_OBJECT: dict[str, Any] = {
    "tag": {"type": "array", "items": TEXT},
    "seen": {"type": "array", "items": {"type": "boolean"}},
    "place": {"type": "object", "properties": {"row": {"type": "integer"}, "seat": TEXT}},
}


@pytest.mark.parametrize(
    ("style", "query"),
    mark_most_slow(
        [
            ({}, "tag=x%2Cy&tag=z&seen=true&seen=false&row=7&seat=a%20b"),
            ({"explode": True}, "tag=x%2Cy&tag=z&seen=true&seen=false&row=7&seat=a%20b"),
            ({"explode": False}, "tag=x%2Cy%2Cz&seen=true%2Cfalse&place=row%2C7%2Cseat%2Ca%20b"),
            ({"style": "pipeDelimited"}, "tag=x%2Cy%7Cz&seen=true%7Cfalse&place=row%7C7%7Cseat%7Ca%20b"),
            (
                {"style": "spaceDelimited", "explode": False},
                "tag=x%2Cy%20z&seen=true%20false&place=row%207%20seat%20a%20b",
            ),
            (
                {"style": "deepObject", "explode": True},
                "tag=x%2Cy&tag=z&seen=true&seen=false&place%5Brow%5D=7&place%5Bseat%5D=a%20b",
            ),
        ],
        5,
    ),
    ids=str,
)
def test_lists_and_objects_of_the_query_are_written_in_their_style(
    tmp_path: Path, style: dict[str, Any], query: str
) -> None:
    parameters = [
        {"name": name, "in": "query", "description": "Made up.", "schema": schema, **style}
        for name, schema in LIST_AND_OBJECT.items()
    ]
    package = generate_package(describe_paths({"/a": {"get": operation(parameters=parameters)}}), tmp_path)
    place = "models.GetItPlace(row=7, seat='a b')"
    program = f"""
client.things.get_it(tag=["x,y", "z"], seen=[True, False], place={place})
client.things.get_it(tag=[], place=UNSET)
print(*(request.url.query.decode() for request in seen), sep="\\n")
"""
    assert show(program, package, (200, '""'), (200, '""'))[0] == query
