"""Filters and orders written with the columns of a list: checked before they are sent, signed as they are sent."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

import procwise
from procwise.v3.columns import ExamColumns, StudentColumns
from tests.client.conftest import SECRET_KEY, Recorder
from tests.client.descriptions import describe_paths, generate_package, json_responses, run

DAY = datetime.date(2026, 2, 1)
MOMENT = datetime.datetime(2026, 2, 1, 9, tzinfo=datetime.UTC)


def sent_query(client: procwise.Client, server: Recorder, **arguments: Any) -> dict[str, str]:
    server.reply(data={"exams": []}, X_Pagination_Page_Count="1")
    list(client.exams.list(**arguments))
    return server.query()


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (ExamColumns.start_time >= DAY, '{"start_time":{"gte":"2026-02-01"}}'),
        (
            [ExamColumns.start_time >= MOMENT, ExamColumns.start_time < "2027", ExamColumns.name == "é?&="],
            '{"start_time":{"gte":"2026-02-01T09:00:00+00:00","lt":"2027"},"name":{"eq":"é?&="}}',
        ),
        ((ExamColumns.name > "a", ExamColumns.name <= "b"), '{"name":{"gt":"a","lte":"b"}}'),
        ({"start_time": {"gte": DAY}}, '{"start_time":{"gte":"2026-02-01"}}'),
        ('{"undocumented":{"eq":1}}', '{"undocumented":{"eq":1}}'),
        ([], "{}"),
    ],
)
def test_what_is_signed_is_what_is_sent(client: procwise.Client, server: Recorder, asked: object, text: str) -> None:
    query = sent_query(client, server, filter=asked)
    assert query["filter"] == text
    assert json.loads(text) is not None
    raw = dict(parse_qsl(urlsplit(str(server.last.url)).query))
    signature = raw.pop("signature")
    assert procwise.signing.sign(raw, SECRET_KEY) == signature


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (ExamColumns.name.desc(), '[{"name":"desc"}]'),
        ([ExamColumns.start_time.desc(), ExamColumns.name.asc()], '[{"start_time":"desc"},{"name":"asc"}]'),
        ([{"name": "asc"}], '[{"name":"asc"}]'),
        ('[{"undocumented":"asc"}]', '[{"undocumented":"asc"}]'),
    ],
)
def test_orders(client: procwise.Client, server: Recorder, asked: object, text: str) -> None:
    assert sent_query(client, server, sort=asked)["sort"] == text


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("filter", {"nmae": {"eq": "x"}}, r"no column 'nmae' \(name, start_time\)"),
        ("filter", {"name": {"like": "x"}}, r"'name' cannot be compared by 'like' \(eq, gt, gte, lt, lte\)"),
        ("filter", {"name": "x"}, "must be a dict of operators"),
        ("filter", [ExamColumns.name == "a", ExamColumns.name == "b"], "compared by 'eq' twice"),
        ("filter", [True], "bool is no condition"),
        ("filter", 7, "int cannot be sent here"),
        ("filter", ExamColumns.start_time >= datetime.datetime(2026, 1, 1), "has no time zone"),
        ("sort", [{"nmae": "asc"}], r"no column 'nmae'"),
        ("sort", [{"name": "up"}], r"cannot be sorted 'up' \(asc, desc\)"),
        ("sort", ["name"], "str is no order"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(
    client: procwise.Client, server: Recorder, name: str, asked: object, message: str
) -> None:
    with pytest.raises(procwise.InvalidArgument, match=message):
        sent_query(client, server, **{name: asked})
    assert not server.requests


def test_a_misspelt_column_is_an_error() -> None:
    with pytest.raises(AttributeError, match="nmae"):
        ExamColumns.nmae  # type: ignore[attr-defined]  # noqa: B018


def test_conditions_are_not_joined_by_and() -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"'name' .*`and`, .* in a list: \[column > a, column < b\]"):
        assert ExamColumns.name == "a" and ExamColumns.name > "b"
    with pytest.raises(procwise.InvalidArgument, match=r"'start_time' .*`a < column < b`"):
        assert DAY < ExamColumns.start_time < DAY
    with pytest.raises(procwise.InvalidArgument, match=r"an order by 'name' .*in a list"):
        assert ExamColumns.name.asc() and ExamColumns.start_time.desc()


def test_there_is_no_condition_that_something_differs() -> None:
    with pytest.raises(procwise.InvalidArgument, match="'name' cannot be compared by `!=`"):
        assert ExamColumns.name != "a"


def test_conditions_and_orders_can_be_copied() -> None:
    for one in (StudentColumns.name == "a", StudentColumns.name.desc()):
        for twin in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
            assert twin == one
    assert hash(StudentColumns.name)
    assert repr(StudentColumns.name) == "<Column name>"


def test_columns_of_another_description(tmp_path: Path) -> None:
    """Lists of one model with other columns have classes of their own, with their operators and orders."""
    columns = [
        {"name": "by name", "type": "string", "operators": ["eq"]},
        {"name": "size", "type": "integer", "operators": ["gt", "lt"]},
        {"name": "class", "type": "boolean", "operators": ["eq"]},
    ]
    thing = {"type": "object", "properties": {"name": {"type": "string"}}}
    listed = json_responses({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}})
    paths = {
        f"/{name}": {
            "get": {
                "operationId": f"list{name}",
                "tags": ["things"],
                "x-client": {"resource": "things", "method": f"list_{name}"},
                "x-filter": {"filter": "filter", "sort": "sort", "columns": chosen, "sortable": ["size", "age"]},
                "parameters": [
                    {"name": one, "in": "query", "schema": {"type": "string"}, "description": "As JSON."}
                    for one in ("filter", "sort")
                ],
                "responses": listed,
            }
        }
        for name, chosen in (("a", columns), ("b", columns[:2]))
    }
    package = generate_package(describe_paths(paths, components={"schemas": {"Thing": thing}}), tmp_path)
    assert run(OTHER, package).splitlines() == [
        '{"by name":{"eq":"x"},"size":{"lt":3},"class":{"eq":true}} [{"age":"desc"}]',
        "'by name' cannot be compared by 'gt' (eq)",
        "lists cannot be sorted by 'by name'",
        "there is no column 'class' (by name, size, age); JSON text is sent as it is",
    ]


OTHER = """
import httpx2, procwise
from procwise.v1 import columns
seen = []
def serve(request):
    seen.append(request.url.params)
    return httpx2.Response(200, json=[])
http = httpx2.Client(transport=httpx2.MockTransport(serve))
client = procwise.Client(base_url="https://other.example", http=http)
A, B = columns.ThingsListAColumns, columns.ThingsListBColumns
client.things.list_a(filter=[A.by_name == "x", A.size < 3, A.class_ == True], sort=A.age.desc())
print(seen[0]["filter"], seen[0]["sort"])
for attempt in (
    lambda: A.by_name > "x",
    lambda: A.by_name.asc(),
    lambda: client.things.list_b(filter={"class": {"eq": True}}),
):
    try:
        attempt()
    except procwise.InvalidArgument as error:
        print(error)
"""


def test_a_column_of_another_list_is_an_error(client: procwise.Client, server: Recorder) -> None:
    others: Any = StudentColumns.name == "a", StudentColumns.name.asc()
    for arguments in ({"filter": others[0]}, {"filter": [others[0]]}, {"sort": others[1]}, {"sort": [others[1]]}):
        with pytest.raises(procwise.InvalidArgument, match="'name' of StudentColumns is a column of another list"):
            client.exams.list(**arguments)
    assert server.requests == []
    for one in (ExamColumns.name == "a", pickle.loads(pickle.dumps(ExamColumns.name == "a"))):
        assert sent_query(client, server, filter=one)["filter"] == '{"name":{"eq":"a"}}'
