"""One request as a behaviour gets it, what it answers, and what all behaviours share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from .accounts import User
from .files import Files
from .jobs import Jobs
from .links import Links
from .model import Operation
from .reading import Upload

if TYPE_CHECKING:
    from .crud import Crud


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One verified request, with its parameters typed by the description.

    `base_url` is the address that the client used, with a slash at its end.
    """

    connection: Connection
    user: User
    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Mapping[str, object]
    files: Mapping[str, Upload]
    base_url: str
    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call answers: a JSON object, or a file. `after` runs once the state is committed."""

    content: object = None
    file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Shared:
    """The behaviours by resource, the background jobs, the files, and the links to files."""

    behaviours: dict[str, Crud]
    jobs: Jobs
    files: Files
    links: Links
