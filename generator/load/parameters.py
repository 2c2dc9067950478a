"""The parameters of operations: whether they are some, and whether those in a path are declared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.errors import SpecError
from generator.load.document import Document, Pointer, pointer_of

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_BRACE = re.compile(r"[{}]")


def check_parameters(document: Document) -> Iterator[SpecError]:
    """Faults of parameters and paths that the schema of OpenAPI does not find."""
    paths = document.content.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if _BRACE.search(_PLACEHOLDER.sub("", path)):
            hint = "write a parameter as {name}, and a brace of the path itself as %7B or %7D"
            yield document.fault(("paths", path), "a brace of the path has no other one", hint)
        if isinstance(item, dict):
            yield from _check_references(document, ("paths", path), item)
            yield from _check_operations(document, path, item)


def _check_operations(document: Document, path: str, item: dict[str, object]) -> Iterator[SpecError]:
    for method, operation in item.items():
        if isinstance(operation, dict) and "responses" in operation:
            yield from _check_references(document, ("paths", path, method), operation)
            declared = _declared_names(document, item) | _declared_names(document, operation)
            yield from _check_placeholders(document, path, method, declared)


def _check_placeholders(document: Document, path: str, method: str, declared: set[str]) -> Iterator[SpecError]:
    for name in _PLACEHOLDER.findall(path):
        if not _PLAIN.fullmatch(name):
            message = f"{{{name}}} is no name for a path parameter"
            yield document.fault(("paths", path), message, "use letters, digits, - and _")
        elif name not in declared:
            hint = f"add a parameter named {name} with `in: path`"
            yield document.fault(("paths", path, method), f"{{{name}}} in the path is not declared", hint)


def _check_references(document: Document, place: Pointer, holder: dict[str, object]) -> Iterator[SpecError]:
    for index, parameter in enumerate(_list_parameters(holder)):
        found = _follow_references(document, parameter)
        if not isinstance(found, dict) or not {"name", "in"} <= found.keys():
            hint = "refer to one of `components/parameters`"
            yield document.fault(
                (*place, "parameters", index), "a parameter has a `name` and says what it is `in`", hint
            )


def _declared_names(document: Document, holder: dict[str, object]) -> set[str]:
    found = [_follow_references(document, parameter) for parameter in _list_parameters(holder)]
    return {str(one.get("name")) for one in found if isinstance(one, dict) and one.get("in") == "path"}


def _list_parameters(holder: dict[str, object]) -> list[object]:
    listed = holder.get("parameters")
    return listed if isinstance(listed, list) else []


def _follow_references(document: Document, value: object) -> object:
    """What a reference inside the document leads to, or the value itself; None where there is nothing."""
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(reference := value.get("$ref"), str) and reference not in seen:
        seen.add(reference)
        try:
            value = document.node(*pointer_of(reference.removeprefix("#"))).value
        except (KeyError, IndexError, ValueError):
            return None
    return value
