"""A database of failing examples that several runs, on several machines, share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from ..errors import CannotRun
from ..plan import Plan

_PROFILE = "procwise-conformance"
_SCHEMES = ("redis", "rediss", "unix")


@contextmanager
def shared_examples(plan: Plan) -> Iterator[None]:
    """Let the engine begin with the examples that failed in any run before; without a database nothing is shared."""
    if not plan.database:
        yield
        return
    before, usual = hypothesis.settings.get_current_profile_name(), hypothesis.settings.get_profile("default")
    hypothesis.settings.register_profile(_PROFILE, parent=usual, database=open_database(plan.database, plan.api.name))
    hypothesis.settings.load_profile(_PROFILE)
    try:
        yield
    finally:
        hypothesis.settings.load_profile(before)


def open_database(place: str, api: str) -> ExampleDatabase:
    """The database at a path or a `redis://` address; raises CannotRun if there is none."""
    if urlsplit(place).scheme not in _SCHEMES:
        return DirectoryBasedExampleDatabase(_folder(place) / api)
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis, RedisError
    except ImportError:
        raise CannotRun("a database in Redis needs its client: install procwise-conformance[redis].") from None
    try:
        client = Redis.from_url(place, socket_timeout=10)
        client.ping()
    except (RedisError, ValueError) as error:
        url = urlsplit(place)
        raise CannotRun(f"no Redis answers at {url.hostname}:{url.port or 6379} ({type(error).__name__}).") from None
    return RedisExampleDatabase(client, key_prefix=f"{_PROFILE}:{api}:".encode())


def _folder(place: str) -> Path:
    if "://" in place:
        raise CannotRun(f"--database {place.partition('://')[0]}://… is no Redis: write redis://HOST/0, or a folder.")
    folder = Path(place)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"--database {place} cannot be a folder: {error.strerror}.") from None
    return folder
