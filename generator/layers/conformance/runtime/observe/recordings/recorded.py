"""A request that somebody sent and the response to it, as a recording or a proxy has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.structures import CaseInsensitiveDict

from ...http.caller import Response
from ...http.wire import media_type

Headers = tuple[tuple[str, str], ...]
_WITHOUT_CONTENT = (204, 304)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request and its response; `place` says where it stands, such as `entry 7`.

    `body` and `content` are None if the recording does not have them; `is_exact` says that the body has the bytes
    that were sent, and was not written anew from its fields. `status` is 0 if no response came. `began` and `ended`
    are seconds since 1970, None if that is not known; `is_cached` says that no server was asked.
    """

    place: str
    method: str
    url: str
    request_headers: Headers = ()
    body: bytes | None = b""
    is_exact: bool = True
    status: int = 0
    response_headers: Headers = ()
    content: bytes | None = b""
    began: float | None = None
    ended: float | None = None
    is_cached: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port of the address, in lower case."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()

    def request(self) -> PreparedRequest:
        """The request as one that is prepared; a body that is not known is left out."""
        prepared = PreparedRequest()
        prepared.method, prepared.url, prepared.body = self.method, self.url, self.body or None
        prepared.headers = CaseInsensitiveDict(join_headers(self.request_headers))
        return prepared

    def response(self) -> Response:
        """The response; its headers by their names in lower case."""
        headers = {name.lower(): value for name, value in join_headers(self.response_headers).items()}
        content = self.content or b""
        return Response(
            status=self.status,
            media_type=media_type(headers.get("content-type", "")),
            date=headers.get("date", ""),
            text=content.decode("utf-8-sig", "replace"),
            headers=headers,
            content=content,
        )


def has_no_content(method: str, status: int) -> bool:
    """Whether a response to such a request, or with such a status, has no body."""
    return method == "HEAD" or status in _WITHOUT_CONTENT


def join_headers(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Each name once, with the values that it has, as HTTP joins them."""
    joined: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        before = joined.get(name.lower())
        joined[name.lower()] = (before[0], f"{before[1]}, {value}") if before else (name, value)
    return dict(joined.values())
