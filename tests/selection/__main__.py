"""Runs the tests that depend on what was changed; `--list` only prints their files."""

from __future__ import annotations

import argparse
import sys

import pytest

from tests.selection.base import select_by_base
from tests.selection.changed import list_changes, select_tests
from tests.selection.dependencies import Dependencies, read_git


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.selection", description=__doc__)
    parser.add_argument("--since", default="main", help="the branch or revision to compare with")
    parser.add_argument("--list", action="store_true", help="print the test files, and run nothing")
    options, more = parser.parse_known_args()
    all_of = Dependencies.of_checkout()
    tests = select_changed(read_git("merge-base", "HEAD", options.since)[0], all_of)
    print(f"{len(tests)} of {len(all_of.tests)} test files depend on the change", file=sys.stderr)
    if options.list:
        print("\n".join(tests))
        return 0
    return int(pytest.main([*more, *tests])) if tests else 0


def select_changed(base: str, all_of: Dependencies) -> list[str]:
    """The test files that depend on what differs from a revision, by its own files where some are gone."""
    changes = list_changes(base)
    selected = {*select_tests(changes, all_of)}
    if gone := changes - all_of.files:
        selected |= {*select_by_base(base, gone)}
    return [test for test in all_of.tests if test in selected]


if __name__ == "__main__":
    sys.exit(main())
