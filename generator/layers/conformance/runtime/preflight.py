"""Before the run: are there credentials, does the server answer, is it the API, does it take the signature?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from time import time
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest

from .caller import Answer, Caller, CannotRun
from .description import Api, Credentials, Json, Operation
from .wire import read

_NOTABLE_SKEW_SECONDS = 60
_SHORTEST = 20  # no base string with a timestamp and a nonce in it is shorter


def credentials(token_env: str, secret_env: str) -> Credentials:
    """A user's credentials from the two environment variables."""
    token, secret_key = (_variable(name) for name in (token_env, secret_env))
    return Credentials(token=token, secret_key=secret_key)


def check_harmless(url: str) -> None:
    """A run that writes is for servers of one's own: those on this machine."""
    host = urlsplit(url).hostname or ""
    if not host:
        raise CannotRun(f"{url!r} is no URL: write http://127.0.0.1:8080, for instance.")
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


def check_server(caller: Caller) -> None:
    """One right request tells whether a run makes sense; raises CannotRun with a sentence where not."""
    operation = _first(caller.api)
    request = caller.prepare(operation, {})
    try:
        answer = caller.send(request)
    except requests.exceptions.Timeout:
        raise CannotRun(f"{caller.url} does not answer in time.") from None
    except requests.exceptions.SSLError:
        raise CannotRun(f"{caller.url} has no certificate that can be trusted.") from None
    except (requests.RequestException, UnicodeError):
        raise CannotRun(f"{caller.url} cannot be reached: is the server running, and the address right?") from None
    if sentence := _refusal(answer, operation, caller):
        raise CannotRun(sentence + (_strings(answer, request, caller.api) if answer.status == 403 else ""))


def _first(api: Api) -> Operation:
    reading = [o for o in api.operations if o.safe and not o.placeholders and not o.restricted]
    if not reading:
        raise CannotRun(f"{api.title} has no list that the suite could begin with.")
    return reading[0]


def _refusal(answer: Answer, operation: Operation, caller: Caller) -> str:
    where = f"{operation.method} {caller.url}{operation.path}"
    if 300 <= answer.status < 400:
        return f"{where} is redirected ({answer.status}): give the final address."
    if answer.status == 404:
        return f"{where} is not there (404): is {caller.url} the address of this API and version?"
    if answer.status == 401:
        return f"{where} refused the token (401): check the token's environment variable."
    if answer.status == 403:
        return f"{where} refused the signature (403): check the secret key's environment variable{_skew(answer)}."
    if answer.status < 500 and answer.json is None:
        return f"{where} answers {answer.media_type or 'nothing'} instead of JSON: is this the address of the API?"
    return ""


def _strings(answer: Answer, request: PreparedRequest, api: Api) -> str:
    """Both base strings, where the server tells its own, and what follows from them."""
    if api.scheme is None:
        return ""
    parts = read(request, api)
    ours = api.scheme.base_string(api.scheme.merge(path=parts.path, query=parts.query, body=parts.body))
    told = [text for text in _texts(answer.json) if f"{api.scheme.nonce_parameter}" in text and len(text) > _SHORTEST]
    theirs = next((text for text in told if api.scheme.timestamp_parameter in text), "")
    if not theirs:
        return f"\n  the suite signed   {ours!r}\n  the server does not tell what it signed"
    same = "they are the same, so the secret key differs" if ours in theirs else "they differ, so it reads otherwise"
    return f"\n  the suite signed   {ours!r}\n  the server signed  {theirs!r}\n  {same}"


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _skew(answer: Answer) -> str:
    """A remark on the clock where the server's differs."""
    try:
        seconds = round(parsedate_to_datetime(answer.date).timestamp() - time())
    except (TypeError, ValueError):
        return ""
    return f" and the clock, {abs(seconds)} seconds off the server's" if abs(seconds) > _NOTABLE_SKEW_SECONDS else ""


def _variable(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise CannotRun(f"the environment variable {name} is not set: export it, or name another one.")
    return value
