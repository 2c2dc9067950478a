"""What can go wrong with a call. Every error is a `ProcwiseError`, can be pickled, and holds no secret."""

from __future__ import annotations

from typing import Any

from .code import Code


class ProcwiseError(Exception):
    """Root of all errors of this package. `method` and `path` name the request, where there was one."""

    def __init__(self, message: str, *, method: str = "", path: str = "") -> None:
        super().__init__(message)
        self.method = method
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[ProcwiseError], args: tuple[Any, ...], state: dict[str, Any]) -> ProcwiseError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class CredentialsMissing(ProcwiseError):
    """No token or secret key was given."""


class InvalidArgument(ProcwiseError, ValueError):
    """An argument cannot be sent; nothing left this machine."""


class WrongBaseUrl(ProcwiseError):
    """The base URL is missing or malformed, or what answers there is not this API."""


class ConnectionFailed(ProcwiseError):
    """The server was not reached, or the connection broke.

    `sent` says whether the request may have reached the server and taken effect.
    """

    def __init__(self, message: str, *, method: str = "", path: str = "", sent: bool = False) -> None:
        super().__init__(message, method=method, path=path)
        self.sent = sent


class TimedOut(ConnectionFailed):
    """No answer came in time."""


class UnexpectedAnswer(ProcwiseError):
    """The answer is not what the description says, in a way that leaves nothing to return."""


class DownloadDamaged(ProcwiseError):
    """A downloaded archive failed its check; nothing was left at the target."""


class JobFailed(ProcwiseError):
    """The background job ended without success; `state` is its last state."""

    def __init__(self, message: str, *, state: str = "") -> None:
        super().__init__(message)
        self.state = state


class JobTimedOut(JobFailed):
    """The background job was not done in time; it may still finish."""


class APIStatusError(ProcwiseError):
    """The server refused the request, with a status that the description may or may not name.

    `code` is the server's word for the reason: a member of the version's `ErrorCode`, or plain
    text where the description does not know it. `body` is the answer's JSON data or the start of
    its text with secrets masked, `request_id` the server's name of the request. Each may be empty.
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
    ) -> None:
        super().__init__(message, method=method, path=path)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.body = body

    @property
    def meaning(self) -> str:
        """What `code` means, in a plain sentence; empty where the description does not know it."""
        return self.code.meaning if isinstance(self.code, Code) else ""

    @property
    def hint(self) -> str:
        """What you can do about it; empty where the description does not say."""
        return self.code.hint if isinstance(self.code, Code) else ""
