"""The credentials and settings that a signing scheme asks for, by name, from arguments or the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from procwise.signing.language import SigningScheme, used_names

from .._errors.exceptions import CredentialsMissing, InvalidArgument

_PREFIX = "PROCWISE_"


def read_signing_inputs(
    scheme: SigningScheme | None,
    credentials: Mapping[str, str],
    settings: Mapping[str, str],
    *,
    token: str,
    secret_key: str,
) -> tuple[dict[str, str], dict[str, str]]:
    """What the scheme signs with. The key id, `access_key`, is the token if no other one is given."""
    if scheme is None:
        _refuse_unknown("credential", credentials, ())
        _refuse_unknown("setting", settings, ())
        return {}, {}
    known = {"secret_key": secret_key, "token": token, "access_key": token}
    given = {**{name: text for name, text in known.items() if text}, **_read("credential", scheme, credentials)}
    return given, _read("setting", scheme, settings)


def _read(kind: str, scheme: SigningScheme, passed: Mapping[str, str]) -> dict[str, str]:
    used = used_names(scheme, kind)
    declared = scheme.credentials if kind == "credential" else scheme.settings
    _refuse_unknown(kind, passed, used)
    values = {name: passed.get(name, os.environ.get(_PREFIX + name.upper(), "")).strip() for name in used}
    own = ("secret_key", "token", "access_key") if kind == "credential" else ()
    for name in used:
        if not values[name] and name not in own and not declared[name].optional and not declared[name].default:
            hint = f"pass {kind}s={{{name!r}: ...}} or set {_PREFIX}{name.upper()}"
            raise CredentialsMissing(f"no {name}: {hint}")
    return {name: value for name, value in values.items() if value}


def _refuse_unknown(kind: str, passed: Mapping[str, str], known: tuple[str, ...]) -> None:
    for name in passed:
        if name not in known:
            raise InvalidArgument(f"there is no {kind} {name!r} (there are: {', '.join(known) or 'none'})")
