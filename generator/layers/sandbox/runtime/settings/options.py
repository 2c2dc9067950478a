"""The options of a sandbox, parsed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .defaults import BODY_LIMIT, HOST, JOB_SECONDS, LEASE_SECONDS, LOOPBACK, MEMORY
from .limits import USUAL, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`files` is a folder; None stands for one beside the database, or a temporary one if the database is in memory.

    `strict` leaves the explanation out of signature errors; `clock` returns seconds since 1970;
    `body_limit` is in bytes; `job_seconds` is how long a job stays in each pending state;
    `faults` are names of `faults.FAULTS`, `network` are troubles such as `drop=0.1`: see `network`;
    `host` is the address that it is to listen on; `seed` is a name of `seeds.SEEDS`, or empty for the usual one;
    without an `admin_key` there are no admin routes; `cors` are the origins whose pages may call;
    `observed` says that the sandbox belongs to a program, which reads the requests that were made and changes the
    network while it runs; `shared` says that other processes serve the same state, which tell their
    requests one another in the folder `journal`; `lease_seconds` is how long after the end of a process
    its jobs stay with it.
    """

    database: str = MEMORY
    files: Path | None = None
    strict: bool = False
    clock: Callable[[], float] = time.time
    body_limit: int = BODY_LIMIT
    job_seconds: float = JOB_SECONDS
    faults: tuple[str, ...] = ()
    host: str = HOST
    page: bool = True
    network: tuple[str, ...] = ()
    limits: Limits = USUAL
    seed: str = ""
    admin_key: str = ""
    self_check: bool = False
    cors: tuple[str, ...] = LOOPBACK
    observed: bool = False
    shared: bool = False
    journal: Path | None = None
    lease_seconds: float = LEASE_SECONDS
