"""The command line of the sandbox."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from ..api import Description
from ..errors import SandboxError
from ..server.application import build, close
from ..server.logs import STYLES, set_up_logging
from ..server.reloading import keep_state, serve_reloading
from ..server.workers import serve_with
from ..settings.defaults import BODY_LIMIT, HOST, LOOPBACK, MEMORY
from ..settings.keyword_arguments import option_names, parse_options
from ..settings.limits import CONNECTIONS, IDLE_SECONDS, READ_SECONDS
from ..settings.options import Options
from . import arguments

_FAILED = 2
_OF_THE_COMMAND = ("port", "workers", "log", "quiet")


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
        examples: arguments.Examples = False,
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
        reload: arguments.Reload = False,
        listener: arguments.Listener = -1,
        states: arguments.States = None,
    ) -> None:
        (_list_examples if examples else _serve)(description, context.params)

    return command


def _serve(description: Description, given: Mapping[str, Any]) -> None:
    try:
        set_up_logging(given["log"], quiet=given["quiet"])
        place = {"host": given["host"], "port": given["port"]}
        if given["reload"] and given["listener"] < 0:
            if given["workers"] > 1:
                raise SandboxError("--reload serves from one process: leave --workers out")
            serve_reloading(description, sys.argv[1:], **place)
        else:
            options = _options(given)
            options = keep_state(description, options, Path(given["states"])) if given["states"] else options
            serve_with(given["workers"], description, options, descriptor=given["listener"], **place)
    except SandboxError as error:
        print(f"{description.name}: {error}", file=sys.stderr)
        raise typer.Exit(_FAILED) from None


def _list_examples(description: Description, _given: Mapping[str, Any]) -> None:
    application = build(description, Options())
    for label in application.state.examples:
        print(label)
    close(application)


def _options(given: Mapping[str, Any]) -> Options:
    """How the sandbox runs, from the values of the command line."""
    options = {name: value for name, value in given.items() if name in option_names() and name not in _OF_THE_COMMAND}
    return parse_options({**options, "cors": tuple(given["cors"]) or LOOPBACK, "faults": ()})
