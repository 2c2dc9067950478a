"""JSON data that nobody can change."""

from __future__ import annotations

from types import MappingProxyType

Frozen = object  # JSON data: str, int, float, bool, None, tuple of Frozen, read-only mapping


def freeze(value: object) -> Frozen:
    """The same JSON data, read-only all the way down."""
    if isinstance(value, dict | MappingProxyType):
        return MappingProxyType({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value


def thaw(value: Frozen) -> object:
    """A private copy of frozen JSON data in plain dictionaries and lists."""
    if isinstance(value, dict | MappingProxyType):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return value
