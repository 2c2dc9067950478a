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
    return content, binary


def chosen(media_types: Iterable[str]) -> str:
    """The media type that is used of those that are there: the first JSON, or the first."""
    first, *others = media_types
    return next(filter(_is_json, (first, *others)), first)


def _holders(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every request body and response."""
    components = content.get("components", {})
    yield from components.get("requestBodies", {}).values()
    yield from components.get("responses", {}).values()
    for item in content.get("paths", {}).values():
        for operation in (item[method] for method in _METHODS if method in item):
            yield operation.get("requestBody", {})
            yield from operation.get("responses", {}).values()


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
