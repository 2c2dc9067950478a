"""What Lighthouse says of the accessibility of the pages."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.docs.built_site import Serve
from tests.docs.machines.lighthouse_runs import PAGES, audit, read_score
from tests.proofs import FULL

FAULTS = """() => {
  const levels = [...document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6)")].map((e) => Number(e.tagName[1]));
  return levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);
}"""


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.needs("npm")
@pytest.mark.parametrize("kind", PAGES if FULL else ("operation", "workbench"))
def test_lighthouse_finds_nothing_in_the_accessibility(root: Path, serve: Serve, site: Path, kind: str) -> None:
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=root, check=True, capture_output=True)
    report = audit(serve(site) + PAGES[kind], "accessibility", desktop=kind != "workbench")
    faults = [one["title"] for one in report["audits"].values() if one["score"] is not None and one["score"] < 1]
    assert (read_score(report, "accessibility"), faults) == (100, [])


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_no_level_of_heading_is_left_out(browser: Any, serve: Serve, site: Path) -> None:
    """Of what Lighthouse checks, that which axe's rules for WCAG leave to the author."""
    tab = browser.new_page()
    served = serve(site)
    for path in ("reference/workbench/", "reference/v3/exams/show/#check-my-signature"):
        tab.goto(served + path)
        tab.wait_for_selector(".op-canonical li")
        assert tab.evaluate(FAULTS) == [], path
    tab.close()
