"""The command line of the sandbox."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import arguments
from .admin import new_key
from .cors import LOOPBACK
from .faults import FAULTS
from .limits import CONNECTIONS, IDLE_SECONDS, READ_SECONDS, Limits
from .model import Description
from .refusals import SandboxError
from .sandbox import BODY_LIMIT, MEMORY, Options
from .workers import serve_with

_FAILED = 2
_FAULTS = "; ".join(f"{name}: {meaning}" for name, meaning in FAULTS.items())


def program(description: Description) -> typer.Typer:
    """The command for one description."""
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    bases = " and ".join(api.base_path or "/" for api in description.apis)

    @command.command(
        help=f"Serves {bases} from one state and checks every signature. Its first line says how to reach it."
    )
    def main(
        port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 8080,
        host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
        database: Annotated[
            str, typer.Option(help="sqlite:///state.db keeps the state; postgresql://… shares it.", metavar="URL")
        ] = MEMORY,
        files: Annotated[
            Path | None, typer.Option(help="Where files are kept; removed at the end where omitted.", metavar="DIR")
        ] = None,
        strict: Annotated[
            bool,
            typer.Option("--strict/--explain", help="Say as little as a real server, or why a signature is refused."),
        ] = False,
        body_limit: Annotated[int, typer.Option(min=1, help="The largest request body, in bytes.")] = BODY_LIMIT,
        fault: Annotated[
            list[str],
            typer.Option(help=f"Deviate on purpose. May be repeated. {_FAULTS}", metavar="NAME"),
        ] = [],  # noqa: B006  # typer reads the default, nobody changes it
        workers: arguments.Workers = 1,
        max_connections: arguments.MaxConnections = CONNECTIONS,
        read_timeout: arguments.ReadTimeout = READ_SECONDS,
        keep_alive: arguments.KeepAlive = IDLE_SECONDS,
        seed: arguments.Seed = "",
        admin: arguments.Admin = False,
        self_check: arguments.SelfCheck = False,
        cors: arguments.Cors = [],  # noqa: B006  # as above
        quiet: Annotated[bool, typer.Option("--quiet", help="No line per request on stderr.")] = False,
    ) -> None:
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING if quiet else logging.INFO, format="%(message)s")
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        try:
            options = Options(
                database=database,
                files=files,
                strict=strict,
                body_limit=body_limit,
                faults=tuple(fault),
                limits=Limits(connections=max_connections, read_seconds=read_timeout, idle_seconds=keep_alive),
                seed=seed,
                admin_key=new_key() if admin else "",
                self_check=self_check,
                cors=tuple(cors) or LOOPBACK,
            )
            serve_with(workers, description, options, host=host, port=port)
        except SandboxError as error:
            print(f"{description.name}: {error}", file=sys.stderr)
            raise typer.Exit(_FAILED) from None

    return command
