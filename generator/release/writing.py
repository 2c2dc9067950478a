"""A planned release shown, or written as one and checked before it counts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from generator import layers
from generator.errors import SpecErrors, ToolkitError
from generator.menu import COPIES
from generator.release.check import list_faults
from generator.release.journal import apply_edit
from generator.release.last_release import FOLDER
from generator.release.plan import Plan
from generator.release.since import compare_with_release
from generator.release.versions import read_text
from generator.reports import REPORTS
from generator.tree import drift


def show_versions(plan: Plan) -> Iterator[str]:
    """The versions of the descriptions and of the packages, before and after."""
    for name, version in plan.descriptions.items():
        released = next((one.old for one in plan.since.differences if one.api == name and one.old), "")
        yield f"{name}: {_step(released, str(version))}"
    yield f"packages: {_step(str(plan.since.released or ''), str(plan.packages))}"


def show_plan(root: Path, plan: Plan) -> Iterator[str]:
    """What would be written: what changed, the hand-written files as differences, and the others by their names."""
    yield from show_versions(plan)
    if any(difference.changes for difference in plan.since.differences):
        yield f"\n{REPORTS['text'](plan.since.differences)}"
    owned = tuple(f"{folder}/" for folder in (FOLDER, *(layers.load(name).output for name in layers.names())))
    listed = []
    for path, text in sorted(plan.edit.texts.items()):
        if path.startswith(owned) or path in COPIES:
            listed.append(f"{'changed' if (root / path).exists() else 'new'}: {path}")
        else:
            yield f"\n{_difference(root, path, text)}"
    yield "\n" + "\n".join([*listed, *(f"removed: {path}" for path in sorted(plan.edit.removed))])


def write_release(root: Path, plan: Plan) -> None:
    """Write all files or none; raises ToolkitError where the disk or the check of what was written says no."""
    try:
        apply_edit(root, plan.edit, lambda: _verify(root, plan))
    except OSError as error:
        why = f"{error.filename or root}: {error.strerror or error}"
        raise ToolkitError(f"{why} (mend it and run the command again; nothing was changed)") from None


def _verify(root: Path, plan: Plan) -> None:
    """The files as they lie on the disk say what the release says."""
    since = compare_with_release(root)
    if found := tuple(list_faults(since)):
        raise SpecErrors(found)
    changed = [one.api for one in since.differences if one.changes]
    drifted = drift(plan.files, root, [layers.load(name).output for name in layers.names()])
    if changed or drifted or (since.released, since.packages.version) != (plan.packages, plan.packages):
        raise ToolkitError("what was written is not what was planned (did a file change meanwhile? nothing is kept)")


def _step(before: str, after: str) -> str:
    if not before:
        return f"{after} (first release)"
    return f"{before} to {after}" if before != after else f"{after}, as before"


def _difference(root: Path, path: str, text: str) -> str:
    before = read_text(root, path) if (root / path).exists() else ""
    lines, after = before.splitlines(keepends=True), text.splitlines(keepends=True)
    return "".join(difflib.unified_diff(lines, after, fromfile=path, tofile=path)).rstrip("\n")
