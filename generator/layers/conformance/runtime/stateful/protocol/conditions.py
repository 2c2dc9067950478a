"""Tags of versions and conditions on them, where a description has them: ETag, If-None-Match, If-Match."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...api import Operation, label_of
from ...lifecycles import Lifecycle
from ...results import MUST, Result
from ..check_run import CheckRun, Exchange
from ..checks.responses import NOT_MODIFIED, PRECONDITION, TAG
from ..creation import show
from ..factory import CreatedObject, ObjectFactory
from ..moments_of_change import change_name
from .media_types import with_header

_STRANGE = '"conformance-of-no-version"'
_TAG = re.compile(r'(W/)?"[^"\x00-\x20\x7f]*"')
_NOT_MODIFIED, _FAILED, _REQUIRED = 304, 412, 428


def has_conditions(lifecycle: Lifecycle) -> bool:
    """Whether the description names tags of an object or conditions on them."""
    shower = lifecycle.shower
    if shower is None:
        return False
    named = {one.name.lower() for one in shower.success.headers}
    return "etag" in named or _takes(shower, "if-none-match", _NOT_MODIFIED) or bool(_find_conditional(lifecycle))


def check_conditions(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check the tags of one object before and after a change, and requests on condition of them."""
    factory = ObjectFactory(run)
    created = factory.create(lifecycle.creator)
    shown = show(factory, lifecycle, created)
    tag = shown.response.headers.get("etag", "")
    if not shown.succeeded or lifecycle.shower is None:
        return
    if not tag:
        yield from run.skip(TAG, lifecycle.shower, "it sends no ETag")
        return
    fine, observed = bool(_TAG.fullmatch(tag)), f"ETag: {tag}"
    yield from run.verdict(TAG, shown, fine, 'a text in quotes, such as "7f3a"', observed=observed, detail="form")
    yield from _check_reads(run, factory, lifecycle.shower, created, shown)
    for changer in _find_conditional(lifecycle):
        yield from _check_precondition(run, factory, lifecycle, changer, created)
    changing = next((one for one in lifecycle.changers if label_of(one) is not None), None)
    if changing is not None:
        exchange, after = change_name(run, factory, lifecycle, changing, created, shown)
        if exchange.succeeded and after.succeeded and after.object != shown.object:
            moved = after.response.headers.get("etag", "") != tag
            yield from run.verdict(TAG, after, moved, f"another tag than {tag}, since it was changed", detail="change")


def _check_reads(
    run: CheckRun, factory: ObjectFactory, shower: Operation, created: CreatedObject, shown: Exchange
) -> Iterator[Result]:
    """The same version has the same tag, and 304 if it is described; another one is shown whole."""
    ids, tag = factory.ids(shower, created), shown.response.headers["etag"]
    again = run.ask(shower, ids)
    if again.object == shown.object:
        fine, observed = again.response.headers.get("etag") == tag, f"ETag: {again.response.headers.get('etag')}"
        yield from run.verdict(TAG, again, fine, f"{tag} as before", observed=observed, detail="read")
    if _takes(shower, "if-none-match", _NOT_MODIFIED):
        same = run.ask(shower, ids, steps=with_header(run, "If-None-Match", tag))
        expected = f"304, since If-None-Match is its tag {tag}"
        yield from run.verdict(NOT_MODIFIED, same, same.status == _NOT_MODIFIED, expected, detail="same")
        other = run.ask(shower, ids, steps=with_header(run, "If-None-Match", _STRANGE))
        expected = f"the object, since If-None-Match is {_STRANGE}"
        fine = other.status != _NOT_MODIFIED
        yield from run.verdict(NOT_MODIFIED, other, fine, expected, level=MUST, detail="other")


def _check_precondition(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation, created: CreatedObject
) -> Iterator[Result]:
    """A change on condition of another version does nothing; on that of the present one it is made."""
    body = factory.body(changer) or None
    ids, shown = factory.ids(changer, created), show(factory, lifecycle, created)
    other = run.ask(changer, ids, body, steps=with_header(run, "If-Match", _STRANGE))
    fine = not other.succeeded
    yield from run.verdict(PRECONDITION, other, fine, f"412, since If-Match is {_STRANGE}", detail="other")
    tag = shown.response.headers.get("etag", "")
    if _TAG.fullmatch(tag) and not tag.startswith("W/"):
        same = run.ask(changer, ids, body, steps=with_header(run, "If-Match", tag))
        fine = same.status not in (_FAILED, _REQUIRED)
        yield from run.verdict(PRECONDITION, same, fine, f"a change, since If-Match is its tag {tag}", detail="same")


def _find_conditional(lifecycle: Lifecycle) -> list[Operation]:
    return [one for one in lifecycle.changers if _takes(one, "if-match", _FAILED)]


def _takes(operation: Operation, header: str, status: int) -> bool:
    """Whether a header or the status that it leads to is described."""
    return status in operation.statuses or header in {one.name.lower() for one in operation.in_("header")}
