"""The page at `/`: credentials, the last requests, the outbox. It is for people at this machine alone.

Credentials and messages are shown to whoever opened the link that the sandbox printed: others may come through a proxy
of this machine. No other site can read them: the address that the browser asked for must be the sandbox's own, and the
asker this very page.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..api import Description
from ..errors import ApiError, forbidden, validation_failed
from ..http.accounts import DEMO, Credentials
from ..http.request_log import Journal
from ..http.routing import Router
from ..storage import outbox
from ..storage.state import State
from .page_access import PageAccess
from .quick_start import samples

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?")
_ASSETS = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_HIDDEN = (
    "Credentials and messages are shown to whoever opens the link that the sandbox printed at its start: "
    "`page` in its first line, on stderr too. It works once; then stderr has another one."
)


class Page:
    """The page and what it reads. `host` is the address that the sandbox listens on."""

    def __init__(
        self, description: Description, state: State, journal: Journal, known: Mapping[str, Credentials], host: str
    ) -> None:
        self._description = description
        self._state = state
        self._journal = journal
        self._known = known
        self._host = host
        self._access = PageAccess(state, known.values())

    def new_link(self) -> str:
        """The path and query of a link that shows all, once; empty where the API has the path of the page."""
        return self._access.new_link() if any(route.path == "/" for route in self.routes()) else ""

    def routes(self) -> Iterable[Route]:
        """GET and HEAD of a few paths that the API does not have; anything else is left to it."""
        views: dict[str, Callable[[Request], Response]] = {"/page.json": self._facts, "/log.json": self._log}
        views["/outbox"] = self._messages
        views |= {path: _static_file(name, media_type) for path, (name, media_type) in _ASSETS.items()}
        described = Router(self._description.apis)
        free = {path: view for path, view in views.items() if not _is_described(described, path)}
        return [Route(path, self._only_for_the_user(view), methods=["GET"]) for path, view in free.items()]

    def _only_for_the_user(self, view: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def guarded_view(request: Request) -> Response:
            try:
                _check_origin(request, self._host)
                response = self._access.open_link(request) or view(request)
            except ApiError as error:
                response = JSONResponse(error.content, status_code=error.status)
            response.headers.update(_HEADERS)
            return response

        return guarded_view

    def _facts(self, request: Request) -> Response:
        base_url = f"http://{request.headers['host']}"
        facts: dict[str, object] = {
            "name": self._description.name,
            "version": self._description.version,
            "base_url": base_url,
            "apis": [api.base_path or "/" for api in self._description.apis],
        }
        if not self._access.is_given(request):
            return JSONResponse({**facts, "hidden": _HIDDEN, "users": [], "samples": []})
        users = [_user(label, institute, role, self._known[label]) for label, institute, role in DEMO]
        lines = samples(self._description, base_url, self._known["demo"])
        return JSONResponse({**facts, "hidden": "", "users": users, "samples": lines})

    def _log(self, _request: Request) -> Response:
        return JSONResponse({"entries": self._journal.entries()})

    def _messages(self, request: Request) -> Response:
        if not self._access.is_given(request):
            raise forbidden("forbidden", _HIDDEN)
        limit_text = request.query_params.get("limit", "")
        if limit_text and not re.fullmatch("[0-9]{1,9}", limit_text):
            raise validation_failed({"limit": ["must be a whole number"]})
        limit = min(int(limit_text or outbox.KEPT), outbox.KEPT)
        return JSONResponse({"messages": outbox.messages(self._state, limit)})


def _is_described(router: Router, path: str) -> bool:
    try:
        router.match("GET", path.encode())
    except ApiError:
        return False
    return True


def _check_origin(request: Request, host: str) -> None:
    """Raises an error for a site whose name was made to resolve to this address, and for a page of another origin."""
    name = _host_name(request)
    if not (_is_loopback(name) or _ip_address(name) or (name and name == host.lower())):
        raise forbidden("forbidden", "Open this page under the address that the sandbox printed.")
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{request.headers['host']}":
        raise forbidden("forbidden", "Pages of another origin may not read this.")
    if request.headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return
    if request.headers.get("sec-fetch-dest") != "document":  # a link may lead here
        raise forbidden("forbidden", "Pages of another origin may not read this.")


def _host_name(request: Request) -> str:
    """The name in the Host header, without port; empty where it is none."""
    match = _HOST.fullmatch(request.headers.get("host", ""))
    return (match[1] or match[2]).lower() if match else ""


def _is_loopback(name: str) -> bool:
    address = _ip_address(name)
    return address.is_loopback if address else name == "localhost" or name.endswith(".localhost")


def _ip_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _user(label: str, institute: int, role: str, own: Credentials) -> dict[str, str]:
    about = f"{role} of institute {institute}"
    return {"label": label, "about": about, "token": own.token, "secret_key": own.secret_key}


def _static_file(name: str, media_type: str) -> Callable[[Request], Response]:
    content = files(__package__).joinpath("web", name).read_bytes()
    return lambda _request: Response(content, media_type=media_type)
