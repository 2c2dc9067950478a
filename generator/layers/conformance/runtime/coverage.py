"""What a run reached of the description: operations, statuses, parameters, enumerated values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from requests import PreparedRequest

from .description import Api, Operation
from .wire import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One operation: how often each status came, and what was never sent.

    `exercised` says whether it ever succeeded: what never did has only been refused, and `why` tells how.
    `parameters` and `values` are how many the description names; `unsent` and `untried` those that stayed out.
    """

    operation: str
    exercised: bool
    why: str
    requests: int
    statuses: Mapping[str, int]
    unanswered: tuple[int, ...]
    parameters: int
    unsent: tuple[str, ...]
    values: int
    untried: tuple[str, ...]


class Coverage:
    """Counts, request by request; what other processes counted can be added."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._statuses: dict[str, Counter[str]] = {}
        self._sent: dict[str, set[str]] = {}
        self._tried: dict[str, set[str]] = {}
        self._enumerated = {o.id: _enumerated(api, o) for o in api.operations}

    def seen(self, request: PreparedRequest, status: int) -> None:
        """Note a request that was answered."""
        parts = read(request, self._api)
        if parts.operation is None:
            return
        known = self._enumerated[parts.operation.id]
        values = {**parts.body, **parts.query, **parts.path}
        self._statuses.setdefault(parts.operation.id, Counter())[str(status)] += 1
        if status < 400:
            self._sent.setdefault(parts.operation.id, set()).update(name for name in values if name in known)
            several = ((name, value) for name in known for value in _several(values.get(name)))
            tried = {f"{name}={value}" for name, value in several if value in known[name]}
            self._tried.setdefault(parts.operation.id, set()).update(tried)

    def as_data(self) -> dict[str, Any]:
        """The counts as JSON data."""
        return {
            "statuses": {name: dict(counter) for name, counter in self._statuses.items()},
            "sent": {name: sorted(names) for name, names in self._sent.items()},
            "tried": {name: sorted(values) for name, values in self._tried.items()},
        }

    def add(self, data: Mapping[str, Any]) -> None:
        """Add what another process counted."""
        for name, counts in data["statuses"].items():
            self._statuses.setdefault(name, Counter()).update(counts)
        for word, mine in (("sent", self._sent), ("tried", self._tried)):
            for name, texts in data[word].items():
                mine.setdefault(name, set()).update(texts)

    def reached(self, operations: tuple[Operation, ...]) -> Iterator[Reached]:
        """What was reached of these operations, in their order."""
        for operation in operations:
            counter = self._statuses.get(operation.id, Counter())
            known = self._enumerated[operation.id]
            values = {f"{name}={value}" for name, options in known.items() for value in options}
            exercised = any(status.startswith("2") for status in counter)
            yield Reached(
                operation=operation.label,
                exercised=exercised,
                why="" if exercised else _why(counter),
                requests=sum(counter.values()),
                statuses=dict(sorted(counter.items())),
                unanswered=tuple(status for status in operation.statuses if str(status) not in counter),
                parameters=len(known),
                unsent=tuple(sorted(set(known) - self._sent.get(operation.id, set()))),
                values=len(values),
                untried=tuple(sorted(values - self._tried.get(operation.id, set()))),
            )


def _why(counter: Counter[str]) -> str:
    if not counter:
        return "no request was sent"
    told = ", ".join(f"{status} ({count})" for status, count in counter.most_common())
    return f"every request was refused: {told}"


def _several(value: object) -> list[object]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _enumerated(api: Api, operation: Operation) -> dict[str, frozenset[str]]:
    """The names of an operation's parameters and body members, with their enumerated values."""
    definitions: Any = api.document
    item = definitions["paths"][operation.path]
    told = item[operation.method.lower()]
    listed = [_resolved(definitions, p) for p in (*item.get("parameters", ()), *told.get("parameters", ()))]
    known = {p["name"]: _options(definitions, p.get("schema", {})) for p in listed if p["in"] in ("path", "query")}
    for content in _resolved(definitions, told.get("requestBody", {})).get("content", {}).values():
        known.update(_members(definitions, content.get("schema", {})))
    return known


def _members(document: Any, schema: Any) -> dict[str, frozenset[str]]:
    schema = _resolved(document, schema)
    found = {name: _options(document, inner) for name, inner in schema.get("properties", {}).items()}
    for part in _parts(schema):
        found.update(_members(document, part))
    return found


def _options(document: Any, schema: Any) -> frozenset[str]:
    schema = _resolved(document, schema)
    options = {str(value) for value in schema.get("enum", ()) if value is not None}
    for part in (*_parts(schema), *([schema["items"]] if "items" in schema else ())):
        options |= _options(document, part)
    return frozenset(options)


def _parts(schema: Any) -> list[Any]:
    return [part for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, ())]


def _resolved(document: Any, node: Any) -> Any:
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node
