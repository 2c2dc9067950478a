"""The sandbox as a Starlette application with its own state."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from ..errors import SandboxError, no_such_method
from ..faults import Chosen
from ..http.accounts import Credentials, credentials
from ..http.gateway import Gateway
from ..http.journal import Journal
from ..http.links import PATH, Links
from ..http.responses import Json
from ..model import Description
from ..resources.crud import Crud
from ..resources.handlers import behaviours, constrain, handlers
from ..resources.sessions.events import SessionLife
from ..resources.sessions.student_sessions import StudentSessions
from ..resources.undocumented import extended
from ..seeds.data_sets import fill, known_seed
from ..settings.limits import Limits
from ..settings.options import Options
from ..storage.database import folder_beside
from ..storage.files import Files
from ..storage.jobs import Jobs
from ..storage.outbox import messages
from ..storage.snapshots import Snapshots
from ..storage.state import State, own_key
from .admin import admin_routes
from .cors import cors
from .logs import Logged
from .network import Network
from .page import Page
from .self_check import SelfChecked

_LOOKS = ("GET", "HEAD")


def build(description: Description, options: Options) -> Starlette:
    """The application; its `state.credentials` are those of the demo users, by label."""
    chosen = Chosen(options.faults)
    description = chosen.description(description)
    constrain(description)
    _check(options, description)
    folder = options.files or folder_beside(options.database)
    with ExitStack() as opened:
        state = State(options.database, description.metadata, guarded=bool(options.admin_key), shared=options.shared)
        opened.callback(state.close)
        files = _folder(folder or temporary(opened))
        with state.unit() as connection:
            links = chosen.part(Links)(Files(files), own_key(connection), options.clock)
        jobs = chosen.part(Jobs)(state, files, seconds=options.job_seconds, lease_seconds=options.lease_seconds)
        opened.callback(jobs.close)
        made = behaviours(description, jobs, Files(files), links)
        whole = extended(description)
        gateway = chosen.part(Gateway)(
            whole,
            state,
            chosen.handlers(whole, handlers(whole, made)),
            identify=chosen.identify(description),
            verifier=chosen.verifier(explained=not options.strict),
            clock=options.clock,
            limit=options.body_limit,
            read_seconds=options.limits.read_seconds,
        )
        known = _filled(state, made, options)
        journal = _journal(options, opened)
        page = Page(description, state, journal, known, options.host) if journal else None
        routes = _routes(links, page, _admin(state, description, made, files, options))
        api = _api(description, options, chosen.answering(gateway), journal)
        application = _application(routes, api, jobs.resume, opened.pop_all())
        application.state.options = options
        application.state.credentials = known
        application.state.outbox = partial(messages, state)
        return application


def _admin(
    state: State, description: Description, made: Mapping[str, Crud], files: Path, options: Options
) -> list[Route]:
    if not options.admin_key:
        return []
    sessions = made.get("student_sessions")
    life = SessionLife(state, sessions, options.clock) if isinstance(sessions, StudentSessions) else None
    return admin_routes(options.admin_key, Snapshots(state, description.metadata, files), life)


def _check(options: Options, description: Description) -> None:
    """Refuses what cannot be meant, before anything is made."""
    if not options.host:
        raise SandboxError("the host is empty: write 127.0.0.1, or 0.0.0.0 for all addresses of this machine")
    known_seed(options.seed)
    Network(Starlette(), options.network)
    cors(Starlette(), description.apis, options.cors)


def _filled(state: State, made: Mapping[str, Crud], options: Options) -> dict[str, Credentials]:
    """The credentials of the demo users, once a fresh state holds its data set."""
    with state.unit() as connection:
        fill(connection, made, int(options.clock() * 1000), options.seed)
        return credentials(connection)


def _journal(options: Options, opened: ExitStack) -> Journal | None:
    """The requests that the page tells, where there is one."""
    journal = Journal(options.journal) if options.page else None
    if journal is not None:
        opened.callback(journal.close)
    return journal


def _routes(links: Links, page: Page | None, admin: list[Route]) -> list[Route]:
    """What is served beside the API."""
    return [
        Route("/healthz", _Health()),
        Route(f"/{PATH}/{{name}}", links.serve, methods=["GET"]),
        *admin,
        *(page.routes() if page else ()),
    ]


def _api(description: Description, options: Options, gateway: ASGIApp, journal: Journal | None) -> ASGIApp:
    """What all requests to the API pass through, from the outside to the gateway."""
    checked = SelfChecked(gateway, description.apis) if options.self_check else gateway
    served = Network(checked, options.network) if options.network else checked
    return cors(Logged(served, journal), description.apis, options.cors)


class _Application(Starlette):
    """Calls the API at once where the first segment of a path is none of the other routes.

    The way through Starlette's middleware and routes takes 30 us.
    """

    def __init__(self, routes: Sequence[Route], api: ASGIApp, lifespan: Lifespan[Starlette]) -> None:
        super().__init__(routes=[*routes, Mount("/", api)], lifespan=lifespan)
        self._others = frozenset(_first_segment(route.path) for route in routes)
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_other = scope["type"] != "http" or _first_segment(scope["path"]) in self._others
        await (super().__call__ if is_other else self._api)(scope, receive, send)


def _first_segment(path: str) -> str:
    return path.partition("/")[2].partition("/")[0]


def _application(routes: Sequence[Route], api: ASGIApp, served: Callable[[], None], opened: ExitStack) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        served()
        yield
        finish()

    application = _Application(routes, api, lifespan)
    application.router.default = api  # a mount does not match a path that holds a line break
    finish = application.state.finish = weakref.finalize(application, opened.close)  # also where it is never served
    return application


def temporary(opened: ExitStack) -> Path:
    """A folder that is removed at the end."""
    folder = tempfile.mkdtemp(prefix="procwise-sandbox-")
    opened.callback(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def close(application: Starlette) -> None:
    """Ends an application that is not served."""
    application.state.finish()


def limits_of(application: Starlette) -> Limits:
    found: Limits = application.state.options.limits
    return found


def admin_key(application: Starlette) -> str:
    return str(application.state.options.admin_key)


def known_credentials(application: Starlette) -> dict[str, Credentials]:
    """The credentials of the demo users of an application, by label."""
    found: dict[str, Credentials] = application.state.credentials
    return found


class _Health:
    """An application of its own: a route would leave other methods to the API."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["method"] in _LOOKS else no_such_method(_LOOKS)
        response = Json(refusal.content, refusal.status, refusal.headers) if refusal else Json({"status": "ok"})
        await response(scope, receive, send)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()  # of a name of its own: other processes try at the same time
    except OSError as error:
        raise SandboxError(f"the folder for files cannot be used: {path}: {error.strerror}") from None
    return path
