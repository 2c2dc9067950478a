"""A call as a request: prepared once, signed anew for every attempt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from .._errors.exceptions import InvalidArgument
from .._files.upload import Upload
from .._session.session import Session
from .messages import Form, SignedRequest
from .operation import Operation
from .styles import write_query

if TYPE_CHECKING:
    from procwise.signing import Scheme

_TOO_MANY_DIGITS = "a number has too many digits to be sent"  # Python writes some thousand at the most
_WITHOUT_BODY = frozenset(("GET", "HEAD", "DELETE"))
_NO_HEADERS: Mapping[str, str] = {}
_MULTIPART = "multipart/form-data"
_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_FORMS = ("application/x-www-form-urlencoded", _MULTIPART)


class PreparedRequest:
    """A request that still lacks timestamp, nonce and signature.

    Values of queries and forms become text first, so that the signed values are those the
    server reads. Files are not signed.
    """

    def __init__(
        self,
        session: Session,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        extra_headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        self._session = session
        self._sends = operation.sends
        self._file = bool(operation.accepts)
        self._scheme = session.service.scheme if operation.signed else None
        self._request_scheme = session.service.request_scheme if operation.signed else None
        self._path = arguments["path"]
        query = dict(write_query(arguments["query"], operation.styles)) if operation.styles else arguments["query"]
        self._query = {name: _to_text(value) for name, value in query.items() if not _is_nothing(value)}
        self._body = _write_form_values(arguments["body"], operation.sends)
        self._headers = {**arguments["headers"], **session.headers}
        if extra_headers:
            self._headers = {**extra_headers, **_refuse_clash(extra_headers, self._headers)}
        self._url = session.base_url + arguments["url"]
        self.method: str = arguments["method"]
        self.path = urlsplit(self._url).path
        self.may_change = self.method not in _READING or operation.retry.policy == "never"
        self._members = _without_files(self._body) if isinstance(self._body, Mapping) else {}
        self._signing: dict[str, Any] = {}

    @property
    def parameters(self) -> dict[str, object]:
        """All parameters by name, those of the last signature included."""
        return {**self._members, **self._query, **self._path, **self._signing}

    @property
    def body(self) -> Mapping[str, Any]:
        """The members of the body that are no files."""
        return self._members

    @property
    def path_values(self) -> tuple[Any, ...]:
        """The values of the parameters in the path."""
        return tuple(self._path.values())

    @property
    def is_repeatable(self) -> bool:
        """Whether the body can be sent more than once: every file of it can be rewound."""
        return all(file.is_repeatable for file in _files_in(self._body))

    def sign(self, timeout: float | None = None) -> SignedRequest:
        """The request with a fresh timestamp, nonce and signature."""
        try:
            return self._sign(timeout)
        except UnicodeEncodeError:
            fault = "a text holds half a surrogate pair"
        except RecursionError:
            fault = "a value is nested too deeply"
        except InvalidArgument:
            raise
        except ValueError:
            raise InvalidArgument(_TOO_MANY_DIGITS) from None
        raise InvalidArgument(f"{fault}, which cannot be sent")

    def _sign(self, timeout: float | None) -> SignedRequest:
        query, body = self._query, self._body
        if self._scheme is not None:
            signing = self._signing = self._build_signing_parameters(self._scheme)
            if self._scheme.send == "body" and self.method not in _WITHOUT_BODY:
                body = {**(body if isinstance(body, Mapping) else {}), **signing}
            else:
                query = {**query, **signing}
        content, content_type = self._encode_body(body)
        written = "&".join(f"{_quote(name)}={_quote(str(value))}" for name, value in self._expand_lists(query))
        request = SignedRequest(
            method=self.method,
            url=f"{self._url}?{written}" if query else self._url,
            headers={**self._headers, **content_type},
            content=content,
            file=self._file,
            timeout=timeout,
        )
        if self._request_scheme is None:
            return request
        from .whole_signing import sign_whole

        return sign_whole(self._session, self._request_scheme, request, self._path)

    def _build_signing_parameters(self, scheme: Scheme) -> dict[str, Any]:
        params = scheme.merge(path=self._path, query=self._query, body=self._members)
        stamped = scheme.stamp(params, now_ms=self._session.now_ms(), nonce=self._session.nonce())
        stamped[scheme.signature_parameter] = scheme.sign(stamped, self._session.secret_key)
        return {name: stamped[name] for name in scheme.parameters}

    def _encode_body(self, body: Any) -> tuple[bytes | Form | None, dict[str, str]]:
        if body is None:
            return None, {}
        if self._sends.startswith(_MULTIPART):  # the header names the boundary, which is written with the form
            return _build_form(self._expand_lists(body)), {}
        content_type = {"Content-Type": self._sends or "application/json"}
        if isinstance(body, bytes):
            return body, content_type
        if self._sends.startswith(_FORMS):
            return urlencode(list(self._expand_lists(body)), quote_via=quote).encode(), content_type
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_refuse_value)
        return text.encode(), content_type

    def _expand_lists(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        suffix = "[]" if self._scheme is not None and self._scheme.values == "ruby-text" else ""
        for name, value in values.items():
            if isinstance(value, list):
                yield from ((name + suffix, item) for item in value)
            else:
                yield name, str(value) if isinstance(value, int) else value


def _refuse_clash(extra: Mapping[str, str], own: dict[str, str]) -> dict[str, str]:
    """The headers of the request itself; raises InvalidArgument if one of the extra ones has the same name."""
    if clash := {name.lower() for name in extra} & {name.lower() for name in own}:
        raise InvalidArgument(f"extra_headers= must not hold {min(clash)}: the client writes it itself")
    return own


def _quote(text: str) -> str:
    """The text percent-encoded; most are letters and digits, and need no look at each."""
    return text if text.isalnum() and text.isascii() else quote(text, safe="")


def _write_form_values(body: Any, sends: str) -> Any:
    """The body, with the values of a form as text; a form has no empty lists, so that they are not signed either."""
    if not sends.startswith(_FORMS) or not isinstance(body, Mapping):
        return body
    return {name: _to_text(value) for name, value in body.items() if value != []}


def _is_nothing(value: Any) -> bool:
    """Whether a query cannot hold the value: there is no null in it, and an empty list is not written at all."""
    return value is None or value == []


def _without_files(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in body.items() if not _is_file(value)}


def _is_file(value: Any) -> bool:
    return isinstance(value, Upload) or (isinstance(value, list) and any(map(_is_file, value)))


def _files_in(value: Any) -> Iterator[Upload]:
    if isinstance(value, Upload):
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _files_in(item)


def _build_form(pairs: Iterator[tuple[str, Any]]) -> Form:
    parts = tuple(pairs)
    if not parts:
        raise InvalidArgument("the form is empty (pass a value or a file)")
    for name, value in parts:
        _ = (name if isinstance(value, Upload) else name + value).encode()  # refuses half a surrogate pair
    return Form(parts)


def _refuse_value(value: object) -> None:
    raise InvalidArgument(f"a value of type {type(value).__name__} cannot be sent as JSON")


def _to_text(value: Any) -> Any:
    if isinstance(value, Upload):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return [_to_text(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return str(value)
    except ValueError:
        raise InvalidArgument(_TOO_MANY_DIGITS) from None
