"""The sandbox as a Starlette application with its own state."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from .accounts import Credentials, credentials
from .behaviours import behaviours, constrain, handlers
from .defaults import BODY_LIMIT, HOST, JOB_SECONDS, MEMORY
from .demo import seed
from .faults import Chosen
from .files import Files
from .gateway import Gateway
from .inferred import extended
from .jobs import Jobs
from .journal import Journal
from .links import PATH, Links
from .logs import Logged
from .model import Description
from .network import Network
from .outbox import messages
from .page import Page
from .refusals import SandboxError
from .state import State, own_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a sandbox runs. `files` is a folder; one that is removed at the end where it is None.

    `strict` answers refused signatures without an explanation; `clock` tells seconds since 1970;
    `body_limit` is in bytes; `job_seconds` is how long a job stays in each pending state;
    `faults` are names of `faults.FAULTS`, `network` are troubles such as `drop=0.1`: see `network`;
    `host` is the address that it is to listen on.
    """

    database: str = MEMORY
    files: Path | None = None
    strict: bool = False
    clock: Callable[[], float] = time.time
    body_limit: int = BODY_LIMIT
    job_seconds: float = JOB_SECONDS
    faults: tuple[str, ...] = ()
    host: str = HOST
    page: bool = True
    network: tuple[str, ...] = ()


def build(description: Description, options: Options) -> Starlette:
    """The application; its `state.credentials` are those of the demo users, by label."""
    chosen = Chosen(options.faults)
    description = chosen.description(description)
    constrain(description)
    with ExitStack() as opened:
        files = _folder(options.files or Path(_temporary(opened)))
        state = State(options.database, description.metadata)
        opened.callback(state.close)
        with state.unit() as connection:
            links = chosen.part(Links)(Files(files), own_key(connection), options.clock)
        jobs = chosen.part(Jobs)(state, files, clock=options.clock, seconds=options.job_seconds)
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
        )
        with state.unit() as connection:
            seed(connection, made, int(options.clock() * 1000))
            known = credentials(connection)
        journal = Journal() if options.page else None
        shown = Page(description, state, journal, known, options.host).routes() if journal else ()
        answering = chosen.answering(gateway)
        served = Network(answering, options.network) if options.network else answering
        application = _application(Logged(served, journal), links, shown, opened.pop_all())
        application.state.credentials = known
        application.state.outbox = partial(messages, state)
        application.state.flaky = bool(options.network)
        return application


def _application(api: ASGIApp, links: Links, shown: Iterable[Route], opened: ExitStack) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        close()

    routes = [
        Route("/healthz", _healthy, methods=["GET"]),
        Route(f"/{PATH}/{{name}}", links.serve, methods=["GET"]),
        *shown,
        Mount("/", api),
    ]
    application = Starlette(routes=routes, lifespan=lifespan)
    application.router.default = api  # a mount does not match a path that holds a line break
    close = weakref.finalize(application, opened.close)  # also where it is never served
    return application


def _temporary(opened: ExitStack) -> str:
    folder = tempfile.mkdtemp(prefix="procwise-sandbox-")
    opened.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def known_credentials(application: Starlette) -> dict[str, Credentials]:
    """The credentials of the demo users of an application, by label."""
    found: dict[str, Credentials] = application.state.credentials
    return found


async def _healthy(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / ".writable").touch()
        (path / ".writable").unlink()
    except OSError as error:
        raise SandboxError(f"the folder for files cannot be used: {path}: {error.strerror}") from None
    return path
