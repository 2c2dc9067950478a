"""What a run reached of the description: operations, statuses, parameters, enumerated values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from requests import PreparedRequest

from procwise_conformance.description import Schema

from ..api import Api, Operation
from ..http.wire import parse_request
from ..plan import Plan
from ..results import Reached


class Coverage:
    """Counts, request by request; what other processes counted can be added."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._statuses: dict[str, Counter[str]] = {}
        self._answers: dict[str, dict[str, Counter[str]]] = {}
        self._enum_values = {o.id: _enum_values(o) for o in api.operations}

    def note(self, request: PreparedRequest, status: int) -> None:
        """Count a request that got a response."""
        parts = parse_request(request, self._api)
        if parts.operation is None:
            return
        known = self._enum_values[parts.operation.id]
        values = {**parts.body, **parts.query, **parts.path}
        self._statuses.setdefault(parts.operation.id, Counter())[str(status)] += 1
        held = [name for name in (*values, *parts.files) if name in known]
        several = ((name, value) for name in known for value in _as_texts(values.get(name)))
        held += [f"{name}={value}" for name, value in several if value in known[name]]
        responses = self._answers.setdefault(parts.operation.id, {})
        for word in held:
            responses.setdefault(word, Counter())[str(status)] += 1

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

    @property
    def exercised(self) -> frozenset[str]:
        """The ids of the operations that ever succeeded."""
        return frozenset(id_ for id_, counter in self._statuses.items() if any(map(_is_success, counter)))

    def summarize(self, plan: Plan, operations: tuple[Operation, ...]) -> Iterator[Reached]:
        """What was reached of these operations, in their order."""
        succeeded = self.exercised
        for operation in operations:
            counter = self._statuses.get(operation.id, Counter())
            known = self._enum_values[operation.id]
            values = {f"{name}={value}" for name, options in known.items() for value in options}
            responses = self._answers.get(operation.id, {})
            exercised = operation.id in succeeded
            yield Reached(
                operation=operation.label,
                exercised=exercised,
                why="" if exercised else _why(counter),
                requests=sum(counter.values()),
                statuses=dict(sorted(counter.items())),
                unanswered=tuple(status for status in operation.statuses if str(status) not in counter),
                parameters=len(known),
                unsent=_never_accepted(known, responses),
                values=len(values),
                untried=_never_accepted(values, responses),
                needs="" if exercised else plan.find_options(operation, succeeded),
            )


def _is_success(status: str) -> bool:
    return status.startswith("2")


def _never_accepted(words: Iterable[str], responses: Mapping[str, Counter[str]]) -> dict[str, str]:
    """The names, or names with values, that only rejected requests had, and with which statuses."""
    counters = {word: responses.get(word, Counter()) for word in sorted(words)}
    return {
        word: _error_counts(counter) or "never sent"
        for word, counter in counters.items()
        if min(counter, default="400") >= "400"
    }


def _why(counter: Counter[str]) -> str:
    return f"every request was {_error_counts(counter)}" if counter else "no request was sent"


def _error_counts(counter: Counter[str]) -> str:
    counts = ", ".join(f"{status} ({count})" for status, count in counter.most_common())
    return f"refused: {counts}" if counts else ""


def _as_texts(value: object) -> list[object]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _enum_values(operation: Operation) -> dict[str, frozenset[str]]:
    """The names of an operation's parameters and body members, with their enumerated values."""
    sent = (*operation.in_("path"), *operation.in_("query"))
    known = {parameter.name: frozenset(_options(parameter.schema)) for parameter in sent}
    for content in operation.body.contents if operation.body is not None else ():
        known.update(_members(content.schema))
    return known


def _members(schema: Schema) -> Iterator[tuple[str, frozenset[str]]]:
    schema = schema.resolve()
    yield from ((member.name, frozenset(_options(member.schema))) for member in schema.properties)
    for variant in schema.variants:
        yield from _members(variant)


def _options(schema: Schema) -> Iterator[str]:
    schema = schema.resolve()
    yield from (str(value) for value in schema.enum if value is not None)
    for part in (*schema.variants, *((schema.items,) if schema.items is not None else ())):
        yield from _options(part)
