"""Routes for test suites: snapshots, and events of student sessions. They exist with `--admin` only."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..errors import ApiError, method_not_allowed, path_not_found, unreadable, validation_failed
from ..http.bodies import read_body
from ..settings.limits import READ_SECONDS
from ..storage.failures import report_failure
from ..storage.snapshots import INITIAL, Snapshots

ADMIN = "/admin"
_LONGEST = 2000
_LONGEST_OF = {"student_file": 16 * 1024 * 1024}
Action = Callable[[bytes], Mapping[str, object]]


def admin_routes(key: str, snapshots: Snapshots, more: Mapping[str, Action]) -> list[Route]:
    """The routes, for those who know the key; `more` are those of student sessions, where the description has them."""
    actions: Mapping[str, Action] = {
        "snapshot": lambda _body: {"id": snapshots.take()},
        "restore": lambda body: _restore(snapshots, _snapshot_id(body)),
        "reset": lambda _body: _restore(snapshots, INITIAL),
        **more,
    }
    return [Route(f"{ADMIN}/{{action}}", _AdminApp(key, actions))]


class _AdminApp:
    """Checks the key before anything else. A Starlette route would check the method first."""

    def __init__(self, key: str, actions: Mapping[str, Action]) -> None:
        self._expected = f"Bearer {key}".encode()
        self._actions = actions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(Request(scope, receive))
        except ApiError as error:
            response = JSONResponse(error.content, error.status, error.headers)
        except Exception as failure:  # noqa: BLE001  # every response is a JSON object, this one too
            reported = report_failure(scope["path"], failure)
            response = JSONResponse(reported.content, reported.status, reported.headers)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> JSONResponse:
        self._authorize(request)
        name = request.path_params["action"]
        action = self._actions.get(name)
        if action is None:
            raise path_not_found()
        if request.method != "POST":
            raise method_not_allowed(["POST"])
        body = await read_body(request, request.headers, limit=_LONGEST_OF.get(name, _LONGEST), seconds=READ_SECONDS)
        return JSONResponse(await run_in_threadpool(action, body))

    def _authorize(self, request: Request) -> None:
        sent = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, self._expected):
            sentence = "The admin routes take the header Authorization: Bearer and the admin key."
            raise ApiError(401, "unauthorized", sentence, headers={"WWW-Authenticate": "Bearer"})


def _restore(snapshots: Snapshots, name: str) -> dict[str, object]:
    snapshots.restore(name)
    return {"id": name}


def _snapshot_id(body: bytes) -> str:
    try:
        sent = json.loads(body)
    except ValueError:
        raise unreadable("The request body must be a JSON object.") from None
    name = sent.get("id") if isinstance(sent, dict) else None
    if not isinstance(name, str) or "\0" in name or not name.isascii():
        raise validation_failed({"id": ["must be the id of a snapshot"]})
    return name
