"""Changes of the code that no test noticed once, each with the test that does now.

`python -m tests.selection.mutants` makes each in this checkout, generates, runs its test, and takes the change back.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from tests.selection.dependencies import ROOT


@dataclass(frozen=True)
class Mutant:
    """A file, a text in it with the one that takes its place, and the test that fails then."""

    file: str
    before: str
    after: str
    test: str

    @property
    def test_file(self) -> str:
        return self.test.partition("::")[0]


_CLIENT = "generator/layers/client"
_SANDBOX = "generator/layers/sandbox/runtime"
_DATA_CLASSES = "tests/house/test_data_classes.py"
MUTANTS = (
    Mutant(
        f"{_CLIENT}/codec/views.py",
        "frozen=True, slots=True, kw_only=True)\nclass ModelView",
        "frozen=False, slots=True, kw_only=True)\nclass ModelView",
        _DATA_CLASSES,
    ),
    Mutant(
        f"{_CLIENT}/runtime/_calls/operation.py",
        "slots=True, kw_only=True)\nclass Layout",
        "slots=False, kw_only=True)\nclass Layout",
        _DATA_CLASSES,
    ),
    Mutant(
        f"{_CLIENT}/readme.py",
        'if one.kind == "value" and one.path and _is_simple(one)',
        'if not (one.kind == "value" and one.path and _is_simple(one))',
        "tests/client/test_readme.py",
    ),
    Mutant(f"{_CLIENT}/docstrings.py", '"Args:"', '"Args:_x"', "tests/client/test_surface.py"),
    Mutant(
        f"{_CLIENT}/runtime/_http/async_transport.py",
        "        mask_log(session)\n",
        "",
        "tests/client/test_errors.py",
    ),
    Mutant(
        f"{_CLIENT}/runtime/_files/upload.py",
        "raise io.UnsupportedOperation",
        "pass",
        "tests/client/files/test_uploads.py::test_a_file_that_cannot_be_rewound_is_never_moved",
    ),
    Mutant(
        "generator/signing/explanation/report.py",
        "secret in theirs",
        "secret not in theirs",
        "tests/signing/test_scheme.py",
    ),
    Mutant("generator/signing/text.py", "_FIXED = (1e-4,", "_FIXED = (1e-3,", "tests/signing/test_vectors.py"),
    Mutant(
        "generator/lower/operations.py",
        'node.fields("content")), node)',
        'node.fields("content")), None)',
        "tests/lower/test_lowering.py",
    ),
    Mutant(
        "generator/lower/servers.py",
        "servers(node) or servers(item)",
        "servers(node) and servers(item)",
        "tests/lower/test_servers.py",
    ),
    Mutant(
        "generator/lower/schemas.py",
        "members = [_merged_schema(member.resolve(), depth + 1)",
        "members = [_merged_schema(member.resolve(), depth + 2)",
        "tests/lower/test_lowering.py",
    ),
    Mutant(
        f"{_SANDBOX}/storage/database.py",
        'raise SandboxError(f"there is no database driver for {url.drivername!r}") from None',
        "pass",
        "tests/sandbox/settings/test_command.py",
    ),
    Mutant(
        f"{_SANDBOX}/storage/state.py",
        "raise DatabaseBusy from None",
        "pass",
        "tests/sandbox/storage/test_postgresql.py::test_a_table_that_stays_locked_is_503",
    ),
    Mutant(
        f"{_SANDBOX}/http/validation.py",
        "isinstance(value, str) and _NUMBER.fullmatch(value)",
        "isinstance(value, str) or _NUMBER.fullmatch(value)",
        "tests/sandbox/http/test_validation.py",
    ),
    Mutant(
        f"{_SANDBOX}/http/request_verification.py",
        "    if key is None:",
        "    if key is not None:",
        "tests/layers/test_exchange.py",
    ),
    Mutant(
        f"{_SANDBOX}/http/verification.py",
        'and "\\0" not in text',
        'and "\\0_x" not in text',
        "tests/layers/test_second_scheme.py",
    ),
    Mutant(f"{_SANDBOX}/server/workers.py", "worker.kill()", "pass", "tests/sandbox/server/test_workers.py"),
)


def is_noticed(mutant: Mutant) -> bool:
    """Whether the test fails where the code is changed."""
    path = ROOT / mutant.file
    before = path.read_text("utf-8")
    assert before.count(mutant.before) == 1, mutant
    path.write_text(before.replace(mutant.before, mutant.after), "utf-8")
    try:
        _run("-m", "generator", "generate")
        return _run("-m", "pytest", "-n", "0", "-x", "--tb=no", mutant.test) == 1
    finally:
        path.write_text(before, "utf-8")
        _run("-m", "generator", "generate")


def _run(*call: str) -> int:
    return subprocess.run([sys.executable, *call], cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode


def main() -> int:
    chosen = [mutant for mutant in MUTANTS if not sys.argv[1:] or any(word in mutant.file for word in sys.argv[1:])]
    survived = [mutant for mutant in chosen if not is_noticed(mutant)]
    for mutant in survived:
        print(f"survived: {mutant.file}: {mutant.before} => {mutant.after} ({mutant.test})")
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutants are noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
