"""Rules about the components of the root file: those of other files are in the bundle because they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.errors import SpecError
from generator.lint.description import Description
from generator.lint.rule import Rule
from generator.load import WEBHOOKS


def _check_unused(description: Description) -> Iterator[SpecError]:
    used = set(_references(description.document.content)) | _schemes(description)
    components = description.root.get("components")
    for kind, entries in components.members() if components is not None else ():
        for name, node in entries.members():
            if (kind, name) not in used:
                yield node.fault(f"{kind}: {name} is used by nothing", "refer to it, or remove it")


def _references(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        parts = str(value.get("$ref", "")).split("/")
        if parts[:2] == ["#", "components"]:
            yield parts[2], parts[3]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(item)


def _schemes(description: Description) -> set[tuple[str, str]]:
    places = (description.root, *(operation.node for operation in description.operations))
    named = [name for place in places for requirement in place.each("security") for name, _ in requirement.members()]
    content = description.document.content
    items = [item for key in WEBHOOKS for item in _members(content, key)]
    items += [*_members(content, "components", "pathItems")]
    items += [item for path in _members(content, "paths") for item in _callbacks_in(path)]
    return {("securitySchemes", name) for name in (*named, *_schemes_of(items))}


def _schemes_of(items: Iterable[object]) -> Iterator[str]:
    """The security schemes of what the API sends by itself: of webhooks, and of callbacks in them."""
    for item in items:
        for operation in item.values() if isinstance(item, dict) else ():
            for requirement in operation.get("security", ()) if isinstance(operation, dict) else ():
                yield from requirement
        yield from _schemes_of(_callbacks_in(item))


def _callbacks_in(item: object) -> Iterator[object]:
    for operation in item.values() if isinstance(item, dict) else ():
        for callback in _members(operation, "callbacks"):
            yield from callback.values() if isinstance(callback, dict) else ()


def _members(value: object, *names: str) -> Iterator[object]:
    """The values of an object that lies below these names, if there is one."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    yield from value.values() if isinstance(value, dict) else ()


RULES = (Rule(name="unused-component", asks="every component of the root file is used", check=_check_unused),)
