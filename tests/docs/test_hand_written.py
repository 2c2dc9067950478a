"""The hand-written pages name exactly what there is: extensions, commands, options, environment."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from procwise import errors
from tests.programs import Programs

SECTIONS = {
    "procwise exams list": ("procwise", "exams", "list"),
    "procwise configure": ("procwise", "configure"),
    "procwise sign": ("procwise", "sign"),
    "procwise doctor": ("procwise", "doctor"),
    "procwise explain": ("procwise", "explain"),
    "procwise-toolkit generate": ("generator", "generate"),
    "procwise-toolkit lint": ("generator", "lint"),
    "procwise-toolkit diff": ("generator", "diff"),
    "procwise-toolkit release": ("generator", "release"),
    "procwise-toolkit sign": ("generator", "sign"),
    "procwise-sandbox": ("procwise_sandbox",),
    "procwise-conformance": ("procwise_conformance", "run"),
    "procwise-conformance clean": ("procwise_conformance", "clean"),
    "procwise-conformance observe": ("procwise_conformance", "observe"),
    "procwise-conformance proxy": ("procwise_conformance", "proxy"),
}


def test_the_extensions(root: Path) -> None:
    page = (root / "docs/guides/extensions.md").read_text(encoding="utf-8")
    schema = json.loads((root / "spec/extensions.schema.json").read_text(encoding="utf-8"))
    assert {*re.findall(r"^\| `(x-[a-z-]+)` \|", page, re.MULTILINE)} == {*schema["properties"]}


def test_the_clauses_of_the_signing_rule(root: Path) -> None:
    page = (root / "docs/guides/extensions.md").read_text(encoding="utf-8").partition("## The signing rule")[2]
    schema = json.loads((root / "spec/extensions.schema.json").read_text(encoding="utf-8"))["$defs"]["signing-short"]
    message = {f"message.{name}" for name in schema["properties"]["message"]["properties"]}
    clauses = ({*schema["properties"]} - {"message"}) | message
    assert {*re.findall(r"^\| `([a-z.]+)` \|", page, re.MULTILINE)} == clauses


def test_the_exceptions_and_what_they_hold(root: Path) -> None:
    page = (root / "docs/guides/errors.md").read_text(encoding="utf-8")
    first, second = (part.partition("\n## ")[0] for part in page.split("# ", 2)[1:])
    named = re.findall(r"^\| `(\w+)` \|", first, re.MULTILINE)
    assert {*named} == {*errors.__all__} - {"ProcwiseError"}
    assert all(str(status) in first for status in errors.BY_STATUS)
    held = {*re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (`.*?) \|", second, re.MULTILINE)))}
    shown = {*vars(errors.APIStatusError("", status=404))} | {"meaning", "hint"}
    assert held == shown


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    page = (root / "docs/guides/command-line.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_commands(sections: dict[str, str], program: Programs) -> None:
    shown = _help(program, "generator")
    commands = {f"procwise-toolkit {name}" for name in re.findall(r"^[│ ] (\w+) {2,}\w", shown, re.MULTILINE)}
    assert {*sections} == {*SECTIONS}
    assert {name for name in sections if name.startswith("procwise-toolkit ")} == commands


@pytest.mark.parametrize("section", SECTIONS)
def test_the_options(section: str, sections: dict[str, str], program: Programs) -> None:
    listed = {
        *re.findall(r"`(--[a-z][a-z-]*)", "\n".join(re.findall(r"^\| `--.*?\|", sections[section], re.MULTILINE)))
    }
    assert listed == {*re.findall(r"--[a-z][a-z-]+", _options(_help(program, *SECTIONS[section])))} - {"--help"}


def _help(program: Programs, module: str, *words: str) -> str:
    ended = program(module, *words, "--help", NO_COLOR="1", TERMINAL_WIDTH="200", COLUMNS="200")
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def _options(shown: str) -> str:
    """The first column of the options, without the sentences that may mention other options."""
    return "\n".join(re.findall(r"^[│ ]+(?:[*] )? *(-.*?)(?: {3,}[^- ]|$)", shown, re.MULTILINE))
