"""The rooms of each generated package know only those below them: a wrong import is refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.proofs import mark_most_slow

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
PACKAGES = {
    "procwise": ROOT / "generated/client/procwise",
    "procwise_sandbox": ROOT / "generated/sandbox/procwise_sandbox",
    "procwise_conformance": ROOT / "generated/conformance/procwise_conformance",
}
WRONG = [
    ("procwise", "signing/scheme.py", "from procwise._client import clients"),
    ("procwise_sandbox", "storage/rows.py", "from ..server import serving"),
    ("procwise_conformance", "http/caller.py", "from ..run import settings"),
    ("procwise_conformance", "attacks/attack.py", "from ..fuzzing import engine"),
]

# What no package may import of another, and what may not be imported at the bottom of the generator.
WRONG_BETWEEN = [
    ("procwise", "_files/part.py", "generator.errors"),
    ("procwise", "_calls/request.py", "procwise_sandbox"),
    ("procwise", "_calls/messages.py", "procwise_conformance"),
    ("procwise_sandbox", "http/bodies.py", "procwise_conformance"),
    ("procwise_sandbox", "http/validation.py", "generator.errors"),
    ("procwise_conformance", "http/caller.py", "procwise_sandbox"),
    ("procwise_conformance", "attacks/attack.py", "generator.errors"),
    ("generator", "diff/__init__.py", "procwise_sandbox"),
    ("generator", "names.py", "generator.ir"),
    ("generator", "ir/values.py", "generator.names"),
]


def contracts(package: str) -> Iterator[dict[str, Any]]:
    """The contracts about the rooms of one package."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert package in configuration["root_packages"]
    for contract in configuration["contracts"]:
        if package in (*contract.get("containers", ()), *contract.get("ancestors", ())):
            yield contract


def lint(folder: Path, package: str) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the copy of a package in this folder."""
    lines = ["[importlinter]", f"root_package = {package}"]
    for number, contract in enumerate(contracts(package)):
        lines.append(f"[importlinter:contract:{number}]")
        for key, value in contract.items():
            lines.append(f"{key} =\n    " + "\n    ".join(value) if isinstance(value, list) else f"{key} = {value}")
    (folder / "rooms.ini").write_text("\n".join(lines) + "\n", "utf-8")
    call = [str(LINTER), "--config", "rooms.ini", "--no-cache", "--no-logo"]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_rooms_keep_their_contracts(tmp_path: Path, package: str) -> None:
    shutil.copytree(PACKAGES[package], tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    done = lint(tmp_path, package)
    assert (done.returncode, ", 0 broken" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize(("package", "module", "line"), mark_most_slow(WRONG, 2))
def test_a_wrong_import_is_refused(tmp_path: Path, package: str, module: str, line: str) -> None:
    shutil.copytree(PACKAGES[package], tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / package / module
    path.write_text(f"{path.read_text('utf-8')}\n\n{line}\n", "utf-8")
    done = lint(tmp_path, package)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{package}.{module.removesuffix('.py').replace('/', '.')}" in done.stdout
    assert line.rpartition(" ")[2] in done.stdout


@pytest.mark.slow
def test_a_wrong_import_between_packages_is_refused(tmp_path: Path) -> None:
    for package, folder in {**PACKAGES, "generator": ROOT / "generator"}.items():
        shutil.copytree(folder, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for package, module, imported in WRONG_BETWEEN:
        path = tmp_path / package / module
        path.write_text(f"{path.read_text('utf-8')}\n\nimport {imported}\n", "utf-8")
    call = [str(LINTER), "--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    for package, module, imported in WRONG_BETWEEN:
        name = f"{package}.{module.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
        assert f"{name} -> {imported} (" in done.stdout, done.stdout


def test_a_module_without_a_room_is_refused(tmp_path: Path) -> None:
    package = "procwise_conformance"
    shutil.copytree(PACKAGES[package], tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / package / "stray.py").write_text('"""Nobody said where this belongs."""\n', "utf-8")
    done = lint(tmp_path, package)
    assert (done.returncode, "stray" in done.stdout) == (1, True), done.stdout + done.stderr


def read_first_column(heading: str) -> list[list[str]]:
    """The names in the first column of a table of the page about the architecture."""
    table = (ROOT / "docs/architecture.md").read_text("utf-8").partition(f"\n| {heading} | ")[2].partition("\n\n")[0]
    return [re.findall(r"`([\w.*]+)`", line.split("|")[1]) for line in table.splitlines()[2:]]


HEADINGS = {"Client": "procwise", "Sandbox": "procwise_sandbox", "Conformance suite": "procwise_conformance"}


@pytest.mark.parametrize(("heading", "package"), HEADINGS.items())
def test_the_architecture_lists_every_room_in_the_order_of_its_contract(heading: str, package: str) -> None:
    rows = next(contract["layers"] for contract in contracts(package) if "layers" in contract)
    places = {name.strip(): number for number, row in enumerate(rows) for name in row.split("|")}
    rooms = [room for row in read_first_column(f"{heading}, from top to bottom") for room in row]
    assert sorted(rooms) == sorted(places)
    assert [places[room] for room in rooms] == sorted(places.values())


def test_the_architecture_lists_every_package_of_the_generator() -> None:
    paths = [path for path in (ROOT / "generator").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    packages = {f"generator.{path.stem}" for path in paths if not path.stem.startswith("__")}
    assert {name.removesuffix(".*") for row in read_first_column("Package") for name in row} == packages


def test_make_check_asks_the_linter() -> None:
    _, _, recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ncheck:")
    assert "$(BIN)/lint-imports\n" in recipe.partition("\n\n")[0]
