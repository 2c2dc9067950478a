"""A file to send: opened for each attempt, and read only while it is sent."""

from __future__ import annotations

import io
from contextlib import ExitStack
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any

from .._errors.exceptions import InvalidArgument
from .progress import OnProgress, Progress, check_watchers

Content = str | PathLike[str] | bytes | IO[bytes]


class Upload:
    """A file to send: a path, bytes, or a file opened in binary mode, which is sent from its beginning.

    `name` is the file's name for the server, by default that of the path or file; `content_type`
    its media type, by default guessed from the name. `progress` is called while the file is sent, from
    its beginning if it is sent once more. A file that you opened stays open.
    """

    __slots__ = ("_content", "_sent", "content_type", "name", "progress")

    def __init__(
        self, content: Content, *, name: str = "", content_type: str = "", progress: OnProgress | None = None
    ) -> None:
        self._content = _check_content(content)
        check_watchers(progress)
        self._sent = False
        self.progress = progress
        self.name = name or _name_of(self._content) or "upload"
        self.content_type = content_type
        if not is_text(self.name):
            raise InvalidArgument("the name of the file cannot be sent (pass Upload(file, name=...))")
        if content_type and not (content_type.isascii() and content_type.isprintable()):
            raise InvalidArgument("the content type cannot be sent (pass one such as image/png)")

    def __repr__(self) -> str:
        return f"<Upload {self.name!r}>"

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """The members, for every protocol of pickle."""
        return None, {name: getattr(self, name) for name in self.__slots__}

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be sent more than once: not a pipe, a device, or a file of yours that cannot be rewound."""
        if isinstance(self._content, Path):
            return self._content.is_file()
        return isinstance(self._content, bytes) or Source(self._content, self).seekable()

    def open(self, files: ExitStack) -> Source:
        """The file at its beginning; closing `files` closes what was opened for it."""
        content = self._content
        if isinstance(content, bytes):
            return Source(io.BytesIO(content), self)
        if isinstance(content, Path):
            return Source(files.enter_context(_open_path(content)), self)
        _check_open(content, self.name)
        source = Source(content, self)
        if self._sent and not source.seekable():
            raise InvalidArgument(f"{self.name}: cannot be sent a second time (pass a file that can be rewound)")
        self._sent = True
        return source


Uploadable = Content | Upload


class Source:
    """A file as the HTTP library sees it: without its descriptor, which can have a wrong size.

    The descriptor of a compressed file knows the compressed size, that of a pipe none.
    """

    def __init__(self, file: IO[bytes], upload: Upload) -> None:
        self._file = file
        self._upload = upload
        self._position = 0
        self._size: int | None = None
        self._reported: int | None = None

    def seekable(self) -> bool:
        """Whether the file can be rewound."""
        try:
            seekable = getattr(self._file, "seekable", None)
            return bool(seekable()) if seekable else hasattr(self._file, "seek")
        except ValueError:  # it is closed
            return False
        except Exception as error:
            raise self._fault(error) from error

    def read(self, size: int) -> bytes:
        """The next bytes; raises InvalidArgument if they cannot be read, or are more or fewer than were announced."""
        try:
            chunk = self._file.read(size)
        except Exception as error:  # a file that is unpacked has errors of its own
            raise self._fault(error) from error
        if not isinstance(chunk, bytes):
            raise self._fault(TypeError("it has no bytes"))
        self._position += len(chunk)
        if self._size is not None and (self._position > self._size or (not chunk and self._position < self._size)):
            raise InvalidArgument(
                f"{self._upload.name}: the file changed while it was sent: it no longer has {self._size} bytes"
                " (send it when nobody writes to it)"
            )
        return chunk

    def tell(self) -> int:
        """The position of the next byte; raises UnsupportedOperation for a file that cannot be rewound."""
        return self.seek(0, io.SEEK_CUR)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to that position; raises UnsupportedOperation for a file that cannot be rewound."""
        if not self.seekable():
            raise io.UnsupportedOperation
        try:
            position = self._file.seek(offset, whence)
        except io.UnsupportedOperation:
            raise
        except Exception as error:
            raise self._fault(error) from error
        if not isinstance(position, int):
            raise self._fault(TypeError("its seek() returns no position"))
        self._position = position
        if whence == io.SEEK_END:
            self._size = self._position
        return self._position

    def report(self) -> None:
        """Say how much of the file was read, if it is more or less than before."""
        if self._upload.progress is not None and self._position != self._reported:
            self._reported = self._position
            self._upload.progress(Progress(stage="upload", done=self._position, total=self._size))

    def _fault(self, error: Exception) -> InvalidArgument:
        return _describe_fault(self._upload.name, error)


def _describe_fault(name: str, error: Exception) -> InvalidArgument:
    """The exception for a file of this name that cannot be read; its own exception may be of any library."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return InvalidArgument(f"{name}: the file cannot be read ({reason})")


def _check_open(content: Any, name: str) -> None:
    try:
        is_closed = bool(getattr(content, "closed", False))
        readable = getattr(content, "readable", None)
        is_readable = is_closed or readable is None or bool(readable())
    except Exception as error:
        raise _describe_fault(name, error) from error
    if is_closed:
        raise InvalidArgument("a closed file cannot be sent")
    if not is_readable:
        raise InvalidArgument("a file opened for writing cannot be sent (open it in mode 'rb')")


def _check_content(content: Any) -> bytes | Path | IO[bytes]:
    if isinstance(content, bytes):
        return content
    if isinstance(content, bytearray | memoryview):
        return bytes(content)
    if isinstance(content, str | PathLike):
        return Path(fspath(content))
    if isinstance(content, io.TextIOBase):
        raise InvalidArgument("a file opened as text cannot be sent (open it in binary mode: 'rb')")
    if not hasattr(content, "read"):
        raise InvalidArgument(f"a value of type {type(content).__name__} is no file (pass a path, bytes or a file)")
    _check_open(content, "upload")
    file: IO[bytes] = content
    return file


def _name_of(content: bytes | Path | IO[bytes]) -> str:
    if isinstance(content, Path):
        return content.name
    name = getattr(content, "name", "")  # a number for a file that was opened by its descriptor
    return Path(name).name if isinstance(name, str) else ""


def _open_path(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        reason = error.strerror
    except ValueError as error:  # a null byte
        reason = str(error)
    raise InvalidArgument(f"{path}: the file cannot be read ({reason})")


def is_text(name: str) -> bool:
    """Whether it can be written as UTF-8: it holds no half of a surrogate pair."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
