"""The command line of the sandbox."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from . import arguments
from .admin import new_key
from .defaults import BODY_LIMIT, HOST, LOOPBACK, MEMORY
from .durations import shifted
from .limits import CONNECTIONS, IDLE_SECONDS, READ_SECONDS, Limits
from .logs import STYLES, set_up
from .model import Description
from .refusals import SandboxError
from .sandbox import Options
from .workers import serve_with

_FAILED = 2


def program(description: Description) -> typer.Typer:
    """The command for one description."""
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    bases = " and ".join(api.base_path or "/" for api in description.apis)

    @command.command(
        help=f"Serves {bases} from one state and checks every signature. Its first line says how to reach it."
    )
    def main(
        context: typer.Context,
        port: arguments.Port = 8080,
        host: arguments.Host = HOST,
        database: arguments.Database = MEMORY,
        files: arguments.Files = None,
        strict: arguments.Strict = False,
        body_limit: arguments.BodyLimit = BODY_LIMIT,
        fault: arguments.Fault = [],  # noqa: B006  # typer reads the default, nobody changes it
        faults: arguments.Faults = False,
        network: arguments.Network = [],  # noqa: B006
        clock: arguments.Clock = "+0s",
        page: arguments.Page = True,
        log: arguments.Log = STYLES[0],
        workers: arguments.Workers = 1,
        max_connections: arguments.MaxConnections = CONNECTIONS,
        read_timeout: arguments.ReadTimeout = READ_SECONDS,
        keep_alive: arguments.KeepAlive = IDLE_SECONDS,
        seed: arguments.Seed = "",
        admin: arguments.Admin = False,
        self_check: arguments.SelfCheck = False,
        cors: arguments.Cors = [],  # noqa: B006
        quiet: arguments.Quiet = False,
    ) -> None:
        try:
            set_up(log, quiet=quiet)
            serve_with(workers, description, _options(context.params), host=host, port=port)
        except SandboxError as error:
            print(f"{description.name}: {error}", file=sys.stderr)
            raise typer.Exit(_FAILED) from None

    return command


def _options(given: Mapping[str, Any]) -> Options:
    """How the sandbox runs, from the values of the command line."""
    as_they_are = ("database", "strict", "body_limit", "host", "page", "seed", "self_check")
    return Options(
        **{name: given[name] for name in as_they_are},
        files=Path(given["files"]) if given["files"] else None,  # the context holds it as text
        clock=shifted(given["clock"]),
        faults=tuple(given["fault"]),
        network=tuple(given["network"]),
        limits=Limits(
            connections=given["max_connections"],
            read_seconds=given["read_timeout"],
            idle_seconds=given["keep_alive"],
        ),
        admin_key=new_key() if given["admin"] else "",
        cors=tuple(given["cors"]) or LOOPBACK,
    )
