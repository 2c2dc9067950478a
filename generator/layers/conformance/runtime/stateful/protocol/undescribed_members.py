"""Members of responses that nobody described; louder, if the name or the value looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...api import Api, Json, load_document
from ...results import MUST, Result
from ..check_run import Exchange, Verdicts
from ..checks.responses import LEAK, UNDESCRIBED
from ..response_schemas import choose_schema, find_reference, find_schemas

_SECRET = re.compile(r"secret|passw|token|api_?key|private_?key|salt|hash|credential|session_?id", re.IGNORECASE)
_COMBINED = ("allOf", "oneOf", "anyOf")
_DEEPEST = 8
_SHORTEST_SECRET = 8
Found = tuple[str, str, Json]  # the place of the object, the name of the member, its value


def check_members(run: Verdicts, exchange: Exchange) -> Iterator[Result]:
    """Check the members of a response against its schema."""
    schemas = find_schemas(run.api, exchange.operation, exchange.status)
    schema = choose_schema(schemas, exchange.response.media_type)
    if not isinstance(schema, dict) or exchange.response.json is None:
        return
    found = list(find_undescribed(run.api, schema, exchange.response.json))
    places = sorted({f"{place}/{name}" for place, name, _ in found})
    observed = f"{', '.join(places)}, which nobody described"
    yield from run.verdict(UNDESCRIBED, exchange, not found, "the described members", observed=observed)
    own = {text for user in run.plan.users for text in (user.token, user.secret_key)}
    shown = [
        f"{place}/{name}" for place, name, value in found if str(value) in own and len(str(value)) > _SHORTEST_SECRET
    ]
    named = [
        f"{place}/{name}" for place, name, value in found if _SECRET.search(name) and value not in (None, "", False)
    ]
    if shown:
        check = replace(LEAK, level=MUST)
        yield from run.verdict(check, exchange, False, "no secret", observed=f"{', '.join(shown)} is a credential")
        return
    observed = f"{', '.join(sorted(set(named)))}, which nobody described"
    yield from run.verdict(LEAK, exchange, not named, "no member that is called like a secret", observed=observed)


def find_undescribed(api: Api, schema: Any, value: Json, place: str = "", depth: int = 0) -> Iterator[Found]:
    """Each member that no schema of its object has; objects without described members may have any."""
    if depth > _DEEPEST:
        return
    nodes = list(_resolve(api, schema))
    if isinstance(value, list):
        items = [node["items"] for node in nodes if isinstance(node.get("items"), dict)]
        for item in value[:3] if items else ():
            yield from find_undescribed(api, {"anyOf": items}, item, f"{place}/*", depth + 1)
    if isinstance(value, Mapping):
        members: dict[str, list[Any]] = {}
        for node in nodes:
            for name, member in node.get("properties", {}).items():
                members.setdefault(name, []).append(member)
        is_map = any(
            isinstance(node.get("additionalProperties"), dict) or "patternProperties" in node for node in nodes
        )
        for name, inner in value.items() if members else ():
            if name in members:
                yield from find_undescribed(api, {"anyOf": members[name]}, inner, f"{place}/{name}", depth + 1)
            elif not is_map:
                yield place, name, inner


def _resolve(api: Api, schema: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The schema and all that it is combined of, references followed."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    if "$ref" in schema:
        yield from _resolve(api, find_reference(load_document(api.name), schema["$ref"]), depth + 1)
    yield schema
    for word in _COMBINED:
        for one in schema.get(word, ()):
            yield from _resolve(api, one, depth + 1)
