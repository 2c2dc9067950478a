"""The bundled document as openapi-python-client can read it: one media type for each body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from openapi_python_client.strings import snake_case

from generator.ir import Api, thaw
from generator.names import distinct, is_binary, is_json

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def document(api: Api) -> tuple[dict[str, Any], set[str]]:
    """A private copy of the document, and the media types in it that are files."""
    content: Any = thaw(api.document)
    _inline_responses(content)
    binary: set[str] = set()
    for holder in _holders(content):
        media = holder.get("content")
        if media:
            media_type = choose_media_type(media)
            holder["content"] = {media_type: media[media_type]}
            if not _is_known(media_type):
                binary.add(media_type)
    for body in _bodies(content):
        body["required"] = True  # the facade always passes a body, even an empty one
    for part in ("paths", "components"):
        for value in _mappings(content.get(part)):
            _untitle(value)
            _name_members(value)
            _write_as_text(value)
            _write_as_file(value)
    return content, binary


def _inline_responses(content: dict[str, Any]) -> None:
    """A response that only refers to another one becomes a copy of it; lowering checked that it exists."""
    responses = content.get("components", {}).get("responses", {})
    for name in responses:
        while "$ref" in responses[name]:
            responses[name] = responses[responses[name]["$ref"].rpartition("/")[2]]


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _mappings(inner)


def _untitle(value: dict[str, Any]) -> None:
    """Drop the title of a schema: the names of classes come from the names of components alone."""
    if isinstance(value.get("title"), str):
        del value["title"]


def _write_as_text(value: dict[str, Any]) -> None:
    """A parameter that is described by its content is text of that media type."""
    if isinstance(value.get("content"), dict) and isinstance(value.get("name"), str) and "in" in value:
        del value["content"]
        value["schema"] = {"type": "string"}


def _write_as_file(value: dict[str, Any]) -> None:
    """Bytes as OpenAPI 3.0 describes them, where 3.1 names their media type."""
    media_type = value.get("contentMediaType")
    is_text = "contentEncoding" in value or value.get("type", "string") != "string"
    if isinstance(media_type, str) and is_binary(media_type) and not is_text:
        value["type"] = "string"
        value.setdefault("format", "binary")


def _name_members(value: dict[str, Any]) -> None:
    """Values of an enum that would get one name, such as `a-b` and `A_B`, get names of their own."""
    listed = value.get("enum")
    texts = [one for one in listed if one is not None] if isinstance(listed, list) else []
    if not all(isinstance(text, str) for text in texts):
        return
    named = (text if text[:1].isalpha() else f"VALUE_{index}" for index, text in enumerate(texts))
    names = [snake_case(name.upper()).upper() for name in named]
    if len(set(names)) < len(names):
        value["x-enum-varnames"] = list(distinct(names))


def choose_media_type(media_types: Iterable[str]) -> str:
    """The media type to use: the first JSON one, or the first of all."""
    first, *others = media_types
    return next(filter(is_json, (first, *others)), first)


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


def is_multipart(media_type: str) -> bool:
    """Whether a body of that type is a form with files."""
    return media_type.startswith("multipart/form-data")


def _is_known(media_type: str) -> bool:
    return is_json(media_type) or media_type.startswith(
        ("text/", "multipart/form-data", "application/x-www-form-urlencoded", "application/octet-stream")
    )
