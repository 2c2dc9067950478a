"""States that contradict each other: what was deleted is shown, a change is not, a list lacks what was created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ...api import Json, Operation, label_of
from ...lifecycles import Lifecycle, is_marked_deleted, list_lifecycles
from ...objects.cleanup import GONE
from ...results import ADVISORY, SHOULD, Level, Result
from ...stateful.checks.check import Check
from ...stateful.checks.objects import DELETED, FIRST_TIME, LISTED, RESPONSE, SHOWN, UNLISTED, UPDATED
from ...stateful.lists.paging import infer_paging
from ...stateful.moments_of_change import CHANGED, CREATED, list_times
from ...stateful.sent_values import differ, moment
from ..checks import BACKWARDS
from ..judge import Judge, Observed
from .objects import Key, Known, Moment, ObjectMemory, describe_moment, find_item, find_member, keep_values

_ACCEPTED = 202  # it will be done at some time
_SLACK = 1.0  # seconds: times may be written in whole ones


class StateJudge:
    """Follows the objects of a recording from creation to deletion, request by request, in the order of time."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.objects = ObjectMemory(judge.api)
        self._lifecycles = {one.creator.resource: one for one in list_lifecycles(judge.api)}

    def judge(self, observed: Observed, identity: str) -> Iterator[Result]:
        """What a response says against what was seen before."""
        if observed.recorded.is_cached:
            return
        if not observed.succeeded:
            yield from self._judge_absent(observed, identity)
            return
        operation, now = observed.operation, describe_moment(observed, identity)
        lifecycle = self._lifecycles.get(operation.resource)
        key = find_item(self._judge.api, observed)
        if lifecycle is None or observed.status == _ACCEPTED:
            self._touch(observed)
        elif operation.kind == "create":
            self._note_creation(observed, now)
        elif operation.kind == "list" and operation.safe:
            yield from self._judge_list(observed, lifecycle, now)
        elif key is None or (not operation.safe and operation.kind not in ("update", "replace", "delete")):
            self._touch(observed)
        elif operation.kind == "delete":
            self._note_deletion(key, now)
        elif operation.safe:
            if operation.kind == "show" and observed.object:
                yield from self._judge_shown(observed, lifecycle, key, observed.object, now)
        else:
            yield from self._judge_change(observed, lifecycle, key, now)

    def _read_times(self, observed: Observed, shown: Mapping[str, Json]) -> tuple[datetime | None, Json]:
        """The last change, and the creation as it is written."""
        lifecycle = self._lifecycles[observed.operation.resource]
        changing = (lifecycle.creator, *lifecycle.changers)
        changed = next(iter(list_times(changing, shown, CHANGED)), "")
        made = next(iter(list_times(changing, shown, CREATED)), "")
        return moment(shown[changed]) if changed else None, shown[made] if made else None

    def _note_creation(self, observed: Observed, now: Moment) -> None:
        key = find_member(self._judge.api, observed.operation, observed.parts.path, observed.object)
        if key is None:
            return
        shown = observed.object
        known = Known(
            values=keep_values(shown), seen=now, created=now, collection=_collection_of(observed), listed=True
        )
        known.changed_at, known.made_at = self._read_times(observed, shown)
        self.objects.replace(key, known)

    def _note_deletion(self, key: Key, now: Moment) -> None:
        known = self.objects.get(key)
        known.deleted, known.listed = now, False
        known.pending.clear()

    def _judge_absent(self, observed: Observed, identity: str) -> Iterator[Result]:
        """An object that is not found, though its creation was confirmed to the same user."""
        key = find_item(self._judge.api, observed)
        if key is None or observed.status not in GONE or observed.operation.kind != "show":
            return
        known = self.objects.get(key)
        created = known.created
        if (
            created is not None
            and known.listed
            and created.identity == identity != ""
            and created.is_before(observed.recorded)
        ):
            said = f"no object that was created at {created.place}"
            yield from self._judge.verdict(SHOWN, observed, False, "what was created", observed=said, detail="absent")

    def _touch(self, observed: Observed) -> None:
        """A request that may have changed any of the objects that it names."""
        if observed.operation.safe:
            return
        values = (*observed.parts.path.values(), *observed.parts.query.values(), *observed.parts.body.values())
        texts = {str(one) for value in values for one in (value if isinstance(value, list) else [value])}
        self.objects.touch(texts)

    def _judge_shown(
        self,
        observed: Observed,
        lifecycle: Lifecycle,
        key: Key,
        shown: Mapping[str, Json],
        now: Moment,
        *,
        whole: bool = True,
    ) -> Iterator[Result]:
        """One object as it is shown now; a list may show less of it, and later."""
        known = self.objects.get(key)
        check = DELETED if whole else UNLISTED
        yield from self._judge_deleted(observed, lifecycle, known, shown, check, now)
        if known.pending and known.written is not None and known.written.is_before(observed.recorded):
            yield from self._judge_kept(observed, lifecycle, known, shown, whole=whole)
        yield from self._judge_times(observed, lifecycle, known, shown)
        known.values = {**known.values, **keep_values(shown)} if not whole else keep_values(shown)
        known.seen = now

    def _judge_deleted(
        self,
        observed: Observed,
        lifecycle: Lifecycle,
        known: Known,
        shown: Mapping[str, Json],
        check: Check,
        now: Moment,
    ) -> Iterator[Result]:
        deleted = known.deleted
        if deleted is None or not deleted.is_before(observed.recorded):
            return
        if is_marked_deleted(self._judge.plan, lifecycle, shown):
            return
        made = moment(self._read_times(observed, shown)[1])
        is_kept = made is not None and made == moment(known.made_at)
        if made is not None and not is_kept and deleted.ended is not None and made.timestamp() > deleted.ended - _SLACK:
            known.deleted = None  # another object got the id
            return
        # Without a time, and without the object before, the id may belong to another one by now.
        is_same = made is not None or _is_same(lifecycle, known.values, shown)
        level: Level | None = None if is_same and deleted.identity == now.identity != "" else ADVISORY
        said = f"the object that was deleted at {deleted.place}"
        yield from self._judge.verdict(
            check, observed, False, "no object that was deleted", observed=said, level=level, detail="shown"
        )
        known.deleted = None

    def _judge_kept(
        self, observed: Observed, lifecycle: Lifecycle, known: Known, shown: Mapping[str, Json], *, whole: bool
    ) -> Iterator[Result]:
        kinds = {s.name: s.kind for changer in lifecycle.changers for s in changer.settable if s.shown}
        changer = next(iter(lifecycle.changers), observed.operation)
        stale = [
            name
            for name, (sent, before) in known.pending.items()
            if name in shown and name in kinds and differ(kinds[name], sent, shown[name]) and shown[name] == before
        ]
        written = known.written.place if known.written is not None else ""
        said = f"the old value in {', '.join(stale)}, which {written} changed"
        yield from self._judge.verdict(
            UPDATED,
            observed,
            not stale,
            "the new value when shown",
            of=changer,
            observed=said,
            level=None if whole else ADVISORY,
            detail=", ".join(stale),
        )
        if whole:
            known.pending.clear()

    def _judge_times(
        self, observed: Observed, lifecycle: Lifecycle, known: Known, shown: Mapping[str, Json]
    ) -> Iterator[Result]:
        changed, made = self._read_times(observed, shown)
        is_later = known.seen is not None and known.seen.is_before(observed.recorded)
        if changed is not None and known.changed_at is not None and is_later and known.seen is not None:
            fine = changed >= known.changed_at
            said = f"an earlier time than at {known.seen.place}"
            yield from self._judge.verdict(BACKWARDS, observed, fine, "no earlier time", observed=said, detail="back")
        if made is not None and known.made_at is not None and is_later and _is_same(lifecycle, known.values, shown):
            level: Level = SHOULD if known.created is not None else ADVISORY
            said = "another time of creation than before"
            fine = moment(made) == moment(known.made_at)
            yield from self._judge.verdict(
                FIRST_TIME, observed, fine, "the time of creation", observed=said, level=level, detail="moved"
            )
        known.changed_at = max(filter(None, (changed, known.changed_at)), default=None)
        known.made_at = made if made is not None else known.made_at

    def _judge_change(self, observed: Observed, lifecycle: Lifecycle, key: Key, now: Moment) -> Iterator[Result]:
        operation, known = observed.operation, self.objects.get(key)
        sent, shown = _read_sent(observed), observed.object
        kinds = {setting.name: setting.kind for setting in operation.settable if setting.shown}
        is_later = known.seen is not None and known.seen.is_before(observed.recorded)
        before = known.values if is_later else {}
        stale = [
            name
            for name, value in sent.items()
            if name in shown and name in before and name in kinds
            if differ(kinds[name], value, shown[name]) and shown[name] == before[name]
        ]
        if any(name in shown and name in before for name in sent):
            said = f"the old value in {', '.join(stale)}"
            expected = "the values that were sent"
            yield from self._judge.verdict(
                RESPONSE, observed, not stale, expected, observed=said, detail=", ".join(stale)
            )
        for name, value in sent.items():
            if name in before and name in kinds and differ(kinds[name], value, before[name]):
                known.pending[name] = (value, before[name])
            else:
                known.pending.pop(name, None)
        known.written, known.listed = now, False
        if shown:
            yield from self._judge_times(observed, lifecycle, known, shown)
            known.values = {**known.values, **keep_values({n: v for n, v in shown.items() if n not in stale})}
            known.seen = now

    def _judge_list(self, observed: Observed, lifecycle: Lifecycle, now: Moment) -> Iterator[Result]:
        listed: set[Key] = set()
        for item in observed.items:
            key = find_member(self._judge.api, observed.operation, observed.parts.path, item)
            if key is not None:
                listed.add(key)
                yield from self._judge_shown(observed, lifecycle, key, item, now, whole=False)
        if not observed.knows_content or observed.operation.path != lifecycle.creator.path:
            return
        level = _completeness(self._judge, observed)
        if level == "none":
            return
        for key, known in self.objects.list_created(_collection_of(observed)):
            created = known.created
            if (
                created is None
                or not now.identity
                or created.identity != now.identity
                or not created.is_before(observed.recorded)
            ):
                continue
            said = f"no object that was created at {created.place}"
            yield from self._judge.verdict(
                LISTED,
                observed,
                key in listed,
                "a list with what was created",
                observed=said,
                level=None if level == "certain" else ADVISORY,
                detail="missing",
            )


def _completeness(judge: Judge, observed: Observed) -> str:
    """Whether a response has the whole list: `certain`, `likely`, or `none` if a part of it may be elsewhere."""
    operation, query = observed.operation, dict(observed.parts.query)
    paging = infer_paging(operation)
    harmless = {paging.limit, paging.position, *(judge.api.scheme.parameters if judge.api.scheme else ())}
    harmless |= {operation.filter.sort} if operation.filter else set()
    if set(query) - harmless:
        return "none"
    position = str(query.get(paging.position, "")) if paging.position else ""
    if position not in ("", str(paging.first) if paging.style == "page" else "0" if paging.style == "offset" else ""):
        return "none"
    if operation.pagination is not None:
        count = observed.response.headers.get(operation.pagination.item_count.lower(), "")
        return "certain" if count == str(len(observed.items)) else "none"
    size = str(query.get(paging.limit, "")) or _default_of(operation, paging.limit)
    asked = {paging.limit: int(size)} if size.isdecimal() and len(size) < 10 else {}
    return "likely" if paging.is_last(asked, observed, judge.api) else "none"


def _default_of(operation: Operation, name: str) -> str:
    return next((one.schema.canonical.default for one in operation.in_("query") if one.name == name), "")


def _collection_of(observed: Observed) -> str:
    """The path of a creation or a list, with its ids."""
    return f"{observed.operation.path} {sorted(observed.parts.path.items())}"


def _read_sent(observed: Observed) -> Mapping[str, Json]:
    body = observed.operation.body
    members: Mapping[str, Json] = observed.parts.body
    inner = members.get(body.envelope) if body is not None and body.envelope else members
    return keep_values(inner) if isinstance(inner, dict) else keep_values(members)


def _is_same(lifecycle: Lifecycle, before: Mapping[str, Json], shown: Mapping[str, Json]) -> bool:
    """Whether two views of an object have the same name for it, as people know it."""
    label = label_of(lifecycle.creator)
    return label is not None and label.name in before and before[label.name] == shown.get(label.name)
