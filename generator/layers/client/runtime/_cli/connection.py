"""The client of a command, with credentials from a profile or the environment, never from both."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._session.session import BASE_URL, SECRET_KEY, TOKEN, clean_credential
from .declarations import Program, Version
from .profiles import DEFAULT, PROFILE, find_file, read_profiles
from .streams import CannotRun

_PREFIX = "PROCWISE_"
OWN = ("base_url", "token", "secret_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Values by name, and where they come from."""

    source: str
    values: Mapping[str, str] = field(repr=False)

    def find(self, name: str) -> str:
        """The value of that name, cleaned; empty if there is none."""
        return clean_credential(name, self.values.get(name, ""))


def find_credentials(program: Program, profile: str) -> Credentials:
    """Those of the profile that was named; else of the environment; else of the default profile."""
    path = find_file(program.name)
    name = profile or os.environ.get(PROFILE, "")
    found = {one.removeprefix(_PREFIX).lower(): text for one, text in os.environ.items() if one.startswith(_PREFIX)}
    if not name and (found.keys() & {"token", "secret_key"} or not path.exists()):
        return Credentials(source="the environment", values=found)
    profiles = read_profiles(path)
    chosen = name or DEFAULT
    if chosen not in profiles:
        known = f" (there are: {', '.join(profiles)})" if profiles else ""
        raise CannotRun(f"there is no profile {chosen!r}{known}: run {program.name} configure --profile {chosen}")
    return Credentials(source=f"the profile {chosen!r} of {path}", values=profiles[chosen])


def list_names(version: Version) -> dict[str, str]:
    """What a client of this version has to know, by name: the kind of each, which is credential or setting."""
    service = version.service
    names = {"base_url": "setting"}
    names |= {"token": "credential"} if service.token_header else {}
    names |= {"secret_key": "credential"} if service.signature or service.request_scheme else {}
    if service.request_scheme is not None:
        from procwise.signing.language import used_names

        for kind in ("credential", "setting"):
            names |= {name: kind for name in used_names(service.request_scheme, kind) if name not in names}
    return names


def open_client(program: Program, version: Version, profile: str, **options: Any) -> Any:
    """A client of this version; CannotRun if there are no credentials."""
    found = find_credentials(program, profile)
    check_credentials(version, found, describe_remedy(program))
    return make_client(version, found.values, **options)


def make_client(version: Version, values: Mapping[str, str], **options: Any) -> Any:
    """A client with these values, whatever the environment has."""
    others: dict[str, dict[str, str]] = {"credential": {}, "setting": {}}
    for name, kind in list_names(version).items():
        if name not in OWN and name in values:
            others[kind][name] = values[name]
    own = {name: values.get(name, "") for name in OWN}
    return version.load_client()(**own, credentials=others["credential"], settings=others["setting"], **options)


def check_credentials(version: Version, found: Credentials, remedy: str) -> None:
    """CannotRun, which names the remedy, if a value is missing that every client has to have."""
    missing = [name for name in list_names(version) if name in OWN and not found.find(name)]
    if missing:
        raise CannotRun(f"{found.source}: {', '.join(missing)} missing ({remedy})")


def describe_remedy(program: Program) -> str:
    """How credentials are given."""
    return f"run {program.name} configure, or set {TOKEN}, {SECRET_KEY} and {BASE_URL}"
