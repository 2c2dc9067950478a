"""Fields that are made of what fields are put into: some need another pass, and some could never be made."""

from __future__ import annotations

from collections.abc import Iterator

from ..wildcards import matches
from .members import lie_within, steps_of
from .model import Clock, Field, Group, Parameters, Part, Placement, SigningScheme, Source, Text
from .problems import Problem

_READ = {
    "query": frozenset({"query", "target", "uri"}),
    "header": frozenset({"header", "headers"}),
    "body": frozenset({"body", "form"}),
}

_SETS = {"query": frozenset({"query"}), "header": frozenset({"headers"}), "body": frozenset({"body", "form"})}


def parts_within(scheme: SigningScheme, *parts: Part) -> Iterator[Part]:
    """The parts and all that they are made of, named values and the fields of one header among them; each once."""
    waiting, seen = list(parts), set[str]()
    while waiting:
        part = waiting.pop()
        yield part
        form = part.form
        if isinstance(form, Group):
            waiting += form.parts
        elif isinstance(form, Parameters):
            waiting += [inner for own in form.sources if not isinstance(own, str) for _, inner in own]
        names = [source.name for source in _sources(part) if source.kind == "value"]
        waiting += [scheme.values[name] for name in dict.fromkeys(names) if name not in seen]
        seen.update(names)
        if isinstance(form, Parameters) and "authorization" in form.sources and "\n" not in seen:
            seen.add("\n")
            waiting += [field.part for field in _fields_of_header(scheme) if not field.signs]


def check_circles(scheme: SigningScheme) -> Iterator[Problem]:
    """A key that is made with `sign`, a header of fields that is made of itself, fields made of what they change."""
    key = scheme.key
    if key is not None and any(None in part.transforms for part in parts_within(scheme, key.part, *key.derive)):
        yield Problem(("key",), "the key is made with `sign`, which takes the key", "make the key of credentials")
    for index, placement in enumerate(scheme.placements):
        for field in placement.fields:
            if not field.signs and _is_made_of_itself(scheme, placement, field):
                message = f"{field.name} is made of what it is put into, itself among it"
                yield Problem(("placement", index, "fields", field.name), message, "exclude it there by its name")


def changes_own_sources(scheme: SigningScheme) -> bool:
    """Whether a field that is placed may be made of what other fields are put into."""
    fields = [(placement, field) for placement in scheme.placements for field in placement.fields if not field.signs]
    written = {placement.place for placement, _ in fields}
    if written.isdisjoint(_READ):
        return False
    parts = parts_within(scheme, *(field.part for _, field in fields))
    read = {source.kind for part in parts for source in _sources(part)}
    return any(place in written and read & kinds for place, kinds in _READ.items())


def _is_made_of_itself(scheme: SigningScheme, placement: Placement, field: Field) -> bool:
    for part in parts_within(scheme, field.part):
        form = part.form
        if isinstance(form, Parameters):
            if placement.place == "fields" and "authorization" in form.sources:
                return True
            if _takes(scheme, form, placement, field.name):
                return True
        if any(
            _is_changed(source, placement, field)
            for source in _sources(part)
            if source.name or not isinstance(form, Parameters)
        ):
            return True
    return False


def _takes(scheme: SigningScheme, form: Parameters, placement: Placement, name: str) -> bool:
    """Whether the value of a field is in a set of parameters."""
    if not _SETS.get(placement.place, frozenset()) & {*form.sources} or Source("value") not in form.pair:
        return False
    if placement.place == "header":
        name, choice = name.lower(), scheme.headers
        if choice is None or matches(name, choice.exclude) or not matches(name, choice.names):
            return False
    elif placement.place == "body":
        name = _outermost_member(name)
    return (not form.only or matches(name, form.only)) and not matches(name, form.exclude)


def _is_changed(source: Source, placement: Placement, field: Field) -> bool:
    """Whether the source is another one as soon as the field has another text."""
    if source.name:
        return source.kind == placement.place and _is_within(source.name, field.name, placement.place)
    return source.kind in _READ.get(placement.place, ())


def _is_within(read: str, written: str, place: str) -> bool:
    """Whether one of two names is that of the other one, or of a member that lies in it or around it."""
    if place == "header":
        return read.lower() == written.lower()
    return lie_within(read, written) if place == "body" else read == written


def _outermost_member(name: str) -> str:
    """The name itself, or of a member that lies deeper the member of the body that it lies in."""
    return steps_of(name)[0]


def _fields_of_header(scheme: SigningScheme) -> Iterator[Field]:
    for placement in scheme.placements:
        if placement.place == "fields":
            yield from placement.fields


def _sources(part: Part) -> tuple[Source, ...]:
    """The sources that stand in the part itself, its parts aside."""
    beside = (Source("header", part.only_without),) if part.only_without else ()
    return (*beside, *_sources_of_form(part.form))


def _sources_of_form(form: Source | Text | Clock | Parameters | Group) -> tuple[Source, ...]:
    if isinstance(form, Source):
        return (form,)
    if isinstance(form, Text):
        return tuple(piece for piece in form.pieces if isinstance(piece, Source))
    return (
        tuple(Source(place) for place in form.sources if isinstance(place, str)) if isinstance(form, Parameters) else ()
    )
