"""Before the run: is every user who was named known to the server, and the one who is asked for?"""

from __future__ import annotations

from requests import RequestException

from ..context import Bench
from ..description import Json, Operation
from ..errors import CannotRun
from ..fuzzing.engine import AUTHORIZATION, check_id
from ..http.caller import Caller
from ..interruption import INTERRUPTION
from ..plan import Plan
from ..stateful.checks.objects import FOREIGN_LIST, FOREIGN_READ, FOREIGN_WRITE
from .preflight import check_server

_FORBIDDEN = 403
_SECOND = "--second-token-env names"
_OF_ANOTHER = "name one of another institute, or leave the second user out."


def check_users(bench: Bench) -> None:
    """Right requests as each user; raises CannotRun with a sentence where a run makes no sense.

    A user whom the server does not know would be refused everywhere, and that is what most checks of other users ask
    for. Nothing is made of what one user sees of another's objects: that is for the run to find out.
    """
    check_known(bench)
    if bench.second is not None:
        _check_ordinary(bench, bench.second)
        _check_tenant(bench, bench.second)


def check_known(bench: Bench) -> None:
    """The same, as far as nothing has to be made for it."""
    plan, second = bench.plan, bench.second
    _check_different(plan)
    check_server(bench.caller)
    if second is not None:
        check_server(second, "second")
    if plan.superuser is not None:
        superuser = bench.calling(plan.superuser)
        check_server(superuser, "superuser")
        _check_role(superuser)


def _check_different(plan: Plan) -> None:
    if plan.second is None:
        return
    if plan.second.token == plan.credentials.token:
        raise CannotRun(
            f"the second user is the first one: the variable that {_SECOND} holds the same token; {_OF_ANOTHER}"
        )
    if plan.superuser is not None and plan.second.token == plan.superuser.token:
        raise CannotRun(
            f"the second user is the superuser: the variable that {_SECOND} holds the same token; {_OF_ANOTHER}"
        )


def _check_role(superuser: Caller) -> None:
    """A list that is for some only is refused to those who are none of them."""
    operation = _restricted(superuser)
    if operation is not None and _status(superuser, operation) == _FORBIDDEN:
        raise CannotRun(
            f"{operation.method} {superuser.url}{operation.path} refused the superuser (403), as it does an ordinary "
            f"user: name one with the role {operation.role} by --superuser-token-env, or leave the superuser out."
        )


def _check_ordinary(bench: Bench, second: Caller) -> None:
    """A superuser may see the objects of every institute; where everybody is let in, that is for the run to tell."""
    operation, first = _restricted(second), bench.calling(bench.plan.credentials)
    if operation is None or not 200 <= _status(second, operation) < 300:
        return
    if _status(first, operation) == _FORBIDDEN:
        raise CannotRun(
            f"the second user has the role {operation.role}, as {operation.method} {second.url}{operation.path} tells, "
            f"and may see every institute: {_OF_ANOTHER}"
        )


def _restricted(caller: Caller) -> Operation | None:
    operations = (o for o in caller.api.operations if o.safe and o.restricted and not o.placeholders)
    return next(operations, None)


def _status(caller: Caller, operation: Operation) -> int:
    """How a right request is answered; 0 where it is not."""
    try:
        return caller.call(operation, {}).status
    except RequestException:
        return 0


def _check_tenant(bench: Bench, second: Caller) -> None:
    """What each of the two makes tells whose it is."""
    if not _is_about_tenants(bench.plan):
        return
    creator, first = bench.plan.telling, bench.calling(bench.plan.credentials)
    with INTERRUPTION.held():
        told = [_tenant(bench, caller, creator) for caller in (second, first)] if creator else []
    if creator is None or None in told:
        bench.doubts.append("the second user belongs to the same institute")
    elif told[0] == told[1]:
        list(bench.objects.remove())
        raise CannotRun(
            f"the second user belongs to the institute of the first one, as the {creator.tenant} in answers of "
            f"{creator.id} tells: {_OF_ANOTHER}"
        )


def _is_about_tenants(plan: Plan) -> bool:
    engine = check_id(AUTHORIZATION), AUTHORIZATION.replace("_", " ")
    checks = ((check.id, check.name) for check in (FOREIGN_READ, FOREIGN_WRITE, FOREIGN_LIST))
    return any(plan.wants(*names) for names in (*checks, engine))


def _tenant(bench: Bench, caller: Caller, creator: Operation) -> Json:
    """Whose a new object of the caller is; None where it does not tell. The object is removed at once."""
    objects = bench.objects.of(caller)
    objects.begin(f"users {creator.id}")
    example = objects.body(creator)
    body = {n: v for n, v in example.items() if n != creator.tenant} if isinstance(example, dict) else example
    try:
        answer = objects.send(creator, {}, caller.prepare(creator, {}, body))
    except RequestException:
        return None
    finally:
        list(objects.swept())
    told = answer.json if answer.succeeded else None
    told = told.get(creator.envelope) if isinstance(told, dict) and creator.envelope else told
    return told.get(creator.tenant) if isinstance(told, dict) else None
