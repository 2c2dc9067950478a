"""Descriptions that grow without bound, references to what is no file, and folders with reserved names."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run

Toolkit = Callable[..., Run]
LEVELS = 40  # 2 ** 40 schemas, if each is counted as often as it is met
DOUBLING = {
    "allOf": "{{allOf: [{0}, {0}]}}",
    "oneOf": "{{oneOf: [{0}, {0}]}}",
    "both": "{{allOf: [{0}], anyOf: [{0}, {{type: string}}]}}",
}


def write_levels(small: str, form: str, levels: int) -> str:
    reference = '{{$ref: "#/components/schemas/A{0}"}}'
    schemas = (f"    A{level}: {form.format(reference.format(level + 1))}\n" for level in range(levels))
    return f"{small}{''.join(schemas)}    A{levels}: {{type: object, properties: {{x: {{type: string}}}}}}\n"


@pytest.mark.parametrize("form", DOUBLING.values(), ids=DOUBLING)
@pytest.mark.parametrize("command", [("lint",), ("generate", "--out", "out", "--spec"), ("diff", "spec.yaml")])
def test_schemas_that_double_are_refused_once(
    toolkit: Toolkit, write: Callable[..., Path], small: str, form: str, command: tuple[str, ...]
) -> None:
    write("spec.yaml", write_levels(small, form, LEVELS))
    run = toolkit(*command, "spec.yaml")
    assert run.code in (1, 2)
    [fault] = [line for line in (run.err + run.out).splitlines() if "composed of more than 10,000" in line]
    assert fault.startswith("spec.yaml:")


def test_shared_parts_are_merged_once(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    write("spec.yaml", write_levels(small, DOUBLING["allOf"], 11))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "openapi")
    assert run.code == 0, run.err


@pytest.mark.parametrize(
    ("reference", "what"),
    [
        ("pipe", "a device or a pipe"),
        ("pipe#/x", "a device or a pipe"),
        ("/dev/zero", "outside the description's folder"),
        ("a%00b.yaml", "no file can be read as"),
        ("a" * 5000, "no file can be read as"),
        ("a/" * 3000 + "x.yaml#/y", "no file can be read as"),
        ("circle.yaml", "no file can be read as"),
        (".", "Is a directory"),
    ],
    ids=lambda value: value[:12],
)
def test_references_to_what_is_no_file_are_faults(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str, reference: str, what: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    write("spec.yaml", small.replace("        id: {type: integer}\n", f'        id: {{$ref: "{reference}"}}\n'))
    run = toolkit("lint", "spec.yaml")
    assert run.code in (1, 2)
    [fault] = [line for line in (run.err + run.out).splitlines() if what in line]
    assert fault.split(":")[1].isdecimal()
    assert len(fault) < 300


@pytest.mark.parametrize("path", ["pipe", "/dev/zero", "a" * 5000])
def test_descriptions_that_are_no_files_are_refused(toolkit: Toolkit, tmp_path: Path, path: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    run = toolkit("lint", path)
    assert run.code == 2
    assert run.err.count("\n") == 1
    assert "name a description" in run.err


def test_a_folder_may_have_a_name_that_python_reserves(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str
) -> None:
    for folder in ("class", "import", "2"):
        write(f"spec/{folder}/openapi.yaml", small)
    run = toolkit("generate", "--spec", "spec", "--out", "out", "--layer", "client")
    assert run.code == 0, run.err
    assert {"class_", "import_", "v2"} <= {path.name for path in (tmp_path / "out/generated/client/procwise").iterdir()}


def test_json_is_sent_wherever_it_stands_among_the_forms_of_a_body(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str
) -> None:
    body = (
        "      requestBody:\n        content:\n"
        "          text/csv: {schema: {type: string}}\n"
        "          application/json: {schema: {type: object, properties: {colour: {type: string}}}}\n"
    )
    write(
        "spec.yaml",
        small.replace("    get:\n", "    put:\n").replace("      responses:\n", f"{body}      responses:\n"),
    )
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "client")
    assert run.code == 0, run.err
    resource = (tmp_path / "out/generated/client/procwise/spec/resources/things.py").read_text("utf-8")
    assert "colour: str" in resource
    assert 'sends="application/json"' in resource


def test_a_line_number_is_no_emoji(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    lines = small.replace("        id: {type: integer}\n", '        id: {$ref: "none.yaml"}\n').splitlines()
    at = next(number for number, line in enumerate(lines) if "none.yaml" in line)
    write("spec.yaml", "\n".join([*lines[:1], *["#"] * (99 - at), *lines[1:]]) + "\n")
    assert "spec.yaml:100: there is no file 'none.yaml'" in toolkit("lint", "spec.yaml").err


@pytest.mark.parametrize("address", ["https://[x", "https://a]/v9", "https://api.example:port", "https://a:99999/"])
def test_addresses_that_cannot_be_taken_apart_are_faults(
    toolkit: Toolkit, write: Callable[..., Path], small: str, address: str
) -> None:
    server = '{url: "https://{host}.example/v9", variables: {host: {default: "%s"}}}'
    for url in (f'{{url: "{address}"}}', server % address.removeprefix("https://")):
        write("spec.yaml", small.replace("{url: https://api.example/v9}", url))
        run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "openapi")
        if "{host}" in url and ":" in address[6:]:
            continue  # with more behind it, that is another address
        assert run.code == 2
        [fault] = [line for line in run.err.splitlines() if "is not valid" in line]
        assert fault.startswith("spec.yaml:3: the address 'https://")


def test_the_page_of_a_source_is_an_address_too(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    source = "      x-source: {pages: ['https://[pages'], confidence: documented}\n      parameters:\n"
    write("spec.yaml", small.replace("      parameters:\n", source, 1))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "openapi")
    assert run.code == 2
    assert "spec.yaml:9: the address 'https://[pages' is not valid" in run.err


@pytest.mark.parametrize("path", ["/things/{}", "/{}/things", "/{}{}"])
def test_a_placeholder_without_a_name_is_a_fault(
    toolkit: Toolkit, write: Callable[..., Path], small: str, path: str
) -> None:
    without_id = small.replace("      operationId: showThing\n", "")
    write("spec.yaml", without_id.replace("  /things/{id}:", f'  "{path}":'))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "openapi")
    assert run.code == 2
    assert "spec.yaml:5: {} is no name for a path parameter" in run.err
