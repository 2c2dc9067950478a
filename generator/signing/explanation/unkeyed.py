"""Something else than the base string under the key: a hash without a key, or JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from ..transforms import TRANSFORMS, encode
from .attempts import Attempts, RefusedRequest


def wrong_hashes(request: RefusedRequest) -> Attempts:
    """A hash of the base string, with the secret key in the text or nowhere."""
    scheme, base, key = request.scheme, request.base_string, request.secret_key
    name = scheme.algorithm.removeprefix("hmac-")
    texts = {
        "without the secret key": base,
        "with the secret key behind it": f"{base}{key}",
        "with the secret key before it": f"{key}{base}",
        f"with {scheme.separator!r} and the secret key behind it": f"{base}{scheme.separator}{key}",
    }
    for how, text in texts.items():
        made = hashlib.new(name, encode(text), usedforsecurity=False).digest()
        cause = f"the base string was hashed with {name}, {how}; sign it with {scheme.algorithm}"
        yield cause, str(TRANSFORMS[scheme.digest].apply(made))


def wrong_json(request: RefusedRequest) -> Attempts:
    """JSON of the body or of all parameters, in the order sent or sorted."""
    params = request.params
    body = {name: params[name] for name in request.body if name in params}
    for what, members in (("the body", body), ("all parameters", params)):
        if members:
            cause = f"the JSON of {what} was signed, instead of names and values as the scheme joins them"
            for order in (members, {name: members[name] for name in sorted(members)}):
                for between, colon in ((",", ":"), (", ", ": ")):
                    for ascii_only in (False, True):
                        text = _write_json(order, between, colon, ascii_only=ascii_only)
                        yield cause, request.sign_text(text)


def _write_json(members: Mapping[str, object], between: str, colon: str, *, ascii_only: bool) -> str:
    return json.dumps(members, ensure_ascii=ascii_only, separators=(between, colon), default=str)
