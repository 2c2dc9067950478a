"""Files that go away while the rules are applied, as when somebody edits a description that is being watched."""

from __future__ import annotations

from pathlib import Path

from generator.lint.files import LONGEST, RULES, sources
from generator.load import load

SMALL = """\
openapi: 3.1.0
info: {title: Small, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      responses: {"200": {description: Things.}}
"""


def test_the_rules_look_at_what_was_read(tmp_path: Path) -> None:
    root = tmp_path / "openapi.yaml"
    root.write_text(SMALL + "\n" * LONGEST, "utf-8")
    run = sources([tmp_path], load([tmp_path]))
    root.unlink()
    found = [fault.message for rule in RULES for fault in rule.check(run)]
    assert found == [f"the file has {LONGEST + 7} lines"]
