"""The compiler of TypeScript on the package and programs that use its types; every call, typed, to a sandbox."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from procwise import Client
from procwise_sandbox import running
from tests.conftest import ROOT
from tests.counts import ALL
from tests.spec import read_project
from tests.typescript.packages import PACKAGE, install, run_node

pytestmark = [pytest.mark.needs("npm"), pytest.mark.slow]
COMPILER = ROOT / "node_modules/typescript/bin/tsc"
STRICT = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "target": "es2024",
    "lib": ["es2024", "dom", "dom.iterable", "dom.asynciterable"],
    "module": "nodenext",
    "types": ["node"],
    "typeRoots": [str(ROOT / "node_modules/@types")],
}


def compile_files(folder: Path, files: list[str], **options: Any) -> str:
    """What the compiler says; empty if it has no objection."""
    settings = {"compilerOptions": {**STRICT, **options}, "files": files}
    (folder / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    call = ["node", str(COMPILER), "-p", str(folder)]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=300).stdout


def list_sources(package: Path) -> list[str]:
    """All types, and all modules but for the evaluator, which is shared, and those that only pass on arguments."""
    modules = [path for path in package.rglob("*.js") if path.name != "evaluator.js"]
    written = [path for path in modules if not (path.name == "index.js" and path.parent != package)]
    return [str(path) for path in sorted((*package.rglob("*.d.ts"), *written))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("types"))


def test_everything_compiles_strictly_and_mistakes_do_not(folder: Path) -> None:
    """A line of `mistakes.ts` that compiles is an error itself, since it says that it does not."""
    files = [*list_sources(PACKAGE), "every_call.ts", "mistakes.ts"]
    assert len(files) > 30
    assert compile_files(folder, files, noEmit=True, allowJs=True, checkJs=True) == ""


def test_every_call_to_a_sandbox(folder: Path, tmp_path: Path) -> None:
    assert compile_files(folder, ["every_call.ts"], outDir=str(folder), noCheck=True) == ""
    with running(files=tmp_path, job_seconds=0.15) as sandbox:
        user = {"token": sandbox.superuser.token, "secret_key": sandbox.superuser.secret_key}
        with Client(**user, base_url=sandbox.base_url) as client:
            photographed = next(one.id for one in client.student_sessions.list() if one.face_photo_file_name)
        started = json.dumps({"base_url": sandbox.base_url, **user, "photographed": photographed})
        sent: list[tuple[str, str, int]] = json.loads(run_node(folder, "every_call.js", started))
    called = {(method, path) for method, path, status in sent if status == 200}
    templates = {
        (api.name, one.id): (one.method, re.compile(re.sub(r"\{\w+\}", r"\\d+", f"{api.base_path}{one.path}")))
        for api in read_project().apis
        for one in api.operations
    }
    missing = [
        name
        for name, (wanted, pattern) in templates.items()
        if not any(method == wanted and pattern.fullmatch(path) for method, path in called)
    ]
    assert len(templates) == ALL
    assert missing == []
