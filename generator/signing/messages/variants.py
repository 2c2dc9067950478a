"""Schemes beside the described one, as careless programs have them: a source is left out, the order, the hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..language.model import Clock, Group, Parameters, Part, SigningScheme, Source, SourceKind, Text
from ..transforms import HashName

Form = Source | Text | Clock | Parameters | Group
Variant = Callable[[SigningScheme], SigningScheme]
_NOTHING = Text(())
_WEAK_HASH: HashName = "sha1"


def _leave_out(places: tuple[str, ...], others: Mapping[str, SourceKind]) -> Variant:
    """The scheme without these sources and places; `others` are what is left of those that hold more."""

    def change(form: Form) -> Form:
        if isinstance(form, Clock):
            return _NOTHING if "timestamp" in places else form
        if isinstance(form, Parameters):
            return replace(form, sources=tuple(place for place in form.sources if place not in places))
        if isinstance(form, Source) and form.kind in others:
            return Source(others[form.kind])
        return _NOTHING if isinstance(form, Source) and form.kind in places else form

    return lambda scheme: _change_forms(scheme, change)


def _change_sets(**clauses: object) -> Variant:
    def change(form: Form) -> Form:
        return replace(form, **clauses) if isinstance(form, Parameters) else form  # type: ignore[arg-type]

    return lambda scheme: _change_forms(scheme, change)


def _weaken(scheme: SigningScheme) -> SigningScheme:
    return replace(scheme, hash=_WEAK_HASH)


def _change_forms(scheme: SigningScheme, change: Callable[[Form], Form]) -> SigningScheme:
    """The scheme with a change of everything that is signed; what is placed stays."""
    values = {name: _change_part(part, change) for name, part in scheme.values.items()}
    return replace(scheme, message=_change_part(scheme.message, change), values=values)


def _change_part(part: Part, change: Callable[[Form], Form]) -> Part:
    form = change(part.form)
    if isinstance(form, Group):
        form = replace(form, parts=tuple(_change_part(inner, change) for inner in form.parts))
    elif isinstance(form, Text):
        form = Text(tuple(inner for piece in form.pieces for inner in _change_piece(piece, change)))
    return replace(part, form=form)


def _change_piece(piece: str | Source, change: Callable[[Form], Form]) -> tuple[str | Source, ...]:
    form = piece if isinstance(piece, str) else change(piece)
    return form.pieces if isinstance(form, Text) else (form,) if isinstance(form, str | Source) else ()


VARIANTS: Mapping[str, Variant] = {
    "method": _leave_out(("method",), {}),
    "path": _leave_out(("path",), {"target": "query", "url": "authority", "uri": "query"}),
    "query": _leave_out(("query",), {"target": "path", "uri": "url"}),
    "body": _leave_out(("body", "form"), {}),
    "timestamp": _leave_out(("timestamp",), {}),
    "nonce": _leave_out(("nonce",), {}),
    "order": _change_sets(order="as-sent"),
    "empty values": _change_sets(empty="drop"),
    "hash": _weaken,
}
