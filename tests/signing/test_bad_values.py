"""What is wrong with the value of a scheme: one error each, at its file and line; and nothing that takes long."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.errors import SpecErrors
from generator.load import load
from generator.lower import lower
from generator.signing.language import inspect_scheme, shorten
from tests.signing.invented import value_with

VALUE = """\
algorithm: hmac-sha256
digest: hex-lower
key: {credential: secret_key}
values:
  day: {clock: "%Y%m%d"}
message:
  join: "\\n"
  parts:
    - method
    - {from: path, as: [lower]}
    - {parameters: [query], order: name-bytes}
    - {parts: [body], as: [sha256, hex-lower]}
timestamp: {format: unix-s, window_seconds: 60}
nonce: {type: string, unique_for_seconds: 120}
placement:
  - in: query
    fields:
      at: "{timestamp}"
      once: "{nonce}"
      sig: "{signature}"
"""
AROUND = """\
openapi: 3.1.0
info: {title: Shelf, version: "1"}
paths:
  /books: {get: {operationId: listBooks, responses: {"200": {description: The books.}}}}
components:
  securitySchemes:
    Signature:
      type: apiKey
      in: query
      name: sig
      x-signing:
"""
# the clause that is at fault if another one was changed
ELSEWHERE = {'at: "1"': "timestamp", 'once: "1"': "nonce", "algorithm: sha256": "key"}
# what stands there, what is written instead, what is said about it; the line is that of the first of `instead`
MISTAKES: list[tuple[str, str, str]] = [
    ("- method", "- [method]", 'is not of types "string", "object"'),
    ("- method", "- metod", "there is no source 'metod' (did you mean 'method'?)"),
    ("{from: path,", "{from: header,", "there is no source 'header'"),
    ("- method", "- setting.zone", "nothing declares the setting 'zone' (add it under `settings`"),
    (
        "{credential: secret_key}",
        "{credential: secret}",
        "nothing declares the credential 'secret' (did you mean 'secret_key'?)",
    ),
    ("as: [lower]", "as: [lowercase]", "there is no transform 'lowercase' (did you mean 'lower'?)"),
    ("- {from: path, as: [lower]}", "- {from: body, as: [lower]}", "this transform takes text, and gets bytes"),
    ("as: [lower]", "as: [sha256, percent-encode]", "this transform takes text, and gets bytes"),
    ("- {parts: [body], as: [sha256, hex-lower]}", "- {parts: [body], as: [upper]}", "takes text, and gets bytes"),
    ('sig: "{signature}"', 'sig: "{nonce}"', "no field carries the signature"),
    ('at: "{timestamp}"', 'at: "1"', "the timestamp is sent in no field"),
    ('once: "{nonce}"', 'once: "1"', "the nonce is sent in no field"),
    ('at: "{timestamp}"', 'at: "{timestamp}{nonce}"', "two values stand side by side"),
    ('at: "{timestamp}"', "at: {from: body}", "a field is text, and this is bytes"),
    ('day: {clock: "%Y%m%d"}', 'day: {text: "{day}"}', "the value is made of itself: day → day"),
    ('day: {clock: "%Y%m%d"}', 'a: {text: "{b}"}\n  b: {text: "{a}"}', "the value is made of itself: a → b → a"),
    ('day: {clock: "%Y%m%d"}', "nonce: {text: x}", "'nonce' is the name of a source"),
    ('{clock: "%Y%m%d"}', '{clock: "%Q"}', "%Q stands twice or is no field of a moment"),
    ('{clock: "%Y%m%d"}', "{clock: iso}", "there is no format 'iso'"),
    ("{format: unix-s,", '{format: "%H:%M",', "the format does not say a whole moment"),
    ("- method", '- {text: "a{b"}', "a brace stands alone"),
    (
        "- method",
        "- {text: a, from: method}",
        "a part is one of from, text, clock, parameters, parts; it has",
    ),
    ("- method", '- {join: "", parts: [method], order: name-bytes}', '"parameters" is a required property'),
    ("- method", "- {as: [lower]}", "it has none of them"),
    ("- method", "- signature", "the signature cannot be a part of itself"),
    ("[query], order: name-bytes", "[cookies], order: name-bytes", "there are no parameters in 'cookies'"),
    ("[query], order: name-bytes", "[headers], order: name-bytes", "the scheme does not say which headers are signed"),
    ("[query], order: name-bytes", "[authorization], order: name-bytes", "no placement writes a header of fields"),
    ("order: name-bytes", "order: by-name", "is not one of"),
    ("[query], order: name-bytes", "[query], empty: none", '"none" is not one of "keep", "drop" or "name"'),
    ("[query], order: name-bytes", "[query], before: 1", '1 is not of type "string"'),
    ("- {from: path, as: [lower]}", "- {from: path, empty: name}", '"parameters" is a required property'),
    ('at: "{timestamp}"', 'at: {text: "{timestamp}", before: ["?"]}', '["?"] is not of type "string"'),
    ("[query], order: name-bytes", '[query], pair: "{name}{name}"', "is no pair"),
    ("[query], order: name-bytes", "[query], values: yaml", "there is no way 'yaml' to write values"),
    ("[query], order: name-bytes", "[query], values: [sign]", "`sign` cannot be applied to single names or values"),
    ("algorithm: hmac-sha256", "algorithm: sha256", "a plain hash has no key"),
    ("key: {credential: secret_key}", "key: {parts: [method]}", "no credential is signed with"),
    ("key: {credential: secret_key}", "key: {encoding: base64}", "the key is made of nothing"),
    ("key: {credential: secret_key}", "key: {credential: secret_key, parts: [method]}", "both a credential and parts"),
    ("digest: hex-lower", "digest: [sha256]", "the signature is sent as text, and this is bytes"),
    ("digest: hex-lower", "digest: [upper, hex-lower]", "the signature is sent as text, and this is bytes"),
    ("- in: query", "- accept: [body]\n    in: query", "a verifier does not look in query"),
    ('sig: "{signature}"', "sig: {from: signature, as: [upper]}", "the signature cannot be read from this field"),
    ('at: "{timestamp}"', "at: {from: timestamp, as: [sha256, hex-lower]}", "the timestamp cannot be read from any"),
    ('once: "{nonce}"', 'once: {from: nonce, as: [{replace: ["1", "x"]}]}', "the nonce cannot be read from any field"),
    ("[query], order: name-bytes", "[query], values: [{first: 0}]", "0 is less than the minimum of 1"),
    ("- in: query", '- pair: "{name}"\n    in: authorization', "the values of the fields are not sent"),
    ("- in: query", '- pair: "{value}{name}"\n    in: authorization', "name and value stand side by side"),
    (
        "- in: query",
        '- pair: "{value}"\n    in: authorization\n    optional: [once]',
        "without names, fields are known by",
    ),
    (
        "{format: unix-s, window_seconds: 60}",
        "{format: unix-s, window_seconds: {past: setting.a}}",
        "nothing declares the setting 'a'",
    ),
]


def faults_of(folder: Path, value: str) -> tuple[list[str], str]:
    """The faults of a description that has this value, and its text."""
    text = AROUND + "".join(f"        {line}\n" for line in value.splitlines())
    (folder / "openapi.yaml").write_text(text, "utf-8")
    try:
        lower(load([folder]))
    except SpecErrors as errors:
        return [str(fault) for fault in errors.faults], text
    return [], text


def test_the_value_that_is_broken_below_is_right(tmp_path: Path) -> None:
    assert faults_of(tmp_path, VALUE)[0] == []


@pytest.mark.parametrize(("there", "instead", "said"), MISTAKES, ids=[instead for _, instead, _ in MISTAKES])
def test_a_mistake_is_one_error_at_its_line(tmp_path: Path, there: str, instead: str, said: str) -> None:
    assert VALUE.count(there) == 1
    faults, text = faults_of(tmp_path, VALUE.replace(there, instead))
    (fault,) = faults
    assert said in fault
    line = int(fault.split(":")[1])
    assert line in places_of(text, instead), fault


def places_of(text: str, instead: str) -> set[int]:
    """The lines of what was written, and of the clause of the scheme around it."""
    first = instead.splitlines()[0]
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if first in line)
    above = [i for i in range(at + 1) if lines[i].startswith("        ") and not lines[i].startswith("         ")]
    blamed = next((i for i, line in enumerate(lines) if line.startswith(f"        {ELSEWHERE.get(instead)}:")), at)
    return {at + 1, above[-1] + 1, blamed + 1}


def test_a_placement_that_is_no_list_is_one_error(tmp_path: Path) -> None:
    placement = VALUE.partition("placement:")[2]
    (fault,) = faults_of(tmp_path, VALUE.replace("  - in: query", "    in: query"))[0]
    assert placement.startswith("\n  - in: query")
    assert 'is not of type "array"' in fault


def test_a_mistake_that_is_made_twice_is_one_error(tmp_path: Path) -> None:
    value = VALUE.replace("- method", "- metod").replace("[body]", "[metod, body]")
    assert len(faults_of(tmp_path, value)[0]) == 1
    without = "".join(line for line in VALUE.splitlines(keepends=True) if not line.startswith("key:"))
    assert len(faults_of(tmp_path, without)[0]) == 1
    (fault,) = faults_of(tmp_path, VALUE.partition("placement:")[0] + "placement: {header: {}}\n")[0]
    assert 'is not of type "array"' in fault


@pytest.mark.parametrize(
    "message", ["body", "timestamp", "{text: a}", "{parameters: [{a: method}], repeated: first-source}"]
)
def test_a_message_of_any_form_is_read(tmp_path: Path, message: str) -> None:
    """Whether a value can be said in the short form is asked about values that have none of its clauses."""
    head, tail = VALUE.partition("message:")[0], VALUE.partition("timestamp: {")[2]
    value = head.partition("values:")[0] + f"message: {message}\ntimestamp: {{{tail}"
    assert faults_of(tmp_path, value)[0] == []


@pytest.mark.parametrize(
    ("clause", "other"),
    [
        ("format: unix-s,", "format: unix-s, offset_seconds: 60,"),
        ("exclude: [sig]", 'exclude: ["s*"]'),
        ("in: query", "in: query\n    optional: [once]"),
    ],
)
def test_a_clause_that_the_short_form_lacks_keeps_its_meaning(clause: str, other: str) -> None:
    value = VALUE.partition("values:")[0] + (
        "files: excluded\nmessage: {parameters: [query], repeated: first-source, exclude: [sig]}\n"
        f"timestamp: {VALUE.partition('timestamp: ')[2]}"
    )
    assert shorten(yaml.safe_load(value)) is not None
    assert value.count(clause) == 1
    assert shorten(yaml.safe_load(value.replace(clause, other))) is None


@pytest.mark.parametrize(
    "placement",
    [
        {"in": "header", "several": ",", "fields": {"T": "{timestamp};{nonce}", "S": "v1,{signature}"}},
        {
            "in": "query",
            "several": ",",
            "values": ["base64"],
            "fields": {"T": "{timestamp};{nonce}", "S": "v1,{signature}"},
        },
        {"in": "header", "fields": {"T": "{timestamp};{nonce}", "S": "v1={signature} "}},
        {"in": "authorization", "pair": "{name}={value}", "fields": {"t": "{timestamp},{nonce}", "s": "{signature}"}},
    ],
)
def test_a_field_that_could_not_be_read_back_is_an_error(placement: dict[str, Any]) -> None:
    _, problems = inspect_scheme(value_with("nonce", placement=[placement]))
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        ({"in": "query", "fields": {"t": "{timestamp}"}}, {"in": "query"}, ("placement", 1, "fields", "t")),
        ({"in": "header", "fields": {"T": "{timestamp}"}}, {"in": "header"}, ("placement", 1, "fields", "t")),
        ({"in": "authorization", "fields": {"a": "1"}}, {"in": "authorization"}, ("placement", 1)),
        ({"in": "header", "fields": {"authorization": "1"}}, {"in": "authorization"}, ("placement", 1)),
    ],
)
def test_what_is_written_twice_is_an_error(first: dict[str, Any], second: dict[str, Any], where: tuple[Any]) -> None:
    """The second would replace the first."""
    fields = {"t": "{timestamp}", "n": "{nonce}", "s": "{signature}"}
    _, (problem,) = inspect_scheme(value_with("method", placement=[first, {**second, "fields": fields}]))
    assert (problem.where, "twice" in problem.message) == (where, True)


def test_several_mistakes_come_together(tmp_path: Path) -> None:
    value = VALUE.replace("- method", "- metod").replace("as: [lower]", "as: [lowercase]")
    assert len(faults_of(tmp_path, value)[0]) == 2


def test_a_second_scheme_for_requests_is_a_fault_and_one_for_deliveries_is_none(tmp_path: Path) -> None:
    second = "      x-signing: " + yaml.safe_dump(value_with("nonce"), default_flow_style=True, width=10**6)
    for direction, count in (("", 1), ("direction: delivery, ", 0)):
        text = AROUND + "".join(f"        {line}\n" for line in VALUE.splitlines())
        scheme = second.replace("{", "{" + direction, 1)
        (tmp_path / "openapi.yaml").write_text(
            text + "    Other:\n      type: apiKey\n      in: header\n      name: X-Sign\n" + scheme, "utf-8"
        )
        try:
            lower(load([tmp_path]))
            found = 0
        except SpecErrors as errors:
            found = len(errors.faults)
        assert found == count


def double_values(levels: int, part: Any) -> dict[str, Any]:
    """Values of which each has the one below it twice."""
    return {f"v{i}": part(f"v{i - 1}") if i else {"text": "x"} for i in range(levels)}


@pytest.mark.parametrize(
    "values",
    [
        double_values(40, lambda name: {"text": f"{{{name}}}{{{name}}}"}),
        double_values(40, lambda name: {"from": name, "before": "x", "as": ["hex-lower"]}),
        double_values(40, lambda name: {"parts": [name, name]}),
        double_values(40, lambda name: {"parts": [name, name], "as": ["sha256", "hex-lower"]}),
        double_values(40, lambda name: {"from": name, "as": ["hex-lower"] * 12}),
        double_values(40, lambda name: {"from": name, "as": [{"replace": ["x", "x" * 900]}] * 12}),
        double_values(40, lambda name: {"parameters": [{"a": name, "b": name}]}),
        double_values(40, lambda name: {"parameters": [{"a": name}], "values": ["percent-encode"] * 12}),
    ],
)
def test_what_would_grow_without_end_is_an_error_at_once(values: dict[str, Any]) -> None:
    started = time.process_time()
    _, problems = inspect_scheme(value_with("v39", values=values))
    assert [problem.message for problem in problems] == ["this part becomes too long, or is made of too many parts"]
    assert time.process_time() - started < 5


def test_groups_are_not_nested_without_end() -> None:
    part: Any = "method"
    for _ in range(100):
        part = {"parts": [part]}
    _, problems = inspect_scheme(value_with(part))
    assert [problem.message for problem in problems] == ["parts are nested too deeply"]


@pytest.mark.parametrize("text", ["{0.__class__}", "{method.__class__}", "{header}", "{value.day}", "{}", "{ method}"])
def test_a_text_reaches_nothing_but_sources(text: str) -> None:
    _, problems = inspect_scheme(value_with({"text": text}))
    assert [problem.message for problem in problems] == [f"there is no source {text[1:-1]!r}"]
