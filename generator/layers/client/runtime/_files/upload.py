"""A file to send: opened for each attempt, and read only while it is sent."""

from __future__ import annotations

import io
from contextlib import ExitStack
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any

from .._errors.exceptions import InvalidArgument

Content = str | PathLike[str] | bytes | IO[bytes]


class Upload:
    """A file to send: a path, bytes, or a file opened in binary mode, which is sent from its beginning.

    `name` is the file's name for the server, by default that of the path or file; `content_type`
    its media type, by default guessed from the name. A file that you opened stays open.
    """

    __slots__ = ("_content", "_sent", "content_type", "name")

    def __init__(self, content: Content, *, name: str = "", content_type: str = "") -> None:
        self._content = _check_content(content)
        self._sent = False
        self.name = name or _name_of(self._content) or "upload"
        self.content_type = content_type
        if not _is_text(self.name):
            raise InvalidArgument("the name of the file cannot be sent (pass Upload(file, name=...))")
        if content_type and not (content_type.isascii() and content_type.isprintable()):
            raise InvalidArgument("the content type cannot be sent (pass one such as image/png)")

    def __repr__(self) -> str:
        return f"<Upload {self.name!r}>"

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be sent more than once: all but a file of yours that cannot be rewound."""
        return isinstance(self._content, bytes | Path) or Source(self._content).seekable()

    def open(self, files: ExitStack) -> Source:
        """The file at its beginning; closing `files` closes what was opened for it."""
        content = self._content
        if isinstance(content, bytes):
            return Source(io.BytesIO(content))
        if isinstance(content, Path):
            return Source(files.enter_context(_open_path(content)))
        source = Source(content)
        if self._sent and not source.seekable():
            raise InvalidArgument(f"{self.name}: cannot be sent a second time (pass a file that can be rewound)")
        self._sent = True
        return source


Uploadable = Content | Upload


class Source:
    """A file as the HTTP library sees it: without its descriptor, which can have a wrong size.

    The descriptor of a compressed file knows the compressed size, that of a pipe none.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def seekable(self) -> bool:
        """Whether the file can be rewound."""
        seekable = getattr(self._file, "seekable", None)
        return seekable() if seekable else hasattr(self._file, "seek")

    def read(self, size: int) -> bytes:
        """The next bytes."""
        return self._file.read(size)

    def tell(self) -> int:
        """The position of the next byte; raises UnsupportedOperation for a file that cannot be rewound."""
        return self.seek(0, io.SEEK_CUR)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to that position; raises UnsupportedOperation for a file that cannot be rewound."""
        if not self.seekable():
            raise io.UnsupportedOperation
        return self._file.seek(offset, whence)


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
    if getattr(content, "closed", False):
        raise InvalidArgument("a closed file cannot be sent")
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


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
