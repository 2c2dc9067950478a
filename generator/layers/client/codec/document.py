"""The bundled document as openapi-python-client can take it: one media type for each body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.ir import Api, thaw

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def document(api: Api) -> tuple[dict[str, Any], set[str]]:
    """A private copy of the document, and the media types in it that are files."""
    content: Any = thaw(api.document)
    binary: set[str] = set()
    for holder in _holders(content):
        media = holder.get("content")
        if media:
            media_type = chosen(media)
            holder["content"] = {media_type: media[media_type]}
            if not _is_known(media_type):
                binary.add(media_type)
    for body in _bodies(content):
        body["required"] = True  # the facade always passes one, if an empty one
    for part in ("paths", "components"):
        _untitle(content.get(part))
    return content, binary


def _untitle(value: Any) -> None:
    """Drop the titles of schemas: the names of classes come from the names of components alone."""
    if isinstance(value, dict) and isinstance(value.get("title"), str):
        del value["title"]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _untitle(inner)


def chosen(media_types: Iterable[str]) -> str:
    """The media type that is used of those that are there: the first JSON, or the first."""
    first, *others = media_types
    return next(filter(_is_json, (first, *others)), first)


def _holders(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every request body and response."""
    yield from _bodies(content)
    yield from content.get("components", {}).get("responses", {}).values()
    for operation in _operations(content):
        yield from operation.get("responses", {}).values()


def _bodies(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from content.get("components", {}).get("requestBodies", {}).values()
    yield from (operation["requestBody"] for operation in _operations(content) if "requestBody" in operation)


def _operations(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in content.get("paths", {}).values():
        yield from (item[method] for method in _METHODS if method in item)


def _is_json(media_type: str) -> bool:
    plain = media_type.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json")


def is_multipart(media_type: str) -> bool:
    """Whether a body of that type is a form with files."""
    return media_type.startswith("multipart/form-data")


def _is_known(media_type: str) -> bool:
    return _is_json(media_type) or media_type.startswith(
        ("text/", "multipart/form-data", "application/x-www-form-urlencoded", "application/octet-stream")
    )
