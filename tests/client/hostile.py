"""A description whose every text tries to become code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.client.descriptions import describe_paths, json_responses


def hostile(sentinel: Path) -> dict[str, Any]:
    """Were any text of it executed, the sentinel file would appear."""
    code = f"__import__('pathlib').Path({str(sentinel)!r}).touch()"
    marks = '""" \'\'\' \\ \\" {{ 7 * 7 }} {% raw %} */ </script> ${x}'
    evil = f'{marks} {{{code}}}\n{code}\n"""\n{code}\n# \u2028 \x07 end\\'
    name = f'a"b\\{{{code}}}'
    operation = {
        "operationId": f'show"{code}',
        "summary": evil,
        "description": evil,
        "tags": [evil[:60]],
        "parameters": list(_parameters(evil, name)),
        "requestBody": {
            "description": evil,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Evil"}, "example": {evil: evil}}},
        },
        "responses": {
            **json_responses({"$ref": "#/components/schemas/Evil"}),
            "404": {"description": evil, "content": {"application/json": {"schema": {"type": "object"}}}},
        },
    }
    key = {"type": "apiKey", "in": "header", "name": "X-Key", "description": evil, "x-token": {"format": "'''{token}"}}
    return describe_paths(
        {"/things\"/{id}/'\\": {"post": operation}},
        info={"title": evil, "version": evil, "description": evil},
        servers=[{"url": f'https://evil.example/{{x}}"{code}', "variables": {"x": {"default": code}}}],
        tags=[{"name": evil, "description": evil}],
        components={"schemas": _schemas(evil, name, code), "securitySchemes": {"Key": key}},
        security=[{"Key": []}],
    )


def _parameters(evil: str, name: str) -> list[dict[str, Any]]:
    text = {"type": "string", "title": evil, "default": evil, "example": evil}
    word = {"type": "string", "enum": [evil, "a'b"], "description": evil}
    return [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": evil},
        {"name": name, "in": "query", "schema": text, "description": evil, "example": evil},
        {"name": "body", "in": "query", "schema": word, "description": evil},
        *({"name": own, "in": "query", "schema": text, "description": evil} for own in ("to_json", "drop_unset")),
        {"name": 'X-"h', "in": "header", "schema": text, "description": evil},
    ]


def _codes(evil: str, code: str, words: list[str]) -> Iterator[dict[str, Any]]:
    for text in (code, *words):
        if any(char.isalnum() for char in text):
            yield {"code": f"{len(text)} {text}", "status": [404], "meaning": f"x{evil}", "hint": f'"{evil}'}


def _schemas(evil: str, name: str, code: str) -> dict[str, Any]:
    member = {"type": "string", "title": evil, "description": evil, "default": evil, "example": evil, "x-pii": True}
    words = [evil, f'" + {code} + "', "a'b", "===", ""]
    return {
        "Evil": {
            "type": "object",
            "title": f'Evil {code} """',
            "description": evil,
            "example": {evil: evil},
            "required": [name],
            "properties": {
                name: member,
                f"b\n{code}": member,
                "to_dict": member,
                "from_dict": member,
                "class": {"type": "string", "enum": words, "description": evil, "default": "a'b"},
                "datetime": {"type": "string", "format": "date-time", "description": evil},
                "self": {"oneOf": [{"$ref": "#/components/schemas/Evil"}, {"type": "null"}]},
                "field": {"type": "string", "const": evil, "description": evil},
            },
        },
        "Fault": {
            "type": "object",
            "properties": {name: {"type": "string", "x-error-catalogue": list(_codes(evil, code, words))}},
        },
        "Word": {"type": "string", "enum": words, "description": evil},
    }
