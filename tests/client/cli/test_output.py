"""Tables, JSON and CSV: what is shown, what is masked, and that no terminal obeys it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st

from procwise import Client
from procwise._cli.output import Format, Printer
from procwise._logging.redaction import Redactor
from procwise_sandbox import Running
from tests.client.cli.conftest import Run

ODD = "\x1b[31mred\x07\u009b2J\u202edesrever"
JSON_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.fixture(scope="module")
def odd_exam(sandbox: Running) -> int:
    """An exam whose name would change the terminal."""
    with Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url) as client:
        number: int = client.exams.create(name=ODD, type="classroom").id
        return number


def test_a_table_on_a_terminal_and_json_elsewhere(command: Callable[..., Run]) -> None:
    assert json.loads(command("exams", "show", "1").out)["id"] == 1
    assert command("exams", "show", "1", is_terminal=True).out.startswith("id  ")
    rows = command("exams", "list", "--limit", "2", is_terminal=True).out.splitlines()
    assert rows[0].split()[:3] == ["id", "institute_id", "name"]
    assert len(rows) == 3


@pytest.mark.parametrize("format_", ["table", "json", "csv"])
def test_a_terminal_obeys_nothing_of_the_server(command: Callable[..., Run], odd_exam: int, format_: str) -> None:
    for words in (("show", str(odd_exam)), ("list", "--all", "--columns", "id,name")):
        shown = command("exams", *words, "--output", format_, is_terminal=True)
        assert "desrever" in shown.out
        assert all(char.isprintable() or char == "\n" for char in shown.out)
        assert "\x07" not in shown.err


def test_json_is_what_came(command: Callable[..., Run], odd_exam: int) -> None:
    assert json.loads(command("exams", "show", str(odd_exam)).out)["name"] == ODD


@given(JSON_DATA)
@settings(max_examples=40)
def test_json_of_anything_reads_back_and_is_printable(value: object) -> None:
    from procwise._cli.output import write_json

    text = write_json(value)
    assert json.loads(text) == value
    assert all(char.isprintable() or char == "\n" for char in text)


def test_csv_reads_back(command: Callable[..., Run], odd_exam: int) -> None:
    asked = ("exams", "list", "--all", "--columns", "name,id,end_time,mobile_cam", "--output", "csv")
    head, *rows = csv.reader(io.StringIO(command(*asked).out))
    assert head == ["name", "id", "end_time", "mobile_cam"]
    assert [ODD, str(odd_exam), "", "false"] in rows


def test_secrets_are_masked_unless_they_are_asked_for(command: Callable[..., Run]) -> None:
    shown = command("exams", "show", "1")
    assert json.loads(shown.out)["token"] == "***"
    assert "--reveal prints them" in shown.err
    revealed = command("exams", "show", "1", "--reveal")
    assert json.loads(revealed.out)["token"] not in ("***", None)
    assert revealed.err == ""
    assert command("exams", "show", "1", "--columns", "id").err == ""


@pytest.mark.parametrize("width", ["1", "12", "40", "300"])
def test_a_table_of_any_width(command: Callable[..., Run], width: str) -> None:
    rows = command("exams", "list", "--output", "table", COLUMNS=width, NO_COLOR="1")
    assert rows.code == 0
    assert max(map(len, rows.out.splitlines())) <= max(int(width), 2)
    shown = "".join(rows.out.split())
    assert "id" in shown
    assert ("Introductiontologic" in shown) == (int(width) >= 40)


def test_an_empty_list(command: Callable[..., Run]) -> None:
    asked = ("exams", "list", "--filter", "name=there is none")
    table, text, rows = (command(*asked, "--output", name) for name in ("table", "json", "csv"))
    assert (table.out, table.err) == ("", "no items\n")
    assert text.out == "[]\n"
    assert rows.out.startswith("id,institute_id,name,")


def test_unknown_members_and_plain_values(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    masks = Redactor(secrets=frozenset(("pin",)), personal=frozenset(), values=frozenset())
    printer = Printer(format=Format.CSV, members=("id",), columns=(), redactor=masks)
    printer.print_result([{"new": [1, {"pin": "7"}], "id": 1}, 5])
    assert capfdbinary.readouterr().out.decode() == 'id,new,value\n1,"[1, {""pin"": ""***""}]",\n,,5\n'


@pytest.mark.parametrize("words", [("documents", "list", "1"), ("tool-providers", "list"), ("v1", "exams", "list")])
def test_every_list_is_printed_as_rows(command: Callable[..., Run], words: tuple[str, ...]) -> None:
    shown = command(*words, "--columns", "id", "--output", "csv")
    assert (shown.code, shown.out.splitlines()[0]) == (0, "id")
    assert all(line.isdecimal() for line in shown.out.splitlines()[1:])
