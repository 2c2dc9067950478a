"""Checks of the users before a run: does the server know them, and are they who they should be?"""

from __future__ import annotations

from requests import RequestException

from ..api import Json, Operation
from ..context import RunContext
from ..errors import CannotRun
from ..fuzzing.engine import AUTHORIZATION, check_id
from ..http.caller import Caller
from ..interruption import INTERRUPTION
from ..plan import Plan
from ..stateful.checks.objects import FOREIGN_LIST, FOREIGN_READ, FOREIGN_WRITE
from .preflight import check_server

_FORBIDDEN = 403
_SECOND = "--second-token-env names"


def check_users(context: RunContext) -> None:
    """Send valid requests as each user; raises CannotRun with a sentence if a run makes no sense.

    An unknown user would be rejected everywhere, and that is what most checks of other users
    expect. What one user sees of another's objects is not checked here, but by the run.
    """
    check_known(context)
    if context.second is not None:
        _check_ordinary(context, context.second)
        _check_tenant(context, context.second)


def check_known(context: RunContext) -> None:
    """The same, as far as nothing has to be created for it."""
    plan, second = context.plan, context.second
    _check_different(plan)
    check_server(context.caller)
    if second is not None:
        check_server(second, "second")
    if plan.superuser is not None:
        superuser = context.caller_for_user(plan.superuser)
        check_server(superuser, "superuser")
        _check_role(superuser)


def _check_different(plan: Plan) -> None:
    if plan.second is None:
        return
    if plan.second.token == plan.credentials.token:
        raise CannotRun(
            f"the second user is the first one: the variable that {_SECOND} holds the same token; {_name_another(plan)}"
        )
    if plan.superuser is not None and plan.second.token == plan.superuser.token:
        raise CannotRun(
            f"the second user is the superuser: the variable that {_SECOND} holds the same token; {_name_another(plan)}"
        )


def _check_role(superuser: Caller) -> None:
    """Raises CannotRun if the superuser may not read a restricted list."""
    operation = _restricted_list(superuser)
    if operation is not None and _status(superuser, operation) == _FORBIDDEN:
        raise CannotRun(
            f"{operation.method} {superuser.url}{operation.path} refused the superuser (403), as it does an ordinary "
            f"user: name one with the role {operation.role} by --superuser-token-env, or leave the superuser out."
        )


def _check_ordinary(context: RunContext, second: Caller) -> None:
    """Raises CannotRun if the second user is a superuser; a restricted list that everybody may read is a finding."""
    operation, first = _restricted_list(second), context.caller_for_user(context.plan.credentials)
    if operation is None or not 200 <= _status(second, operation) < 300:
        return
    if _status(first, operation) == _FORBIDDEN:
        raise CannotRun(
            f"the second user has the role {operation.role}, as {operation.method} {second.url}{operation.path} shows, "
            f"and may see what is others': {_name_another(context.plan)}"
        )


def _restricted_list(caller: Caller) -> Operation | None:
    operations = (o for o in caller.api.operations if o.safe and o.restricted and not o.placeholders)
    return next(operations, None)


def _status(caller: Caller, operation: Operation) -> int:
    """The status of a valid request; 0 without a response."""
    try:
        return caller.call(operation, {}).status
    except RequestException:
        return 0


def _check_tenant(context: RunContext, second: Caller) -> None:
    """Raises CannotRun if objects of both users belong to one and the same tenant."""
    if not _is_about_tenants(context.plan):
        return
    creator, first = context.plan.telling, context.caller_for_user(context.plan.credentials)
    with INTERRUPTION.hold_back():
        tenants = [_tenant(context, caller, creator) for caller in (second, first)] if creator else []
    if creator is None or None in tenants:
        context.doubts.append(_doubt(context.plan))
    elif tenants[0] == tenants[1]:
        list(context.objects.remove_all())
        raise CannotRun(
            f"the second user belongs to the {_name_owner(context.plan)} of the first one, as the {creator.tenant} in "
            f"responses of {creator.id} shows: {_name_another(context.plan)}"
        )


def _name_another(plan: Plan) -> str:
    return f"name {plan.api.stranger}, or leave the second user out."


def _name_owner(plan: Plan) -> str:
    """Whose the objects are, in the description's word."""
    return plan.api.other_owner.removeprefix("another ")


def _doubt(plan: Plan) -> str:
    whose = _name_owner(plan)
    return "the two users share their objects" if whose == "user" else f"the second user belongs to the same {whose}"


def _is_about_tenants(plan: Plan) -> bool:
    engine = check_id(AUTHORIZATION), AUTHORIZATION.replace("_", " ")
    checks = ((check.id, check.name) for check in (FOREIGN_READ, FOREIGN_WRITE, FOREIGN_LIST))
    return any(plan.wants(*names) for names in (*checks, engine))


def _tenant(context: RunContext, caller: Caller, creator: Operation) -> Json:
    """The institute of a new object of the caller, None if it is not shown. The object is removed at once."""
    objects = context.objects.for_user(caller)
    objects.start_item(f"users {creator.id}")
    example = objects.body(creator)
    body = {n: v for n, v in example.items() if n != creator.tenant} if isinstance(example, dict) else example
    try:
        response = objects.send(creator, {}, caller.prepare(creator, {}, body))
    except RequestException:
        return None
    finally:
        list(objects.remove_created())
    data = response.json if response.succeeded else None
    data = data.get(creator.wrapper) if isinstance(data, dict) and creator.wrapper else data
    return data.get(creator.tenant) if isinstance(data, dict) else None
