"""What a program on our client has to name otherwise, beyond what HTTP already asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from generator.diff.change import Change, Finding
from generator.diff.python.names import name_changes
from generator.diff.python.surface import Argument, Attribute, Class, Method, Surface, Types
from generator.diff.rules import Severity
from generator.ir import Operation

Placed = tuple[str, Finding]
Calls = Mapping[str, str]  # the operations that are still there: as they were called, and as they are


def surface_changes(old: Surface, new: Surface, calls: Calls, reported: Iterable[Change]) -> Iterator[Placed]:
    """The changes with their places; `reported` are those of HTTP, which are not repeated."""
    run = _Comparison(old, new, reported)
    yield from _errors(old, new)
    yield from run.classes()
    yield from run.methods(calls)


def renamed_calls(pairs: Iterable[tuple[Operation, Operation]]) -> dict[str, str]:
    """Method and path of each operation before, and after."""
    return {f"{old.method} {old.path}": f"{new.method} {new.path}" for old, new in pairs}


def _errors(old: Surface, new: Surface) -> Iterator[Placed]:
    after = dict(new.errors)
    for status, name in old.errors:
        if status not in after:
            yield "client", Finding.of("error-class-removed", "", "no response raises", name)
        elif after[status] != name:
            sentence = f"the exception is called {after[status]}, was {name}"
            yield "client", Finding(rule="error-class-renamed", path=status, sentence=sentence)


class _Comparison:
    def __init__(self, old: Surface, new: Surface, reported: Iterable[Change]) -> None:
        self.old = old
        self.new = new
        self._before = {one.name: one for one in old.classes}
        self._after = {one.name: one for one in new.classes}
        broken = [change for change in reported if change.severity is Severity.BREAKING]
        self._breaking = {(change.place, _leaf(change.path)) for change in broken}
        self._values = {change.item.strip('"') for change in broken if change.rule.endswith("enum-value-removed")}
        self._retypings: set[tuple[Types, Types]] = set()
        self._leaves = {leaf for _, leaf in self._breaking}

    def classes(self) -> Iterator[Placed]:
        for kind, some, others in (("removed", self._before, self._after), ("added", self._after, self._before)):
            for name in some:
                if name not in others:
                    sentence = f"classes that are {'gone' if kind == 'removed' else 'new'}:"
                    yield "client", Finding.of(f"client-class-{kind}", "", sentence, name)
        for name, before in self._before.items():
            after = self._after.get(name)
            if after is not None:
                yield from ((f"class {name}", finding) for finding in self._class(before, after))

    def methods(self, calls: Calls) -> Iterator[Placed]:
        after = {one.call: one for one in self.new.methods}
        for before in self.old.methods:
            other = after.get(calls.get(before.call, ""))
            if other is not None:
                yield from ((other.call, finding) for finding in self._method(before, other))

    def _class(self, old: Class, new: Class) -> Iterator[Finding]:
        after = {one.wire: one for one in new.attributes}
        for before in old.attributes:
            other = after.get(before.wire)
            if other is None:
                yield from self._removal(old, before)
            elif other.name != before.name:
                sentence = f"it is called {other.name}, was {before.name}"
                yield Finding(rule="client-attribute-renamed", path=before.name, sentence=sentence)
            elif self._returns_other(before.types, other.types) and before.wire not in self._leaves:
                self._retypings.add((before.types, other.types))
                sentence = f"it is {_words(other.types)}, was {_words(before.types)}"
                yield Finding(rule="client-attribute-retyped", path=before.name, sentence=sentence)

    def _removal(self, owner: Class, attribute: Attribute) -> Iterator[Finding]:
        if owner.kind == "enum":
            if attribute.wire not in self._values:
                yield Finding.of("client-member-removed", "", "members that are gone:", attribute.name)
        elif attribute.wire not in self._leaves:
            yield Finding(rule="client-attribute-renamed", path=attribute.name, sentence="the attribute is gone")

    def _method(self, old: Method, new: Method) -> Iterator[Finding]:
        yield from name_changes(old, new)
        broken = any(place == new.call for place, _ in self._breaking)
        known = broken or (old.result, new.result) in self._retypings
        if not known and (old.kind != new.kind or self._returns_other(old.result, new.result)):
            sentence = f"the method returns {_words(new.result)}, returned {_words(old.result)}"
            yield Finding(rule="client-method-retyped", path="", sentence=sentence)
        after = {one.wire: one for one in new.arguments}
        for argument in old.arguments:
            if not broken or argument.wire in after:
                yield from self._argument(argument, after.get(argument.wire), broken)

    def _argument(self, old: Argument, new: Argument | None, broken: bool) -> Iterator[Finding]:
        if new is None:
            if _leaf(old.wire) not in self._leaves:
                yield Finding(rule="client-argument-renamed", path=old.name, sentence="the argument is gone")
        elif new.name != old.name:
            sentence = f"the argument is {new.name}, was {old.name}"
            yield Finding(rule="client-argument-renamed", path=old.name, sentence=sentence)
        elif not broken and self._takes_less(old.types, new.types) and _leaf(old.wire) not in self._leaves:
            sentence = f"it takes {_words(new.types)}, took {_words(old.types)}"
            yield Finding(rule="client-argument-narrowed", path=old.name, sentence=sentence)

    def _takes_less(self, old: Types, new: Types) -> bool:
        gone = self._before.keys() - self._after.keys()
        return not all(_takes(new, one) for one in old if not _mentions({one}, gone))

    def _returns_other(self, old: Types, new: Types) -> bool:
        """Whether a program that reads a value of the old type may meet one of another type."""
        gone = self._before.keys() - self._after.keys()
        others = [one for one in new if not (_mentions(old, gone) and _mentions({one}, self._after.keys()))]
        return not all(_takes(old, one) for one in others)


def _takes(types: Types, one: str) -> bool:
    """Whether a type is one of these, or a part of one."""
    wider = "str" if one.startswith("'") else "float" if one == "int" else one
    return bool({one, wider, "object", "Any"} & types) or (one.lstrip("-").isdecimal() and "int" in types)


def _mentions(types: Iterable[str], classes: Collection[str]) -> bool:
    """Whether a class stands in one of the types, also inside a list."""
    words = ("".join(char if char.isalnum() or char == "_" else " " for char in one) for one in types)
    return any(word in classes for one in words for word in one.split())


def _leaf(path: str) -> str:
    return path.replace("[]", "").replace("{}", "").rpartition(" ")[2].rpartition(".")[2]


def _words(types: Types) -> str:
    return " or ".join(sorted(types)) or "nothing"
