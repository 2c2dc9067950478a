"""Two operations that the vendor's pages do not document, but its own client calls. All of it is inferred.

Known from that client: `POST /users/sign_in.json` takes `{"user": {"email", "password"}}` without a signature and
responds with the bare user object, `api_token` and `secret_key` among its members; and
`GET …/student_sessions/{token}/reviewable` is signed, with the session's token as `id`.
Guessed: everything else, such as the response of the second one, here that of a session.
The description has neither, so no client, reference or check knows them. A sandbox of a description without users
or student sessions does not have them.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import func, select

from ..api import Api, Description, Operation
from ..errors import record_not_found, unauthorized
from ..http.accounts import credentials_of
from ..http.context import HandlerResult, RequestContext
from ..storage.passwords import check_password, stored_password
from ..storage.sql_types import is_storable
from .crud import Crud

_PERSON = {"email", "password"}
_CREDENTIALS = {"api_token", "secret_key"}
_TEXTS: Mapping[str, object] = {name: {"type": "string", "minLength": 1} for name in sorted(_PERSON)}
_NOBODYS = ("salt", "hash")


def with_undocumented(description: Description) -> Description:
    """The description with the undocumented operations."""
    apis = [*_sign_in_api(description), *_reviewable_apis(description)]
    return replace(description, apis=(*description.apis, *apis))


def sign_in(users: Crud, context: RequestContext) -> HandlerResult:
    """Responds with the credentials of a user. The password of users without one is their secret key."""
    email, password = str(context.body["email"]), str(context.body["password"])
    same = func.lower(users.table.c.email) == func.lower(email)
    found = context.connection.execute(select(users.table).where(same)).one_or_none() if is_storable(email) else None
    if found is None:
        return HandlerResult(confirm=partial(_check_person, password, None, ""))
    stored = stored_password(context.connection, users.key_of(found))
    secret_key = "" if stored else credentials_of(context.connection, users.key_of(found)).secret_key
    return replace(users.respond_one(context, found), confirm=partial(_check_person, password, stored, secret_key))


def _check_person(password: str, stored: tuple[str, str] | None, secret_key: str) -> None:
    """Raises 401 if the password is neither the stored one nor the secret key; takes as long for unknown users."""
    is_right = check_password(password, stored or _NOBODYS)
    if secret_key:
        is_right = hmac.compare_digest(secret_key.encode(), password.encode("utf-8", "surrogatepass"))
    if not is_right:
        raise unauthorized("The e-mail address or the password is wrong.")


def reviewable(sessions: Crud, context: RequestContext) -> HandlerResult:
    """Responds with the session of that token, which the client writes as a UUID."""
    token = context.path[context.operation.item]
    statement = select(sessions.table).where(
        sessions.table.c.token == token.replace("-", ""), *sessions.tenant_conditions(context)
    )
    row = context.connection.execute(statement).one_or_none() if is_storable(token) else None
    if row is None:
        raise record_not_found(sessions.title, "token", token)
    return sessions.respond_one(context, row)


def _sign_in_api(description: Description) -> Iterator[Api]:
    for api, create in _operations(description, "users", "create"):
        if set(create.settable) >= _PERSON and {field.name for field in create.fields} >= _CREDENTIALS:
            operation = replace(
                _derive(create),
                id="signIn",
                name="sign_in",
                path="/users/sign_in.json",
                item="",
                signed=False,
                settable=tuple(_TEXTS),
                body=replace(create.body, envelope="user") if create.body else None,
                responses=(replace(create.success, status=200, envelope=""),),
            )
            person = {"type": "object", "required": [*_TEXTS], "properties": _TEXTS}
            whole = {"type": "object", "required": ["user"], "properties": {"user": person}}
            schemas = _schemas(operation, _TEXTS, {operation.id: whole})
            yield replace(
                api, name="inferred", base_path="", token=None, scheme=None, operations=(operation,), validators=schemas
            )
            return


def _reviewable_apis(description: Description) -> Iterator[Api]:
    for api, show in _operations(description, "student_sessions", "show"):
        if "token" in {field.name for field in show.fields}:
            operation = replace(_derive(show), id="reviewable", name="reviewable", path=f"{show.path}/reviewable")
            yield replace(
                api, name=f"inferred {api.name}", operations=(operation,), validators=_schemas(operation, {}, {})
            )


def _schemas(operation: Operation, body: Mapping[str, object], whole: Mapping[str, object]) -> str:
    key = operation.id
    return json.dumps({"components": {}, "query": {key: {}}, "body": {key: body}, "whole": whole})


def _operations(description: Description, resource: str, kind: str) -> Iterator[tuple[Api, Operation]]:
    for api in description.apis:
        for operation in api.operations:
            if (operation.resource, operation.kind) == (resource, kind):
                yield api, operation


def _derive(operation: Operation) -> Operation:
    """An operation with the same fields, without kind, role, parents and query."""
    response = replace(operation.success, status=200)
    return replace(operation, kind="action", role="", parent_columns=(), query=(), needed=(), responses=(response,))
