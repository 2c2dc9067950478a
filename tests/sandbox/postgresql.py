"""A PostgreSQL server of its own, for as long as a context lasts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def is_installed() -> bool:
    """Whether a server can be run."""
    return bool(PROGRAMS)


@contextmanager
def run_cluster() -> Iterator[Path]:
    """The folder of a running cluster, which is reached by a socket in it."""
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="procwise-postgresql-"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        call = [str(PROGRAMS[-1] / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(call, check=True, cwd=folder, user=user, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "procwise", "--auth", "trust", "--encoding", "UTF8")
    run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses=''")
    try:
        yield folder
    finally:
        run("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


def create_database(cluster: Path, name: str) -> str:
    """The URL of a new database of the cluster."""
    create = ["psql", "-q", "-h", str(cluster), "-U", "procwise", "-d", "postgres", "-c", f'CREATE DATABASE "{name}"']
    subprocess.run(create, check=True)
    return f"postgresql://procwise@/{name}?host={cluster}"
