"""`configure`: asks for the credentials of a profile and keeps them."""

from __future__ import annotations

import getpass
import os
import sys

from .._session.session import clean_credential
from .connection import Credentials, check_credentials, list_names, make_client
from .declarations import Program
from .profiles import DEFAULT, PROFILE, find_file, write_profile
from .streams import print_message


def ask_and_save(program: Program, profile: str) -> None:
    """Ask for every value that the current version needs, and write the profile once all are there."""
    name = profile or os.environ.get(PROFILE, "") or DEFAULT
    version = program.current
    hints = {"base_url": f", such as {version.service.example}"}
    asked = {
        one: _ask_value(f"{one}{hints.get(one, '')}: ", hidden=kind == "credential")
        for one, kind in list_names(version).items()
    }
    values = {one: cleaned for one, text in asked.items() if (cleaned := clean_credential(one, text))}
    check_credentials(version, Credentials(source="nothing was kept", values=values), "a client needs all of them")
    make_client(version, values).close()  # which checks them, and sends nothing
    path = find_file(program.name)
    write_profile(path, name, values)
    print_message(f"the profile {name!r} is in {path}; {program.name} doctor tries it")


def _ask_value(prompt: str, *, hidden: bool) -> str:
    """What somebody types, or the next line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.buffer.readline().decode("utf-8-sig", "replace")
    if hidden:
        return getpass.getpass(prompt)
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()
