"""Faults of tokens, roles and tenants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from ..api import Description, Operation, Token
from ..errors import ApiError
from ..http.accounts import SUPERUSER, User, demo_user
from ..http.context import Handler, HandlerResult, RequestContext
from .fault import Fault, Identify

_TENANT = "responses.404"


def _accept_unknown_tokens(_description: Description, identify: Identify) -> Identify:
    def faulty_identify(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        try:
            return identify(connection, token, headers)
        except ApiError:
            if token is None or token.header.lower() not in headers:
                raise
            return demo_user(connection, "demo")

    return faulty_identify


def _accept_missing_tokens(_description: Description, identify: Identify) -> Identify:
    def faulty_identify(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        if token is not None and token.header.lower() not in headers:
            return demo_user(connection, "demo")
        return identify(connection, token, headers)

    return faulty_identify


def _ignore_token_case(_description: Description, identify: Identify) -> Identify:
    def faulty_identify(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        lowered = headers if token is None else {**headers, **_lower_token(token, headers)}
        return identify(connection, token, lowered)

    return faulty_identify


def _lower_token(token: Token, headers: Mapping[str, str]) -> dict[str, str]:
    """The header with its token in lower case."""
    name = token.header.lower()
    if name not in headers:
        return {}
    before, _, after = token.format.partition("{token}")
    value, end = headers[name], len(headers[name]) - len(after)
    return {name: value[: len(before)] + value[len(before) : end].lower() + value[end:]}


def _ignore_token_format(description: Description, identify: Identify) -> Identify:
    others = [api.token for api in description.apis if api.token is not None]

    def faulty_identify(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
        for other in others:
            try:
                return identify(connection, other, headers)
            except ApiError:
                continue
        return identify(connection, token, headers)

    return faulty_identify


def _without_roles(description: Description) -> Description:
    apis = (
        replace(api, operations=tuple(replace(operation, role="") for operation in api.operations))
        for api in description.apis
    )
    return replace(description, apis=tuple(apis))


def _across_tenants(*kinds: str) -> Callable[[Operation, Handler], Handler]:
    """Operations of these kinds see the objects of every tenant."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        return _as_superuser(handler) if operation.kind in kinds else handler

    return wrap_handler


def _as_superuser(handler: Handler) -> Handler:
    def faulty(context: RequestContext) -> HandlerResult:
        return handler(replace(context, user=replace(context.user, role=SUPERUSER)))

    return faulty


FAULTS: Mapping[str, Fault] = {
    "token-ignored": Fault(
        clause="x-token", meaning="an unknown token is taken for the demo user's", wrap_identify=_accept_unknown_tokens
    ),
    "token-missing-accepted": Fault(
        clause="x-token",
        meaning="a request without a token is taken for the demo user's",
        wrap_identify=_accept_missing_tokens,
    ),
    "token-case-ignored": Fault(
        clause="x-token", meaning="a token may be in upper or lower case", wrap_identify=_ignore_token_case
    ),
    "token-format-ignored": Fault(
        clause="x-token.format",
        meaning="each version takes the token as the other versions write it too",
        wrap_identify=_ignore_token_format,
    ),
    "role-ignored": Fault(
        clause="x-role", meaning="operations of one role are open to all", change_description=_without_roles
    ),
    "foreign-tenant-readable": Fault(
        clause=_TENANT, meaning="an object of another institute can be read", wrap_handler=_across_tenants("show")
    ),
    "foreign-tenant-listed": Fault(
        clause=_TENANT, meaning="lists hold the objects of every institute", wrap_handler=_across_tenants("list")
    ),
    "foreign-tenant-writable": Fault(
        clause=_TENANT,
        meaning="an object of another institute can be changed and deleted",
        wrap_handler=_across_tenants("update", "replace", "delete"),
    ),
}
