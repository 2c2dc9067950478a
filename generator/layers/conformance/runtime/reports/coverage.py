"""What a run reached of the description: operations, statuses, parameters, enumerated values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from requests import PreparedRequest

from ..description import Api, Operation
from ..http.wire import read
from ..results import Reached


class Coverage:
    """Counts, request by request; what other processes counted can be added."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._statuses: dict[str, Counter[str]] = {}
        self._answers: dict[str, dict[str, Counter[str]]] = {}
        self._enumerated = {o.id: _enumerated(api, o) for o in api.operations}

    def seen(self, request: PreparedRequest, status: int) -> None:
        """Note a request that was answered."""
        parts = read(request, self._api)
        if parts.operation is None:
            return
        known = self._enumerated[parts.operation.id]
        values = {**parts.body, **parts.query, **parts.path}
        self._statuses.setdefault(parts.operation.id, Counter())[str(status)] += 1
        held = [name for name in (*values, *parts.files) if name in known]
        several = ((name, value) for name in known for value in _several(values.get(name)))
        held += [f"{name}={value}" for name, value in several if value in known[name]]
        answers = self._answers.setdefault(parts.operation.id, {})
        for word in held:
            answers.setdefault(word, Counter())[str(status)] += 1

    def as_data(self) -> dict[str, Any]:
        """The counts as JSON data."""
        return {
            "statuses": {name: dict(counter) for name, counter in self._statuses.items()},
            "answers": {
                name: {word: dict(counter) for word, counter in words.items()} for name, words in self._answers.items()
            },
        }

    def add(self, data: Mapping[str, Any]) -> None:
        """Add what another process counted."""
        for name, counts in data["statuses"].items():
            self._statuses.setdefault(name, Counter()).update(counts)
        for name, words in data["answers"].items():
            mine = self._answers.setdefault(name, {})
            for word, counts in words.items():
                mine.setdefault(word, Counter()).update(counts)

    def reached(self, operations: tuple[Operation, ...]) -> Iterator[Reached]:
        """What was reached of these operations, in their order."""
        for operation in operations:
            counter = self._statuses.get(operation.id, Counter())
            known = self._enumerated[operation.id]
            values = {f"{name}={value}" for name, options in known.items() for value in options}
            answers = self._answers.get(operation.id, {})
            exercised = any(status.startswith("2") for status in counter)
            yield Reached(
                operation=operation.label,
                exercised=exercised,
                why="" if exercised else _why(counter),
                requests=sum(counter.values()),
                statuses=dict(sorted(counter.items())),
                unanswered=tuple(status for status in operation.statuses if str(status) not in counter),
                parameters=len(known),
                unsent=_never_accepted(known, answers),
                values=len(values),
                untried=_never_accepted(values, answers),
            )


def _never_accepted(words: Iterable[str], answers: Mapping[str, Counter[str]]) -> dict[str, str]:
    """The names, or names with values, that only refused requests held, and how they were refused."""
    seen = {word: answers.get(word, Counter()) for word in sorted(words)}
    return {
        word: _refusals(counter) or "never sent"
        for word, counter in seen.items()
        if min(counter, default="400") >= "400"
    }


def _why(counter: Counter[str]) -> str:
    return f"every request was {_refusals(counter)}" if counter else "no request was sent"


def _refusals(counter: Counter[str]) -> str:
    told = ", ".join(f"{status} ({count})" for status, count in counter.most_common())
    return f"refused: {told}" if told else ""


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
