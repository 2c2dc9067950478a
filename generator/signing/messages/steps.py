"""How one request is signed, step by step: each part with what became of it, the key, the HMAC, the fields.

What is shown is what is signed with: every value is made once, by the functions that sign.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..language.model import Group, Key, Parameters, Part, Source, Text
from ..transforms import encode
from .evaluation import (
    Context,
    derive_key,
    is_left_out,
    join_pairs,
    join_values,
    make_form,
    make_mac,
    pairs_of,
    transform_value,
    write_digest,
)
from .placement import place_signature
from .request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part and its value, after the transforms; `inner` are the steps that it is made of.

    A pair of a set of parameters has a `name` and no part; a derived key has neither, and what it is derived with
    inside it.
    """

    value: str | bytes
    part: Part | None = None
    name: str = ""
    inner: tuple[Step, ...] = ()

    @property
    def named(self) -> Step | None:
        """The step of the named value, if the part is one."""
        form = self.part.form if self.part is not None else None
        return self.inner[0] if isinstance(form, Source) and self.inner else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSteps:
    """A request, signed. `keys` are the key and those that are derived from it, in order; none for a plain hash."""

    message: Step
    keys: tuple[Step, ...]
    mac: bytes
    signature: str
    request: Request


def trace_signature(context: Context) -> SigningSteps:
    """The steps of the signature of a prepared request; raises SigningError as signing does."""
    scheme = context.scheme
    message = trace_part(scheme.message, context)
    keys = _trace_key(scheme.key, context) if scheme.key is not None and scheme.keyed else ()
    mac = make_mac(scheme, encode(keys[-1].value) if keys else None, encode(message.value))
    signature = write_digest(scheme, mac)
    request = place_signature(replace(context, signature=signature))
    return SigningSteps(message=message, keys=keys, mac=mac, signature=signature, request=request)


def trace_part(part: Part, context: Context) -> Step:
    """The step of a part, with those of all that it is made of."""
    if is_left_out(part, context.request):
        return Step(part=part, value="")
    inner, value = _trace_form(part, context)
    return Step(part=part, value=transform_value(part, value, context), inner=inner)


def _trace_key(key: Key, context: Context) -> tuple[Step, ...]:
    steps = [trace_part(key.part, context)]
    for part in key.derive:
        inner = trace_part(part, context)
        derived = derive_key(key, encode(steps[-1].value), encode(inner.value), context.scheme.hash)
        steps.append(Step(value=derived, inner=(inner,)))
    return tuple(steps)


def _trace_form(part: Part, context: Context) -> tuple[tuple[Step, ...], str | bytes]:
    """The inner steps, and the value that they make before the transforms."""
    form = part.form
    if isinstance(form, Group):
        inner = tuple(trace_part(one, context) for one in form.parts)
        return inner, join_values([one.value for one in inner], form.joiner)
    if isinstance(form, Parameters):
        pairs = pairs_of(form, context)
        return tuple(Step(name=name, value=text) for name, text in pairs), join_pairs(form, pairs)
    if isinstance(form, Text):
        steps = [one if isinstance(one, str) else trace_part(Part(form=one), context) for one in form.pieces]
        inner = tuple(one for one in steps if isinstance(one, Step))
        return inner, join_values([one if isinstance(one, str) else one.value for one in steps])
    if isinstance(form, Source) and form.kind == "value":
        named = trace_part(context.scheme.values[form.name], context)
        return (named,), named.value
    return (), make_form(form, context)
