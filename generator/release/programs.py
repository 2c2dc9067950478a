"""Code for a migration page: what a program, a request or the description was before a change, and is after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import yaml

from generator.diff import Difference, Group, State, Unbuilt
from generator.diff.calls.operations import call, match_operations
from generator.diff.python.surface import Class, Surface
from generator.ir import Api, Operation, Project, thaw
from generator.layers.docs.calls import python
from generator.layers.docs.page_paths import Place, places, successor_place
from generator.layers.docs.prose import one_line
from generator.layers.docs.samples import Block as Program, http, sample
from generator.load import WEBHOOKS
from generator.lower import connect
from generator.release.reading import describe_change
from generator.reports.wording import where

__all__ = ["Program", "Programs"]

_SHOWN = 8  # classes in one piece of code
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "signing": ("components", "securitySchemes"),
    "token": ("components", "securitySchemes"),
    "security": ("components", "securitySchemes"),
    "server": ("servers",),
    "api": ("x-accept",),
}


class _Side:
    """One state of one version of the API."""

    def __init__(self, state: State, name: str) -> None:
        self.surface = state.surfaces.get(name)
        named = not isinstance(self.surface, Unbuilt)
        self.project = _connect(state.project) if named else state.project
        self.api = next(api for api in self.project.apis if api.name == name)
        self.writers: tuple[Callable[[Operation], Program], ...] = (
            (self._python, self._http) if named else (self._http,)
        )

    def _python(self, operation: Operation) -> Program:
        return python(self.project, self.api, operation, sample(self.api, operation))

    def _http(self, operation: Operation) -> Program:
        return http(self.api, operation, sample(self.api, operation))


class Programs:
    """The code of one version of the API, before and after; one that is gone or new has one side alone."""

    def __init__(self, old: State, new: State, difference: Difference) -> None:
        names = [api.name for api in old.project.apis]
        before = names[0] if difference.api not in names and len(names) == 1 else difference.api
        self._old = _Side(old, before) if difference.old else None
        self._new = _Side(new, difference.api) if difference.new else None
        self._calls: dict[str, tuple[Operation | None, Operation | None]] = {}
        if self._old and self._new:
            for one, other in match_operations(self._old.api, self._new.api):
                if shown := other or one:
                    self._calls[call(shown)] = (one, other)

    def place(self, group: Group) -> str:
        """Where the code is: the operation that is met first, or what the change is about."""
        return next((one for one in group.operations if one in self._calls), group.spots[0].place)

    def pair(self, place: str, groups: list[Group]) -> tuple[Program, Program]:
        """The code before and after, which differ."""
        if self._old is None or self._new is None:
            return Program("text", "This version of the API was there."), Program("text", "It is gone.")
        if place in self._calls:
            return self._operation(self._old, self._new, self._calls[place], groups)
        if place == "client" or place.startswith("class "):
            found = self._classes(place, groups)
        else:
            found = _sections(self._old.api, self._new.api, place)
        return found if found[0] != found[1] else _describe(groups)

    def _operation(
        self, old: _Side, new: _Side, pair: tuple[Operation | None, Operation | None], groups: list[Group]
    ) -> tuple[Program, Program]:
        before, after = pair
        if before is None or after is None:
            return self._write(old, before), self._write(new, after) if after else self._successor(old, new, before)
        written = [(one(before), other(after)) for one, other in zip(old.writers, new.writers, strict=False)]
        if different := [both for both in written if both[0] != both[1]]:
            return different[0]
        said = [describe_change(part, after) for group in groups for part in group.parts]
        return (_append(written[0][0], [one for one, _ in said]), _append(written[0][1], [other for _, other in said]))

    def _write(self, side: _Side, operation: Operation | None) -> Program:
        return side.writers[0](operation) if operation else Program("text", "There was no such operation.")

    def _successor(self, old: _Side, new: _Side, gone: Operation | None) -> Program:
        """What takes the place of an operation that is gone, as far as the description says it."""
        if gone is None:
            return Program("text", "There is no such operation.")
        other = successor_place(places(new.project), Place(api=old.api, operation=gone, path=""))
        if other is not None:
            return python(new.project, other.api, other.operation, sample(other.api, other.operation))
        word, _, reason = gone.replaced_by.partition(":")
        said = one_line(reason) if word == "none" and reason else "the description names no successor"
        return Program("python", f"# {call(gone)} is gone; {said}")

    def _classes(self, place: str, groups: list[Group]) -> tuple[Program, Program]:
        """The classes of the client that are named, before; the same and those that are new, after."""
        old, new = (side.surface for side in (self._old, self._new) if side)
        if not isinstance(old, Surface) or not isinstance(new, Surface):
            return Program("text", ""), Program("text", "")
        names = {place.removeprefix("class "), *(item for group in groups for item in group.items)}
        known = {one.name for one in old.classes}
        before = [one for one in old.classes if one.name in names]
        after = [one for one in new.classes if one.name in names or one.name not in known]
        return _stubs(before, dict(old.errors), groups), _stubs(after, dict(new.errors), groups)


def _connect(project: Project) -> Project:
    return replace(project, apis=tuple(map(connect, project.apis)))


def _append(program: Program, lines: list[str]) -> Program:
    indent = "    " if program.language == "python" else ""
    return Program(program.language, "\n".join([program.text, *(f"{indent}{line}" for line in lines if line)]))


def _sections(old: Api, new: Api, place: str) -> tuple[Program, Program]:
    """What differs in a part of the description, as it is written."""
    webhook = place.removeprefix("webhook ")
    paths = [(key, webhook) for key in WEBHOOKS] if webhook != place else [_SECTIONS.get(place, ())]
    if not paths[0]:
        return _yaml({}), _yaml({})
    before, after = ({paths[0][-1]: _find_first(thaw(api.document), paths)} for api in (old, new))
    return _yaml(_drop_equal(before, after)), _yaml(_drop_equal(after, before))


def _find_first(value: object, paths: Iterable[tuple[str, ...]]) -> object:
    return next((found for path in paths if (found := _look_up(value, path)) is not None), None)


def _look_up(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _drop_equal(value: object, other: object) -> object:
    """A value without the members that the other one has too."""
    if not isinstance(value, dict) or not isinstance(other, dict):
        return value
    return {
        key: _drop_equal(one, other.get(key)) for key, one in value.items() if one is not None and one != other.get(key)
    }


def _yaml(value: object) -> Program:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100) if value else "# not there"
    return Program("yaml", text.rstrip("\n"))


def _stubs(classes: list[Class], errors: Mapping[str, str], groups: list[Group]) -> Program:
    statuses = [spot.path for group in groups for spot in group.spots]
    caught = [f"except {errors[status]}: ...  # {status}" for status in statuses if status in errors]
    stubs = ["\n".join(_stub(one)) for one in classes[:_SHOWN]]
    more = [f"# and {len(classes) - _SHOWN} more"] if len(classes) > _SHOWN else []
    return Program("python", "\n\n\n".join([*stubs, *caught, *more]) or "# gone")


def _stub(one: Class) -> Iterator[str]:
    yield f"class {one.name}:"
    for attribute in one.attributes:
        types = " | ".join(sorted(attribute.types))
        yield f"    {attribute.name}: {types}" if types else f"    {attribute.name} = {attribute.wire!r}"
    if not one.attributes:
        yield "    ..."


def _describe(groups: list[Group]) -> tuple[Program, Program]:
    """The changes in words, where no code shows them."""
    parts = [part for group in groups for part in group.parts]
    places = "\n".join(where(part.spots[0]) for part in parts)
    after = "\n".join(f"{where(part.spots[0])}: {part.sentence}" for part in parts)
    return Program("text", f"{places}: as it was"), Program("text", after)
