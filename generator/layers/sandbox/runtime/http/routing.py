"""Finds the operation of a request: literal segments win over placeholders, extra slashes are ignored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from ..api import Api, Operation
from ..errors import method_not_allowed, path_not_found

_Places = tuple[tuple[str, int], ...]  # of the path parameters among the segments


_FORMAT = ".json"
_LONGEST_BASE = 8  # segments of what may stand in place of a base path
_VERSION = re.compile(r"v\.?[0-9]{1,3}(\.[0-9]{1,3})?", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    placeholder: _Node | None = None
    operations: dict[str, tuple[Api, Operation, _Places]] = field(default_factory=dict)
    is_number: bool = False

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
        self._apis = [*apis]
        for api in self._apis:
            for operation in api.operations:
                self._add(api, operation)

    def match(self, method: str, raw_path: bytes) -> tuple[Api, Operation, dict[str, str]]:
        """The operation and its path parameters; raises 404 or 405."""
        segments = _segments(raw_path)
        node = self._find(self._root, segments)
        if segments and segments[-1].endswith(_FORMAT) and (node is None or node.is_number):  # as Rails has it
            segments[-1] = segments[-1].removesuffix(_FORMAT)
            node = self._find(self._root, segments)
        if node is None:
            raise path_not_found(*self._find_base_paths(segments))
        if method not in node.operations:
            if method != "HEAD" or "GET" not in node.operations:
                raise method_not_allowed(_allowed_methods(node.operations))
            method = "GET"  # uvicorn leaves the body out
        api, operation, places = node.operations[method]
        return api, operation, {name: segments[place] for name, place in places}

    def _add(self, api: Api, operation: Operation) -> None:
        node = self._root
        template = [segment for segment in f"{api.base_path}/{operation.path}".split("/") if segment]
        for segment in template:
            node = node.reach(segment)
        places = tuple((name[1:-1], place) for place, name in enumerate(template) if name.startswith("{"))
        node.operations[operation.method] = (api, operation, places)
        numbers = {one.name for one in operation.parameters if one.schema.types == ("integer",)}
        node.is_number = bool(places) and places[-1][1] == len(template) - 1 and places[-1][0] in numbers

    def _find_base_paths(self, segments: list[str]) -> tuple[list[str], str]:
        """The base paths below which there is such a path, and what it begins with in place of them."""
        bases = {api.base_path: _segments(api.base_path.encode()) for api in self._apis if api.base_path}
        words = {word.lower() for base in bases.values() for word in base}
        for count in range(min(len(segments), _LONGEST_BASE)):
            if count and not _is_like_base(segments[count - 1], words):
                break
            found = [base for base, own in bases.items() if self._find(self._root, [*own, *segments[count:]])]
            if found:
                wrong = {segment.lower() for segment in segments[:count]}
                meant = [base for base in found if wrong <= {*map(str.lower, bases[base])}]
                return sorted(meant or found), "".join(f"/{segment}" for segment in segments[:count])
        return [], ""

    def _find(self, node: _Node, segments: list[str]) -> _Node | None:
        if not segments:
            return node if node.operations else None
        first, rest = segments[0], segments[1:]
        node_found = self._find(node.literals[first], rest) if first in node.literals else None
        if node_found is None and node.placeholder is not None:
            node_found = self._find(node.placeholder, rest)
        return node_found


def _is_like_base(segment: str, words: Collection[str]) -> bool:
    """Whether a segment could be meant for one of a base path: a word of one, or a version that there is not."""
    return segment.lower() in words or _VERSION.fullmatch(segment) is not None


def _allowed_methods(described: Collection[str]) -> list[str]:
    """The methods of a path: GET implies HEAD."""
    return sorted({*described, *(["HEAD"] if "GET" in described else [])})


def _segments(raw_path: bytes) -> list[str]:
    try:
        return [unquote_to_bytes(part).decode() for part in raw_path.split(b"/") if part]
    except UnicodeDecodeError:
        raise path_not_found() from None
