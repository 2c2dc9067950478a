"""What must hold of a scheme as a whole: kinds that fit, an end to all references, a signature that is sent.

Everything is bounded here, before anything is signed: how often a named part is used inside
others, and how much longer than its sources a text can become.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ..transforms import Transform, ValueKind
from .clock import is_moment
from .dependence import check_circles
from .model import Clock, Group, Parameters, Part, SigningScheme, Source, Text
from .problems import Problem, Where
from .readable import check_fields, readable_sources

_MOST_STEPS = 2_000
_LONGEST = 20_000  # times as long as what it is made of


def check_scheme(scheme: SigningScheme) -> Iterator[Problem]:
    """Everything that is wrong with the scheme as a whole."""
    cycle = _cycle(scheme)
    if cycle:
        yield cycle
        return
    sizes = _Sizes(scheme)
    too_long = next((where for where, part in _places(scheme) if sizes.is_too_long(part)), None)
    if too_long is not None:
        hint = "use fewer references to named values"
        yield Problem(too_long, "this part becomes too long, or is made of too many parts", hint)
        return
    kinds = [problem for where, part in _places(scheme) for problem in _check_kinds(scheme, part, where)]
    kinds += [*_check_digest(scheme), *check_circles(scheme)]
    yield from kinds
    if not kinds:
        yield from _check_placement(scheme)
        yield from _check_secret(scheme)


def sources_of(scheme: SigningScheme, part: Part) -> frozenset[Source]:
    """All sources that a part is made of, those of named values among them."""
    found: set[Source] = set()
    for source in direct_sources(part):
        found |= {source} if source.kind != "value" else {source, *sources_of(scheme, scheme.values[source.name])}
    return frozenset(found)


def used_sources(scheme: SigningScheme) -> frozenset[Source]:
    """All sources that the scheme uses anywhere but in values that nothing uses."""
    parts = [part for where, part in _places(scheme) if where[0] != "values"]
    return frozenset(source for part in parts for source in sources_of(scheme, part))


def used_names(scheme: SigningScheme, kind: str) -> tuple[str, ...]:
    """The names of the credentials, or of the settings, that the scheme uses anywhere."""
    found = {source for source in used_sources(scheme) if source.kind == kind}
    past = scheme.timestamp.past if scheme.timestamp is not None and kind == "setting" else None
    return tuple(sorted({source.name for source in found} | ({past} if isinstance(past, str) else set())))


def direct_sources(part: Part) -> Iterator[Source]:
    """The sources that stand in the part itself."""
    form = part.form
    if part.only_without:
        yield Source("header", part.only_without)
    if isinstance(form, Source):
        yield form
    elif isinstance(form, Text):
        yield from (piece for piece in form.pieces if isinstance(piece, Source))
    elif isinstance(form, Clock):
        yield Source("timestamp")
    elif isinstance(form, Group):
        for inner in form.parts:
            yield from direct_sources(inner)
    else:
        yield from _of_parameters(form)


def _of_parameters(form: Parameters) -> Iterator[Source]:
    for place in form.sources:
        if isinstance(place, str):
            yield Source(place)
        else:
            for _, inner in place:
                yield from direct_sources(inner)


def _places(scheme: SigningScheme) -> Iterator[tuple[Where, Part]]:
    yield ("message",), scheme.message
    if scheme.key is not None:
        yield ("key",), scheme.key.part
        yield from ((("key", "derive", i), part) for i, part in enumerate(scheme.key.derive))
    yield from ((("values", name), part) for name, part in scheme.values.items())
    for index, placement in enumerate(scheme.placements):
        yield from ((("placement", index, "fields", field.name), field.part) for field in placement.fields)


def _cycle(scheme: SigningScheme) -> Problem | None:
    """The first named value that is made of itself."""
    done: set[str] = set()
    for name in scheme.values:
        way = _way_back(scheme, name, (), done)
        if way:
            return Problem(("values", way[0]), f"the value is made of itself: {' → '.join(way)}", "break the circle")
    return None


def _way_back(scheme: SigningScheme, name: str, way: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    if name in way:
        return (*way[way.index(name) :], name)
    if name in done:
        return ()
    for source in direct_sources(scheme.values[name]):
        found = _way_back(scheme, source.name, (*way, name), done) if source.kind == "value" else ()
        if found:
            return found
    done.add(name)
    return ()


@dataclass(frozen=True, slots=True)
class _Size:
    """Steps to make a part, and its length as a multiple of its sources."""

    steps: float = 1
    length: float = 1


class _Sizes:
    def __init__(self, scheme: SigningScheme) -> None:
        self._scheme = scheme
        self._named = cache(lambda name: self._of(scheme.values[name]))

    def is_too_long(self, part: Part) -> bool:
        size = self._of(part)
        return size.steps > _MOST_STEPS or size.length > _LONGEST

    def _of(self, part: Part) -> _Size:
        inner = _sum([self._of_form(part.form), _Size()]) if part.before else self._of_form(part.form)
        length = inner.length
        for step in part.transforms:
            length = max(1, length * step.growth) if step else 1
            if length > _LONGEST:
                return _Size(inner.steps, length)
        return _Size(inner.steps + len(part.transforms), length)

    def _of_form(self, form: Source | Text | Clock | Parameters | Group) -> _Size:
        if isinstance(form, Source):
            return self._named(form.name) if form.kind == "value" else _Size()
        if isinstance(form, Text):
            return _sum([self._of_form(piece) if isinstance(piece, Source) else _Size() for piece in form.pieces])
        if isinstance(form, Group):
            return _sum([self._of(part) for part in form.parts])
        return self._of_parameters(form) if isinstance(form, Parameters) else _Size()

    def _of_parameters(self, form: Parameters) -> _Size:
        own = [self._of(part) for place in form.sources if not isinstance(place, str) for _, part in place]
        total = _sum([_Size(), *own, *(_Size() for _ in form.sources)])
        length = total.length
        for step in (*form.names, *form.values):
            length = min(length * max(1, step.growth), 2 * _LONGEST)
        return _Size(total.steps + len(form.names) + len(form.values), length)


def _sum(sizes: list[_Size]) -> _Size:
    return _Size(sum(size.steps for size in sizes), sum(size.length for size in sizes))


def kind_of(scheme: SigningScheme, part: Part) -> ValueKind:
    """`bytes` if the part is the body or a hash that has no form, else `text`."""
    kind = _kind_of_form(scheme, part.form)
    for step in part.transforms:
        kind = _after(step, kind)
    return kind


def _after(step: Transform | None, kind: ValueKind) -> ValueKind:
    if step is None:
        return "text"
    return kind if step.gives == "same" else step.gives


def _kind_of_form(scheme: SigningScheme, form: Source | Text | Clock | Parameters | Group) -> ValueKind:
    if isinstance(form, Source):
        if form.kind == "value":
            return kind_of(scheme, scheme.values[form.name])
        return "bytes" if form == Source("body") else "text"
    if isinstance(form, Text):
        kinds = [_kind_of_form(scheme, piece) for piece in form.pieces if isinstance(piece, Source)]
    else:
        kinds = [kind_of(scheme, part) for part in form.parts] if isinstance(form, Group) else []
    return "bytes" if "bytes" in kinds else "text"


def _check_kinds(scheme: SigningScheme, part: Part, where: Where) -> Iterator[Problem]:
    kind = _kind_of_form(scheme, part.form)
    for index, step in enumerate(part.transforms):
        if step is not None and step.takes == "text" and kind == "bytes":
            message = "this transform takes text, and gets bytes"
            yield Problem((*where, "as", index), message, "write the bytes as text first: hex-lower, base64")
            return
        kind = _after(step, kind)
    if where[0] == "placement" and kind == "bytes":
        yield Problem(where, "a field is text, and this is bytes", "write the bytes as text: hex-lower, base64")
    for index, inner in enumerate(part.form.parts if isinstance(part.form, Group) else ()):
        yield from _check_kinds(scheme, inner, (*where, "parts", index))
    if isinstance(part.form, Parameters):
        yield from _check_kinds_of_set(scheme, part.form, where)


def _check_kinds_of_set(scheme: SigningScheme, form: Parameters, where: Where) -> Iterator[Problem]:
    """Names and values stay text; own pairs may be anything."""
    yield from _check_steps(form.names, (*where, "names"))
    yield from _check_steps(form.values, (*where, "values"))
    for index, place in enumerate(form.sources):
        for name, inner in place if not isinstance(place, str) else ():
            yield from _check_kinds(scheme, inner, (*where, "parameters", index, name))


def _check_steps(steps: tuple[Transform, ...], where: Where) -> Iterator[Problem]:
    """Transforms of a text end in text, and each gets what it takes."""
    kind: ValueKind = "text"
    for step in steps:
        if step.takes == "text" and kind == "bytes":
            break
        kind = _after(step, kind)
    if kind == "bytes":
        yield Problem(where, "this is text, and the transforms make it bytes", "end with hex-lower or base64")


def _check_digest(scheme: SigningScheme) -> Iterator[Problem]:
    """The signature is sent as text, and so are the values of fields."""
    kind: ValueKind = "bytes"
    for step in scheme.digest:
        if step.takes == "text" and kind == "bytes":
            break
        kind = _after(step, kind)
    if kind == "bytes":
        yield Problem(("digest",), "the signature is sent as text, and this is bytes", "begin with hex-lower or base64")
    for index, placement in enumerate(scheme.placements):
        yield from _check_steps(placement.values, ("placement", index, "values"))


def _check_placement(scheme: SigningScheme) -> Iterator[Problem]:
    fields = [field for placement in scheme.placements for field in placement.fields]
    yield from check_fields(scheme)
    if scheme.timestamp is not None and not is_moment(scheme.timestamp.format):
        hint = (
            "name year, month, day, hour, minute and second, or send the moment in another field and use `clock` here"
        )
        yield Problem(("timestamp", "format"), "the format does not say a whole moment", hint)
    if not any(field.signs for field in fields):
        yield Problem(("placement",), "no field carries the signature", "add a field with {signature} in its text")
    sent: set[Source] = set().union(*(sources_of(scheme, field.part) for field in fields))
    read: set[Source] = set().union(*(readable_sources(scheme, field.part) for field in fields))
    for source, clause in ((Source("timestamp"), scheme.timestamp), (Source("nonce"), scheme.nonce)):
        name = source.kind
        if clause is not None and source not in sent:
            yield Problem((name,), f"the {name} is sent in no field", f"add a field with {{{name}}} to `placement`")
        elif clause is not None and source not in read:
            where = next(
                at for at, part in _places(scheme) if at[0] == "placement" and source in sources_of(scheme, part)
            )
            yield Problem(where, f"the {name} cannot be read from any field", "send it without a hash, or as it is")
    timestamp = scheme.timestamp
    past = timestamp.past if timestamp is not None else None
    if isinstance(past, str) and Source("setting", past) not in sent:
        where = ("timestamp", "window_seconds", "past")
        yield Problem(where, f"the setting {past!r} is sent in no field", f"add a field with {{setting.{past}}}")


def _check_secret(scheme: SigningScheme) -> Iterator[Problem]:
    if scheme.keyed and scheme.key is None:
        yield Problem(("algorithm",), "an HMAC needs a key", "add a `key` clause, or name a plain hash")
    if not scheme.keyed and scheme.key is not None:
        yield Problem(
            ("key",), "a plain hash has no key", "make the secret a part of the message: credential.secret_key"
        )
    if scheme.keyed and scheme.key is None:
        return
    parts = (scheme.key.part, *scheme.key.derive) if scheme.key is not None else (scheme.message,)
    if not any(source.kind == "credential" for part in parts for source in sources_of(scheme, part)):
        where = ("key",) if scheme.key is not None else ("message",)
        yield Problem(where, "no credential is signed with: anybody can sign so", "use credential.secret_key there")
