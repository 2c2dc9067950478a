"""What was created is there, once, and as it was sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from ..description import Json, Operation, label_of
from ..resources import Resource
from ..results import Result
from .check_context import Exchange, NotPossible, Trial
from .checks.objects import ANSWERED, EXAMPLE, KEPT, LISTED, ONE, SHOWN, TAKEN, TEXTS
from .factory import Making, Thing
from .pager import Walk, narrowed
from .values import compared, different, extremes, told_back

AWKWARD = (
    "Zoë Łukasz \U0001d4b3 😀",
    unicodedata.normalize("NFD", "é ñ ü") + " decomposed",
    "a=b&c?d%41+e/f;g",
    "<b>\"quoted\" 'single' \\back</b>",
    "long " + "x" * 400,
)


def created(trial: Trial, resource: Resource) -> Iterator[Result]:
    """The checks of one resource's creation."""
    making = Making(trial)
    thing = making.thing(resource.creator)
    refused = making.refused if making.refused and making.refused.operation is resource.creator else None
    yield from trial.verdict(EXAMPLE, refused or thing.made, refused is None, "the description's own example taken")
    yield from _shown(trial, making, resource, thing)
    yield from _listed(trial, making, resource, thing)
    yield from _once(trial, making, resource)
    yield from _texts(trial, making, resource)
    yield from _limits(trial, making, resource)
    yield from _words(trial, making, resource)


def show(making: Making, resource: Resource, thing: Thing) -> Exchange:
    """The object as it is shown."""
    if resource.shower is None:
        raise NotPossible("the API has no operation that shows one object")
    return making.trial.ask(resource.shower, making.ids(resource.shower, thing))


def _shown(trial: Trial, making: Making, resource: Resource, thing: Thing) -> Iterator[Result]:
    creator = resource.creator
    if resource.shower is None:
        return
    shown = show(making, resource, thing)
    fine = shown.succeeded and str(shown.object.get(creator.identity)) == str(thing.identity)
    yield from trial.verdict(SHOWN, shown, fine, "the object that was just created", of=creator)
    if fine:
        for exchange in (thing.made, shown):
            yield from _kept(trial, creator, exchange, thing.sent, of=exchange.operation)


def _kept(
    trial: Trial, creator: Operation, exchange: Exchange, sent: Mapping[str, Json], *, of: Operation
) -> Iterator[Result]:
    lost = sorted(told_back(creator, sent, exchange.object))
    observed = f"other values in {', '.join(lost)}"
    yield from trial.verdict(KEPT, exchange, not lost, "the values that were sent", of=of, observed=observed)


def _listed(trial: Trial, making: Making, resource: Resource, thing: Thing) -> Iterator[Result]:
    for lister in resource.listers:
        listed, page = Walk(making=making, lister=lister, thing=thing).holding(thing)
        yield from trial.verdict(LISTED, page, listed, f"the object with the id {thing.identity} among the items")


def _once(trial: Trial, making: Making, resource: Resource) -> Iterator[Result]:
    """A list below an own object, or one filtered by an own name, holds one object more after one request."""
    creator, lister = resource.creator, next(iter(resource.listers), None)
    label = label_of(creator)
    if lister is None or (label is None and not lister.placeholders):
        return
    above = making.thing(making.creator(creator.placeholders[-1].creator)) if creator.placeholders else None
    sent = {label.name: making.name()} if label else {}
    walk = Walk(making=making, lister=lister, thing=above, query=narrowed(lister, sent))
    before, _ = _alike(walk, creator, sent)  # a run that was killed may have left the same names
    making.thing(creator, sent, above=above)
    after, page = _alike(walk, creator, sent)
    observed = f"{len(after - before)} new objects"
    yield from trial.verdict(ONE, page, len(after - before) <= 1, "one new object", of=creator, observed=observed)


def _alike(walk: Walk, creator: Operation, sent: Mapping[str, Json]) -> tuple[set[str], Exchange]:
    """The ids of the objects with these values, and the last page of the list."""
    pages = list(walk.pages())
    alike = (item for page in pages for item in page.items if _is_like(item, sent))
    return {str(item.get(creator.identity)) for item in alike}, pages[-1]


def _is_like(item: Mapping[str, Json], sent: Mapping[str, Json]) -> bool:
    return all(item.get(name) == value for name, value in sent.items())


def _texts(trial: Trial, making: Making, resource: Resource) -> Iterator[Result]:
    label = label_of(resource.creator)
    if label is None or resource.shower is None:
        return
    for text in AWKWARD:
        yield from _text(trial, making, resource, label.name, f"{making.name()} {text}")


def _limits(trial: Trial, making: Making, resource: Resource) -> Iterator[Result]:
    """The smallest and largest values that a schema allows are allowed, and kept."""
    for setting in resource.creator.settings:
        for value in extremes(setting) if setting.shown and resource.shower else ():
            exchange, thing = making.tried(resource.creator, {setting.name: value})
            detail = "" if thing else f"{setting.name} at its limit"
            yield from trial.verdict(ANSWERED, exchange, exchange.status < 500, "an answer below 500", detail=detail)
            if thing is None and exchange.status < 500:
                yield from trial.verdict(TAKEN, exchange, False, f"{setting.name} at its limit taken", detail=detail)
            if thing is not None:
                shown = show(making, resource, thing)
                yield from _kept(trial, resource.creator, shown, {setting.name: value}, of=resource.creator)


def _words(trial: Trial, making: Making, resource: Resource) -> Iterator[Result]:
    """Each enumerated value: what else an object needs for it is not described, so a refusal says nothing."""
    for setting in resource.creator.settings if resource.shower and resource.creator.destroyer else ():
        for word in setting.words if setting.shown and setting.kind == "word" else ():
            exchange, thing = making.tried(resource.creator, {setting.name: word})
            detail = f"{setting.name} {word}" if exchange.status >= 500 else ""
            yield from trial.verdict(ANSWERED, exchange, exchange.status < 500, "an answer below 500", detail=detail)
            if thing is not None:
                shown = show(making, resource, thing)
                yield from _kept(trial, resource.creator, shown, {setting.name: word}, of=resource.creator)


def _text(trial: Trial, making: Making, resource: Resource, name: str, text: str) -> Iterator[Result]:
    creator = resource.creator
    exchange, thing = making.tried(creator, {name: text})
    detail = "" if exchange.succeeded else f"{name} {text.partition(' ')[2][:12]}"
    yield from trial.verdict(ANSWERED, exchange, exchange.status < 500, "an answer below 500", detail=detail)
    if exchange.status >= 500:
        return
    yield from trial.verdict(TAKEN, exchange, exchange.succeeded, "the text is taken", detail=detail)
    if thing is not None:
        shown = show(making, resource, thing)
        lost = shown.succeeded and different("text", text, shown.object.get(name))
        detail = text.partition(" ")[2][:12] if lost else ""
        expected, observed = f"the text {text!r} in {name}", compared(text, shown.object.get(name))
        yield from trial.verdict(TEXTS, shown, not lost, expected, of=creator, observed=observed, detail=detail)
