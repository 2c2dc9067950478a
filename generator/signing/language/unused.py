"""Clauses of a value that change nothing: not the message, not the request, not what a verifier says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..wildcards import matches
from .checks import used_names, used_sources
from .dependence import parts_within
from .model import Parameters, SigningScheme, Source
from .problems import Where

_BY_NAME = {"name-bytes", "name-codepoints", "name-lower", "pair-bytes"}
_OF_ONE_HEADER = ("header", "scheme", "pair", "separator", "values")


def unused_clauses(scheme: SigningScheme, value: Mapping[str, Any]) -> Iterator[Where]:
    """The places of the value that have no effect."""
    used = used_sources(scheme)
    yield from (("values", name) for name in value.get("values", {}) if Source("value", name) not in used)
    if "headers" in value and Source("headers") not in used:
        yield ("headers",)
    elif "headers" in value:
        yield from _find_unused_headers(scheme, value)
    for kind in ("credential", "setting"):
        names = used_names(scheme, kind)
        yield from ((f"{kind}s", name) for name in value.get(f"{kind}s", {}) if name not in names)
    if "form" in value.get("key", {}) and "derive" not in value["key"]:
        yield ("key", "form")
    yield from _unused_joiners(value["message"], ("message",))
    for index, placement in enumerate(value["placement"]):
        yield from _find_unused_placements(placement, ("placement", index))


def _find_unused_headers(scheme: SigningScheme, value: Mapping[str, Any]) -> Iterator[Where]:
    """`exclude` of names that are not chosen anyway; `order` of names that stand in it, or are sorted in every set."""
    headers = value["headers"]
    listed = [name.lower() for name in headers["names"]]
    signing = {"authorization" if one["in"] == "authorization" else "" for one in value["placement"]}
    for index, name in enumerate(headers.get("exclude", ())):
        if not matches(name.lower(), listed) or name.lower() in signing:
            yield ("headers", "exclude", index)
    is_sorted = not any("*" in name for name in listed) and sorted(listed) == listed
    if "order" in headers and (is_sorted or _orders_of_headers(scheme) <= _BY_NAME):
        yield ("headers", "order")


def _orders_of_headers(scheme: SigningScheme) -> set[str]:
    """The orders of the sets that have headers."""
    key = (scheme.key.part, *scheme.key.derive) if scheme.key is not None else ()
    fields = [field.part for placement in scheme.placements for field in placement.fields]
    forms = [part.form for part in parts_within(scheme, scheme.message, *key, *fields)]
    return {form.order for form in forms if isinstance(form, Parameters) and "headers" in form.sources}


def _unused_joiners(part: Any, where: Where) -> Iterator[Where]:
    """A joiner of a single part."""
    parts = part.get("parts", ()) if isinstance(part, Mapping) else ()
    if len(parts) == 1 and "join" in part:
        yield (*where, "join")
    for index, inner in enumerate(parts):
        yield from _unused_joiners(inner, (*where, "parts", index))


def _find_unused_placements(placement: Mapping[str, Any], where: Where) -> Iterator[Where]:
    """Clauses of another kind of placement."""
    place = placement["in"]
    for clause in placement:
        of_another = (
            (clause in _OF_ONE_HEADER and place != "authorization")
            or (clause == "accept" and place not in ("query", "body"))
            or (clause == "several" and place in ("query", "body"))
        )
        if of_another:
            yield (*where, clause)
