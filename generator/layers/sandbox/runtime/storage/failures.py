"""Failures of the disk and the database, which the sandbox did not cause: one line in the log, and 507 or 503."""

from __future__ import annotations

import errno
import logging
import sqlite3

from ..errors import ApiError, storage_full, storage_unavailable

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UNUSABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOENT, errno.ENOTDIR)
_UNUSABLE_SQLITE = (
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
)
_FULL_POSTGRESQL = "53100"
_UNUSABLE_POSTGRESQL = ("08", "25006", "53", "57P", "58")  # the beginnings of states
_LOG = logging.getLogger("procwise_sandbox")


def report_failure(task: str, failure: Exception) -> ApiError:
    """Logs why the task failed, in one line if disk or database did, else with a traceback; the error response."""
    own = getattr(failure, "orig", failure)
    error = _storage_error(own)
    if error is None:
        _LOG.error("%s failed", task, exc_info=failure)
        return ApiError(500, "internal_error", "The sandbox failed and changed nothing; its log says why.")
    _LOG.error("%s failed: %s: %s", task, error.sentence.rstrip("."), str(own).partition("\n")[0])
    return error


def _storage_error(failure: object) -> ApiError | None:
    if isinstance(failure, OSError):
        return _choose(failure.errno in _FULL, failure.errno in _UNUSABLE)
    if isinstance(failure, sqlite3.Error):
        code = getattr(failure, "sqlite_errorcode", 0) & 0xFF  # the rest says more
        return _choose(code == sqlite3.SQLITE_FULL, code in _UNUSABLE_SQLITE)
    state = getattr(failure, "sqlstate", "")
    has_no_connection = state is None and type(failure).__name__ == "OperationalError"
    return _choose(state == _FULL_POSTGRESQL, has_no_connection or str(state).startswith(_UNUSABLE_POSTGRESQL))


def _choose(is_full: object, is_unusable: object) -> ApiError | None:
    if is_full:
        return storage_full()
    return storage_unavailable() if is_unusable else None
