"""One version of the API before and after: everything in it, gathered into changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.diff.change import Change, Difference, Finding
from generator.diff.codes import code_changes
from generator.diff.notes import described
from generator.diff.operations import call, matched, operation_changes
from generator.diff.rules import Severity
from generator.diff.schemas import Values, class_of
from generator.diff.security import Requirements, scheme_changes, signing_changes, token_changes
from generator.diff.texts import shown, was
from generator.diff.where import Found, Pair, Where
from generator.ir import Api, Operation

Compared = tuple[tuple[Finding, ...], tuple[Pair, ...]]


def difference(old: Api, new: Api) -> Difference:
    """All changes from the old state to the new one, the gravest first, each once."""
    found = _Changes(new.name)
    found.add("api", _api(old, new))
    found.add("server", _servers(old, new))
    found.add("signing", signing_changes(old.signing, new.signing))
    found.add("token", token_changes(old.token, new.token))
    found.add("security", scheme_changes(old, new))
    found.add("errors", code_changes(old, new))
    for place, finding in _classes(old, new):
        found.add(place, [finding])
    _operations(found, old, new)
    return Difference(api=new.name, old=old.version, new=new.version, changes=found.sorted())


def gathered(api: str, place: str, findings: Iterable[Finding]) -> tuple[Change, ...]:
    """Findings of one place as changes."""
    found = _Changes(api)
    found.add(place, findings)
    return found.sorted()


class _Changes:
    """Changes as they are found; one that several operations share is kept once, with all of them."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._found: dict[tuple[str, Finding], dict[str, Operation]] = {}

    def add(self, place: str, findings: Iterable[Finding], operation: Operation | None = None) -> None:
        for finding in findings:
            users = self._found.setdefault((place, finding), {})
            if operation:
                users[call(operation)] = operation

    def sorted(self) -> tuple[Change, ...]:
        order = tuple(Severity)
        changes = (self._change(place, finding, users) for (place, finding), users in self._found.items())
        return tuple(sorted(changes, key=lambda change: order.index(change.severity)))

    def _change(self, place: str, finding: Finding, users: dict[str, Operation]) -> Change:
        first = next(iter(users.values()), None)
        return Change(
            api=self._api,
            place=place,
            path=finding.path,
            rule=finding.rule,
            sentence=finding.sentence,
            file=first.file if first else "",
            line=first.line if first else 0,
            operations=tuple(users),
        )


def _operations(found: _Changes, old: Api, new: Api) -> None:
    schemas = _Schemas(Values(old, new))
    requirements = Requirements(old, new)
    for before, after in matched(old, new):
        operation = after or before
        if before and after:
            own, used = _parted(operation_changes(schemas.values, requirements, before, after))
            found.add(call(after), own, after)
            for pair in schemas.reached(used):
                found.add(f"schema {pair.new}", schemas.compared(pair)[0], after)
        elif operation:
            kind = "added" if after else "removed"
            sentence = f"the operation is {'new' if after else 'gone'}"
            found.add(call(operation), [Finding(rule=f"operation-{kind}", path="", sentence=sentence)], operation)


class _Schemas:
    """The named schemas, each pair compared once."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._compared: dict[Pair, Compared] = {}

    def compared(self, pair: Pair) -> Compared:
        if pair not in self._compared:
            self._compared[pair] = _parted(self.values.named(pair))
        return self._compared[pair]

    def reached(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """The pairs, and those that their schemas lead to."""
        waiting = list(pairs)
        met = set(waiting)
        while waiting:
            pair = waiting.pop()
            yield pair
            inner = [one for one in self.compared(pair)[1] if one not in met]
            met.update(inner)
            waiting += inner


def _parted(found: Found) -> Compared:
    all_ = tuple(dict.fromkeys(found))
    return (
        tuple(one for one in all_ if isinstance(one, Finding)),
        tuple(one for one in all_ if isinstance(one, Pair)),
    )


def _api(old: Api, new: Api) -> Iterator[Finding]:
    if old.accept != new.accept:
        yield Finding(rule="accept-changed", path="accept", sentence=f"it is {was(old.accept, new.accept)}")
    if old.base_path != new.base_path:
        sentence = f"it is {was(old.base_path, new.base_path)}"
        yield Finding(rule="base-path-changed", path="base path", sentence=sentence)
    yield from described(Where("api", "title"), old.title, new.title)
    yield from described(Where("api"), old.description, new.description)


def _servers(old: Api, new: Api) -> Iterator[Finding]:
    before, after = ({server.url: server.description for server in api.servers} for api in (old, new))
    for kind, urls, others in (("removed", before, after), ("added", after, before)):
        for url in urls:
            if url not in others:
                yield Finding(rule=f"server-{kind}", path=url, sentence=f"the server is {kind}")
    for url in after:
        yield from described(Where("server", url), before.get(url, after[url]), after[url])
    if list(before) != list(after) and before.keys() == after.keys():
        yield Finding(rule="server-order-changed", path="", sentence=f"the first server is {shown(next(iter(after)))}")


def _classes(old: Api, new: Api) -> Iterator[tuple[str, Finding]]:
    before, after = ({class_of(schema): schema.name for schema in api.schemas} for api in (old, new))
    for kind, names, others in (("removed", before, after), ("added", after, before)):
        for class_, schema in names.items():
            if class_ and class_ not in others:
                sentence = f"the client's class {class_} is {'gone' if kind == 'removed' else 'new'}"
                yield f"schema {schema}", Finding(rule=f"schema-{kind}", path="", sentence=sentence)
