"""`release`: what is shown and written, what is refused, and what stays as it was."""

from __future__ import annotations

import difflib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run
from tests.proofs import mark_most_slow
from tests.release.checkout import CHANGES, DESCRIPTION, PROJECT, SPEC, read_tree, replace_text
from tests.release.edits import EDITS, Edit

Toolkit = Callable[..., Run]
Replace = Callable[[str, str, str], None]
KINDS = [*{(one.description, one.packages): one for one in EDITS if one.announced}.values()]  # one of each
WRITE = ("release", "--write", "--date", "2026-03-04")


def list_changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_the_first_release_keeps_the_versions(new_checkout: Path, toolkit: Toolkit) -> None:
    run = toolkit(*WRITE)
    assert (run.code, run.out) == (0, "v1: 1.2.3 (first release)\npackages: 0.4.0 (first release)\n")
    assert (new_checkout / SPEC).read_text("utf-8") == DESCRIPTION
    assert (new_checkout / "pyproject.toml").read_text("utf-8") == PROJECT
    assert (new_checkout / "spec/released/packages.txt").read_text("utf-8") == "0.4.0\n"
    bundle = json.loads((new_checkout / "spec/released/v1.json").read_text("utf-8"))
    generated = json.loads((new_checkout / "generated/openapi/v1.json").read_text("utf-8"))
    assert bundle["info"]["version"] == "1.2.3"
    assert {**bundle, "x-generated": ""} == {**generated, "x-generated": ""}
    assert (new_checkout / "CHANGELOG.md").read_text("utf-8") == CHANGES.replace(
        "## Unreleased\n", "## Unreleased\n\n## 0.4.0 (2026-03-04)\n\nDescriptions: v1 1.2.3.\n"
    )


@pytest.mark.parametrize("one", mark_most_slow(KINDS, 2), ids=lambda one: one.what)
def test_a_release_raises_what_has_to_be_raised(checkout: Path, toolkit: Toolkit, edit: Replace, one: Edit) -> None:
    edit(SPEC, one.old, one.new)
    before = (checkout / SPEC).read_text("utf-8")
    run = toolkit(*WRITE)
    assert run.code == 0, run.err
    kept = "1.2.3, as before" if one.description == "1.2.3" else f"1.2.3 to {one.description}"
    assert run.out == f"v1: {kept}\npackages: 0.4.0 to {one.packages}\n"
    assert (checkout / SPEC).read_text("utf-8") == before.replace("'1.2.3'", f"'{one.description}'")
    assert (checkout / "pyproject.toml").read_text("utf-8") == PROJECT.replace('"0.4.0"', f'"{one.packages}"')
    assert (checkout / "docs/migrations").exists() == ("Breaking" in read_section(checkout, one.packages))
    assert toolkit("release", "--check").code == 0
    assert toolkit("generate", "--layer", "openapi", "--check").code == 0
    again = toolkit(*WRITE)
    assert (again.code, again.out) == (0, "")
    assert again.err.startswith("nothing changed since the last release")


def read_section(checkout: Path, version: str) -> str:
    """The section of the release in the changelog."""
    text = (checkout / "CHANGELOG.md").read_text("utf-8")
    assert text.startswith(f"# Changelog\n\n## Unreleased\n\n## {version} (2026-03-04)\n\nDescriptions: v1 ")
    return text.partition(f"## {version} ")[2].partition("\n## ")[0]


def test_the_changelog_says_what_changed_and_keeps_what_was_written(
    checkout: Path, toolkit: Toolkit, edit: Replace
) -> None:
    edit(SPEC, "    delete:\n", "    put:\n")
    edit(SPEC, "method: destroy", "method: remove")
    edit(SPEC, "name: X-Key", "name: X-Reader")
    edit("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n### Breaking\n\n- Books are put.\n")
    assert toolkit(*WRITE).code == 0
    assert read_section(checkout, "1.0.0").partition("\n")[2] == (
        "\nDescriptions: v1 2.0.0. What to change in a program: `docs/migrations/1.0.0.md`.\n"
        "\n### HTTP\n"
        "\n- **Breaking** v1: DELETE /books/\\{id\\}: the operation is gone (`operation-removed`)\n"
        "- v1: PUT /books/\\{id\\}: the operation is new (`operation-added`)\n"
        "\n### Signing and credentials\n"
        '\n- **Breaking** v1: token header: the header is "X-Reader", was "X-Key" (`token-changed`)\n'
        "- **Breaking** v1: security Key: the credentials are apiKey header X-Reader, were apiKey header X-Key "
        "(`security-scheme-changed`)\n"
        "\n### Breaking\n"
        "\n- Books are put.\n"
    )


def test_lines_of_the_changelog_alone_are_released_too(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n### Added\n\n- A page.\n")
    assert toolkit(*WRITE).out == "v1: 1.2.3, as before\npackages: 0.4.0 to 0.5.0\n"
    edit("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n### Fixed\n\n- A page.\n")
    assert toolkit(*WRITE).out == "v1: 1.2.3, as before\npackages: 0.5.0 to 0.5.1\n"


def test_without_write_it_is_only_shown(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "    delete:\n", "    put:\n")
    before = read_tree(checkout)
    run = toolkit("release", "--date", "2026-03-04")
    assert (run.code, run.err) == (0, "nothing was written (run it with --write)\n")
    assert read_tree(checkout) == before
    assert run.out.startswith("v1: 1.2.3 to 2.0.0\npackages: 0.4.0 to 1.0.0\n\nv1 1.2.3: 1 breaking, 1 addition(s)\n")
    assert f"\n--- {SPEC}\n" in run.out
    assert "\n-  version: '1.2.3'   # follows what callers see\n+  version: '2.0.0'   # follows what" in run.out
    assert "\n+# Migrating to 1.0.0\n" in run.out
    listed = ["changed: generated/openapi/v1.json", "changed: generated/openapi/v1.yaml"]
    listed += ["changed: spec/released/packages.txt", "changed: spec/released/v1.json"]
    assert run.out.splitlines()[-4:] == listed
    toolkit("release", "--write", "--date", "2026-03-04")
    written = {name for name, content in read_tree(checkout).items() if before.get(name) != content}
    folders = {"docs", "docs/migrations"}
    assert written - folders == {
        *(line.removeprefix("--- ") for line in run.out.splitlines() if line.startswith("--- ")),
        *(line.partition(": ")[2] for line in listed),
    }


@pytest.mark.parametrize(
    ("asked", "what"),
    [("0.9.9", "the packages"), ("0.4.0", "the packages"), ("v1=1.9.0", "v1"), ("v1=1.2.3", "v1")],
)
def test_a_lower_bump_is_refused(checkout: Path, toolkit: Toolkit, edit: Replace, asked: str, what: str) -> None:
    edit(SPEC, "    delete:\n", "    put:\n")
    before = read_tree(checkout)
    run = toolkit(*WRITE, "--version", asked)
    enough = "1.0.0" if what == "the packages" else "2.0.0"
    assert (run.code, run.out) == (2, "")
    assert f"{asked.rpartition('=')[2]} is too low for {what}" in run.err
    assert f"ask for {enough} or later" in run.err
    assert read_tree(checkout) == before


def test_a_higher_bump_is_taken(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "enum: [novel, poem]", "enum: [novel, poem, play]")
    run = toolkit(*WRITE, "--version", "1.0.0", "--version", "v1=2.0.0")
    assert run.out == "v1: 1.2.3 to 2.0.0\npackages: 0.4.0 to 1.0.0\n"
    assert toolkit("release", "--check").code == 0


def test_the_same_version_is_not_released_twice(checkout: Path, toolkit: Toolkit) -> None:
    run = toolkit(*WRITE, "--version", "0.4.0")
    assert (run.code, run.out) == (2, "")
    assert "ask for 0.4.1 or later" in run.err
    assert toolkit(*WRITE, "--version", "0.4.1").out == "v1: 1.2.3, as before\npackages: 0.4.0 to 0.4.1\n"


def test_versions_that_were_raised_by_hand_stay(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "'1.2.3'", "3.1.4")
    edit("pyproject.toml", "0.4.0", "2.0.0")
    edit(SPEC, "All books of one kind.", "All books.")
    assert toolkit(*WRITE).out == "v1: 1.2.3 to 3.1.4\npackages: 0.4.0 to 2.0.0\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--version", "1.0"), "'1.0' is not three numbers"),
        (("--version", "v9=1.0.0"), "there is no description 'v9' (there are: v1)"),
        (("--date", "tomorrow"), "'tomorrow' is no day"),
    ],
)
def test_what_cannot_be_asked_for(checkout: Path, toolkit: Toolkit, arguments: tuple[str, ...], said: str) -> None:
    run = toolkit("release", *arguments)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_description_with_faults_is_not_released(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "      summary: List books\n", "")
    before = read_tree(checkout)
    run = toolkit(*WRITE)
    assert (run.code, run.out) == (2, "")
    assert f"{SPEC}:14: operation-summary: " in run.err
    assert read_tree(checkout) == before


def test_a_version_of_the_api_that_goes_leaves_the_release(checkout: Path, toolkit: Toolkit) -> None:
    shutil.copytree(checkout / "spec/v1", checkout / "spec/v2")
    assert toolkit(*WRITE).out == "v1: 1.2.3, as before\nv2: 1.2.3 (first release)\npackages: 0.4.0 to 0.5.0\n"
    shutil.rmtree(checkout / "spec/v1")
    shutil.copytree(checkout / "spec/v2", checkout / "spec/v3")
    assert toolkit(*WRITE).code == 0
    assert sorted(path.name for path in (checkout / "spec/released").iterdir()) == [
        "packages.txt",
        "v2.json",
        "v3.json",
    ]
    assert not (checkout / "generated/openapi/v1.json").exists()
    assert "It is gone." in (checkout / "docs/migrations/1.0.0.md").read_text("utf-8")


HEADS = {
    "plain": ("info: {title: Shelf, version: 1.2.3, description: Books.", "1.2.3, description"),
    "quoted": ('info: {"version": "1.2.3", title: Shelf, description: Books.', '"1.2.3", title'),
    "behind letters of two bytes": ("info: {title: Bücherei 書, version: 1.2.3, description: Books.", "1.2.3, desc"),
    "anchored": ("info: {title: Shelf, version: &v 1.2.3, description: Books.", "&v 1.2.3"),
}


@pytest.mark.parametrize("name", mark_most_slow(HEADS, 2))
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "byte order mark"])
def test_the_version_is_changed_where_it_stands(checkout: Path, toolkit: Toolkit, name: str, mark: str) -> None:
    head, around = HEADS[name]
    start, end = DESCRIPTION.index("info:"), DESCRIPTION.index("  contact:")
    rest = DESCRIPTION[end:].replace("  contact:", ", contact:", 1).replace("\n  license:", ", license:")
    rest = rest.replace("Apache-2.0}\n", "Apache-2.0}}\n", 1).replace("    delete:\n", "    put:\n")
    text = f"{mark}{DESCRIPTION[:start]}{head}\n  {rest}"
    (checkout / SPEC).write_text(text, "utf-8")
    run = toolkit(*WRITE)
    assert run.code == 0, run.err
    assert (checkout / SPEC).read_text("utf-8") == text.replace(around, around.replace("1.2.3", "2.0.0"))


def test_a_version_in_the_module_that_hatchling_reads(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit("pyproject.toml", 'version = "0.4.0"  # of all packages\n', 'dynamic = ["version"]\n')
    with (checkout / "pyproject.toml").open("a") as file:
        file.write('[tool.hatch.version]\npath = "shelf/__init__.py"\n')
    (checkout / "shelf").mkdir()
    module = checkout / "shelf/__init__.py"
    module.write_text('"""Shelf."""\n\n__version__ = "0.4.0"  # one for all\n', "utf-8")
    edit(SPEC, "    delete:\n", "    put:\n")
    assert "shelf/__init__.py:3: the packages have the version 0.4.0" in toolkit("release", "--check").err
    assert toolkit(*WRITE).code == 0
    assert module.read_text("utf-8") == '"""Shelf."""\n\n__version__ = "1.0.0"  # one for all\n'


def test_a_link_in_the_place_of_a_file_is_refused(checkout: Path, toolkit: Toolkit, edit: Replace) -> None:
    edit(SPEC, "    delete:\n", "    put:\n")
    (checkout / "CHANGELOG.md").rename(checkout / "CHANGES.md")
    (checkout / "CHANGELOG.md").symlink_to("CHANGES.md")
    before = read_tree(checkout)
    run = toolkit(*WRITE)
    assert (run.code, run.out) == (2, "")
    assert "CHANGELOG.md: is a symbolic link" in run.err
    assert read_tree(checkout) == before


def test_the_pages_of_releases_are_in_the_menu(checkout: Path, toolkit: Toolkit, root: Path) -> None:
    """The last one first, below "About"."""
    shutil.copy(root / "mkdocs.yml", checkout)
    for name in ("generated/client/REFERENCE.md", "generated/conformance/PROMISES.md"):
        (checkout / name).parent.mkdir(parents=True)
        shutil.copy(root / name, checkout / name)
    for name in ("docs/reference/navigation.json", "docs/guides/index.md"):
        (checkout / name).parent.mkdir(parents=True)
        shutil.copy(root / name, checkout / name)
    replace_text(checkout, SPEC, "    delete:\n", "    put:\n")
    assert toolkit(*WRITE).code == 0
    replace_text(checkout, SPEC, "    put:\n", "    patch:\n")
    assert toolkit(*WRITE, "--version", "10.0.0").code == 0
    menu = (checkout / "mkdocs.yml").read_text("utf-8")
    assert "  - changelog.md\n  - migrations/10.0.0.md\n  - migrations/1.0.0.md\n" in menu
    assert "## 10.0.0 (2026-03-04)" in (checkout / "docs/changelog.md").read_text("utf-8")
