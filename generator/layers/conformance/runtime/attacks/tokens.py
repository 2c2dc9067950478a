"""Attacks on the token: none, another one, or one in another form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from requests import PreparedRequest

from ..api import Api, Credentials
from ..http.signer import SigningSteps
from ..http.wire import Parts, place_parameters
from .additions import Mutation, takes_json
from .attack import EVERYWHERE, INVALID, Attack, any_operation

_UNKNOWN = "0123456789abcdef0123456789abcdef01234567"


def attacks(api: Api, second: Credentials | None) -> Iterator[Attack]:
    """Attacks on the token."""
    if not api.token_header:
        return
    row = partial(Attack, clause="x-token")
    yield row(
        id="SIG-002",
        name="token missing",
        cause="a request without a token is taken for somebody's",
        steps=SigningSteps(token_header=lambda _api, _user: None),
        exact="token",
        spread=EVERYWHERE,
    )
    yield row(
        id="SIG-008",
        name="unknown token",
        cause="the token is not looked up, or an unknown one is taken for somebody's",
        steps=_rewrite(lambda _token: _UNKNOWN),
        spread=EVERYWHERE,
    )
    if second is not None:
        yield Attack(
            id="SIG-012",
            name="another user's token",
            clause="x-signing.key",
            cause="the signature is not checked with the secret key of the user whom the token names",
            steps=SigningSteps(token_header=lambda api, _user: api.token_format.replace("{token}", second.token)),
            spread=EVERYWHERE,
        )
    yield from _places(api)
    for id_, name, write, cause in _SPELLINGS:
        yield row(id=id_, name=name, cause=cause, steps=_rewrite(write))
    yield from _formats(api)


def _places(api: Api) -> Iterator[Attack]:
    """The right token where nobody described it."""
    names = (api.token_header, "token", "access_token", "api_key", "apikey", "auth_token", "key")
    row = partial(Attack, clause="x-token", error_statuses=INVALID)
    for id_, place, fits in (("SIG-013", "query", any_operation), ("SIG-014", "body", takes_json)):
        cause = f"the token is looked for in the {place} as well, where logs and other sites see it"
        steps = SigningSteps(mutate=_move_token(api, names, place))
        yield row(id=id_, name=f"token in the {place}", cause=cause, steps=steps, fits=fits)
    cause = "the token is taken from a cookie as well, which a browser sends for any site"
    steps = SigningSteps(mutate=_move_token(api, names, "cookie"))
    yield row(id="SIG-015", name="token in a cookie", cause=cause, steps=steps)


def _move_token(api: Api, names: tuple[str, ...], place: str) -> Mutation:
    """The token under each of the names in another place, and not in its header."""

    def move(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
        before, _, after = api.token_format.partition("{token}")
        token = str(request.headers.pop(api.token_header)).removeprefix(before).removesuffix(after)
        values = {name: token for name in names if name not in _parts.body and name not in _parts.query}
        if place == "cookie":
            request.headers["Cookie"] = "; ".join(f"{name}={token}" for name in values)
            return request
        return place_parameters(request, values, "query" if place == "query" else "json")

    return move


def _formats(api: Api) -> Iterator[Attack]:
    row = partial(Attack, clause="x-token.format")
    cause = "only the token is looked for in the header, whatever is written around it"
    for number, (id_, other) in enumerate(zip(("SIG-026", "SIG-027", "SIG-028"), api.other_formats, strict=False)):
        yield row(
            id=id_,
            name="token as another version writes it" + (f" ({number + 1})" if number else ""),
            cause="each version takes the token as the other versions write it too",
            steps=_in_format(other),
        )
    yield row(id="SIG-024", name="bearer token", cause=cause, steps=_in_format("Bearer {token}"))
    yield row(id="SIG-025", name="bare token", cause=cause, steps=_in_format("{token}"))


_SPELLINGS: tuple[tuple[str, str, Callable[[str], str], str], ...] = (
    ("SIG-020", "empty token", lambda _token: "", "an empty token is taken for somebody's"),
    ("SIG-021", "token in upper case", str.upper, "tokens are compared without regard to case"),
    ("SIG-022", "token in lower case", str.lower, "tokens are compared without regard to case"),
    ("SIG-023", "token cut short", lambda token: token[:-1], "only the beginning of a token is compared"),
    ("SIG-029", "token and more", lambda token: token + "0", "only the beginning of the header is compared"),
)


def _rewrite(write: Callable[[str], str]) -> SigningSteps:
    return SigningSteps(token_header=lambda api, user: api.token_format.replace("{token}", write(user.token)))


def _in_format(text: str) -> SigningSteps:
    return SigningSteps(token_header=lambda _api, user: text.replace("{token}", user.token))
