"""The compiler of TypeScript on the package and programs that use its types; every call, typed, to a sandbox."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procwise import Client
from procwise_sandbox import Running, running
from tests.conftest import ROOT
from tests.counts import ALL
from tests.docs.snippets import snippets
from tests.spec import read_project
from tests.typescript.packages import PACKAGE, install, run_node

pytestmark = [pytest.mark.needs("npm"), pytest.mark.slow]
GUIDE = snippets(ROOT / "docs/guides/typescript.md")
PRINTED = {
    "configure.ts": r"Inorganic chemistry, first sitting\n",
    "call.ts": r"draft Ada Example\n",
    "lists.ts": r"(.+\n){4,}page 2 of \d+, \d+ exams\n",
    "errors.ts": r"no such exam: record_not_found\n",
    "files.ts": r"true\napplication/zip\n",
    "sign.ts": r"id=12345678901234567890123\?nonce=17\?timestamp=1527500365052\?weight=1\.0\n64\n\{ weight: .*\}\n",
}
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
    """The programs of these tests and of the guide, as they are written and compiled."""
    found = install(tmp_path_factory.mktemp("types"))
    for title, text in GUIDE.items():
        (found / title).write_text(text, "utf-8")
    assert compile_files(found, ["every_call.ts", *GUIDE], outDir=str(found), noCheck=True) == ""
    return found


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(files=tmp_path_factory.mktemp("files"), job_seconds=0.15) as found:
        yield found


def test_everything_compiles_strictly_and_mistakes_do_not(folder: Path) -> None:
    """A line of `mistakes.ts` that compiles is an error itself, since it says that it does not."""
    files = [*list_sources(PACKAGE), "every_call.ts", "mistakes.ts", *GUIDE]
    assert len(files) > 30
    assert compile_files(folder, files, noEmit=True, allowJs=True, checkJs=True) == ""


def test_every_call_to_a_sandbox(folder: Path, sandbox: Running) -> None:
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


def test_the_programs_of_the_guide(folder: Path, sandbox: Running) -> None:
    user = {"PROCWISE_TOKEN": sandbox.token, "PROCWISE_SECRET_KEY": sandbox.secret_key}
    assert {*GUIDE} == {*PRINTED}
    for title, pattern in PRINTED.items():
        printed = run_node(folder, title.replace(".ts", ".js"), **user, PROCWISE_BASE_URL=sandbox.base_url)
        assert re.fullmatch(pattern, printed), (title, printed)
