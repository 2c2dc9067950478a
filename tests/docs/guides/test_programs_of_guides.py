"""Every program of the guides runs as it is printed, and prints what the page promises."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from procwise_sandbox import Running, running
from tests.docs.snippets import snippets
from tests.proofs import mark_most_slow

GUIDES = Path(__file__).parents[3] / "docs/guides"
NAMES = ("client", "lists", "files", "dates", "refused", "testing")
PAGE = GUIDES / "client.md"
SNIPPETS = {title: text for name in NAMES for title, text in snippets(GUIDES / f"{name}.md").items()}
WITH_OWN_TEST = {"test_enrolment.py"}  # in tests/sandbox/settings/test_pytest_plugin.py
PROGRAMS = {title: text for title, text in SNIPPETS.items() if title.endswith(".py") and title not in WITH_OWN_TEST}
PRINTED = {
    "configure.py": r"<Client of http://127\.0\.0\.1:\d+/api/v3>\n",
    "own_http.py": r"Inorganic chemistry, first sitting\n",
    "call.py": r"\d+ draft \d+\nOrganic chemistry\n",
    "handle_errors.py": r"no such exam: record_not_found .+\n422 \{'end_time': \['is invalid'\]\}\n",
    "retry.py": r"",
    "page.py": r"(\d+ .+\n){4,}\d+ exams on \d+ pages\nInorganic chemistry, first sitting\n.+\n\d+\n",
    "filter.py": r"([A-Z].+\n)+1\n",
    "upload.py": r"\d+\n",
    "job.py": r"(/.+/)?documents\.zip \d+\n",
    "use_async.py": r"\['Inorganic chemistry, first sitting', .+\]\n",
    "threads.py": r"\['Inorganic .+', 'Introduction .+'\]\nInorganic .+\nIntroduction .+\n",
    "limit_the_time.py": r"Inorganic chemistry, first sitting\n",
    "log.py": r"",
    "test_with_the_sandbox.py": r"\d+ 0\n",
    "iterate.py": r"(?s)(.+\n)\1",
    "zip.py": r"(Progress\(.+\)\n)+answers\.zip\n",
    "steps.py": r"answers\.zip\n",
    "uploads.py": r"plan\.pdf\n(Progress\(.+\)\n)+seats\.pdf\n",
    "filter_by_date.py": r"True\n",
    "upgrade.py": r"exams\.show of procwise\.v1 is deprecated: use exams\.show of procwise\.v3\n",
    **{title: re.escape(SNIPPETS[f"{title} prints"]) for title in PROGRAMS if f"{title} prints" in SNIPPETS},
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(files=tmp_path_factory.mktemp("files"), job_seconds=0.01) as found:
        yield found


@pytest.mark.parametrize("title", mark_most_slow(PRINTED, 3))
def test_a_program_of_the_guide(
    title: str, sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("base_url", "token", "secret_key"):
        monkeypatch.setenv(f"PROCWISE_{name.upper()}", getattr(sandbox, name))
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with redirect_stdout(printed), warnings.catch_warnings():
        exec(compile(PROGRAMS[title], title, "exec"), {"__name__": "__main__"})
    logging.getLogger("procwise").setLevel(logging.NOTSET)
    assert re.fullmatch(PRINTED[title], printed.getvalue()), printed.getvalue()


def test_no_program_is_left_out_and_every_task_has_one() -> None:
    guides = [GUIDES / f"{name}.md" for name in NAMES]
    assert {*PROGRAMS} == {*PRINTED}
    assert sum(page.read_text("utf-8").count("```python") for page in guides) == len(PRINTED) + len(WITH_OWN_TEST)
    tasks = PAGE.read_text("utf-8").split("\n## ")[1:]
    assert [task.partition("\n")[0] for task in tasks if "```" not in task] == ["Use the command line"]
