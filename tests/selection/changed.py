"""`python -m tests.selection`: runs the tests that a change can make fail; rather too many than too few."""

from __future__ import annotations

from collections.abc import Iterable

from generator import layers
from tests.selection.dependencies import OF_ALL_TESTS, Dependencies, read_git

KNOWN = ("spec/", "generator/", "generated/", "docs/", "tests/")
READ = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "mkdocs.yml"}  # by tests that name them


def list_changes(base: str) -> set[str]:
    """The files that differ from a revision, and the new ones; a file that moved is both."""
    changed = read_git("diff", "--name-only", "--no-renames", base)
    return {*changed, *read_git("ls-files", "--others", "--exclude-standard")}


def select_tests(edited: Iterable[str], all_of: Dependencies) -> list[str]:
    """The test files that depend on an edited file, or on what is generated from it."""
    edited = {*edited}
    if any(path in OF_ALL_TESTS or not (path in READ or path.startswith(KNOWN)) for path in edited):
        return [*all_of.tests]
    edited |= find_output(edited, all_of)
    return [test for test in all_of.tests if not edited.isdisjoint(all_of.find_needed(test))]


def find_output(edited: set[str], all_of: Dependencies) -> set[str]:
    """The output of the layers that an edited file belongs to; all output, if it is of the description."""
    outputs: set[str] = set()
    for name in layers.names():
        own = all_of.close_over(path for path in all_of.files if path.startswith(f"generator/layers/{name}/"))
        if any(path.startswith("spec/") or path in own for path in edited):
            outputs.add(layers.load(name).output)
    return {path for path in all_of.files for output in outputs if path.startswith(f"{output}/")}
