"""The command line of the sandbox."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .defaults import BODY_LIMIT, HOST, MEMORY
from .faults import FAULTS
from .logs import STYLES, set_up
from .model import Description
from .refusals import SandboxError
from .sandbox import Options, build
from .serving import serve

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
        host: Annotated[str, typer.Option(help="The address to listen on.")] = HOST,
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
        page: Annotated[
            bool, typer.Option("--page/--no-page", help="A page at / with credentials, requests and outbox.")
        ] = True,
        log: Annotated[str, typer.Option(help="Lines of text or of json on stderr.", metavar="STYLE")] = STYLES[0],
        quiet: Annotated[bool, typer.Option("--quiet", help="No line per request on stderr.")] = False,
    ) -> None:
        try:
            set_up(log, quiet=quiet)
            options = Options(
                database=database,
                files=files,
                strict=strict,
                body_limit=body_limit,
                faults=tuple(fault),
                host=host,
                page=page,
            )
            serve(build(description, options), host=host, port=port)
        except SandboxError as error:
            print(f"{description.name}: {error}", file=sys.stderr)
            raise typer.Exit(_FAILED) from None

    return command
