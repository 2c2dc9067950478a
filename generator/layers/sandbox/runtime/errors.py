"""Error responses: their statuses, codes and messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

_LONGEST_SHOWN = 80


class SandboxError(Exception):
    """The sandbox cannot start, for a reason that the user can fix."""


def keep_content(content: Mapping[str, object]) -> object:
    """The content as it is."""
    return content


class ApiError(Exception):
    """An error response: status, stable code, message, and the errors of each parameter.

    `fit` makes of its content what the description allows.
    """

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        more: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.errors = {name: list(reasons) for name, reasons in (errors or {}).items()}
        self.more = dict(more or {})
        self.headers = dict(headers or {})
        self.fit: Callable[[Mapping[str, object]], object] = keep_content

    @property
    def content(self) -> dict[str, object]:
        """The JSON object of the response body."""
        return {"error": self.sentence, "code": self.code, "errors": self.errors, **self.more}


class SignatureInvalid(ApiError):
    """A wrong signature. What was done wrong takes far longer to find than all the rest of a response."""

    def __init__(self, sentence: str, find_explanation: Callable[[], Mapping[str, object]]) -> None:
        super().__init__(403, "signature_invalid", sentence)
        self._find_explanation = find_explanation

    def explain(self) -> None:
        """Finds what was done wrong, and says it in the response."""
        self.more["explanation"] = self._find_explanation()


class DatabaseBusy(ApiError, SandboxError):
    """The database stayed locked for too long: nothing was changed, and the request can be retried."""

    def __init__(self) -> None:
        sentence = "The database is locked by another program; try again later."
        super().__init__(503, "database_busy", sentence, headers={"Retry-After": "1"})


class Conflict(DatabaseBusy):
    """Transactions stood in one another's way, and this one was rolled back: it can be repeated at once."""


def storage_full() -> ApiError:
    return ApiError(507, "storage_full", "There is no space left for the state or its files.")


def storage_unavailable() -> ApiError:
    sentence = "The state or its files cannot be reached; try again later."
    return ApiError(503, "storage_unavailable", sentence, headers={"Retry-After": "1"})


def unauthorized(sentence: str) -> ApiError:
    return ApiError(401, "unauthorized", sentence)


def forbidden(code: str, sentence: str, **more: object) -> ApiError:
    return ApiError(403, code, sentence, more=more)


def path_not_found(base_paths: Sequence[str] = (), wrong: str = "") -> ApiError:
    """With the base paths that would lead somewhere, in place of a wrong one or of none."""
    has = f"ends in {wrong[:_LONGEST_SHOWN]} instead of" if wrong else "lacks"
    hint = f" The base URL of the client {has} {' or '.join(base_paths)}." if base_paths else ""
    return ApiError(404, "path_not_found", f"There is no such path.{hint}")


def record_not_found(title: str, key: str, value: object) -> ApiError:
    return ApiError(404, "record_not_found", f"Couldn't find {title} with '{key}'={value}")


def method_not_allowed(allowed: Sequence[str]) -> ApiError:
    sentence = f"This path takes {', '.join(allowed)} only."
    return ApiError(405, "method_not_allowed", sentence, headers={"Allow": ", ".join(allowed)})


def body_too_large(limit: int) -> ApiError:
    sentence = f"The request body is larger than {limit} bytes."
    return ApiError(413, "body_too_large", sentence, headers={"Connection": "close"})


def unsupported_media_type(read: Sequence[str]) -> ApiError:
    return ApiError(415, "unsupported_media_type", f"A body of this operation is {' or '.join(read)}.")


def not_acceptable(written: Sequence[str]) -> ApiError:
    return ApiError(406, "not_acceptable", f"This operation writes {' or '.join(written)}.")


def not_http() -> ApiError:
    return ApiError(400, "unreadable", "This is no HTTP request.")


def bad_host() -> ApiError:
    return ApiError(400, "unreadable", "A request has one Host header, the name and port of a server.")


def transfer_encoding_unknown() -> ApiError:
    return ApiError(501, "not_implemented", "The only Transfer-Encoding is chunked.")


def path_too_long(limit: int) -> ApiError:
    return ApiError(414, "target_too_long", f"The path is longer than {limit} bytes.")


def target_too_long(limit: int) -> ApiError:
    return ApiError(414, "target_too_long", f"Path and query are longer than {limit} bytes; send more in a body.")


def headers_too_large(count: int, limit: int) -> ApiError:
    return ApiError(
        431, "headers_too_large", f"There are more than {count} headers, or more than {limit} bytes of them."
    )


def request_timeout(seconds: float) -> ApiError:
    sentence = f"The request took longer than {seconds:g} seconds to arrive."
    return ApiError(408, "request_timeout", sentence, headers={"Connection": "close"})


def too_many_connections() -> ApiError:
    sentence = "Too many connections are open; close some, or try again later."
    return ApiError(503, "too_many_connections", sentence, headers={"Connection": "close", "Retry-After": "1"})


def server_stops() -> ApiError:
    """For what is cut off when the server ends; a change that was begun may still be carried out."""
    sentence = "The server stops; the request may have been carried out. Look before it is sent again."
    return ApiError(503, "server_stops", sentence, headers={"Connection": "close"})


def unreadable(sentence: str) -> ApiError:
    return ApiError(422, "unreadable", sentence)


def locked(error: object) -> ApiError:
    return ApiError(423, "locked", "The object is in use.", more={"error": error})


def parameter_missing(name: str, errors: Mapping[str, Sequence[str]]) -> ApiError:
    return ApiError(422, "parameter_missing", f"Param is missing or the value is empty: {name}", errors=errors)


def validation_failed(errors: Mapping[str, Sequence[str]]) -> ApiError:
    return ApiError(422, "validation_failed", "Validation failed.", errors=errors)
