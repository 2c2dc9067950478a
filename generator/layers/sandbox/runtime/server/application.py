"""The sandbox as a Starlette application with its own state."""

from __future__ import annotations

import logging
import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from ..api import Description
from ..errors import SandboxError, method_not_allowed
from ..faults import EnabledFaults
from ..http.accounts import Credentials, credentials
from ..http.gateway import Gateway
from ..http.request_log import Journal, Recorder
from ..http.request_verification import derive_credentials
from ..http.responses import Json
from ..http.signed_links import PATH, Links
from ..resources.crud import Crud
from ..resources.handlers import add_constraints, create_resources, handlers, operations_without_handler
from ..resources.sessions.events import SessionEvents
from ..resources.sessions.student_files import StudentFiles
from ..resources.sessions.student_sessions import StudentSessions
from ..resources.undocumented import with_undocumented
from ..seeds.data_sets import check_data_set, fill
from ..settings.limits import Limits
from ..settings.options import Options
from ..storage.database import files_folder_for
from ..storage.files import Files, make_folder
from ..storage.jobs import Jobs
from ..storage.outbox import messages
from ..storage.snapshots import Snapshots
from ..storage.state import State, shared_key
from .admin import Action, admin_routes
from .cors import FILES, cors
from .logs import AccessLog
from .network import ChangeableNetwork, Network
from .self_check import SelfCheck
from .start_page import Page

_LOOKS = ("GET", "HEAD")
_LOG = logging.getLogger("procwise_sandbox")


def build(description: Description, options: Options) -> Starlette:
    """The application; its `state.credentials` are those of the demo users, by label."""
    enabled = EnabledFaults(options.faults)
    description = enabled.description(description)
    add_constraints(description)
    _check(options, description)
    with ExitStack() as stack:
        state = State(options.database, description.metadata, guarded=bool(options.admin_key), shared=options.shared)
        stack.callback(state.close)
        files = _prepare_folder(options.files or files_folder_for(options.database) or temporary_folder(stack))
        with state.transaction() as connection:
            links = enabled.replacement(Links)(Files(files), shared_key(connection), options.clock)
        jobs = enabled.replacement(Jobs)(state, files, seconds=options.job_seconds, lease_seconds=options.lease_seconds)
        stack.callback(jobs.close)
        resources = create_resources(description, jobs, Files(files), links)
        whole = with_undocumented(description)
        by_operation = handlers(whole, resources)
        examples = operations_without_handler(whole, by_operation)
        _warn(examples, options)
        gateway = enabled.replacement(Gateway)(
            whole,
            state,
            enabled.handlers(whole, by_operation),
            identify=enabled.identify(description),
            verifier=enabled.verifier(explained=not options.strict),
            clock=options.clock,
            limit=options.body_limit,
            read_seconds=options.limits.read_seconds,
        )
        demo_credentials = _fill_state(state, description, resources, options)
        journal = _journal(options, stack)
        page = Page(description, state, journal, demo_credentials, options.host) if journal else None
        routes = _routes(links, page, _admin(state, description, resources, files, options))
        api, observers = _api_app(description, options, enabled.wrap_app(gateway), journal)
        application = _create_application(routes, api, jobs.resume, stack.pop_all())
        public = {"options": options, "examples": examples, "credentials": demo_credentials}
        _set_facts(application, **public, page=page.new_link() if page and not options.shared else "")
        _set_facts(application, end_waits=state.end_waits, outbox=partial(messages, state), **observers)
        return application


def _admin(
    state: State, description: Description, resources: Mapping[str, Crud], files: Path, options: Options
) -> list[Route]:
    if not options.admin_key:
        return []
    sessions = resources.get("student_sessions")
    more: dict[str, Action] = {}
    if isinstance(sessions, StudentSessions):
        more["student_session"] = SessionEvents(state, sessions, options.clock).apply_event
        more["student_file"] = StudentFiles(state, sessions, options.clock).store_file
    return admin_routes(options.admin_key, Snapshots(state, description.metadata, files), more)


def _check(options: Options, description: Description) -> None:
    """Raises SandboxError for impossible options, before anything is created."""
    if not options.host:
        raise SandboxError("the host is empty: write 127.0.0.1, or 0.0.0.0 for all addresses of this machine")
    check_data_set(options.seed)
    Network(Starlette(), options.network)
    cors(Starlette(), description.apis, options.cors)


def _fill_state(
    state: State, description: Description, resources: Mapping[str, Crud], options: Options
) -> dict[str, Credentials]:
    """The credentials of the demo users, once a fresh state holds its data set."""
    with state.transaction() as connection:
        fill(connection, resources, int(options.clock() * 1000), options.seed)
        users = credentials(connection)
    return {
        label: replace(own, credentials=derive_credentials(description.apis, own.secret_key))
        for label, own in users.items()
    }


def _warn(examples: Sequence[str], options: Options) -> None:
    if examples and not options.shared:  # of several workers, the parent has said it
        _LOG.warning("no behaviour, so the example is sent (%d): %s", len(examples), "; ".join(examples))
    if FILES in options.cors and not options.shared:
        _LOG.warning("--cors null: pages opened from files may call, and so may any site from a sandboxed frame")


def _journal(options: Options, stack: ExitStack) -> Journal | None:
    """The requests that the page shows, if there is a page."""
    journal = Journal(options.journal) if options.page else None
    if journal is not None:
        stack.callback(journal.close)
    return journal


def _routes(links: Links, page: Page | None, admin: list[Route]) -> list[Route]:
    """The routes beside the API."""
    return [
        Route("/healthz", _Health()),
        Route(f"/{PATH}/{{name}}", links.serve, methods=["GET"]),
        *admin,
        *(page.routes() if page else ()),
    ]


def _api_app(
    description: Description, options: Options, gateway: ASGIApp, journal: Journal | None
) -> tuple[ASGIApp, dict[str, object]]:
    """What all requests to the API pass through, from the outside to the gateway; what a program observes it by."""
    checked = SelfCheck(gateway, description.apis) if options.self_check else gateway
    if options.observed:
        network: ASGIApp = ChangeableNetwork(checked, options.network)
    else:
        network = Network(checked, options.network) if options.network else checked
    recorder = Recorder() if options.observed else None
    api = cors(AccessLog(network, journal, recorder), description.apis, options.cors)
    return api, {"recorder": recorder, "network": network}


class _Application(Starlette):
    """Calls the API at once where the first segment of a path is none of the other routes.

    The way through Starlette's middleware and routes takes 30 us.
    """

    def __init__(self, routes: Sequence[Route], api: ASGIApp, lifespan: Lifespan[Starlette]) -> None:
        super().__init__(routes=[*routes, Mount("/", api)], lifespan=lifespan)
        self._others = frozenset(_first_segment(route.path) for route in routes)
        self._api_app = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_other = scope["type"] != "http" or _first_segment(scope["path"]) in self._others
        await (super().__call__ if is_other else self._api_app)(scope, receive, send)


def _first_segment(path: str) -> str:
    return path.partition("/")[2].partition("/")[0]


def _create_application(
    routes: Sequence[Route], api: ASGIApp, on_start: Callable[[], None], stack: ExitStack
) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        on_start()
        yield
        finish()

    application = _Application(routes, api, lifespan)
    application.router.default = api  # a mount does not match a path that holds a line break
    finish = application.state.finish = weakref.finalize(application, stack.close)  # also where it is never served
    return application


def _set_facts(application: Starlette, **facts: object) -> None:
    """What others need to know of the application."""
    for name, value in facts.items():
        setattr(application.state, name, value)


def temporary_folder(stack: ExitStack) -> Path:
    """A folder that is removed at the end."""
    folder = tempfile.mkdtemp(prefix="procwise-sandbox-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def close(application: Starlette) -> None:
    """Ends an application that is not served."""
    application.state.finish()


def limits_of(application: Starlette) -> Limits:
    limits: Limits = application.state.options.limits
    return limits


def admin_key(application: Starlette) -> str:
    return str(application.state.options.admin_key)


def credentials_of_application(application: Starlette) -> dict[str, Credentials]:
    """The credentials of the demo users of an application, by label."""
    limits: dict[str, Credentials] = application.state.credentials
    return limits


class _Health:
    """An application of its own: a route would leave other methods to the API."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = None if scope["method"] in _LOOKS else method_not_allowed(_LOOKS)
        response = Json(error.content, error.status, error.headers) if error else Json({"status": "ok"})
        await response(scope, receive, send)


def _prepare_folder(path: Path) -> Path:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_folder(path, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()  # of a name of its own: other processes try at the same time
    except OSError as error:
        raise SandboxError(f"the folder for files cannot be used: {path}: {error.strerror}") from None
    return path
