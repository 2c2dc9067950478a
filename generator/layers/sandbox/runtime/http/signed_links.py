"""Signed links to files: they work without a token until they expire."""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from ..errors import ApiError, forbidden, record_not_found
from ..storage.files import Files

PATH = "files"
_UNKNOWN = "application/octet-stream"


class Links:
    """Makes and serves links; the `key` is the same for all processes of one state."""

    def __init__(self, files: Files, key: str, clock: Callable[[], float]) -> None:
        self._files = files
        self._key = key.encode()
        self._clock = clock

    def make(self, base_url: str, name: str, *, seconds: int) -> str:
        """The URL of the file, valid for so many seconds."""
        expires = str(int(self._clock()) + seconds)
        query = urlencode({"expires": expires, "key": self._signature_of(name, expires)})
        return f"{base_url}{PATH}/{quote(name)}?{query}"

    def serve(self, request: Request) -> Response:
        try:
            return self._serve_file(request)
        except ApiError as error:
            return JSONResponse(error.content, status_code=error.status)

    def _serve_file(self, request: Request) -> Response:
        name, expires = request.path_params["name"], request.query_params.get("expires", "")
        if not hmac.compare_digest(
            self._signature_of(name, expires), _ascii_or_empty(request.query_params.get("key", ""))
        ):
            raise forbidden("forbidden", "This is no link that the sandbox made.")
        if int(expires) <= self._clock():
            raise forbidden("forbidden", "The link has expired; ask for a new one.")
        if not self._files.path(name).is_file():
            raise record_not_found("File", "name", name)
        media_type = mimetypes.guess_type(name)[0] or _UNKNOWN
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(self._files.path(name), media_type=media_type, headers=headers)

    def _signature_of(self, name: str, expires: str) -> str:
        message = f"{expires} {name}".encode(errors="surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def _ascii_or_empty(key: str) -> str:
    return key if key.isascii() else ""
