"""What a part of a signed message is, and where the signature is sent, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.layers.docs.prose import list_values, literal
from generator.signing.language import SigningScheme
from generator.signing.language.model import Clock, Group, Parameters, Part, Placement, Source, Text
from generator.signing.messages.steps import Step
from generator.signing.transforms import Transform

_EMPTY = {"keep": "", "drop": ", only with a value", "name": ", by their names alone without a value"}
_PLACES = {"query": "the parameter {} of the query", "body": "the field {} of the body", "header": "the header {}"}


def describe_step(step: Step) -> str:
    """The source of a part and its transforms; the name of a pair of parameters; a derived key."""
    if step.part is None:
        return (
            f"the parameter {literal(step.name)}" if step.inner == () else "the HMAC of this part under the key before"
        )
    if step.named is not None and step.named.part is not None:
        return f"{_describe(step.part)}: {_describe(step.named.part)}"
    return _describe(step.part)


def describe_placements(scheme: SigningScheme) -> str:
    """The places that the signature is sent in."""
    return " and ".join(_describe_places(scheme))


def _describe_places(scheme: SigningScheme) -> Iterator[str]:
    for placement in scheme.placements:
        for name in [field.name for field in placement.fields if field.signs]:
            yield _describe_place(placement, name)


def _describe_place(placement: Placement, name: str) -> str:
    if placement.place == "fields":
        return f"the field {literal(name)} of the header {literal(placement.header)}"
    return _PLACES[placement.place].format(literal(name))


def _describe(part: Part) -> str:
    only = ", only with a body" if part.only_with_body else ""
    only += f", only without a header {literal(part.only_without)}" if part.only_without else ""
    before = f", with {literal(part.before)} before it unless it is empty" if part.before else ""
    return f"{_describe_form(part.form)}{before}{_name_transforms(part.transforms, ', then ')}{only}"


def _name_transforms(steps: Iterable[Transform | None], before: str) -> str:
    names = [step.name if step is not None else "sign" for step in steps]
    return before + list_values(names) if names else ""


def _describe_form(form: Source | Text | Clock | Parameters | Group) -> str:
    if isinstance(form, Source):
        return literal(_name_source(form))
    if isinstance(form, Text):
        pieces = [one if isinstance(one, str) else f"{{{_name_source(one)}}}" for one in form.pieces]
        return f"the text {literal(''.join(pieces))}"
    if isinstance(form, Clock):
        return f"the moment as {literal(form.format)}"
    if isinstance(form, Group):
        return f"{len(form.parts)} parts, {_describe_joiner(form.joiner)}"
    return _describe_set(form)


def _name_source(source: Source) -> str:
    return source.name if source.kind == "value" else str(source)


def _describe_set(form: Parameters) -> str:
    names = [name for one in form.sources for name in ([one] if isinstance(one, str) else [own for own, _ in one])]
    left = f" but {list_values(form.exclude)}" if form.exclude else ""
    kept = f", only {list_values(form.only)}" if form.only else ""
    written = _name_transforms(form.names, ", names by ") + _name_transforms(form.values, ", values by ")
    pair = "".join(one if isinstance(one, str) else f"{{{one.kind}}}" for one in form.pair)
    is_chosen = form.sources == ("headers",) and form.order == "as-sent"  # in the order of the headers clause
    order = "" if is_chosen else f"in the order {literal(form.order)}, "
    joined = f"{order}each as {literal(pair)}, {_describe_joiner(form.separator)}"
    return f"the parameters {list_values(names)}{left}{kept}{_EMPTY[form.empty]}{written}, {joined}"


def _describe_joiner(joiner: str) -> str:
    return f"joined by {literal(joiner)}" if joiner else "put together"
