"""Values before and after: types, forms, words, limits and members.

A schema that both sides refer to by name is not entered here but handed on as a `Pair`, so each named schema is
compared once for each direction, and recursive schemas end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from generator.diff.notes import member_notes, value_notes
from generator.diff.values.forms import (
    NUMBERS,
    allows_anything,
    fold_constants,
    forms_of,
    is_choice,
    pair_forms,
    plain,
    type_change,
    type_words,
    types_of,
)
from generator.diff.values.keywords import enum_changes, format_change, keyword_changes, null_change, openness
from generator.diff.values.limits import limit_changes
from generator.diff.values.members import member_addition, member_removal, requirement
from generator.diff.where import MEMBER_SUBJECTS, Found, Pair, Where
from generator.ir import Api, Schema

Resolve = Callable[[str], Schema]


class Values:
    """The comparison of values between two states of one version of the API."""

    def __init__(self, old: Api, new: Api) -> None:
        self.old = old
        self.new = new
        self._before = {schema.name: plain(schema) for schema in old.schemas}
        self._after = {schema.name: plain(schema) for schema in new.schemas}

    def compare(self, where: Where, old: Schema, new: Schema) -> Found:
        """What differs between two schemas at one place."""
        old, new = plain(old), plain(new)
        both = bool(old.reference and new.reference)
        before = _apply_references(self._before.__getitem__, old, not both)
        after = _apply_references(self._after.__getitem__, new, not both)
        yield from null_change(where, before, after)
        yield from keyword_changes(where, before, after)
        yield from value_notes(where, before, after)
        if both:
            yield Pair(old.reference, new.reference, where.direction)
        elif (key := (id(old.definition), id(new.definition))) not in where.above:
            inside = replace(where, above=where.above | {key}) if old.reference or new.reference else where
            yield from self._value(inside, old, new)

    def compare_named(self, pair: Pair) -> Found:
        """What differs between two named schemas."""
        where = Where(MEMBER_SUBJECTS[pair.direction])
        yield from self.compare(where, self._before[pair.old], self._after[pair.new])

    def position(self, name: str) -> tuple[str, int]:
        """The file and line of a newer component."""
        return self._after[name].file, self._after[name].line

    def before(self, schema: Schema) -> Schema:
        """The older schema itself, or the component that it refers to."""
        return _resolve(self._before, schema)

    def after(self, schema: Schema) -> Schema:
        """The newer one."""
        return _resolve(self._after, schema)

    def _value(self, where: Where, old: Schema, new: Schema) -> Found:
        before, after = self.before(old), self.after(new)
        if allows_anything(before) != allows_anything(after):
            way = "specialized" if allows_anything(before) else "generalized"
            yield where.build_value_finding(
                f"type-{way}", f"the value is {type_words(after)}, was {type_words(before)}"
            )
        elif (listed := self._as_enums(before, after)) is not None:
            yield from self._form(where, *listed)
        elif before.variants or after.variants:
            yield from self._forms(where, forms_of(old, before), forms_of(new, after))
            if is_choice(before) and is_choice(after):
                yield from self._form(where, before, after)
        else:
            yield from self._form(where, before, after)

    def _as_enums(self, old: Schema, new: Schema) -> tuple[Schema, Schema] | None:
        """Both as enums, where a choice between constants stands for one."""
        if not (old.variants or new.variants):
            return None
        before = fold_constants(old, [self.before(form) for form in old.variants])
        after = fold_constants(new, [self.after(form) for form in new.variants])
        return (before, after) if before and after and (before.enum or after.enum) else None

    def _forms(self, where: Where, old: list[Schema], new: list[Schema]) -> Found:
        left = [(form, self.before(form)) for form in old]
        right = [(form, self.after(form)) for form in new]
        for one, other in pair_forms(left, right):
            yield from self.compare(where, one, other)
        for form, _ in left:
            yield where.build_value_finding("one-of-removed", "the value can no longer be", type_words(form))
        for form, _ in right:
            yield where.build_value_finding("one-of-added", "the value can also be", type_words(form))

    def _form(self, where: Where, old: Schema, new: Schema) -> Found:
        before, after = types_of(old), types_of(new)
        if before != after:
            yield where.build_value_finding(
                type_change(before, after), f"the value is {type_words(new)}, was {type_words(old)}"
            )
            if before not in NUMBERS or after not in NUMBERS:
                return
        yield from format_change(where, old.format, new.format)
        yield from enum_changes(where, old, new)
        yield from (where.build_value_finding(name, sentence) for name, sentence in limit_changes(old, new))
        yield from self._optional(where.inside("[]"), old.items, new.items)
        yield from openness(where, old, new)
        if old.open and new.open:
            yield from self._optional(where.inside("{}"), old.additional, new.additional)
        yield from self._members(where, old, new)

    def _optional(self, where: Where, old: Schema | None, new: Schema | None) -> Found:
        """Schemas of which one may be left out, and says then that anything will do."""
        if old and new:
            yield from self.compare(where, old, new)
        elif new and not allows_anything(new):
            yield where.build_value_finding("type-specialized", f"the value is {type_words(new)}, was anything")
        elif old and not allows_anything(old):
            yield where.build_value_finding("type-generalized", f"the value is anything, was {type_words(old)}")

    def _members(self, where: Where, old: Schema, new: Schema) -> Found:
        before = {member.name: member for member in old.properties}
        after = {member.name: member for member in new.properties}
        for name, member in before.items():
            if name not in after:
                yield member_removal(where.member(name), member)
        for name, member in after.items():
            place = where.member(name)
            if name not in before:
                yield member_addition(place, member, closed=not old.open)
                continue
            yield from requirement(place, before[name], member)
            yield from member_notes(place, before[name], member)
            yield from self.compare(place, before[name].schema, member.schema)


def _resolve(named: Mapping[str, Schema], schema: Schema) -> Schema:
    schema = plain(schema)
    while schema.reference:
        schema = named[schema.reference]
    return schema


def _apply_references(resolve: Resolve, schema: Schema, through: bool) -> Schema:
    """The schema with what the names on the way to its value say: null, default, keywords."""
    while through and schema.reference:
        target = resolve(schema.reference)
        schema = replace(
            target,
            nullable=schema.nullable or target.nullable,
            default=schema.default or target.default,
            further=schema.further + target.further,
            description=schema.description or target.description,
            examples=schema.examples or target.examples,
        )
    return schema
