"""What `generate` says of its work: what it wrote, and which house rules the description does not follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.generator.running import Run

Toolkit = Callable[..., Run]
GENERATE = ("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "openapi")


def last_line(run: Run) -> str:
    assert run.out == ""
    return run.err.splitlines()[-1]


def test_what_was_written_is_counted(toolkit: Toolkit, write: Callable[..., Path], small: str, tmp_path: Path) -> None:
    spec = write("spec.yaml", small)
    assert last_line(toolkit(*GENERATE)) == "2 files: 2 new"
    assert last_line(toolkit(*GENERATE)) == "2 files: all up to date"
    write("spec.yaml", small.replace("title: Small", "title: Tiny"))
    (tmp_path / "out/generated/openapi/spec.yaml").unlink()
    assert last_line(toolkit(*GENERATE)) == "2 files: 1 new, 1 changed"
    spec.rename(tmp_path / "other.yaml")
    assert last_line(toolkit(*GENERATE[:2], "other.yaml", *GENERATE[3:])) == "2 files: 2 new, 2 removed"


def test_house_rules_warn_and_stop_nothing(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    write("spec.yaml", small.replace("operationId: showThing", "operationId: show_thing"))
    lint = toolkit("lint", "spec.yaml")
    assert lint.code == 1
    found = [line for line in lint.err.splitlines() if line.startswith("spec.yaml:")]
    run = toolkit(*GENERATE)
    assert run.code == 0
    assert [line.removeprefix("warning: ") for line in run.err.splitlines()] == [*found, "2 files: 2 new"]
    assert toolkit(*GENERATE, "--check").err == "2 files: all up to date\n"


def test_many_warnings_are_counted(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    names = "".join(f"        bad-Name{number}: {{type: integer}}\n" for number in range(40))
    write("spec.yaml", small + names)
    found = [line for line in toolkit("lint", "spec.yaml").err.splitlines() if line.startswith("spec.yaml:")]
    assert len(found) > 20
    lines = toolkit(*GENERATE).err.splitlines()
    assert lines[:20] == [f"warning: {line}" for line in found[:20]]
    assert lines[20].startswith(f"warning: {len(found) - 20} more ")
