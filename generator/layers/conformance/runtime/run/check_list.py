"""Every check of the suite, by id and name."""

from __future__ import annotations

from collections.abc import Iterator

from .. import stateful
from ..api import Api
from ..attacks import catalogue
from ..fuzzing.engine import CHECK_NAMES, check_id


def checks(api: Api) -> Iterator[tuple[str, str]]:
    """The id and the name of each check that a run on this version may make."""
    yield from ((row.id, row.name) for row in catalogue.catalogue(api))
    yield from ((check.id, check.name) for check in stateful.catalogue())
    yield from ((check_id(name), name.replace("_", " ")) for name in CHECK_NAMES)
    yield check_id(""), "completed"
