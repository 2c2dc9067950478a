"""One version of the API before and after: everything in it, gathered into changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.diff.calls.deliveries import came_or_went, delivery_changes, pair_by
from generator.diff.calls.operations import call, match_operations, operation_changes
from generator.diff.calls.servers import server_changes
from generator.diff.change import Finding
from generator.diff.changes import Changes, Position
from generator.diff.codes import code_changes
from generator.diff.difference import Difference
from generator.diff.notes import description_changes
from generator.diff.python.changes import renamed_calls, surface_changes
from generator.diff.python.surface import Surface
from generator.diff.rules import Policy
from generator.diff.side import Unbuilt
from generator.diff.signing.schemes import Requirements, compare_schemes, scheme_changes, token_changes
from generator.diff.texts import was
from generator.diff.values.schemas import Values
from generator.diff.where import Found, Pair, Where
from generator.ir import Api, Operation

Matched = tuple[tuple[Operation | None, Operation | None], ...]
Compared = tuple[tuple[Finding, ...], tuple[Pair, ...]]


Built = Surface | Unbuilt | None


def compare_apis(old: Api, new: Api, policy: Policy, before: Built = None, after: Built = None) -> Difference:
    """All changes from the old state to the new one, the gravest first, each once; `before` and `after` in Python."""
    found = Changes(new.name, policy)
    pairs = tuple(match_operations(old, new))
    both = tuple((one, other) for one, other in pairs if one and other)
    found.add("api", _api(old, new))
    found.add("server", server_changes(old, new, both))
    found.add("signing", compare_schemes(old, new))
    found.add("token", token_changes(old.token, new.token))
    found.add("security", scheme_changes(old, new))
    found.add("errors", code_changes(old, new))
    schemas = _Schemas(Values(old, new))
    _operations(found, schemas, Requirements(old, new), pairs)
    _webhooks(found, schemas, old, new)
    if isinstance(before, Surface) and isinstance(after, Surface):
        for place, finding in surface_changes(before, after, renamed_calls(both), found.by_severity()):
            found.add(place, [finding])
    why = next(
        (f"{when}: {one.why}" for when, one in (("old", before), ("new", after)) if isinstance(one, Unbuilt)), ""
    )
    return Difference(api=new.name, old=old.version, new=new.version, changes=found.by_severity(), unbuilt=why)


def _operations(found: Changes, schemas: _Schemas, requirements: Requirements, pairs: Matched) -> None:
    for before, after in pairs:
        operation = after or before
        if before and after:
            changes = operation_changes(schemas.values, requirements, before, after)
            _add(found, schemas, call(after), changes, after)
        elif operation:
            kind = "added" if after else "removed"
            sentence = f"the operation is {'new' if after else 'gone'}"
            found.add(call(operation), [Finding(rule=f"operation-{kind}", path="", sentence=sentence)], operation)


def _webhooks(found: Changes, schemas: _Schemas, old: Api, new: Api) -> None:
    for before, after in pair_by(old.webhooks, new.webhooks, call):
        webhook = after or before
        if before and after:
            changes = delivery_changes(schemas.values, "", before, after)
            _add(found, schemas, f"webhook {after.path}", changes, after)
        elif webhook:
            found.add(f"webhook {webhook.path}", [came_or_went("webhook", "", after)], webhook)


def _add(found: Changes, schemas: _Schemas, place: str, changes: Found, user: Operation) -> None:
    """The changes of a place, and those of the named schemas that it leads to."""
    own, used = split_findings(changes)
    found.add(place, own, user)
    for pair in schemas.follow(used):
        found.add(f"schema {pair.new}", schemas.compare(pair)[0], user, schemas.position(pair))


class _Schemas:
    """The named schemas, each pair compared once."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._compared: dict[Pair, Compared] = {}

    def position(self, pair: Pair) -> Position:
        """Where the newer schema stands."""
        return self.values.position(pair.new)

    def compare(self, pair: Pair) -> Compared:
        if pair not in self._compared:
            self._compared[pair] = split_findings(self.values.compare_named(pair))
        return self._compared[pair]

    def follow(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """The pairs, and those that their schemas lead to."""
        waiting = list(pairs)
        met = set(waiting)
        while waiting:
            pair = waiting.pop()
            yield pair
            inner = [one for one in self.compare(pair)[1] if one not in met]
            met.update(inner)
            waiting += inner


def split_findings(found: Found) -> Compared:
    all_ = tuple(dict.fromkeys(found))
    return (
        tuple(one for one in all_ if isinstance(one, Finding)),
        tuple(one for one in all_ if isinstance(one, Pair)),
    )


def _api(old: Api, new: Api) -> Iterator[Finding]:
    is_described = any("x-accept" in api.document for api in (old, new))
    if is_described and old.accept != new.accept:  # otherwise it follows from the media types of responses
        yield Finding(rule="accept-changed", path="accept", sentence=f"it is {was(old.accept, new.accept)}")
    yield from description_changes(Where("api", "title"), old.title, new.title)
    yield from description_changes(Where("api"), old.description, new.description)
