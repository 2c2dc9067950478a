"""Parameters, headers and members of bodies as rows, in groups that can be folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from generator.ir import Api, Location, Parameter, Property, Schema
from generator.layers.docs.page_paths import INDEX, relative
from generator.layers.docs.prose import Line, Link, Origin, literal, one_line
from generator.layers.docs.schema_text import Word, split_words, value_of
from generator.layers.docs.sources import origin

_MOST_UNFOLDED = 6
_UNNAMED = "General"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One parameter, header or member: `anchor` is its id on the page.

    `groups` are the members that it has, and `alike` leads to rows above whose members it has too. `place` is None
    unless it is a parameter.
    """

    anchor: str
    name: str
    place: Location | None
    required: bool
    kind: Line
    facts: tuple[str, ...]
    meaning: str
    words: tuple[Word, ...]
    source: Origin
    groups: tuple[Group, ...] = ()
    alike: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that are shown together; those with a `title` are folded under it."""

    title: str
    rows: tuple[Row, ...]


Found = tuple[Property | Parameter, Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Makes the rows of one page, whose anchors are distinct. `start` is the path of the page."""

    api: Api
    start: str
    taken: set[str] = field(default_factory=set)

    def of_parameters(self, parameters: tuple[Parameter, ...]) -> tuple[Group, ...]:
        """Path, query and header parameters: `query.page`."""
        return _group_sent([(p, self._row(p, f"{p.location}.{p.name}", p.location)) for p in parameters])

    def of_headers(self, status: str, headers: tuple[Parameter, ...]) -> tuple[Group, ...]:
        """Headers of a response: `200.X-Pagination-Page`."""
        return _show_all([(header, self._row(header, f"{status}.{header.name}", None)) for header in headers])

    def of_request(self, schema: Schema) -> tuple[Group, ...]:
        """The members of a request's body: `body.name`."""
        return _group_sent([*self._members(schema, "body", Link("the body", "#body"), {})])

    def of_response(self, status: str, schema: Schema) -> tuple[Group, ...]:
        """The members of a response's body: `201.exam.id`."""
        return _group([*self._members(schema, status, Link("the body", f"#response-{status}"), {})], "members")

    def _members(self, schema: Schema, prefix: str, place: Link, shown: dict[str, Link]) -> Iterator[Found]:
        """The members of what is shown at a place; a component has them once, and `shown` says where."""
        meant = self.api.resolve(schema)
        if meant.name in shown:
            return
        if meant.name:
            shown[meant.name] = place
        for member in meant.properties:
            path = f"{prefix}.{member.name}"
            row = self._row(member, path, None)
            alike = tuple(_find_shown(member.schema, shown))
            inside = self._members(member.schema, path, Link(literal(path), f"#{row.anchor}"), shown)
            yield member, replace(row, groups=_group([*inside], "members"), alike=alike)
        for part in _forms(meant):
            yield from self._members(part, prefix, place, shown)

    def _row(self, fact: Parameter | Property, path: str, place: Location | None) -> Row:
        value = value_of(self.api, fact.schema)
        return Row(
            anchor=self._anchor(path),
            name=literal(fact.name),
            place=place,
            required=fact.required,
            kind=Line(value.kind, self._link_shared(value.shared)),
            facts=value.facts,
            meaning=" ".join(_sentences(self.api, fact)),
            words=value.words,
            source=origin(self.api, fact.source, self.start),
        )

    def _anchor(self, path: str) -> str:
        plain = re.sub(r"[^\w.-]+", "-", path)
        found = next(
            name for name in chain((plain,), (f"{plain}-{n}" for n in range(2, 10_000))) if name not in self.taken
        )
        self.taken.add(found)
        return found

    def _link_shared(self, name: str) -> Link | None:
        page = relative(f"{self.api.name}/{INDEX}", self.start)
        return Link("other forms", f"{page}#{value_anchor(name)}") if name else None


def _find_shown(schema: Schema, shown: Mapping[str, Link]) -> Iterator[Link]:
    """Where the members of this value, or of its forms or items, are shown already."""
    waiting, met = [schema], set[str]()
    while waiting:
        meant = waiting.pop().resolve()
        if meant.properties and meant.name in shown and meant.name not in met:
            yield shown[meant.name]
        elif not meant.name or meant.name not in met:
            waiting += reversed([*_forms(meant)])
        met.add(meant.name)


def _forms(schema: Schema) -> Iterator[Schema]:
    """The schemas whose members are shown with those of this one."""
    yield from schema.variants
    if schema.items:
        yield schema.items


def value_anchor(name: str) -> str:
    """The anchor of a shared value on the page of its version."""
    return "value-" + re.sub(r"[^\w.-]+", "-", name)


def _group_sent(found: Sequence[Found]) -> tuple[Group, ...]:
    """What has to be sent, in sight; then what may be, folded if it is much."""
    required = [(fact, row) for fact, row in found if fact.required]
    optional = [(fact, row) for fact, row in found if not fact.required]
    return (*_show_all(required), *_group(optional, "optional"))


def _group(found: Sequence[Found], what: str) -> tuple[Group, ...]:
    """A few rows as they are; more of them folded by their groups."""
    if len(found) <= _MOST_UNFOLDED:
        return _show_all(found)
    groups: dict[str, list[Row]] = {}
    for fact, row in found:
        groups.setdefault(fact.group, []).append(row)
    named = len(groups) > 1
    return tuple(
        Group(
            title=f"{one_line(name) or _UNNAMED}, {_count(rows, what)}" if named else _count(rows, what),
            rows=tuple(rows),
        )
        for name, rows in groups.items()
    )


def _count(rows: Sequence[Row], what: str) -> str:
    return f"{len(rows)} {what.removesuffix('s') if len(rows) == 1 else what}"


def _show_all(found: Sequence[Found]) -> tuple[Group, ...]:
    return (Group(title="", rows=tuple(row for _, row in found)),) if found else ()


def _sentences(api: Api, fact: Parameter | Property) -> Iterator[str]:
    meant = api.resolve(fact.schema)
    general, meanings = split_words(meant.description, meant.enum)
    if fact.description in ("", meant.description):
        yield general
    else:
        yield fact.description
        if meant.enum and not meanings:
            yield general
    if fact.deprecated:
        yield "Deprecated."
    if fact.secret:
        yield "A secret: clients never print or log it."
    if fact.pii:
        yield "Personal data: clients never print or log it."
