"""What careless servers also take for a valid signature, or for a fresh request: bugs for the model, by name."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """A request as the model read it. `sign` is the model's own signature of parameters, by a key.

    In `first` and `first_members` the first of repeated parameters counts.
    """

    path: Params
    query: Params
    body: Params
    first: Params
    first_members: Params
    stamp: frozenset[str]
    key: str
    keys: tuple[str, ...]
    sign: Callable[[Params, str], str]
    base: Callable[[Params], str]

    @property
    def params(self) -> dict[str, Any]:
        return {**self.body, **self.query, **self.path}

    def only_stamp(self, part: Params) -> dict[str, Any]:
        return {name: value for name, value in part.items() if name in self.stamp}

    def sign_params(self, params: Params) -> str:
        return self.sign(params, self.key)

    def texts(self, change: Callable[[str], str]) -> str:
        return self.sign_params({n: change(v) if isinstance(v, str) else v for n, v in self.params.items()})

    def without(self, unwanted: Callable[[str, Any], bool]) -> str:
        return self.sign_params({name: value for name, value in self.params.items() if not unwanted(name, value)})


def _sha1(sent: Sent) -> str:
    return hmac.new(sent.key.encode(), sent.base(sent.params).encode(), hashlib.sha1).hexdigest()


def _base64(sent: Sent) -> str:
    digest = hmac.new(sent.key.encode(), sent.base(sent.params).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


ACCEPTED: Mapping[str, Callable[[Sent], list[str]]] = {
    "path left out": lambda s: [s.sign_params({**s.body, **s.query})],
    "query left out": lambda s: [s.sign_params({**s.body, **s.only_stamp(s.query), **s.path})],
    "body left out": lambda s: [s.sign_params({**s.only_stamp(s.body), **s.query, **s.path})],
    "body wins": lambda s: [s.sign_params({**s.path, **s.query, **s.body})],
    "empty values left out": lambda s: [s.without(lambda _, value: value in (None, "", []))],
    "lists left out": lambda s: [s.without(lambda _, value: isinstance(value, list))],
    "timestamp left out": lambda s: [s.without(lambda name, _: name == "timestamp")],
    "nonce left out": lambda s: [s.without(lambda name, _: name == "nonce")],
    "separator &": lambda s: [_join(s)],
    "values percent-encoded": lambda s: [s.texts(lambda text: quote(text, safe="-._~"))],
    "values trimmed": lambda s: [s.texts(str.strip)],
    "first of repeated parameters signed": lambda s: [s.sign_params({**s.body, **s.first, **s.path})],
    "first of repeated members signed": lambda s: [s.sign_params({**s.first_members, **s.query, **s.path})],
    "SHA-1": lambda s: [_sha1(s)],
    "base64": lambda s: [_base64(s)],
    "upper case": lambda s: [s.sign_params(s.params).upper()],
    "any key": lambda s: [s.sign(s.params, key) for key in s.keys],
    "empty key": lambda s: [s.sign(s.params, "")],
}


def _join(sent: Sent) -> str:
    pairs = sorted((name, value) for name, value in sent.params.items())
    text = "&".join(f"{name}={sent.base({name: value}).partition('=')[2]}" for name, value in pairs)
    return hmac.new(sent.key.encode(), text.encode(), hashlib.sha256).hexdigest()
