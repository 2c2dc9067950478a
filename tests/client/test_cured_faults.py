"""What openapi-python-client does wrong by itself, and this client does not."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import SECRET_KEY, TOKEN, Recorder
from tests.client.descriptions import (
    TEXT,
    build_object,
    describe_paths,
    generate_package,
    json_responses,
    operation,
    reference,
    show,
)
from tests.proofs import mark_slow

ROOT = Path(__file__).parents[2]


def test_a_query_parameter_described_by_its_content_is_json_text(tmp_path: Path) -> None:
    content = {"application/json": {"schema": build_object(name=TEXT)}}
    parameter = {"name": "filter", "in": "query", "description": "As JSON.", "content": content}
    package = generate_package(describe_paths({"/a": {"get": operation(parameters=[parameter])}}), tmp_path)
    program = """
for value in ({"name": "\u00e9"}, '{"name": 1}', UNSET):
    client.things.get_it(filter=value)
print([request.url.params.get("filter") for request in seen])
"""
    printed = show(program, package, *[(200, '""')] * 3)
    assert printed == ["""['{"name":"\u00e9"}', '{"name": 1}', None]"""]


def test_the_boundary_of_a_form_is_of_its_own_and_null_is_not_text(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"attachment": {}})
    bodies = []
    for _ in range(2):
        client.attachments.create(1, document=procwise.Upload(b"--+++\r\n+++--", name="a.txt"))
        bodies.append((server.last.headers["Content-Type"].partition("boundary=")[2], server.last.read()))
    (first, content), (second, _) = bodies
    assert first != second
    assert "+++" not in (first, second)
    assert b"--+++\r\n+++--" in content
    assert b"None" not in content


CAT = build_object(kind=TEXT, lives={"type": "integer"})
DOG = build_object(kind=TEXT, barks={"type": "boolean"})
PETS = {"oneOf": [reference("Cat"), reference("Dog")], "discriminator": {"propertyName": "kind"}}


@pytest.mark.parametrize("mapping", [mark_slow(None), {"cat": "#/components/schemas/Cat", "dog": "Dog"}])
def test_a_discriminator_chooses_the_class(tmp_path: Path, mapping: dict[str, str] | None) -> None:
    pets = {**PETS, "discriminator": {"propertyName": "kind", **({"mapping": mapping} if mapping else {})}}
    schemas = {"Cat": CAT, "Dog": DOG, "Home": build_object(pet=pets, pets={"type": "array", "items": pets})}
    package = generate_package(
        describe_paths({"/a": {"get": operation(reference("Home"))}}, components={"schemas": schemas}), tmp_path
    )
    cat, dog = ("cat", "dog") if mapping else ("Cat", "Dog")
    home = {"pet": {"kind": dog}, "pets": [{"kind": cat, "lives": 9}, {"kind": dog, "lives": 9}, {"kind": "eel"}]}
    program = """
home = client.things.get_it()
print([type(pet).__name__ for pet in (home.pet, *home.pets)], home.to_dict() == json.loads(sent))
print([(one.pointer, one.seen) for one in client.drift()])
"""
    first, second = show(f"sent = {json.dumps(home)!r}" + program, package, (200, json.dumps(home)))
    assert first == "['Dog', 'Cat', 'Dog', 'dict'] True"
    assert "('/pet/barks', 'nothing')" in second
    assert "('/pets/2', 'an object')" in second


@pytest.mark.slow
def test_without_a_discriminator_the_class_that_fits_best_is_chosen(tmp_path: Path) -> None:
    schemas = {
        "Cat": CAT,
        "Dog": DOG,
        "Home": build_object(pet={"oneOf": [reference("Cat"), reference("Dog"), {"type": "null"}]}),
    }
    package = generate_package(
        describe_paths({"/a": {"get": operation(reference("Home"))}}, components={"schemas": schemas}), tmp_path
    )
    pets: list[Any] = [{"kind": "x", "barks": True}, {"kind": "x", "lives": 9}, None, {"kind": "x", "barks": 7}]
    responses = [(200, json.dumps({"pet": pet})) for pet in pets]
    program = "print([type(client.things.get_it().pet).__name__ for _ in range(4)], [d.seen for d in client.drift()])"
    assert show(program, package, *responses) == ["['Dog', 'Cat', 'NoneType', 'Dog'] ['an integer']"]


def test_an_unknown_value_an_odd_date_and_null_do_not_kill_the_page(client: procwise.Client, server: Recorder) -> None:
    odd = [{"status": "paused"}, {"created_at": "soon"}, {"created_at": None}, {"id": None}, None, 7]
    server.reply(data={"exams": [{"id": 1, **one} if isinstance(one, dict) else one for one in odd]})
    read: list[Any] = list(client.exams.list().page(1))
    assert [read[0].status, read[1].created_at, read[2].created_at, *read[4:]] == ["paused", "soon", None, None, 7]


@pytest.mark.slow
def test_a_nullable_enum_is_one_class(tmp_path: Path) -> None:
    word = {"type": "string", "enum": ["a", "b"]}
    schemas = {
        "Word": word,
        "It": build_object(word={"oneOf": [reference("Word"), {"type": "null"}]}, other=reference("Word")),
    }
    package = generate_package(
        describe_paths({"/a": {"get": operation(reference("It"))}}, components={"schemas": schemas}), tmp_path
    )
    program = "it = client.things.get_it(); print(models.__all__, repr(it.word), it.other)"
    assert show(program, package, (200, '{"word": null, "other": "b"}')) == ["['It', 'Word'] None b"]


@pytest.mark.slow
def test_an_enum_beside_any_text_allows_any_text(tmp_path: Path) -> None:
    schemas = {"It": build_object(word={"anyOf": [{"type": "string", "enum": ["a"]}, TEXT]})}
    package = generate_package(
        describe_paths({"/a": {"get": operation(reference("It"))}}, components={"schemas": schemas}), tmp_path
    )
    program = "print(client.things.get_it().word, client.things.get_it().word, client.drift())"
    assert show(program, package, (200, '{"word": "a"}'), (200, '{"word": "z"}')) == ["a z ()"]


@pytest.mark.parametrize("status", [404, 418, 520])
def test_no_error_status_returns_or_is_hidden(client: procwise.Client, server: Recorder, status: int) -> None:
    server.reply(status, {"error": "Made up."})
    with pytest.raises(procwise.APIStatusError) as caught:
        client.exams.show(1)
    assert caught.value.status == status


def test_no_token_is_printed_with_a_client(client: procwise.Client, async_client: procwise.AsyncClient) -> None:
    for one in (client, async_client, client.exams, client._transport, client._transport.session):
        assert TOKEN not in repr(one) + str(one)
        assert SECRET_KEY not in repr(one) + str(one)


@pytest.mark.slow
def test_security_servers_and_extensions_of_operations_are_heeded(tmp_path: Path) -> None:
    key = {"type": "apiKey", "in": "header", "name": "X-Key", "x-token": {"format": "key {token}"}}
    first = operation(
        deprecated=True,
        parameters=[{"name": "tag", "in": "query", "schema": {"type": "array", "items": TEXT}, "description": "Tags."}],
    )
    second = {**operation(), "operationId": "other", "x-client": {"resource": "doors", "method": "open"}}
    description = describe_paths(
        {"/a": {"get": first}, "/b": {"get": second}},
        servers=[{"url": "https://x.example/rest/v7"}],
        components={"securitySchemes": {"Key": key}},
        security=[{"Key": []}],
    )
    program = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    client.things.get_it(tag=["x", "y"])
client.doors.open()
print(*(request.url for request in seen), seen[0].headers["X-Key"], len(caught))
"""
    printed = show(program, generate_package(description, tmp_path), (200, '""'), (200, '""'), token="abcd")
    assert printed == ["https://x.example/rest/v7/a?tag=x&tag=y https://x.example/rest/v7/b key abcd 1"]


def test_an_archive_is_downloaded_piece_by_piece(client: procwise.Client, server: Recorder, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("a", b"x" * 3_000_000)
    content, sizes = archive.getvalue(), []

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), 500_000):
            yield content[start : start + 500_000]
            sizes.append(sum(path.stat().st_size for path in tmp_path.iterdir()))

    kind = {"Content-Type": "application/zip"}
    server.responses.append(lambda request: httpx2.Response(200, content=pieces(), headers=kind))
    assert client.exams.download_documents_zip(1, tmp_path / "a.zip").read_bytes() == content
    assert 0 < sizes[2] < len(content)


def test_an_operation_with_many_parameters_is_short() -> None:
    longest = 0
    for path in (ROOT / "generated/client/procwise").glob("v*/api/*/*.py"):
        longest = max(longest, len(path.read_text("utf-8").splitlines()))
    assert longest <= 80


@pytest.mark.slow
def test_several_successful_statuses_have_types_of_their_own(tmp_path: Path) -> None:
    schemas = {"Done": build_object(size={"type": "integer"}), "Begun": build_object(job=TEXT)}
    responses = {
        "200": json_responses(reference("Done"))["200"],
        "202": json_responses(reference("Begun"))["200"],
    }
    one = {**operation(), "responses": responses}
    package = generate_package(describe_paths({"/a": {"get": one}}, components={"schemas": schemas}), tmp_path)
    program = """
import typing
print(client.things.get_it(), client.things.get_it())
print(typing.get_type_hints(type(client.things).get_it)["return"] == models.Done | models.Begun, client.drift())
"""
    printed = show(program, package, (200, '{"size": 1}'), (202, '{"job": "x"}'))
    assert printed == ["Done(size=1) Begun(job='x')", "True ()"]


def test_models_that_hold_one_another_can_be_read(tmp_path: Path) -> None:
    schemas = {
        "Node": build_object(name=TEXT, left={"oneOf": [reference("Node"), {"type": "null"}]}, edge=reference("Edge")),
        "Edge": {
            "type": "object",
            "properties": {"end": reference("Node"), "rest": {"type": "string", "format": "date"}},
        },
    }
    package = generate_package(
        describe_paths({"/a": {"get": operation(reference("Node"))}}, components={"schemas": schemas}), tmp_path
    )
    node = {"name": "a", "left": {"name": "b", "left": None, "edge": {}}, "edge": {"end": 7, "rest": "2026-02-30"}}
    program = """
import typing
node = client.things.get_it()
print(node.left.name, node.left.edge, node.to_dict() == json.loads(sent))
print(sorted(typing.get_type_hints(models.Edge)), typing.get_type_hints(models.Node)["edge"] is models.Edge)
print([(one.pointer, one.seen) for one in client.drift()])
"""
    assert show(f"sent = {json.dumps(node)!r}" + program, package, (200, json.dumps(node))) == [
        "b Edge(end=UNSET, rest=UNSET) True",
        "['additional_properties', 'end', 'rest'] True",
        "[('/edge/end', 'an integer'), ('/edge/rest', \"'2026-02-30'\")]",
    ]


@pytest.mark.slow
def test_members_of_any_name_have_their_own_type(tmp_path: Path) -> None:
    schemas = {
        "Free": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}},
        "Closed": {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False},
        "It": build_object(free=reference("Free"), closed=reference("Closed"), anything={}, table={"type": "object"}),
    }
    package = generate_package(
        describe_paths({"/a": {"get": operation(reference("It"))}}, components={"schemas": schemas}), tmp_path
    )
    data = {"free": {"x": [1], "y": ["2"]}, "closed": {"a": "b", "c": 1}, "anything": [{}], "table": {"k": 1}}
    program = """
it = client.things.get_it()
print(it.free.additional_properties, it.closed.additional_properties, it.to_dict() == json.loads(sent))
print([(one.pointer, one.expected) for one in client.drift()])
"""
    assert show(f"sent = {json.dumps(data)!r}" + program, package, (200, json.dumps(data))) == [
        "{'x': [1], 'y': ['2']} {'c': 1} True",
        "[('/free/y/0', 'an integer'), ('/closed/c', 'no such member')]",
    ]


@pytest.mark.slow
def test_odd_values_of_personal_data_are_not_noted(tmp_path: Path) -> None:
    secret = {"type": "string", "enum": ["a", "b"], "x-secret": True}
    born = {"type": "string", "format": "date", "x-pii": True}
    described_thing = build_object(born=born, secret=secret, shown={"type": "string", "format": "date"})
    package = generate_package(describe_paths({"/a": {"get": operation(described_thing)}}), tmp_path)
    program = "client.things.get_it(); print([(one.pointer, one.seen) for one in client.drift()])"
    odd = json.dumps({"born": "planted", "secret": "planted", "shown": "odd"})
    assert show(program, package, (200, odd)) == [
        "[('/born', 'text'), ('/secret', 'text'), ('/shown', \"'odd'\")]",
    ]
