"""Removing what an earlier run left behind, by its journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..context import Bench, furnished
from ..description import Api, Credentials
from ..errors import CannotRun
from ..objects.journal import NAME, Entry, heading, is_left, left, unanswered
from ..objects.recovery import can_be_found
from ..plan import Plan
from .users import check_known


def clean(
    journal: Path,
    apis: Mapping[str, Api],
    credentials: Credentials,
    *,
    second: Credentials | None = None,
    superuser: Credentials | None = None,
) -> Iterator[str]:
    """Remove what the journal names; a sentence for each object that stayed. The journal goes when nothing stayed.

    What the first of the users does not see is looked for as the others that the run had.

    Raises CannotRun where the file is no journal, or its server does not answer.
    """
    try:
        name, url = heading(journal)
        is_left(journal)
    except (OSError, LookupError, TypeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotRun(f"{journal} is no journal of a run: {reason}.") from None
    if name not in apis:
        raise CannotRun(f"{journal} is of version {name!r}, which is not one of {', '.join(apis)}.")
    plan = Plan(
        api=apis[name],
        others=tuple(api for api in apis.values() if api.name != name),
        url=url,
        credentials=credentials,
        second=second,
        superuser=superuser,
    )
    bench = furnished(plan, journal.parent)
    check_known(bench)
    for sentence in swept(bench, journal):
        forbidden = superuser is None and sentence.endswith(" 403")
        yield sentence + (": only a superuser may, name one with --superuser-token-env" if forbidden else "")


def check_unused(folder: Path) -> None:
    """Raises CannotRun where an earlier run left a journal in the folder: what it names is not this run's to remove."""
    journal = folder / NAME
    try:
        if not is_left(journal):
            journal.unlink(missing_ok=True)
            return
    except (OSError, LookupError, TypeError, ValueError) as error:
        reason = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else "is no journal of a run"
        raise CannotRun(f"{journal} is in the way, and {reason}: remove it, or name another --report.") from None
    raise CannotRun(
        f"{journal} names what an earlier run left: `procwise-conformance clean {journal}` removes it, "
        "or name another --report."
    )


def swept(bench: Bench, journal: Path, unwritten: Iterable[Entry] = ()) -> list[str]:
    """Remove what the journal names, youngest first; a sentence for what stayed, or may have been made.

    `unwritten` is what it should hold as well. The journal goes when nothing is left that a second try could remove.
    """
    if not journal.exists():
        return []
    objects = bench.objects
    objects.take(left(journal, unwritten))
    unknown = [(one, list(objects.recovered(one))) for one in list(unanswered(journal, unwritten))]
    stayed = list(objects.remove())
    again = journal.exists() and any(True for _ in left(journal, [*unwritten, *bench.journal.unwritten]))
    if not again and not any(told and can_be_found(one, bench.plan.api) for one, told in unknown):
        journal.unlink(missing_ok=True)
    return [*(sentence for _, told in unknown for sentence in told), *stayed]
