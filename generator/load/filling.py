"""What a description may leave out: operation ids, and the descriptions of responses."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace

from generator.load.document import Document, Pointer
from generator.load.places import HTTP_METHODS

_WORDS = re.compile(r"\{([^{}]*)\}|([A-Za-z0-9]+)")


def fill(document: Document) -> Document:
    """The document with what any operation can be given: an id, made of method and path, and texts for null.

    What was filled in has no position of its own.
    """
    missing = [pointer for pointer, operation in _operations(document) if "operationId" not in operation]
    untold = [pointer for pointer, response in _responses(document) if response.get("description", "") is None]
    if not missing and not untold:
        return document
    content = copy.deepcopy(document.content)
    filled = replace(document, content=content)
    by_pointer = dict(_operations(filled))
    taken = {str(operation["operationId"]) for operation in by_pointer.values() if "operationId" in operation}
    for pointer in missing:
        by_pointer[pointer]["operationId"] = _unique(_name(pointer[2], pointer[1]), taken)
    for response_pointer, response in _responses(filled):
        if response_pointer in untold:
            response["description"] = ""
    return filled


def is_derived(document: Document, pointer: Pointer) -> bool:
    """Whether the operation at the pointer was written without an id, and given one."""
    return (*pointer, "operationId") not in document.positions


def _operations(document: Document) -> Iterator[tuple[tuple[str, str, str], dict[str, object]]]:
    paths = document.content.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method in HTTP_METHODS and isinstance(operation, dict):
                yield ("paths", path, method), operation


def _responses(document: Document) -> Iterator[tuple[Pointer, dict[str, object]]]:
    for pointer, operation in _operations(document):
        responses = operation.get("responses")
        for status, response in responses.items() if isinstance(responses, dict) else ():
            if isinstance(response, dict):
                yield (*pointer, "responses", status), response


def _name(method: str, path: str) -> str:
    words = []
    for placeholder, word in _WORDS.findall(path):
        words += [word] if word else ["By", *re.findall("[A-Za-z0-9]+", placeholder)]
    return method + "".join(word[0].upper() + word[1:] for word in words)


def _unique(name: str, taken: set[str]) -> str:
    number, chosen = 2, name
    while chosen in taken:
        chosen, number = f"{name}{number}", number + 1
    taken.add(chosen)
    return chosen
