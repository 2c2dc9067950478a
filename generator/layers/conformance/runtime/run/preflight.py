"""Checks before a run: are there credentials, does the server respond, is it the API, does it accept the signature?"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from ipaddress import ip_address

import requests
from requests import PreparedRequest

from ..api import Api, Credentials, Json
from ..errors import CannotRun
from ..http.caller import Caller, Response, address
from ..http.clock_skew import describe_offset, offset_ms
from ..http.masking import Masker
from ..http.network_errors import describe_failure
from ..http.rate_limit import Throttled
from ..http.wire import parse_request
from ..objects.authorization import blames_signature

_SHORTEST = 20  # no base string with a timestamp and a nonce in it is shorter
_LAST_OF_A_HEADER = 0xFF  # headers are sent as ISO 8859-1
_AS_GIVEN = "export it as it was given to you."
# What belongs to the users of a run, by the first word of their options.
_POSSESSIVES = {"": "the ", "second": "the second user's ", "superuser": "the superuser's "}


class Busy(CannotRun):
    """The server responds, but only with 429."""


def credentials(token_env: str, secret_env: str) -> Credentials:
    """A user's credentials from the two environment variables."""
    token, secret_key = (read_variable(name) for name in (token_env, secret_env))
    if any(ord(character) > _LAST_OF_A_HEADER for character in token):
        raise CannotRun(f"the environment variable {token_env} holds a character that no header can: {_AS_GIVEN}")
    return Credentials(token=token, secret_key=secret_key)


def check_harmless(url: str) -> None:
    """Raises CannotRun if a run that writes is not for this machine."""
    host = address(url).hostname or ""
    if not _is_this_machine(host):
        raise CannotRun(
            f"the full profile creates, changes and deletes on {host}, which is not this machine: "
            "use --profile read-only, or say --i-own-this."
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_server(caller: Caller, whose: str = "") -> None:
    """Send one valid request; raises CannotRun with a sentence if a run makes no sense.

    `whose` is the first word of the options of the caller's credentials: `second` or `superuser`. From
    then on the caller's rate limit knows the offset of the server's clock.
    """
    operation = caller.first_public_list()
    if operation is None:
        raise CannotRun(f"{caller.api.title} has no list that the suite could begin with.")
    request = caller.prepare(operation, {})
    response = _send(caller, request)
    offset = offset_ms(response, request, caller.api)
    where = f"{operation.method} {caller.url}{operation.path}"
    if sentence := _problem(response, where, offset, caller.api, whose):
        signed = response.status in (401, 403) and "the clock is why" not in sentence
        comparison = _strings(response, request, caller.api) if signed else ""
        raise CannotRun(sentence + Masker(caller.api, [caller.credentials]).text(comparison))
    caller.rate_limit.offset_ms = offset


def _send(caller: Caller, request: PreparedRequest) -> Response:
    try:
        return caller.send(request)
    except (requests.RequestException, UnicodeError) as error:
        kind = Busy if isinstance(error, Throttled) else CannotRun
        raise kind(describe_failure(caller.url, error)) from None


def _problem(response: Response, where: str, offset: int, api: Api, whose: str) -> str:
    """Why no run makes sense after this response; empty if one does."""
    scheme = api.scheme
    status, media_type = response.status, response.media_type or "without a media type"
    if status >= 500:
        return f"{where} fails ({status} {media_type}) at a valid request: the server's log may say why."
    if 300 <= status < 400:
        return f"{where} is redirected ({status}): give the final address."
    if status == 404:
        return f"{where} is not there (404): is this the address of the API, and of this version?"
    if status in (401, 403) and scheme and abs(offset) > scheme.window_seconds * 1000:
        return f"{where} refused the request ({status}), and the clock is why: {describe_offset(offset, scheme)}."
    if status in (401, 403):
        clock = f"; {describe_offset(offset, scheme)}" if offset else ""
        return f"{where} refused {_credential(response, api, whose)}{clock}."
    if not response.text.strip():
        return f"{where} answers {status} with nothing in it instead of JSON: is this the address of the API?"
    if response.json is None and response.media_type.endswith("json"):
        return f"{where} answers {status} {media_type}, but what is in it is no JSON."
    if response.json is None:
        return f"{where} answers {status} {media_type} instead of JSON: is this the address of the API?"
    return (
        ""
        if response.succeeded
        else f"{where} refused a valid request ({status} {media_type}): the suite has to begin there."
    )


def _credential(response: Response, api: Api, whose: str) -> str:
    """What was rejected, and its variable; 401 may be about the token or, with some servers, the signature."""
    dash = f"--{whose}-" if whose else "--"
    owner, status = _POSSESSIVES[whose], response.status
    if status == 403 or blames_signature(api, response):
        return f"{owner}signature ({status}): check the environment variable that {dash}secret-env names"
    names = f"{dash}token-env names, and that of {dash}secret-env where it refuses signatures with 401 too"
    return f"{owner}token ({status}): check the environment variable that {names}"


def _strings(response: Response, request: PreparedRequest, api: Api) -> str:
    """Both base strings, if the server shows its own, and what follows from them."""
    if api.scheme is None:
        return ""
    parts = parse_request(request, api)
    ours = api.scheme.base_string(api.scheme.merge(path=parts.path, query=parts.query, body=parts.body))
    texts = [
        text for text in _texts(response.json) if f"{api.scheme.nonce_parameter}" in text and len(text) > _SHORTEST
    ]
    theirs = next((text for text in texts if api.scheme.timestamp_parameter in text), "")
    if not theirs:
        return f"\n  the suite signed   {ours!r}\n  the server does not say what it signed"
    same = "they are the same, so the secret key differs" if ours in theirs else "they differ, so it reads otherwise"
    return f"\n  the suite signed   {ours!r}\n  the server signed  {theirs!r}\n  {same}"


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def read_variable(name: str) -> str:
    """A secret from the environment; raises CannotRun if it is not there, or cannot be one."""
    value = os.environ.get(name, "")
    if not value:
        raise CannotRun(f"the environment variable {name} is not set: export it, or name another one.")
    if fault := _fault_of(value):
        raise CannotRun(f"the environment variable {name} {fault}: {_AS_GIVEN}")
    return value


def _fault_of(value: str) -> str:
    """Why a text cannot be a token or a secret key, without the text."""
    if value != value.strip():
        return "begins or ends with white space, such as the line break of a file"
    kinds = {unicodedata.category(character) for character in value}
    if "Cs" in kinds:
        return "holds bytes that are no text"
    return "holds a control character, such as a line break" if "Cc" in kinds else ""
