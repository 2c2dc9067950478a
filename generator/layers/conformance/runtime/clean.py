"""Removing what an earlier run left behind, by its journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from .bench import furnished
from .caller import CannotRun
from .description import Api, Credentials
from .journal import heading, left
from .plan import Plan
from .preflight import check_server


def clean(
    journal: Path, apis: Mapping[str, Api], credentials: Credentials, superuser: Credentials | None
) -> Iterator[str]:
    """Remove what the journal names; a sentence for each object that stayed. The journal goes when nothing stayed.

    Raises CannotRun where the file is no journal, or its server does not answer.
    """
    try:
        name, url = heading(journal)
        made = list(left(journal))
    except (OSError, ValueError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotRun(f"{journal} is no journal of a run: {reason}.") from None
    if name not in apis:
        raise CannotRun(f"{journal} is of version {name!r}, which is not one of {', '.join(apis)}.")
    bench = furnished(Plan(api=apis[name], url=url, credentials=credentials, superuser=superuser), journal.parent)
    check_server(bench.caller)
    stayed = [sentence for one in reversed(made) if (sentence := bench.objects.removed(one))]
    if not stayed:
        journal.unlink()
    yield from stayed
