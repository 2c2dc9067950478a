"""The exceptions of this package. Each is a `ProcwiseError`, can be pickled, and holds no secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .deviation import Deviation
from .headers import Headers
from .terminal_text import escape_lines


class ProcwiseError(Exception):
    """Base class of all exceptions of this package.

    `method` and `path` name the request, if there was one, and `attempts` says how often it was sent.
    `headers` are those of the response, `retry_after` the seconds that its `Retry-After` asks to wait,
    None if it asks for nothing. `may_have_taken_effect` says that the server may have carried out the
    request although the call failed.
    """

    def __init__(self, message: str, *, method: str = "", path: str = "") -> None:
        super().__init__(escape_lines(message))
        self.method = method
        self.path = path
        self.attempts = 0
        self.headers: Mapping[str, str] = Headers()
        self.retry_after: float | None = None
        self.may_have_taken_effect = False

    def note_effect(self, sentence: str) -> None:
        """Say in one more sentence why the request may have been carried out."""
        self.may_have_taken_effect = True
        self.args = (f"{str(self).rstrip('.')}. {sentence}",)

    def note_lost_response(self) -> None:
        """Say that an earlier attempt of the call got no response, so that it may have been carried out."""
        self.note_effect("The response to an earlier attempt was lost; it may have done it.")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[ProcwiseError], args: tuple[Any, ...], state: dict[str, Any]) -> ProcwiseError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class CredentialsMissing(ProcwiseError):
    """No token or no secret key was passed, nor set in the environment."""


class InvalidArgument(ProcwiseError, ValueError):
    """An argument cannot be sent; no request was made, or none that is whole, if a file failed while it was sent."""


class WrongBaseUrl(ProcwiseError):
    """The base URL is missing or malformed, or the server there is not this API."""


class SetupFailed(ProcwiseError):
    """The connection cannot be set up: a certificate file, a proxy or a library is missing."""


class ClientClosed(ProcwiseError):
    """The client was used after it was closed."""


class ConnectionFailed(ProcwiseError):
    """The server was not reached, or the connection broke.

    `sent` says whether the request may have reached the server and taken effect.
    """

    def __init__(self, message: str, *, method: str = "", path: str = "", sent: bool = False) -> None:
        super().__init__(message, method=method, path=path)
        self.sent = self.may_have_taken_effect = sent


class TimedOut(ConnectionFailed):
    """No response came in time."""


class OutcomeUnknown(ConnectionFailed):
    """An object may have been created, and it is not known whether it was.

    `candidates` are the ids of objects that may be it; look at them before you create it again.
    """

    def __init__(self, message: str, *, method: str = "", path: str = "", candidates: tuple[object, ...] = ()) -> None:
        super().__init__(message, method=method, path=path, sent=True)
        self.candidates = candidates


class UnexpectedAnswer(ProcwiseError):
    """The response deviates from the description so much that there is nothing to return."""


class ResponseDeviates(UnexpectedAnswer):
    """The response deviates from the description, and the client was made with `drift="strict"`.

    `deviations` says how. The request was carried out.
    """

    def __init__(
        self, message: str, *, method: str = "", path: str = "", deviations: tuple[Deviation, ...] = ()
    ) -> None:
        super().__init__(message, method=method, path=path)
        self.deviations = deviations


class ResponseDamaged(UnexpectedAnswer):
    """The response is JSON that is damaged or was cut short; the next attempt may bring it whole."""


class ResponseTooLarge(UnexpectedAnswer):
    """The unpacked response is larger than any response of this API can be."""


class DownloadDamaged(ProcwiseError):
    """A downloaded archive failed its check; nothing was left at the target."""


class FileNotWritten(ProcwiseError):
    """A file cannot be written: its folder is missing, the disk is full, it is a pipe, or somebody else writes it."""


class Cancelled(ProcwiseError):
    """A job or a download was ended before it was done, by the `cancel` that was passed."""


class JobFailed(ProcwiseError):
    """The background job ended without success; `state` is its last state."""

    def __init__(self, message: str, *, state: str = "") -> None:
        super().__init__(message)
        self.state = state


class JobTimedOut(JobFailed):
    """The background job was not done in time; it may still finish."""


class APIStatusError(ProcwiseError):
    """The server responded with an error status, which the description may or may not name.

    `code` is the error code of the response: a member of the version's `ErrorCode`, or plain
    text if the description does not list it. `body` is the JSON data of the response or the
    start of its text, with secrets masked; `request_id` is the server's id of the request;
    `errors` are the messages about each field. Each may be empty.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        method: str = "",
        path: str = "",
        code: str = "",
        request_id: str = "",
        body: object = None,
        errors: Mapping[str, list[str]] | None = None,
    ) -> None:
        super().__init__(message, method=method, path=path)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.body = body
        self.errors: dict[str, list[str]] = dict(errors or {})

    @property
    def meaning(self) -> str:
        """What `code` means, in a plain sentence; empty if the description does not list it."""
        return str(getattr(self.code, "meaning", ""))

    @property
    def hint(self) -> str:
        """What you can do about it; empty if the description does not say."""
        return str(getattr(self.code, "hint", ""))


class TooManyRequestsError(APIStatusError):
    """429: there were too many requests; `retry_after` may say when to go on."""


class ServerError(APIStatusError):
    """5xx: the server, or a proxy before it, failed."""
