"""What the API sends by itself, webhooks and callbacks: our users read the payload and write the reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.diff.calls.media import content_changes, media_changes
from generator.diff.calls.responses import header_changes
from generator.diff.change import Finding
from generator.diff.notes import deprecation, description_changes
from generator.diff.values.schemas import Values
from generator.diff.where import Found, Where
from generator.ir import Content, Operation

Matched = tuple[Operation | None, Operation | None]


def callback_changes(values: Values, old: Operation, new: Operation) -> Found:
    """The callbacks of an operation."""
    for before, after in pair_by(old.callbacks, new.callbacks, lambda one: f"{one.name} {one.method}"):
        name = (after or before or new).name
        if before and after:
            if before.path != after.path:
                sentence = f"it is sent to {after.path}, was sent to {before.path}"
                yield Finding(rule="callback-moved", path=f"callback {name}", sentence=sentence)
            yield from delivery_changes(values, f"callback {name} ", before, after)
        else:
            yield came_or_went("callback", f"callback {name}", after)


def delivery_changes(values: Values, prefix: str, old: Operation, new: Operation) -> Found:
    """What differs between two states of a request that the API sends."""
    yield from _payload(values, f"{prefix}payload", old, new)
    yield from header_changes(values, prefix, old.parameters, new.parameters)
    yield from _replies(values, prefix, old, new)
    if old.deprecated != new.deprecated:
        yield deprecation(Where("operation", prefix.strip()), new.deprecated)
    yield from description_changes(Where("operation", f"{prefix}summary"), old.summary, new.summary)
    yield from description_changes(Where("operation", prefix.strip()), old.description, new.description)


def came_or_went(rule: str, path: str, after: Operation | None) -> Finding:
    """A webhook or a callback that is new or gone."""
    kind, word = ("added", "new") if after else ("removed", "gone")
    return Finding(rule=f"{rule}-{kind}", path=path, sentence=f"the {rule} is {word}")


def pair_by(
    old: Iterable[Operation], new: Iterable[Operation], key: Callable[[Operation], str]
) -> Iterable[tuple[Operation | None, Operation | None]]:
    """The requests before and after that have the same name and method."""
    before, after = ({key(one): one for one in side} for side in (old, new))
    return [(before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))]


def _payload(values: Values, path: str, old: Operation, new: Operation) -> Found:
    where = Where("response-body", path)
    if old.body is None or new.body is None:
        if old.body or new.body:
            kind = "added" if new.body else "removed"
            yield where.build_finding(f"delivery-payload-{kind}", f"the payload is {'new' if new.body else 'gone'}")
        return
    before, after = old.body.contents, new.body.contents
    yield from media_changes(where, "response", _types(before), _types(after))
    yield from content_changes(values, where, before, after)


def _replies(values: Values, prefix: str, old: Operation, new: Operation) -> Found:
    before, after = ({**{str(one.status): one for one in side.responses}, **dict(side.ranges)} for side in (old, new))
    for status in dict.fromkeys((*before, *after)):
        where = Where("request-body", f"{prefix}reply {status}")
        if status not in after:
            yield where.build_finding("delivery-reply-removed", "the reply is no longer understood")
        elif status not in before:
            yield where.build_finding("delivery-reply-added", "the reply is understood as well")
        else:
            yield from content_changes(values, where, before[status].contents, after[status].contents)


def _types(contents: tuple[Content, ...]) -> list[str]:
    return [content.media_type for content in contents]
