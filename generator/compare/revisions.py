"""The description as it was at a revision of git."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ToolkitError

_READ = (".yaml", ".yml", ".json")
_LARGEST = 64 * 2**20  # bytes of one file; no description is as long


@contextmanager
def check_out_revision(revision: str, path: Path) -> Iterator[tuple[Path, Path]]:
    """Where a path of this working tree lies at the revision, and the folder that its tree was written into."""
    absolute = path.absolute()
    around = next(parent for parent in (absolute, *absolute.parents) if parent.is_dir())
    top = Path(_git(around, "rev-parse", "--show-toplevel").decode().rstrip("\n")).resolve()
    inside = _inside(absolute, top)
    commit = _git(top, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    with tempfile.TemporaryDirectory(prefix="procwise-revision-") as name:
        folder = Path(name).resolve()
        _unpack(_git(top, "archive", "--format=tar", commit), folder)
        place = folder / inside
        if not place.exists():
            raise ToolkitError(f"{inside} is not there at {revision} (name a path that was there, or another revision)")
        yield place, folder


def _inside(path: Path, top: Path) -> Path:
    resolved = path.resolve()
    if not resolved.is_relative_to(top):
        raise ToolkitError(f"{path} lies outside the git repository {top} (name a path in it)")
    return resolved.relative_to(top)


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise ToolkitError(f"git cannot be started: {error.strerror} (install it, or compare two paths)") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise ToolkitError(f"git: {said[-1].removeprefix('fatal: ')} (check the revision that --from names)")
    return done.stdout


def _unpack(archive: bytes, folder: Path) -> None:
    """The descriptions of an archive; nothing else of the repository is needed."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(_READ) and member.size <= _LARGEST:
                tar.extract(member, folder, filter="data")
