"""The command line of the sandbox."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .defaults import BODY_LIMIT, HOST, MEMORY
from .durations import shifted
from .faults import table
from .logs import STYLES, set_up
from .model import Description
from .refusals import SandboxError
from .sandbox import Options, build
from .serving import serve

_FAILED = 2


def _list_faults(asked: bool) -> None:
    if not asked:
        return
    for name, meaning, clause, level in table():
        print(f"{name:<32}{level:<8}{clause:<36}{meaning}")
    raise typer.Exit


_Database = Annotated[
    str, typer.Option(help="sqlite:///state.db keeps the state; postgresql://… shares it.", metavar="URL")
]
_Files = Annotated[
    Path | None, typer.Option(help="Where files are kept; removed at the end where omitted.", metavar="DIR")
]
_Fault = Annotated[
    list[str], typer.Option(help="Deviate on purpose. May be repeated; --faults lists the names.", metavar="NAME")
]
_Faults = Annotated[
    bool, typer.Option("--faults", help="List the faults, and leave.", is_eager=True, callback=_list_faults)
]
_Network = Annotated[
    list[str],
    typer.Option(
        help="Trouble a share of requests: drop=0.1, lose=0.1, truncate=0.1, 429=0.1, or the first two: 503=2x."
        " Slow all: latency=200ms. Also retry-after=2s, seed=7. May be repeated.",
        metavar="TROUBLE",
    ),
]
_Clock = Annotated[str, typer.Option(help="How far the clock is fast or slow: +2h, -90s, +1d12h.", metavar="OFFSET")]

_Page = Annotated[bool, typer.Option("--page/--no-page", help="A page at / with credentials, requests and outbox.")]
_Log = Annotated[str, typer.Option(help="Lines of text or of json on stderr.", metavar="STYLE")]


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
        database: _Database = MEMORY,
        files: _Files = None,
        strict: Annotated[
            bool,
            typer.Option("--strict/--explain", help="Say as little as a real server, or why a signature is refused."),
        ] = False,
        body_limit: Annotated[int, typer.Option(min=1, help="The largest request body, in bytes.")] = BODY_LIMIT,
        fault: _Fault = [],  # noqa: B006  # typer reads the default, nobody changes it
        faults: _Faults = False,  # noqa: ARG001  # its callback ends the command
        network: _Network = [],  # noqa: B006
        clock: _Clock = "+0s",
        page: _Page = True,
        log: _Log = STYLES[0],
        quiet: Annotated[bool, typer.Option("--quiet", help="No line per request on stderr.")] = False,
    ) -> None:
        try:
            set_up(log, quiet=quiet)
            options = Options(
                database=database,
                files=files,
                strict=strict,
                clock=shifted(clock),
                body_limit=body_limit,
                faults=tuple(fault),
                network=tuple(network),
                host=host,
                page=page,
            )
            serve(build(description, options), host=host, port=port)
        except SandboxError as error:
            print(f"{description.name}: {error}", file=sys.stderr)
            raise typer.Exit(_FAILED) from None

    return command
