"""A receiver of deliveries, and what the API would send to it."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import requests
from requests import PreparedRequest, RequestException

from procwise_conformance.description import Body, Operation, thaw
from procwise_conformance.description.samples import sample_of

from ..api import Api, Credentials
from ..errors import CannotRun
from ..http.network_errors import describe_failure
from ..http.signer import SigningSteps
from ..http.transport import TIMEOUT, session_for
from ..http.whole_signer import sign_whole

if TYPE_CHECKING:
    from procwise.signing.language import SigningScheme

WriteJson = Callable[[object], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the API sends by itself: a webhook or a callback, and the scheme that signs it."""

    operation: Operation
    name: str
    scheme: SigningScheme


def find_delivery(api: Api, name: str) -> Delivery:
    """The webhook or callback of this name; raises CannotRun if there is none, or none that is signed.

    Of several schemes that may sign it, `NAME:SCHEME` chooses one; the first is taken without it.
    """
    known = dict(_deliveries(api))
    chosen = ""
    if name not in known and ":" in name:
        name, _, chosen = name.rpartition(":")
    if name not in known:
        there = ", ".join(sorted(known)) or "none"
        raise CannotRun(f"--webhook {name!r} is no webhook or callback of {api.name} (there are: {there}).")
    named = [scheme for alternative in known[name].security for scheme in alternative]
    signing = [one for one in named if one in api.delivery_schemes] or [*api.delivery_schemes]
    if not signing:
        raise CannotRun(f"{name} is not signed: the description has no x-signing with `direction: delivery`.")
    if chosen and chosen not in signing:
        raise CannotRun(f"{name} is not signed by {chosen!r} (it is signed by: {', '.join(dict.fromkeys(signing))}).")
    return Delivery(operation=known[name], name=name, scheme=api.delivery_schemes[chosen or signing[0]])


def _deliveries(api: Api) -> Iterator[tuple[str, Operation]]:
    yield from ((one.path, one) for one in api.webhooks)
    yield from ((one.name, one) for operation in api.operations for one in operation.callbacks)


def signer_of(delivery: Delivery, secret_key: str, token_env: str) -> Credentials:
    """Who signs. The key id is only asked for if the scheme sends one; raises CannotRun if it is not there."""
    from procwise.signing.language import used_names

    is_named = {"access_key", "token"} & {*used_names(delivery.scheme, "credential")}
    token = os.environ.get(token_env, "") if is_named else ""
    if is_named and not token:
        raise CannotRun(f"the deliveries carry a key id: export {token_env}, or name another variable.")
    return Credentials(token=token, secret_key=secret_key)


def write_as_usual(value: object) -> str:
    """JSON as most senders write it."""
    return json.dumps(value, ensure_ascii=False)


def write_unusually(value: object) -> str:
    """The same value as no program writes it: on lines of their own, and a letter of each text escaped."""
    text = json.dumps(value, indent=1)
    return re.sub(r'(?<!\\)"([A-Za-z])', lambda found: f'"\\u{ord(found[1]):04x}', text)


class Receiver:
    """The address, and the one who signs what is sent to it."""

    def __init__(self, url: str, delivery: Delivery, user: Credentials) -> None:
        self.url = url
        self.delivery = delivery
        self._user = user
        self._session = session_for(url)

    def prepare(self, steps: SigningSteps, write_json: WriteJson = write_as_usual) -> PreparedRequest:
        """A delivery, signed correctly or with a wrong step; raises NotApplicable if the steps make no difference."""
        operation = self.delivery.operation
        content, kind = _write_body(operation.body, write_json)
        headers = {"Content-Type": kind} if kind else {}
        unsigned = requests.Request(operation.method, self.url, headers=headers, data=content).prepare()
        return sign_whole(
            unsigned,
            self.delivery.scheme,
            self._user,
            secret_key=steps.key(self._user),
            path={},
            steps=steps.whole,
            now_ms=time.time_ns() // 10**6,
        )

    def send(self, request: PreparedRequest) -> int:
        """The status of the response; raises CannotRun if there is none."""
        try:
            return int(self._session.send(request, timeout=TIMEOUT, allow_redirects=False).status_code)
        except RequestException as error:
            raise CannotRun(describe_failure(self.url, error)) from None


def _write_body(body: Body | None, write_json: WriteJson) -> tuple[bytes, str]:
    """The example of the body, or what its schema allows, and its media type."""
    if body is None:
        return b"", ""
    kind = body.media_types[0]
    value = thaw(body.examples[0].value) if body.examples else sample_of(body.schema)
    if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
        return urlencode(value).encode(), kind
    is_text = isinstance(value, str) and not kind.endswith("json")
    return (str(value) if is_text else write_json(value)).encode(), kind
