"""From a tag to packages: the versions are held to the tag, and each package is built as source and as a wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs import mark_slow
from tests.workflows.steps import ROOT, Runner, defaults, read_file


def make_runner(folder: Path, tmp_path: Path, out: Path = ROOT) -> Runner:
    workflow = read_file("packages.yml")
    known = defaults(workflow) | {"inputs.out": str(out)}
    return Runner(workflow, "packages", folder, tmp_path / "temporary", known)


def write_projects(folder: Path, **versions: str) -> None:
    for name, version in versions.items():
        project = folder / "generated" / name
        project.mkdir(parents=True)
        (project / "pyproject.toml").write_text(f'[project]\nname = "x"\nversion = "{version}"\n', encoding="utf-8")


@pytest.mark.parametrize(
    ("sandbox", "tag", "code"),
    [mark_slow("1.2.0", "v1.2.0", 0), mark_slow("1.2.0", "v1.3.0", 1), ("1.1.0", "v1.2.0", 1)],
)
def test_a_tag_is_the_version_of_all_three(tmp_path: Path, sandbox: str, tag: str, code: int) -> None:
    write_projects(tmp_path, client="1.2.0", sandbox=sandbox, conformance="1.2.0")
    done = make_runner(tmp_path, tmp_path, tmp_path).run("Versions", GITHUB_REF_NAME=tag)
    assert done.returncode == code, done.stderr
    assert ("::error title=Version::" in done.stdout) is bool(code)


@pytest.mark.slow
def test_each_package_is_built_twice(tmp_path: Path) -> None:
    done = make_runner(tmp_path, tmp_path).run("Build")
    assert done.returncode == 0, done.stderr
    built = sorted(path.name.partition("-")[0] + path.suffix for path in (tmp_path / "dist").iterdir())
    names = ("procwise", "procwise_conformance", "procwise_sandbox")
    assert built == sorted(f"{name}{suffix}" for name in names for suffix in (".gz", ".whl"))
