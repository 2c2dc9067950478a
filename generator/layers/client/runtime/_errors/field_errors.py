"""The messages about single fields in the body of an error response, in the shapes that servers give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .text import escape_controls

_LONGEST_TEXT = 500
_DEEPEST = 4
_NAMES = ("field", "name", "parameter", "attribute", "pointer")
_TEXTS = ("message", "msg", "error", "detail", "description", "reason", "title", "code")
_PLACES = ("body", "query", "path", "header", "cookie", "data", "attributes")


def find_field_errors(body: object) -> dict[str, list[str]]:
    """The messages by field, from the members `errors` or `error`, or else from all members that are lists.

    Fields inside others are named with a dot. What is no message is passed over.
    """
    members = body if isinstance(body, Mapping) else {"base": body}
    named = [place for place in (members.get("errors"), members.get("error")) if isinstance(place, Mapping)]
    lists = {name: value for name, value in members.items() if isinstance(value, list)}
    for place in (*named, lists):
        found: dict[str, list[str]] = {}
        for name, text in _walk(place, "", 0):
            found.setdefault(escape_controls(name), []).append(escape_controls(text)[:_LONGEST_TEXT])
        if found:
            return found
    return {}


def _walk(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from [(name, value)] if value.strip() else []
    elif depth > _DEEPEST:
        return
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _read_entry(item, name) or _walk(item, name, depth + 1)


def _read_entry(item: object, name: str) -> list[tuple[str, str]]:
    """The field and the message of an object that holds both; nothing if it is no such object."""
    if not isinstance(item, Mapping) or not (text := _find_text(item, _TEXTS)):
        return []
    return [(_find_place(item) or _find_text(item, _NAMES) or name, text)]


def _find_place(entry: Mapping[str, object]) -> str:
    """The field to which `loc` lists the steps, or `source` has a JSON pointer; empty if there is neither."""
    source = entry.get("source")
    steps: object = entry.get("loc")
    if isinstance(source, Mapping):
        parameter, pointer = source.get("parameter"), source.get("pointer")
        steps = [parameter] if isinstance(parameter, str) else str(pointer or "").split("/")
    if not isinstance(steps, list):
        return ""
    named = [str(step) for step in steps if isinstance(step, str | int) and str(step).strip()]
    while len(named) > 1 and named[0] in _PLACES:
        del named[0]
    return ".".join(named)


def _find_text(members: Mapping[str, object], names: Iterable[str]) -> str:
    return next((text for name in names if isinstance(text := members.get(name), str) and text.strip()), "")
