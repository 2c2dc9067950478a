"""The messages about single fields in the body of an error response, in the shapes that servers give them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from .terminal_text import escape_controls

_LONGEST_TEXT = 500
_DEEPEST = 4
_NOTHING = ("", "null", "[]", "{}", "false")
_HOLDERS = ("messages", "fields", "details", "violations", "invalid-params", "invalid_params")
_NAMES = ("field", "name", "parameter", "attribute", "pointer", "property", "propertyPath", "path", "param", "key")
_TEXTS = ("message", "msg", "error", "detail", "description", "reason", "title", "code", "messages", "errors")
_PLACES = ("", "#", "$", "body", "query", "path", "header", "cookie", "data", "attributes")


def find_field_errors(body: object) -> dict[str, list[str]]:
    """The messages by field, from a member such as `errors`, or else from all members that are lists.

    Fields inside others are named with a dot. What is no message is passed over.
    """
    members = body if isinstance(body, Mapping) else {"base": body}
    named = [members.get(name) for name in ("errors", "error")]
    lists = {name: value for name, value in members.items() if isinstance(value, list)}
    others = [members.get(name) for name in _HOLDERS]
    inner = [
        {"errors": place["errors"]} for place in members.values() if isinstance(place, Mapping) and "errors" in place
    ]
    for place in (*named, lists, *others, *inner):
        found: dict[str, list[str]] = {}
        for name, text in _walk(place, "", 0) if isinstance(place, Mapping) else ():
            found.setdefault(escape_controls(name), []).append(escape_controls(text)[:_LONGEST_TEXT])
        if found:
            return found
    return _show_unknown_shape(members.get("errors"))


def _show_unknown_shape(errors: object) -> dict[str, list[str]]:
    """An `errors` in which no message was found, as JSON, so that nothing that the server said is lost."""
    named = errors if isinstance(errors, Mapping) else {"base": errors}
    shown = ((str(name), value if isinstance(value, str) else json.dumps(value)) for name, value in named.items())
    return {
        escape_controls(name): [escape_controls(text)[:_LONGEST_TEXT]]
        for name, text in shown
        if text.strip() not in _NOTHING
    }


def _walk(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from [(name, value)] if value.strip() else []
    elif depth > _DEEPEST:
        return
    elif isinstance(value, Mapping):
        inside = "" if name == "errors" else name
        for key, item in value.items():
            yield from _walk(item, ".".join(filter(None, (inside, _join_steps(str(key))))), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _read_entry(item, name) or _walk(item, name, depth + 1)


def _read_entry(item: object, name: str) -> list[tuple[str, str]]:
    """The field and the messages of an object that holds both; nothing if it is no such object."""
    if not isinstance(item, Mapping):
        return []
    texts = next(filter(None, (_read_texts(item.get(member)) for member in _TEXTS)), [])
    return [(_find_place(item) or name, text) for text in texts]


def _read_texts(value: object) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _find_place(entry: Mapping[str, object]) -> str:
    """The field that `loc` or `source` leads to, or that another member names; empty if there is none."""
    source = entry.get("source")
    places = [source.get("parameter"), source.get("pointer")] if isinstance(source, Mapping) else []
    named = (_join_steps(place) for place in (entry.get("loc"), *places, *(entry.get(name) for name in _NAMES)))
    return next(filter(None, named), "")


def _join_steps(place: object) -> str:
    """The field with dots, from a name, a JSON pointer, a path such as `$.exam.name` or a list of steps."""
    if isinstance(place, str):
        steps: Sequence[object] = place.split("/") if place.startswith(("/", "#/")) else [place.removeprefix("$.")]
    else:
        steps = place if isinstance(place, list) else []
    named = [str(step) for step in steps if isinstance(step, str | int) and str(step).strip()]
    while len(named) > 1 and named[0] in _PLACES:
        del named[0]
    return ".".join(named)
