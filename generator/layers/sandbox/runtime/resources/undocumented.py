"""Two ways that no page documents, but that the vendor's own client goes. All about them is inferred.

Known from that client: `POST /users/sign_in.json` takes `{"user": {"email", "password"}}` without a signature and
answers with the user, in no envelope, `api_token` and `secret_key` among its members; and
`GET …/student_sessions/{token}/reviewable` is signed, with the session's token as `id`.
Guessed: everything else, such as what the second one answers, here what is shown of a session.
The description has neither, so no client, reference or check knows them; nor does a sandbox without users
or student sessions.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import func, select

from ..errors import no_such_object, unauthorized
from ..http.accounts import credentials_of
from ..http.context import Answer, Call
from ..model import Api, Description, Operation
from ..storage.passwords import is_password, kept_password
from .crud import Crud

_PERSON = {"email", "password"}
_CREDENTIALS = {"api_token", "secret_key"}
_TEXTS: Mapping[str, object] = {name: {"type": "string", "minLength": 1} for name in sorted(_PERSON)}
_NOBODYS = ("salt", "hash")


def extended(description: Description) -> Description:
    """The description with what is inferred to exist beside it."""
    apis = [*_sign_in(description), *_reviewable(description)]
    return replace(description, apis=(*description.apis, *apis))


def sign_in(users: Crud, call: Call) -> Answer:
    """Tells users their credentials. The password of those who were made without one is their secret key."""
    email, password = str(call.body["email"]), str(call.body["password"])
    same = func.lower(users.table.c.email) == func.lower(email)
    row = call.connection.execute(select(users.table).where(same)).one_or_none()
    kept = None if row is None else kept_password(call.connection, users.key_of(row))
    right = is_password(password, kept or _NOBODYS)  # as long for nobody as for somebody
    if row is not None and kept is None:
        own = credentials_of(call.connection, users.key_of(row))
        right = hmac.compare_digest(own.secret_key.encode(), password.encode("utf-8", "surrogatepass"))
    if row is None or not right:
        raise unauthorized("The e-mail address or the password is wrong.")
    return users.one(call, row)


def reviewable(sessions: Crud, call: Call) -> Answer:
    """Shows the session with that token, which the client knows as a UUID."""
    token = call.path[call.operation.item]
    found = select(sessions.table).where(sessions.table.c.token == token.replace("-", ""), *sessions.tenancy(call))
    row = call.connection.execute(found).one_or_none()
    if row is None:
        raise no_such_object(sessions.title, "token", token)
    return sessions.one(call, row)


def _sign_in(description: Description) -> Iterator[Api]:
    for api, made in _operations(description, "users", "create"):
        if set(made.body) >= _PERSON and {told.name for told in made.fields} >= _CREDENTIALS:
            asked = replace(
                _beside(made),
                id="signIn",
                name="sign_in",
                path="/users/sign_in.json",
                item="",
                signed=False,
                body=tuple(_TEXTS),
                body_envelope="user",
                envelope="",
            )
            person = {"type": "object", "required": [*_TEXTS], "properties": _TEXTS}
            whole = {"type": "object", "required": ["user"], "properties": {"user": person}}
            schemas = _schemas(asked, _TEXTS, {asked.id: whole})
            yield replace(
                api, name="inferred", base_path="", token=None, signing=None, operations=(asked,), schemas=schemas
            )
            return


def _reviewable(description: Description) -> Iterator[Api]:
    for api, shown in _operations(description, "student_sessions", "show"):
        if "token" in {told.name for told in shown.fields}:
            asked = replace(_beside(shown), id="reviewable", name="reviewable", path=f"{shown.path}/reviewable")
            yield replace(api, name=f"inferred {api.name}", operations=(asked,), schemas=_schemas(asked, {}, {}))


def _schemas(operation: Operation, body: Mapping[str, object], whole: Mapping[str, object]) -> str:
    key = operation.id
    return json.dumps({"components": {}, "query": {key: {}}, "body": {key: body}, "whole": whole})


def _operations(description: Description, resource: str, kind: str) -> Iterator[tuple[Api, Operation]]:
    for api in description.apis:
        for operation in api.operations:
            if (operation.resource, operation.kind) == (resource, kind):
                yield api, operation


def _beside(operation: Operation) -> Operation:
    """An operation like it, of no usual kind, below nothing."""
    return replace(operation, kind="", role="", parents=(), query=(), needed=(), status=200)
