"""Links to files that need no token: whoever has one sees the file, until it expires."""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from ..errors import Refusal, forbidden, no_such_object
from ..storage.files import Files

PATH = "files"
_UNKNOWN = "application/octet-stream"


class Links:
    """Makes links and serves what they lead to; the `key` is the same for all processes of one state."""

    def __init__(self, files: Files, key: str, clock: Callable[[], float]) -> None:
        self._files = files
        self._key = key.encode()
        self._clock = clock

    def make(self, base_url: str, name: str, *, seconds: int) -> str:
        """The address of the file for so many seconds."""
        expires = str(int(self._clock()) + seconds)
        return f"{base_url}{PATH}/{quote(name)}?{urlencode({'expires': expires, 'key': self._seal(name, expires)})}"

    def serve(self, request: Request) -> Response:
        try:
            return self._served(request)
        except Refusal as refusal:
            return JSONResponse(refusal.content, status_code=refusal.status)

    def _served(self, request: Request) -> Response:
        name, expires = request.path_params["name"], request.query_params.get("expires", "")
        if not hmac.compare_digest(self._seal(name, expires), _plain(request.query_params.get("key", ""))):
            raise forbidden("forbidden", "This is no link that the sandbox made.")
        if int(expires) <= self._clock():
            raise forbidden("forbidden", "The link has expired; ask for a new one.")
        if not self._files.path(name).is_file():
            raise no_such_object("File", "name", name)
        media_type = mimetypes.guess_type(name)[0] or _UNKNOWN
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(self._files.path(name), media_type=media_type, headers=headers)

    def _seal(self, name: str, expires: str) -> str:
        message = f"{expires} {name}".encode(errors="surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def _plain(key: str) -> str:
    return key if key.isascii() else ""
