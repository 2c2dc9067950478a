"""Addresses that a program takes apart: of servers, and of the pages that something stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from generator.errors import SpecError
from generator.load.document import Document, Pointer
from generator.load.places import Found

_SERVERS = "servers"


def check_addresses(document: Document, found: Iterable[Found]) -> Iterator[SpecError]:
    """Faults of addresses that no program can take apart, such as one with half of a pair of brackets."""
    for place in found:
        for pointer, address in (*_servers(place), *_pages(place)):
            if problem := _find_problem(address):
                yield document.fault(pointer, f"the address {address[:100]!r} is not valid: {problem}", "mend it")


def _servers(place: Found) -> Iterator[tuple[Pointer, str]]:
    url = place.value.get("url")
    if place.pointer[-2:-1] != (_SERVERS,) or not isinstance(url, str):
        return
    variables = place.value.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        default = variable.get("default") if isinstance(variable, Mapping) else None
        url = url.replace(f"{{{name}}}", default if isinstance(default, str) else "")
    yield (*place.pointer, "url"), url


def _pages(place: Found) -> Iterator[tuple[Pointer, str]]:
    source = place.value.get("x-source")
    pages = source.get("pages") if isinstance(source, dict) else None
    for index, page in enumerate(pages if isinstance(pages, list) else ()):
        if isinstance(page, str):
            yield (*place.pointer, "x-source", "pages", index), page


def _find_problem(address: str) -> str:
    try:
        _ = urlsplit(address).port
    except ValueError as error:
        return str(error)
    return ""
