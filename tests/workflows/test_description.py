"""What the reusable workflow does to a pull request, step by step, in a small repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.steps import Runner, commit, defaults, git, read_file

FILE = "spec/v1/openapi.yaml"


def make_runner(repository: Path, job: str = "description", base: str = "HEAD") -> Runner:
    """The job, on a pull request on that base."""
    workflow = read_file("description.yml")
    known = {"github.event.pull_request.base.sha": git(repository, "rev-parse", base)}
    return Runner(workflow, job, repository, repository.parent / "temporary", defaults(workflow) | known)


def edit(repository: Path, old: str, new: str) -> None:
    path = repository / FILE
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_another_description_of_an_operation_passes_and_is_shown(repository: Path) -> None:
    runner = make_runner(repository)
    edit(repository, "description: All things.", "description: Every thing.")
    commit(repository)
    assert runner.run("Lint").returncode == 0
    done = runner.run("Compare")
    assert done.returncode == 0, done.stderr
    assert "::notice file=spec/v1/openapi.yaml,line=8" in done.stdout
    assert "GET /things" in runner.read("diff.md")
    assert runner.read("GITHUB_STEP_SUMMARY") == runner.read("diff.md")
    assert runner.read("GITHUB_OUTPUT") == "compared=true\n"


@pytest.mark.slow
@pytest.mark.parametrize(("allowed", "code"), [("false", 1), ("true", 0)])
def test_what_breaks_callers_fails_unless_it_is_allowed(repository: Path, allowed: str, code: int) -> None:
    runner = make_runner(repository)
    runner.known["inputs.allow-breaking"] = allowed
    edit(repository, "  /things:", "  /items:")
    commit(repository)
    done = runner.run("Compare")
    assert done.returncode == code, done.stderr
    assert "::error file=" in done.stdout
    assert "operation-removed" in done.stdout
    assert "### Breaking changes" in runner.read("diff.md")
    assert runner.read("GITHUB_OUTPUT") == "compared=true\n"


@pytest.mark.slow
def test_a_change_of_the_base_alone_is_not_blamed_on_the_pull_request(repository: Path) -> None:
    start = git(repository, "rev-parse", "HEAD")
    edit(repository, "  /things:", "  /items:")
    base = commit(repository)
    git(repository, "checkout", "--quiet", "-b", "feature", start)
    edit(repository, "summary: List things", "summary: List all things")
    commit(repository)
    done = make_runner(repository, base=base).run("Compare")
    assert done.returncode == 0, done.stdout


def test_a_new_description_is_compared_with_nothing(repository: Path) -> None:
    runner = make_runner(repository)
    runner.known["inputs.spec"] = "other"
    git(repository, "mv", "spec", "other")
    commit(repository)
    done = runner.run("Compare")
    assert done.returncode == 0, done.stderr
    assert runner.read("GITHUB_OUTPUT") == ""
    assert runner.read("GITHUB_STEP_SUMMARY").startswith("other is new")


@pytest.mark.slow
def test_a_description_that_cannot_be_read_fails_the_comparison(repository: Path) -> None:
    runner = make_runner(repository)
    runner.known["inputs.allow-breaking"] = "true"
    edit(repository, "paths:", "paths: [")
    commit(repository)
    assert runner.run("Compare").returncode == 2
    assert runner.read("GITHUB_OUTPUT") == ""


def test_a_fault_is_shown_at_its_line(repository: Path) -> None:
    edit(repository, "      operationId: listThings\n", "      operationId: listThings\n      x-retri: 100%\n")
    done = make_runner(repository).run("Lint")
    assert done.returncode == 1
    assert "::error file=spec/v1/openapi.yaml,line=10::" in done.stdout
    assert "x-retri" in done.stdout


FAKE = """\
#!/bin/bash
echo "$*" >> calls.txt
case "$*" in
  *--paginate*) cat ids.txt 2> /dev/null || true ;;
  *POST*) echo 7 > ids.txt ;;
esac
"""


def test_there_is_one_comment_which_later_runs_edit(repository: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(FAKE, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    (repository / "diff.md").write_text("x" * 70_000, encoding="utf-8")
    runner = make_runner(repository, "comment")
    runner.programs = str(programs)
    runner.known |= {"github.token": "t", "github.repository": "a/b", "github.event.pull_request.number": "3"}
    for _ in range(2):
        done = runner.run("Comment")
        assert done.returncode == 0, done.stderr
    writes = [line for line in (repository / "calls.txt").read_text("utf-8").splitlines() if "--method" in line]
    assert writes == [
        "api --method POST repos/a/b/issues/3/comments --field body=@comment.md",
        "api --method PATCH repos/a/b/issues/comments/7 --field body=@comment.md",
    ]
    assert len((repository / "comment.md").read_text("utf-8")) < 65_536  # the most that GitHub takes


@pytest.mark.slow
def test_generated_files_that_do_not_follow_fail_and_leave_a_patch(repository: Path) -> None:
    runner = make_runner(repository)
    assert runner.run("Regenerate").returncode == 1
    commit(repository)
    assert runner.run("Regenerate").returncode == 0
    edit(repository, "description: All things.", "description: Every thing.")
    edited = commit(repository)
    done = runner.run("Regenerate")
    assert done.returncode == 1
    assert "::error title=Drift::" in done.stdout
    git(repository, "reset", "--quiet", "--hard", edited)
    git(repository, "apply", str(runner.temporary / "drift.patch"))
    assert runner.run("Regenerate").returncode == 0


@pytest.mark.slow
def test_the_suite_checks_the_sandbox(repository: Path) -> None:
    runner = make_runner(repository, "conformance")
    runner.known |= {"inputs.api": "v3", "inputs.operations": "showExam", "inputs.max-examples": "1"}
    done = runner.run("Check the sandbox")
    assert done.returncode == 0, done.stdout + done.stderr
    assert runner.run("Summarize").returncode == 0
    assert runner.read("GITHUB_STEP_SUMMARY").startswith("## ✅ The server conforms")
