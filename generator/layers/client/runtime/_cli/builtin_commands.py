"""The commands of the program's own: about credentials, signatures and the server."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from .argument_values import read_file
from .commands import Profile
from .configure import ask_and_save
from .connection import find_credentials
from .declarations import Program, Version
from .doctor import examine_connection
from .explain import explain_text
from .pasted import guess_version
from .sign import read_object, read_secret, write_signature
from .streams import CannotRun, read_input, write_data

_Api = Annotated[str, typer.Option("--api", help="The version; the current one if left out.", metavar="NAME")]
_SecretEnv = Annotated[
    str, typer.Option("--secret-env", help="The environment variable that holds the secret key.", metavar="NAME")
]
_Params = Annotated[
    str, typer.Option("--params", help="A file with the signed parameters as a JSON object.", metavar="FILE")
]
_Text = Annotated[
    str, typer.Argument(help="The text; standard input if left out.", metavar="[TEXT]", show_default=False)
]


def add_own_commands(app: typer.Typer, program: Program) -> None:
    """Add them to the command line."""

    @app.callback(invoke_without_command=True)
    def main(
        version: Annotated[bool, typer.Option("--version", help="Print the version, and leave.")] = False,
    ) -> None:
        if version:
            write_data(f"{program.name} {program.version}\n")
            raise typer.Exit

    @app.command()
    def configure(profile: Profile = "") -> None:
        """Ask for address, token and secret key, and keep them in a file that only you can read.

        What is typed is not shown. Without a terminal, the values are read from standard input, a line each.
        """
        ask_and_save(program, profile)

    @app.command()
    def doctor(api: _Api = "", profile: Profile = "") -> None:
        """Check settings, proxies, connection, clock, token, signature and version, and say what to do."""
        if not examine_connection(program, choose_version(program, api), profile):
            raise typer.Exit(1)

    _add_signature_commands(app, program)


def _add_signature_commands(app: typer.Typer, program: Program) -> None:
    @app.command()
    def sign(secret_env: _SecretEnv = "", api: _Api = "", profile: Profile = "") -> None:
        """Print base string and signature of the JSON object of parameters on standard input."""
        version = choose_version(program, api)
        if version.service.scheme is None:
            raise CannotRun(f"{version.name} signs no set of parameters: explain shows what is signed of a request")
        params = read_object(read_input())
        write_data(write_signature(version.service.scheme, params, _find_secret(program, secret_env, profile)))

    @app.command()
    def explain(text: _Text = "", params: _Params = "", api: _Api = "", profile: Profile = "") -> None:
        """Explain a curl line or an address, a base string or a signature: where it differs from a valid one, and why.

        A signature alone says nothing: pass the parameters with --params. Secret values are not shown.
        """
        pasted = text or read_input().decode("utf-8-sig", "replace")
        known = read_object(read_file(params), params) if params else None
        version = choose_version(program, api) if api else guess_version(program, pasted.strip())
        if not explain_text(program, version, profile, pasted.strip(), known):
            raise typer.Exit(1)


def choose_version(program: Program, name: str) -> Version:
    """The version of that name, the current one for none; CannotRun if there is none of that name."""
    found = next((version for version in program.versions if version.name == name), None)
    if name and found is None:
        raise CannotRun(f"there is no version {name!r} (there are: {', '.join(one.name for one in program.versions)})")
    return found or program.current


def _find_secret(program: Program, variable: str, profile: str) -> str:
    if variable:
        return read_secret(variable, os.environ.get(variable))
    found = find_credentials(program, profile)
    return read_secret(found.source, found.values.get("secret_key", ""))
