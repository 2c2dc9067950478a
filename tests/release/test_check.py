"""`release --check`: a version, or a changelog, that says less than what changed since the last release."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run
from tests.release.checkout import CHANGES, SPEC, replace_text
from tests.release.edits import EDITS, Edit

Toolkit = Callable[..., Run]
Replace = Callable[[str, str, str], None]


def read_asked(run: Run) -> dict[str, str]:
    """The version that each fault asks for, by the file that it names."""
    return dict(re.findall(r"^([\w./-]+):\d+: .*\(write (\d+\.\d+\.\d+) or later", run.err, re.MULTILINE))


def test_a_release_is_enough_for_itself(checkout: Path, toolkit: Toolkit) -> None:
    run = toolkit("release", "--check")
    assert run == Run(0, "", "v1 1.2.3 and packages 0.4.0 are enough after the release of 0.4.0\n")


@pytest.mark.parametrize("one", EDITS, ids=lambda one: one.what)
def test_every_version_has_to_say_what_changed(checkout: Path, toolkit: Toolkit, edit: Replace, one: Edit) -> None:
    edit(SPEC, one.old, one.new)
    run = toolkit("release", "--check")
    expected = {SPEC: one.description, "pyproject.toml": one.packages}
    assert read_asked(run) == {file: text for file, text in expected.items() if text not in ("1.2.3", "0.4.0")}
    assert (run.code, run.out) == (1 if one.announced else 0, "")
    if one.announced:
        assert "\nCHANGELOG.md:3: " in f"\n{run.err}"
    for file, line in ((SPEC, 5), ("pyproject.toml", 5)):
        if file in read_asked(run):
            assert re.search(rf"^{file}:{line}: ", run.err, re.MULTILINE)


@pytest.mark.parametrize("one", EDITS, ids=lambda one: one.what)
def test_what_is_asked_for_is_enough(checkout: Path, toolkit: Toolkit, edit: Replace, one: Edit) -> None:
    edit(SPEC, one.old, one.new)
    edit(SPEC, "'1.2.3'", f"'{one.description}'")
    edit("pyproject.toml", "0.4.0", one.packages)
    if one.announced:
        edit("CHANGELOG.md", "## Unreleased\n", f"## Unreleased\n\n### {one.announced}\n\n- It changed.\n")
    assert toolkit("release", "--check").code == 0


def test_a_heading_without_lines_announces_nothing(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "    delete:\n", "    put:\n")
    edit(SPEC, "'1.2.3'", "'2.0.0'")
    edit("pyproject.toml", "0.4.0", "1.0.0")
    edit("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n### Breaking\n\n### Added\n\n- A word.\n")
    run = toolkit("release", "--check")
    assert run.code == 1
    assert run.err.startswith(
        "CHANGELOG.md:3: something breaks since the last release: DELETE /books/{id}: the operation is gone; "
        "nothing in this section announces it (write a line below `### Breaking` in this section)\n1 fault(s)"
    )


@pytest.mark.parametrize(("file", "old", "new"), [(SPEC, "'1.2.3'", "1.2.2"), ("pyproject.toml", "0.4.0", "0.3.9")])
def test_a_version_below_the_released_one(
    checkout: Path, toolkit: Toolkit, edit: Replace, file: str, old: str, new: str
) -> None:
    edit(file, old, new)
    run = toolkit("release", "--check")
    assert (run.code, read_asked(run)) == (1, {file: old.strip("'")})
    assert f"{file}:5: " in run.err
    assert "but a later one was released" in run.err


@pytest.mark.parametrize("text", ["1.2", "v1.3.0", "1.3.0-rc.1", "01.3.0", "next"])
def test_a_version_that_is_none(checkout: Path, toolkit: Toolkit, edit: Replace, text: str) -> None:
    edit(SPEC, "'1.2.3'", f"'{text}'")
    run = toolkit("release", "--check")
    assert run.code == 2
    assert run.err.startswith(f"{SPEC}:5: the version '{text}' is not three numbers (write it like 1.0.0)\n")


@pytest.mark.slow
def test_a_version_of_the_api_that_comes_or_goes(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    shutil.copytree(checkout / "spec/v1", checkout / "spec/v2")
    replace_text(checkout, "spec/v2/openapi.yaml", "'1.2.3'", "'0.1.0'")
    come = toolkit("release", "--check")
    assert read_asked(come) == {"pyproject.toml": "0.5.0"}
    shutil.rmtree(checkout / "spec/v1")
    shutil.copytree(checkout / "spec/v2", checkout / "spec/v3")
    gone = toolkit("release", "--check")
    assert (gone.code, read_asked(gone)) == (1, {"pyproject.toml": "1.0.0"})


def test_what_is_missing(new_checkout: Path, toolkit: Toolkit) -> None:
    never = toolkit("release", "--check")
    assert never.code == 2
    assert "spec/released" in never.err
    assert toolkit("release", "--write").code == 0
    (new_checkout / "CHANGELOG.md").write_text(CHANGES.replace("Unreleased", "Soon"), "utf-8")
    assert "CHANGELOG.md: there is no heading `## Unreleased`" in toolkit("release", "--check").err
    (new_checkout / "spec/released/packages.txt").write_text("soon\n", "utf-8")
    assert "spec/released/packages.txt:1: 'soon' is no version" in toolkit("release", "--check").err
    (new_checkout / "pyproject.toml").unlink()
    (new_checkout / "spec/released/v1.json").unlink()
    assert "spec/released: no description lies there" in toolkit("release", "--check").err


def test_make_check_asks(root: Path) -> None:
    shown = subprocess.run(["make", "-n", "check"], cwd=root, capture_output=True, text=True, check=True)
    assert ".venv/bin/procwise-toolkit release --check" in shown.stdout.splitlines()


@pytest.mark.slow
def test_a_breaking_edit_of_this_project_is_noticed(root: Path, toolkit: Toolkit, tmp_path: Path) -> None:
    for name in ("spec", "CHANGELOG.md", "pyproject.toml"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, tmp_path / name)
    (tmp_path / "generator").mkdir()
    shutil.copy(root / "generator/__init__.py", tmp_path / "generator")
    replace_text(tmp_path, "spec/common/security.yaml", 'separator: "?"', 'separator: "&"')
    run = toolkit("release", "--check")
    assert (run.code, {*read_asked(run)}) == (
        1,
        {"spec/v1/openapi.yaml", "spec/v3/openapi.yaml", "generator/__init__.py"},
    )
