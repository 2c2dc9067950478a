"""`make test-changed` runs what a change can make fail: too much perhaps, and never too little."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.selection.base import unpack_revision
from tests.selection.changed import select_tests
from tests.selection.dependencies import ROOT, Dependencies
from tests.selection.mutants import MUTANTS, Mutant

pytestmark = pytest.mark.slow


# An edited file, and tests that fail if it is edited wrongly: each reads or runs what is made of the file.
SELECTED = {
    "spec/v3/exams.yaml": {
        "tests/description/test_described_facts.py",
        "tests/docs/test_reference.py",
        "tests/layers/test_counts.py",
        "tests/sandbox/http/test_every_operation.py",
        "tests/client/test_every_operation.py",
        "tests/generator/test_layers.py",
    },
    "spec/extensions.schema.json": {"tests/generator/test_faults.py", "tests/lint/test_seeded_faults.py"},
    "generator/layers/client/templates/README.md.j2": {"tests/client/test_readme.py", "tests/generator/test_layers.py"},
    "generator/layers/docs/templates/errors.md.j2": {"tests/docs/test_errors_page.py", "tests/docs/test_reference.py"},
    "generator/layers/sandbox/runtime/http/validation.py": {"tests/sandbox/http/test_validation.py"},
    "generator/layers/conformance/runtime/reports/summary.py": {"tests/conformance/reports/test_reports.py"},
    "generator/layers/conformance/templates/README.md.j2": {"tests/generator/test_layers.py"},
    "generator/javascript/scripts/evaluator.js": {"tests/docs/test_evaluator.py"},
    "generator/layers/client/runtime/_lists/pager.py": {"tests/client/lists/test_pages.py"},
    "generator/signing/text.py": {"tests/signing/test_vectors.py", "tests/sandbox/http/test_signature_vectors.py"},
    "generator/diff/__init__.py": {"tests/changes/test_pairs.py", "tests/changes/test_command.py"},
    "generator/lint/naming.py": {"tests/lint/test_seeded_faults.py"},
    "docs/guides/command-line.md": {"tests/docs/test_hand_written.py", "tests/lint/test_seeded_faults.py"},
    "mkdocs.yml": {"tests/docs/test_site.py"},
    "tests/sandbox/sandbox_calls.py": {"tests/sandbox/resources/test_lists.py"},
    "tests/conformance/servers/shelf.yaml": {"tests/conformance/verdicts/test_honest_server.py"},
    "tests/signing/vectors.json": {"tests/signing/test_vectors.py", "tests/sandbox/http/test_signature_vectors.py"},
}
LEFT_OUT = {
    "docs/guides/command-line.md": {"tests/sandbox/resources/test_lists.py", "tests/client/lists/test_pages.py"},
    "generator/lint/naming.py": {"tests/sandbox/resources/test_lists.py", "tests/docs/test_site.py"},
    "generator/layers/sandbox/runtime/http/validation.py": {
        "tests/client/lists/test_pages.py",
        "tests/docs/test_site.py",
    },
    "tests/sandbox/sandbox_calls.py": {"tests/client/lists/test_pages.py"},
}

# Files that are gone, where they moved to if they did, and tests that fail for want of them.
GONE = {
    "tests/signing/vectors.json": (
        "",
        {"tests/signing/test_vectors.py", "tests/sandbox/http/test_signature_vectors.py"},
    ),
    "tests/client/lists/book.py": (
        "tests/client/lists/shelf.py",
        {"tests/client/lists/test_prefetching.py", "tests/client/lists/test_uneven_lists.py"},
    ),
    "generator/layers/docs/templates/errors.md.j2": ("", {"tests/docs/test_errors_page.py"}),
}


@pytest.fixture(scope="module")
def checkout() -> Dependencies:
    return Dependencies.of_checkout()


@pytest.mark.parametrize("edited", SELECTED)
def test_an_edit_selects_the_tests_of_what_is_made_of_it(checkout: Dependencies, edited: str) -> None:
    assert edited in checkout.files
    assert SELECTED[edited] <= {*checkout.tests}
    assert SELECTED[edited] - {*select_tests([edited], checkout)} == set()


@pytest.mark.parametrize("edited", LEFT_OUT)
def test_an_edit_leaves_out_what_does_not_depend_on_it(checkout: Dependencies, edited: str) -> None:
    assert LEFT_OUT[edited] & {*select_tests([edited], checkout)} == set()


@pytest.mark.parametrize("edited", ["pyproject.toml", "constraints.txt", "tests/conftest.py", "Makefile", "new.toml"])
def test_what_everything_may_depend_on_selects_everything(checkout: Dependencies, edited: str) -> None:
    assert select_tests([edited], checkout) == [*checkout.tests]


@pytest.mark.parametrize("test", ["tests/client/lists/test_pages.py", "tests/sandbox/resources/test_lists.py"])
def test_a_test_file_selects_itself_and_hardly_another(checkout: Dependencies, test: str) -> None:
    found = select_tests([test], checkout)
    assert test in found
    assert len(found) < len(checkout.tests) / 20  # some use it, and some read all files of the repository


def test_no_edit_selects_nothing(checkout: Dependencies) -> None:
    assert select_tests([], checkout) == []


def test_every_file_is_known(checkout: Dependencies) -> None:
    """One that no test depends on would select nothing, though nobody has said that nothing does."""
    depended_on = frozenset[str]().union(*map(checkout.find_needed, checkout.tests))
    made_of_specs = {path for path in checkout.files if path.startswith(("generated/", "docs/reference/"))}
    unknown = {
        path
        for path in checkout.files - depended_on - made_of_specs
        if path.endswith(".py") and path.startswith(("generator/", "tests/"))
    }
    programs = {"tests/demo.py", "tests/mutants.py", "tests/__init__.py", "tests/conftest.py", "tests/programs.py"}
    alone = ("tests/benchmarks/", "tests/pythons/", "tests/selection/", "tests/lint/table.py")
    assert {path for path in unknown - programs if not path.startswith(alone)} == set()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.file)
def test_a_mutant_selects_the_test_that_notices_it(checkout: Dependencies, mutant: Mutant) -> None:
    assert mutant.file in checkout.files
    noticing = {test for test in checkout.tests if test.startswith(mutant.test_file)}
    assert noticing
    assert noticing & {*select_tests([mutant.file], checkout)} == noticing


def commit_all(folder: Path) -> None:
    """Make a folder a repository, whose `HEAD` has all that is there."""
    run_git(folder, "init", "--quiet")
    run_git(folder, "add", "--all", "--force")
    run_git(folder, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=All")


def run_git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)


def list_selected(repository: Path) -> set[str]:
    """What `python -m tests.selection --list` prints there."""
    packages = [str(repository / "generated" / layer) for layer in ("client", "sandbox", "conformance")]
    call = [sys.executable, "-m", "tests.selection", "--list", "--since", "HEAD"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(packages)}
    done = subprocess.run(call, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {*done.stdout.splitlines()}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A repository of four tests: of a module, of a data file, of a folder, and of nothing."""
    shutil.copytree(ROOT / "tests/selection", tmp_path / "tests/selection", ignore=shutil.ignore_patterns("test_*"))
    modules = {
        "__init__": "",
        "records/__init__": "",
        "shelf/__init__": "",
        "shelf/book": "",
        "shelf/test_book": "from tests.shelf import book",
        "shelf/test_data": "open('tests/records/data.json')",
        "test_folder": "FOLDER = 'tests/shelf'",
        "test_words": "WORDS = 'of nothing'",
    }
    for name, text in modules.items():
        path = tmp_path / "tests" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "tests/records/data.json").write_text("{}", "utf-8")
    (tmp_path / ".gitignore").write_text("__pycache__/\n", "utf-8")
    commit_all(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("edit", "selected"),
    [
        (["rm", "tests/records/data.json"], {"tests/shelf/test_data.py", "tests/test_folder.py"}),
        (["git", "mv", "tests/shelf/book.py", "tests/page.py"], {"tests/shelf/test_book.py", "tests/test_folder.py"}),
        (["rm", "tests/shelf/book.py"], {"tests/shelf/test_book.py", "tests/test_folder.py"}),
        (["git", "rm", "--quiet", "tests/shelf/test_data.py"], {"tests/test_folder.py"}),
    ],
    ids=["data", "moved module", "module", "test"],
)
def test_a_file_that_is_gone_selects_what_depended_on_it(library: Path, edit: list[str], selected: set[str]) -> None:
    subprocess.run(edit, cwd=library, check=True)
    assert list_selected(library) == selected


def test_what_is_gone_or_moved_here_selects_what_depended_on_it(tmp_path: Path) -> None:
    unpack_revision("HEAD", tmp_path)
    commit_all(tmp_path)
    for path, (moved, _) in GONE.items():
        run_git(tmp_path, *(("mv", path, moved) if moved else ("rm", "--quiet", path)))
    selected = list_selected(tmp_path)
    assert {path for path, (_, tests) in GONE.items() if tests - selected} == set()
    assert "tests/client/lists/test_pages.py" not in selected
