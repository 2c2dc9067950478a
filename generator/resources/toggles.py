"""Operations that switch one flag of an object, as `POST /exams/{id}/archive` does with `archived`."""

from __future__ import annotations

from collections.abc import Iterator

from generator.ir import Operation, Property

_OPPOSITES = {"un": "", "de": "", "dis": "", "disable": "enable"}


def toggle(operation: Operation, members: tuple[Property, ...]) -> tuple[str, bool]:
    """The flag that the operation switches, and whether it clears it; no name if it is no toggle."""
    *above, verb = operation.path.split("/")
    on_item = bool(above) and above[-1] == f"{{{operation.item}}}"
    if not on_item or operation.method == "GET" or operation.settings:
        return "", False
    flags = {member.name for member in members if member.schema.resolve().types == ("boolean",)}
    for word, opposite in _words(verb):
        if flag := next((name for name in _participles(word) if name in flags), ""):
            return flag, opposite != (operation.method == "DELETE")
    return "", False


def _words(verb: str) -> Iterator[tuple[str, bool]]:
    """The verb itself, and the one that it is the opposite of."""
    yield verb, False
    for prefix, instead in _OPPOSITES.items():
        if verb.startswith(prefix):
            yield instead + verb.removeprefix(prefix), True


def _participles(verb: str) -> Iterator[str]:
    for name in (verb, f"{verb}d", f"{verb}ed", f"{verb}{verb[-1:]}ed"):
        yield from (name, f"is_{name}")
