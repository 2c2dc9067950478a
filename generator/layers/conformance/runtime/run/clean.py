"""Removes what an earlier run left, by its journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..api import Api, Credentials
from ..context import RunContext, build_context
from ..errors import CannotRun
from ..objects.journal import NAME, Entry, has_remaining, read_heading, read_remaining, read_unanswered
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
    """Remove what the journal names; a sentence for each object that is left. Without any the journal is removed.

    What the first user does not see is looked for as the other users of the run.

    Raises CannotRun if the file is no journal, or its server does not respond.
    """
    try:
        name, url = read_heading(journal)
        has_remaining(journal)
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
    context = build_context(plan, journal.parent)
    check_known(context)
    for sentence in remove_journalled(context, journal):
        forbidden = superuser is None and sentence.endswith(" 403")
        yield sentence + (": only a superuser may, name one with --superuser-token-env" if forbidden else "")


def check_unused(folder: Path) -> None:
    """Raises CannotRun if an earlier run left a journal in the folder: this run must not remove what it names."""
    journal = folder / NAME
    try:
        if not has_remaining(journal):
            journal.unlink(missing_ok=True)
            return
    except (OSError, LookupError, TypeError, ValueError) as error:
        reason = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else "is no journal of a run"
        raise CannotRun(f"{journal} is in the way, and {reason}: remove it, or name another --report.") from None
    raise CannotRun(
        f"{journal} names what an earlier run left: `procwise-conformance clean {journal}` removes it, "
        "or name another --report."
    )


def remove_journalled(context: RunContext, journal: Path, unwritten: Iterable[Entry] = ()) -> list[str]:
    """Remove what the journal names, youngest first; a sentence for what is left, or may have been created.

    `unwritten` is what it should hold as well. The journal is removed if a second try would find nothing.
    """
    if not journal.exists():
        return []
    objects = context.objects
    objects.load(read_remaining(journal, unwritten))
    unknown = [(one, list(objects.recover(one))) for one in list(read_unanswered(journal, unwritten))]
    stayed = list(objects.remove_all())
    remains = journal.exists() and any(True for _ in read_remaining(journal, [*unwritten, *context.journal.unwritten]))
    if not remains and not any(sentences and can_be_found(one, context.plan.api) for one, sentences in unknown):
        journal.unlink(missing_ok=True)
    return [*(sentence for _, sentences in unknown for sentence in sentences), *stayed]
