"""Faults of tokens, roles and tenants: who is let in, and to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from ..errors import Refusal
from ..http.accounts import SUPERUSER, User, demo_user
from ..http.context import Answer, Call, Handler
from ..model import Description, Operation, Token
from .fault import Fault, Identify

_TENANT = "responses.404"


def _anybody(_description: Description, identify: Identify) -> Identify:
    def lenient(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        try:
            return identify(connection, token, headers)
        except Refusal:
            if token is None or token.header.lower() not in headers:
                raise
            return demo_user(connection, "demo")

    return lenient


def _nobody(_description: Description, identify: Identify) -> Identify:
    def lenient(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        if token is not None and token.header.lower() not in headers:
            return demo_user(connection, "demo")
        return identify(connection, token, headers)

    return lenient


def _in_any_case(_description: Description, identify: Identify) -> Identify:
    def lenient(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        lowered = headers if token is None else {**headers, **_lowered(token, headers)}
        return identify(connection, token, lowered)

    return lenient


def _lowered(token: Token, headers: Mapping[str, str]) -> dict[str, str]:
    """The header with its token in lower case, and what is around the token as it is."""
    name = token.header.lower()
    if name not in headers:
        return {}
    before, _, after = token.format.partition("{token}")
    value, end = headers[name], len(headers[name]) - len(after)
    return {name: value[: len(before)] + value[len(before) : end].lower() + value[end:]}


def _in_any_format(description: Description, identify: Identify) -> Identify:
    others = [api.token for api in description.apis if api.token is not None]

    def lenient(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        for other in others:
            try:
                return identify(connection, other, headers)
            except Refusal:
                continue
        return identify(connection, token, headers)

    return lenient


def _without_roles(description: Description) -> Description:
    apis = (
        replace(api, operations=tuple(replace(operation, role="") for operation in api.operations))
        for api in description.apis
    )
    return replace(description, apis=tuple(apis))


def _seeing_all(*kinds: str) -> Callable[[Operation, Handler], Handler]:
    """Operations of these kinds reach the objects of every tenant."""

    def behaves(operation: Operation, handler: Handler) -> Handler:
        return _beyond_tenants(handler) if operation.kind in kinds else handler

    return behaves


def _beyond_tenants(handler: Handler) -> Handler:
    def careless(call: Call) -> Answer:
        return handler(replace(call, user=replace(call.user, role=SUPERUSER)))

    return careless


FAULTS: Mapping[str, Fault] = {
    "token-ignored": Fault(
        clause="x-token", meaning="an unknown token is taken for the demo user's", identifies=_anybody
    ),
    "token-missing-accepted": Fault(
        clause="x-token", meaning="a request without a token is taken for the demo user's", identifies=_nobody
    ),
    "token-case-ignored": Fault(
        clause="x-token", meaning="a token may be in upper or lower case", identifies=_in_any_case
    ),
    "token-format-ignored": Fault(
        clause="x-token.format",
        meaning="each version takes the token as the other versions write it too",
        identifies=_in_any_format,
    ),
    "role-ignored": Fault(clause="x-role", meaning="operations of one role are open to all", describes=_without_roles),
    "foreign-tenant-readable": Fault(
        clause=_TENANT, meaning="an object of another institute can be read", behaves=_seeing_all("show")
    ),
    "foreign-tenant-listed": Fault(
        clause=_TENANT, meaning="lists hold the objects of every institute", behaves=_seeing_all("list")
    ),
    "foreign-tenant-writable": Fault(
        clause=_TENANT,
        meaning="an object of another institute can be changed and deleted",
        behaves=_seeing_all("update", "destroy"),
    ),
}
