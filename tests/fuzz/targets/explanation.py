"""The explanation of any refused signature: it ends soon, and shows no secret key.

An input is a parameter on each line; a name that begins with `@` is an argument of `explain`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any
from unittest.mock import patch

from procwise.signing.explanation import explain, report
from procwise.v3.signing import SCHEME
from procwise_sandbox.errors import ApiError
from procwise_sandbox.http import request_parsing
from tests.fuzz.target import VALUES, Target, WrongResult, read_members

_SHORTEST = 8  # a shorter secret is not looked for in what is shown
_TEXTS = ("theirs", "signature", "token")
_NAMES = ("path", "query", "body", "masked", "names")


def run_input(data: bytes) -> None:
    """Explains the signature of the parameters."""
    params = dict(read_members(data))
    given = {name: params.pop(f"@{name}", None) for name in ("secret", "overridden", *_TEXTS, *_NAMES)}
    request_parsing._check_nesting(list(params.values()))  # deeper ones do not come so far
    request_parsing._check_nesting(given["overridden"])
    secret = str(given["secret"] or "")
    options: dict[str, Any] = {name: str(given[name] or "") for name in _TEXTS}
    options |= {name: _texts(given[name]) for name in _NAMES}
    options["overridden"] = given["overridden"] if isinstance(given["overridden"], dict) else {}
    text = str(explain(SCHEME, params, secret, **options))
    if len(secret) >= _SHORTEST and secret in text and secret not in _usual_text() and "*" not in secret:
        raise WrongResult(f"the secret key {secret!r} is in {text!r}")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


@cache
def _usual_text() -> str:
    return str(explain(SCHEME, {}, "secret"))


def _lose_limit() -> AbstractContextManager[object]:
    """The limit of the search is no number, which shows where a search begins."""
    return patch.multiple(report, _MOST_ATTEMPTS=None)


TARGET = Target(
    name="explanation",
    run=run_input,
    declared=(ApiError,),
    tokens=(*VALUES, b"\n@theirs=", b"\n@signature=", b"\n@secret=", b"\n@masked=", b'\n@body=["name"]', b"\nx="),
    plant_bug=_lose_limit,
)
