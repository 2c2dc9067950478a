"""A request of a recipe, signed when the recipe is run, as a configuration of curl."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from requests import PreparedRequest
from requests.structures import CaseInsensitiveDict

from ..api import Api, Credentials
from ..attacks.catalogue import attacks
from ..errors import CannotRun
from ..http.signer import CORRECT, Signer, SigningSteps
from ..http.wire import NotApplicable, content

_OF_CURL = ("Accept", "User-Agent")  # which curl adds, and a scheme may sign
_OF_CONNECTION = ("accept-encoding", "connection", "content-length")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"})


def prepare_request(method: str, url: str, headers: Iterable[str], data: str) -> PreparedRequest:
    """The request that the words of a curl command say; a header without a value is left out."""
    request = PreparedRequest()
    pairs = [(name.strip(), value.strip()) for name, _, value in (header.partition(":") for header in headers)]
    request.method, request.url = method, url
    request.headers = CaseInsensitiveDict({name: value for name, value in pairs if value})
    body = sys.stdin.buffer.read() if data == "@-" else data.encode("utf-8", "surrogateescape")
    request.body = body or None
    return request


def sign_anew(request: PreparedRequest, api: Api, user: Credentials, attack: str) -> PreparedRequest:
    """The request as the user signs it now; or as the attack does, if one is named."""
    try:
        return Signer(api, user, _find_steps(api, attack) if attack else CORRECT)(request)
    except NotApplicable:
        raise CannotRun(f"the attack {attack} makes no difference to this request.") from None


def write_curl_config(request: PreparedRequest) -> bytes:
    """The request as curl reads it with `-K -`."""
    body, headers = content(request), dict(request.headers)
    method = "head" if request.method == "HEAD" else f"request = {_quote(str(request.method))}"
    lines = [f"url = {_quote(request.url or '')}", "path-as-is", method]
    sent = {name: value for name, value in headers.items() if name.lower() not in _OF_CONNECTION}
    lines += [f"header = {_quote(f'{name}: {_text(value)}')}" for name, value in sent.items()]
    absent = [name for name in (*_OF_CURL, "Content-Type") if name.lower() not in map(str.lower, sent)]
    lines += [f"header = {_quote(f'{name}:')}" for name in absent]
    if body:
        lines.append(f"data-raw = {_quote(body.decode('utf-8', 'surrogateescape'))}")
    elif request.method in ("POST", "PUT", "PATCH"):
        lines.append('header = "Content-Length: 0"')
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def _find_steps(api: Api, attack: str) -> SigningSteps:
    found = [one.steps for one in attacks(api) if one.id == attack]
    if not found:
        raise CannotRun(f"there is no attack {attack!r} on the signature of {api.name}.")
    return found[0]


def _quote(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
