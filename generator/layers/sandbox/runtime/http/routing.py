"""Which operation a request is for: literal segments win over placeholders, extra slashes count nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from ..errors import no_such_method, no_such_path
from ..model import Api, Operation

_Places = tuple[tuple[str, int], ...]  # of the path parameters among the segments


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    placeholder: _Node | None = None
    operations: dict[str, tuple[Api, Operation, _Places]] = field(default_factory=dict)

    def reach(self, segment: str) -> _Node:
        if not segment.startswith("{"):
            return self.literals.setdefault(segment, _Node())
        if self.placeholder is None:
            self.placeholder = _Node()
        return self.placeholder


class Router:
    """All paths of all versions as one tree."""

    def __init__(self, apis: Iterable[Api]) -> None:
        self._root = _Node()
        for api in apis:
            for operation in api.operations:
                self._add(api, operation)

    def match(self, method: str, raw_path: bytes) -> tuple[Api, Operation, dict[str, str]]:
        """The operation and its path parameters; a refusal with 404 or 405 where there is none."""
        segments = _segments(raw_path)
        node = self._find(self._root, segments)
        if node is None:
            raise no_such_path()
        if method not in node.operations:
            if method != "HEAD" or "GET" not in node.operations:
                raise no_such_method(_allowed(node.operations))
            method = "GET"  # the server leaves the content out
        api, operation, places = node.operations[method]
        return api, operation, {name: segments[place] for name, place in places}

    def _add(self, api: Api, operation: Operation) -> None:
        node = self._root
        template = [segment for segment in f"{api.base_path}/{operation.path}".split("/") if segment]
        for segment in template:
            node = node.reach(segment)
        places = tuple((name[1:-1], place) for place, name in enumerate(template) if name.startswith("{"))
        node.operations[operation.method] = (api, operation, places)

    def _find(self, node: _Node, segments: list[str]) -> _Node | None:
        if not segments:
            return node if node.operations else None
        first, rest = segments[0], segments[1:]
        found = self._find(node.literals[first], rest) if first in node.literals else None
        if found is None and node.placeholder is not None:
            found = self._find(node.placeholder, rest)
        return found


def _allowed(described: Collection[str]) -> list[str]:
    """The methods of a path: what can be read can be read without its content."""
    return sorted({*described, *(["HEAD"] if "GET" in described else [])})


def _segments(raw_path: bytes) -> list[str]:
    try:
        return [unquote_to_bytes(part).decode() for part in raw_path.split(b"/") if part]
    except UnicodeDecodeError:
        raise no_such_path() from None
