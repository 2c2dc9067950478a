"""The answers that are not a success: their statuses, code words and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class SandboxError(Exception):
    """The sandbox cannot start, for a reason that the user can mend."""


class Refusal(Exception):
    """An error answer: `status`, a stable `code`, a sentence, and the faulty parameters."""

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

    @property
    def content(self) -> dict[str, object]:
        """The JSON object that is answered."""
        return {"error": self.sentence, "code": self.code, "errors": self.errors, **self.more}


class DatabaseBusy(Refusal, SandboxError):
    """Others held the database longer than anybody waits: nothing was carried out, and it can be tried again."""

    def __init__(self) -> None:
        sentence = "The database is locked by another program; try again later."
        super().__init__(503, "database_busy", sentence, headers={"Retry-After": "1"})


def unauthorized(sentence: str) -> Refusal:
    return Refusal(401, "unauthorized", sentence)


def forbidden(code: str, sentence: str, **more: object) -> Refusal:
    return Refusal(403, code, sentence, more=more)


def no_such_path() -> Refusal:
    return Refusal(404, "path_not_found", "There is no such path.")


def no_such_object(title: str, key: str, value: object) -> Refusal:
    return Refusal(404, "record_not_found", f"Couldn't find {title} with '{key}'={value}")


def no_such_method(allowed: Sequence[str]) -> Refusal:
    sentence = f"This path takes {', '.join(allowed)} only."
    return Refusal(405, "method_not_allowed", sentence, headers={"Allow": ", ".join(allowed)})


def too_large(limit: int) -> Refusal:
    sentence = f"The request body is larger than {limit} bytes."
    return Refusal(413, "body_too_large", sentence, headers={"Connection": "close"})


def no_http() -> Refusal:
    return Refusal(400, "unreadable", "This is no HTTP request.")


def too_long(limit: int) -> Refusal:
    return Refusal(431, "headers_too_large", f"The headers are larger than {limit} bytes.")


def too_slow(seconds: float) -> Refusal:
    sentence = f"The request took longer than {seconds:g} seconds to arrive."
    return Refusal(408, "request_timeout", sentence, headers={"Connection": "close"})


def too_many() -> Refusal:
    sentence = "Too many connections are open; close some, or try again later."
    return Refusal(503, "too_many_connections", sentence, headers={"Connection": "close", "Retry-After": "1"})


def unreadable(sentence: str) -> Refusal:
    return Refusal(422, "unreadable", sentence)


def locked(error: object) -> Refusal:
    return Refusal(423, "locked", "The object is in use.", more={"error": error})


def missing(name: str, errors: Mapping[str, Sequence[str]]) -> Refusal:
    return Refusal(422, "parameter_missing", f"Param is missing or the value is empty: {name}", errors=errors)


def invalid(errors: Mapping[str, Sequence[str]]) -> Refusal:
    return Refusal(422, "validation_failed", "Validation failed.", errors=errors)
