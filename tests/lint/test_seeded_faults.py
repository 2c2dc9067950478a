"""Every seeded fault is reported at its file and line; the description itself has none."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from generator.lint import FILE_RULES, RULES
from tests.conftest import ROOT
from tests.lint.copies import SPEC, Copy, lint_copy, ours, seed_fault
from tests.lint.faults import FAULTS, LOADING, Fault
from tests.lint.table import table
from tests.proofs import FULL, mark_slow

NAMES = [rule.name for rule in (*RULES, *FILE_RULES)]


@pytest.fixture(scope="module")
def copy_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fault], Copy]:
    """The copy with a fault, made and linted once."""
    folder = tmp_path_factory.mktemp("copies")
    return cache(lambda fault: seed_fault(fault, folder / str(FAULTS.index(fault))))


OF_LONG_SCHEMES = "signing-effect"  # the description has no long scheme: tests/signing/test_every_clause.py has them


def test_there_are_enough_faults_and_one_for_every_rule() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 50
    assert {fault.rule for fault in FAULTS} - {LOADING} == set(NAMES) - {OF_LONG_SCHEMES}


def test_the_description_has_no_findings() -> None:
    assert ours(SPEC) == ()


FIRST_OF_RULES = {fault.rule: fault for fault in reversed(FAULTS)}.values()
QUICK = [*FIRST_OF_RULES][::10]  # each lints the whole description; rules have tests with small ones beside


@pytest.mark.parametrize(
    "fault",
    [fault if fault in QUICK else mark_slow(fault) for fault in FAULTS],
    ids=[fault.name for fault in FAULTS],
)
def test_lint_reports_the_fault_at_its_line(fault: Fault, copy_of: Callable[[Fault], Copy]) -> None:
    copy = copy_of(fault)
    found = [finding for finding in lint_copy(copy) if (Path(finding.file), finding.line) == (copy.file, copy.line)]
    assert found, [str(finding) for finding in lint_copy(copy)]
    rules = [finding.message.split(":")[0] for finding in found]
    assert fault.rule == LOADING or fault.rule in rules
    assert all(finding.hint for finding in found)


@pytest.mark.slow
@pytest.mark.needs("npm")
def test_redocly_and_spectral_see_their_share(
    copy_of: Callable[[Fault], Copy], record_property: pytest.RecordProperty
) -> None:
    """Every other fault, or each of them; `python -m tests.lint.table` prints the table of all."""
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=ROOT, check=True, capture_output=True)
    faults = FAULTS if FULL else FAULTS[::2]
    printed = table([*map(copy_of, faults)])
    record_property("faults and linters", printed)
    own, redocly, spectral = map(int, printed.splitlines()[-1].split()[-3:])
    assert own == len(faults) >= 50
    assert min(redocly, spectral) >= len(faults) // 5


def test_the_rules_are_listed_in_the_guide(root: Path) -> None:
    text = (root / "docs" / "guides" / "command-line.md").read_text(encoding="utf-8")
    section = text.split("## procwise-toolkit lint\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([^`-][^`]*)` \| (.+) \|$", section, re.MULTILINE) == [
        (rule.name, rule.asks) for rule in (*RULES, *FILE_RULES)
    ]
