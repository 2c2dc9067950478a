"""Every fault of a description: its file, its line, what to do, exit code 2 (1 for lint), nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run

Toolkit = Callable[..., Run]

SECOND = """
      responses: {{"200": {{description: The thing.}}}}
      parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    delete:
      operationId: dropThing
      x-client:
        {{resource: things, {}}}"""

CASES = {
    "invalid YAML": ("openapi: [3.1.0\n", "spec.yaml:2: invalid YAML"),
    "a list instead of a mapping": ("- openapi\n", "spec.yaml:1: a description is a mapping"),
    "no version": ("info: {title: x}\n", "spec.yaml:1: the description names no version"),
    "Swagger 2": ('swagger: "2.0"\nopenapi: "2.0"\n', "spec.yaml:2: the description names version '2.0'"),
    "a key twice": ("{small}  schemas: {{}}\n", "spec.yaml:23: the key 'schemas' stands here twice"),
    "an unknown tag": ("openapi: !!python/name:os.system x\n", "is not known (remove it)"),
    "an alias inside itself": ("openapi: &a [*a]\n", "spec.yaml:1: the alias contains itself"),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_files_that_are_no_description(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str, text: str, message: str
) -> None:
    write("spec.yaml", text.format(small=small) if "{small}" in text else text)
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out")
    assert run.code == 2
    assert message in run.err
    assert "Traceback" not in run.err
    assert not (tmp_path / "out").exists()


CATALOGUE = """code:
          x-error-catalogue:
            - {{code: "{}", status: 404, meaning: Gone.}}
            - {{code: "{}", status: [410, 404], meaning: Gone.}}
"""
CHANGES = {
    "broken reference": ("schemas/Thing", "schemas/Thong", 16, "leads nowhere (did you mean 'Thing'?)"),
    "missing file": (
        '"#/components/schemas/Thing"',
        '"things.yaml#/schemas/Thing"',
        16,
        "there is no file 'things.yaml'",
    ),
    "file outside": (
        '"#/components/schemas/Thing"',
        '"../../x.yaml#/schemas/X"',
        16,
        "lies outside the description's folder",
    ),
    "network": ('"#/components/schemas/Thing"', '"https://x.example/a.yaml#/schemas/X"', 16, "is not a file"),
    "unknown extension": ("x-client:", "x-cleint:", 8, "unknown extension x-cleint (did you mean x-client?)"),
    "extension out of place": (
        "description: The thing.",
        "x-client: {resource: a, method: b}\n          description: x",
        13,
        "x-client does not belong on this response",
    ),
    "extension of wrong shape": (
        "{resource: things, method: show}",
        "{resource: things}",
        8,
        '"method" is a required property',
    ),
    "no identifier in x-client": ("method: show", 'method: "1 show"', 8, "x-client"),
    "an earlier name that is the present one": (
        "method: show}",
        "method: show, formerly: [show]}",
        8,
        "things.show is no earlier name but the present one (remove it)",
    ),
    "an earlier name that is no identifier": ("method: show}", 'method: show, formerly: ["1 show"]}', 8, "x-client"),
    "an earlier name twice": ("method: show}", "method: show, formerly: [see, see]}", 8, "x-client"),
    "an earlier name that is no list": ("method: show}", "method: show, formerly: see}", 8, "x-client"),
    "an earlier name that is in use": (
        "method: show}",
        "method: show, formerly: [drop]}" + SECOND.format("method: drop"),
        8,
        "things.drop is still in use, by dropThing (remove it, or rename that one)",
    ),
    "an earlier name of two": (
        "method: show}",
        "method: show, formerly: [see]}" + SECOND.format("method: drop, formerly: [look, see]"),
        14,
        "things.see is an earlier name of showThing too (keep it at one of them)",
    ),
    "undeclared path parameter": ("name: id", "name: other", 6, "{id} in the path is not declared"),
    "path parameter's name": ("things/{id}", 'things/{i"d}', 5, "is no name for a path parameter"),
    "default": ("id: {type: integer}\n", "id: {type: integer, default: x}\n", 22, "the default is not valid"),
    "schema type": ("id: {type: integer}\n", "id: {type: integr}\n", 22, '"integr" is not valid'),
    "parameter place": ("in: path", "in: nowhere", 10, '"nowhere" is not one of'),
    "parameter name": (
        "schema: {type: integer}}\n",
        'schema: {type: integer}}\n        - {name: "---", in: query, schema: {type: integer}}\n',
        11,
        "holds no letter or digit",
    ),
    "operationId": ("operationId: showThing", 'operationId: "!!!"', 7, "holds no letter or digit"),
    "property name": ("id: {type: integer}\n", '"!!!": {type: integer}\n', 22, "holds no letter or digit"),
    "twin properties": (
        "id: {type: integer}\n",
        "a-b: {type: integer}\n        a_b: {type: integer}\n",
        23,
        "would both become a_b",
    ),
    "references without end": (
        "Thing:\n      type: object\n      properties:\n        id: {type: integer}\n",
        'Thing: {$ref: "#/components/schemas/Thing"}\n',
        19,
        "leads only to references",
    ),
    "made of itself": (
        "Thing:\n      type: object\n",
        'Thing:\n      type: object\n      allOf: [{$ref: "#/components/schemas/Thing"}]\n',
        21,
        "the schema is made of itself (take",
    ),
    "a parameter that is a schema": (
        "        - {name: id, in: path, required: true, schema: {type: integer}}\n",
        '        - {$ref: "#/components/schemas/Thing"}\n',
        10,
        "a parameter has a `name` and says what it is `in` (refer to",
    ),
    "a brace alone": ("  /things/{id}:\n", "  /things/{id}/{:\n", 5, "a brace of the path has no other one (write"),
    "an error code twice": (
        "id: {type: integer}\n",
        CATALOGUE.format("gone", "gone"),
        25,
        "the code 'gone' stands in the error catalogue twice (keep one",
    ),
    "twin error codes": ("id: {type: integer}\n", CATALOGUE.format("a-b", "a_b"), 25, "would both become A_B"),
    "error code": ("id: {type: integer}\n", CATALOGUE.format("gone", "!!!"), 25, "holds no letter or digit"),
    "status of an error code": (
        "id: {type: integer}\n",
        CATALOGUE.format("gone", "lost").replace("404", "200"),
        24,
        "x-error-catalogue: 200 is less than the minimum of 400",
    ),
    "schema name": ("Thing", "___", 19, "holds no letter or digit"),
}


@pytest.mark.parametrize(("old", "new", "line", "message"), CHANGES.values(), ids=CHANGES.keys())
def test_single_faults_have_their_line(
    toolkit: Toolkit, write: Callable[..., Path], small: str, old: str, new: str, line: int, message: str
) -> None:
    assert old in small
    write("spec.yaml", small.replace(old, new))
    run = toolkit("lint", "spec.yaml")
    assert run.code == 1
    places = [text for text in run.err.splitlines() if message in text]
    assert any(text.startswith(f"spec.yaml:{line}:") for text in places), run.err


def test_generate_refuses_what_lint_reports(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str
) -> None:
    write("spec.yaml", small.replace("things/{id}", 'things/{i"d}'))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out")
    assert (run.code, run.out) == (2, "")
    assert run.err == toolkit("lint", "spec.yaml").err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_process_of_its_own_says_the_same(
    process: Toolkit, toolkit: Toolkit, write: Callable[..., Path], small: str
) -> None:
    write("spec.yaml", small.replace("x-client:", "x-cleint:"))
    for call in (("lint", "spec.yaml"), ("generate", "--spec", "spec.yaml", "--out", "out"), ("lint", "nowhere")):
        run = process(*call)
        assert run == toolkit(*call)
        assert run.code in (1, 2)
        assert "Traceback" not in run.err


def test_all_faults_come_together(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    write("spec.yaml", small.replace("x-client:", "x-cleint:").replace("type: integer", "type: integr"))
    run = toolkit("lint", "spec.yaml")
    assert run.code == 1
    assert [line.split(":")[1] for line in run.err.splitlines() if line.startswith("spec.yaml:")] == ["8", "10", "22"]


def test_faults_of_every_stage_come_together(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    broken = small.replace("schemas/Thing", "schemas/Thong").replace("x-client:", "x-cleint:")
    write("spec/v1/openapi.yaml", broken.replace("id: {type: integer}", '"???": {type: integer}'))
    write("spec/v2/openapi.yaml", "openapi: [\n")
    run = toolkit("lint")
    for place in (
        "v1/openapi.yaml:8:",
        "v1/openapi.yaml:16:",
        "v1/openapi.yaml:22:",
        "v2/openapi.yaml:2: invalid YAML",
    ):
        assert f"spec/{place}" in run.err, run.err
    assert "invalid YAML" in run.err


def test_faults_of_both_versions_and_of_referenced_files_come_together(
    toolkit: Toolkit, write: Callable[..., Path], small: str
) -> None:
    write("spec/v1/openapi.yaml", small.replace("x-client:", "x-cleint:"))
    write(
        "spec/v2/openapi.yaml", small.replace('"#/components/schemas/Thing"', '"../common/things.yaml#/schemas/Thing"')
    )
    write("spec/common/things.yaml", "schemas:\n  Thing:\n    type: object\n    type: string\n")
    run = toolkit("lint")
    assert run.code == 1
    assert "spec/v1/openapi.yaml:8: unknown extension" in run.err
    assert "spec/common/things.yaml:4: the key 'type' stands here twice" in run.err


def test_operation_id_twice_names_both_places(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    twin = (
        small.split("paths:\n")[1]
        .split("components:")[0]
        .replace("/things/{id}", "/others/{id}")
        .replace("things", "others")
    )
    write("spec.yaml", small.replace("components:", twin + "components:"))
    run = toolkit("lint", "spec.yaml")
    assert run.code == 1
    assert "spec.yaml:19: the operationId 'showThing' is used twice; first at spec.yaml:7" in run.err


def test_two_operations_in_one_place_of_the_client(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    twin = (
        small.split("paths:\n")[1]
        .split("components:")[0]
        .replace("/things/{id}", "/others/{id}")
        .replace("showThing", "showOther")
    )
    write("spec.yaml", small.replace("components:", twin + "components:"))
    assert "showOther and showThing are both things.show" in toolkit("lint", "spec.yaml").err


def test_two_files_with_one_name_for_two_schemas(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    write("spec.yaml", small.replace('"#/components/schemas/Thing"', '"other.yaml#/schemas/Thing"'))
    write("other.yaml", "schemas:\n  Thing: {type: string}\n")
    assert (
        "spec.yaml:16: two different schemas are called Thing; the other is at spec.yaml:19"
        in toolkit("lint", "spec.yaml").err
    )


def test_a_job_that_names_no_operation(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    job = (
        "x-job: {status_operation: a, download_operation: showThing, field: f, success: [s], failure: [], pending: []}"
    )
    write("spec.yaml", small.replace("      parameters:", f"      {job}\n      parameters:"))
    assert "spec.yaml:6: showThing names the operation 'a', which is not there" in toolkit("lint", "spec.yaml").err


def test_no_description_at_all(toolkit: Toolkit, tmp_path: Path) -> None:
    run = toolkit("generate", "--spec", "nowhere")
    assert run.code == 2
    assert "nowhere: there is no such file or folder" in run.err
    (tmp_path / "empty").mkdir()
    assert "no openapi.yaml" in toolkit("lint", "empty").err


def test_an_unreadable_file(toolkit: Toolkit, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(b"openapi: \xff\xfe")
    run = toolkit("lint", "spec.yaml")
    assert (run.code, "spec.yaml:1: the file is not UTF-8 text" in run.err) == (1, True)


def test_nesting_without_end(toolkit: Toolkit, write: Callable[..., Path]) -> None:
    write("spec.yaml", "openapi: " + "[" * 5000 + "]" * 5000)
    run = toolkit("lint", "spec.yaml")
    assert run.code == 1
    assert "nested too deeply" in run.err


def test_an_unknown_layer(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    write("spec.yaml", small)
    run = toolkit("generate", "--spec", "spec.yaml", "--layer", "clinet")
    assert run.code == 2
    assert "there is no layer 'clinet' (there are: client," in run.err


def test_the_description_of_this_project_has_no_faults(toolkit: Toolkit, root: Path) -> None:
    run = toolkit("lint", str(root / "spec"))
    assert (run.code, run.out) == (0, "")
    assert "no faults in" in run.err
