"""What the description says where a finding is, and whether it is documented or inferred."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from procwise_conformance.description import Source

from ..api import Api, load_document
from ..results import Report, Result, Statement
from ..versions import APIS

_MOST = 400
_STATUS = re.compile(r"([1-5]\d\d)\b")
_SCHEMES = ("x-signing", "x-token")


def add_statements(report: Report) -> Report:
    """The report, its findings with what the description says about them."""
    found = _Statements(report.api)
    results = (replace(one, says=found.find(one)) if one.is_finding and not one.says else one for one in report.results)
    return replace(report, results=tuple(results))


class _Statements:
    """Looks up one version of the API; each place once."""

    def __init__(self, name: str) -> None:
        self._api = APIS[name]
        self._document = load_document(name)
        self._known: dict[tuple[str, str, str], Statement] = {}

    def find(self, result: Result) -> Statement:
        status = _STATUS.match(result.observed)
        key = (result.operation, result.clause, status[1] if status else "")
        if key not in self._known:
            self._known[key] = self._read(*key)
        return self._known[key]

    def _read(self, operation: str, clause: str, status: str) -> Statement:
        if clause.startswith("RFC"):
            return Statement(text=clause, confidence="documented", source=clause)
        nodes = list(self._walk(operation, clause, status))
        source = next(filter(None, map(_find_source, reversed(nodes))), None)
        return Statement(
            text=_shorten(_put_into_words(nodes[-1], clause)) if nodes else "",
            confidence=source.confidence if source else "not stated",
            source=_name_source(self._api, source) if source else "",
        )

    def _walk(self, operation: str, clause: str, status: str) -> Iterator[Any]:
        """The nodes from an operation, or a security scheme, down to what the clause names, as far as there is such."""
        method, _, path = operation.partition(" ")
        called = self._document.get("paths", {}).get(path, {}).get(method.lower(), {})
        head, *rest = clause.split(".")
        if head in _SCHEMES:
            yield from self._descend(self._find_scheme(called, head), (head, *rest))
            return
        if called:
            yield from self._descend(called, _list_steps(head, rest, status))

    def _find_scheme(self, called: Mapping[str, Any], extension: str) -> Any:
        """The security scheme of the operation that has the extension, or else the first one."""
        schemes = self._document.get("components", {}).get("securitySchemes", {})
        asked = [name for one in called.get("security", self._document.get("security", ())) for name in one]
        ordered = (*(schemes[name] for name in asked if name in schemes), *schemes.values())
        return next((scheme for scheme in ordered if extension in scheme), {})

    def _descend(self, node: Any, steps: Iterable[str]) -> Iterator[Any]:
        yield node
        for step in steps:
            node = self._resolve(_enter(node, step))
            if node is None:
                return
            yield node

    def _resolve(self, node: Any) -> Any:
        while isinstance(node, Mapping) and str(node.get("$ref", "")).startswith("#/"):
            node = _follow(self._document, node["$ref"])
        return node


def _list_steps(head: str, rest: list[str], status: str) -> tuple[str, ...]:
    """The members to descend by: `responses.content.schema` is that of the status, `schema` is below a media type."""
    steps = (head, *rest)
    if head == "responses":
        own = [step for step in rest if not step.isdecimal() and step != "success"]
        steps = (head, rest[0] if rest and rest[0].isdecimal() else status, *own)
    return tuple(part for step in steps if step for part in (("content", "*", step) if step == "schema" else (step,)))


def _enter(node: Any, step: str) -> Any:
    """A member; `*` is the first one, and `content` of what lies in it already is left out."""
    if not isinstance(node, Mapping):
        return None
    if step == "*":
        return next(iter(node.values()), None)
    return node if step == "content" and "content" not in node and "schema" in _first(node) else node.get(step)


def _first(node: Mapping[str, Any]) -> Any:
    value = next(iter(node.values()), None)
    return value if isinstance(value, Mapping) else {}


def _follow(document: Any, reference: str) -> Any:
    node = document
    for part in reference[2:].split("/"):
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
    return node


def _find_source(node: Any) -> Source | None:
    """The source of a node; an extension has its own under `source`."""
    if not isinstance(node, Mapping):
        return None
    found = node.get("x-source", node.get("source"))
    if not isinstance(found, Mapping) or "confidence" not in found:
        return None
    return Source(pages=tuple(found["pages"]), confidence=found["confidence"], note=found.get("note", ""))


def _name_source(api: Api, source: Source) -> str:
    """The pages by their titles, with the note."""
    pages = "; ".join(api.name_sources(source)) or "no page"
    return f"{pages}; {api.name_sources_in(source.note)}" if source.note else pages


def _put_into_words(node: Any, clause: str) -> str:
    """The description of a node, or else its name and value."""
    if isinstance(node, Mapping):
        if "operationId" in node or isinstance(node.get("description"), str):
            texts = (node.get("summary", ""), node.get("description", ""))
            return " ".join(f"{text.rstrip('.')}." for text in texts if text)
        if node and all(key.isdecimal() or key == "default" for key in node):
            return f"statuses {', '.join(node)}"
    value = node if isinstance(node, str) else json.dumps(node, ensure_ascii=False)
    return f"{clause}: {value}"


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST else f"{text[:_MOST]} …"
