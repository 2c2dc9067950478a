"""A created object exists once, with the values that were sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from ..api import Json, Operation, Setting, label_of
from ..lifecycles import Lifecycle
from ..results import ADVISORY, SHOULD, Level, Result
from .check_run import CheckRun, Exchange, NotPossible
from .checks.check import Check
from .checks.objects import ANSWERED, BLANKS, EXAMPLE, KEPT, LISTED, ONE, SHOWN, TAKEN, TEXTS
from .checks.responses import LOCATION
from .factory import CreatedObject, ObjectFactory
from .lists.pager import UNKNOWN_END, Pager
from .lists.paging import build_filter_query
from .sent_values import decimal_of, describe_difference, differ, extremes, lost_values

AWKWARD = (
    "Zoë Łukasz \U0001d4b3 😀",
    unicodedata.normalize("NFD", "é ñ ü") + " decomposed",
    "a=b&c?d%41+e/f;g",
    "<b>\"quoted\" 'single' \\back</b>",
    "long " + "x" * 400,
)
# What servers like to tidy up, and what they take for a number.
BLANK = ("  {name}\tend  ", "{name} one\ntwo\r\nthree")
NUMERIC = ("00{digits}", "1{digits}e2", "{digits}.50", "+{digits}")
_LARGE = (2**31, 2**53 - 1)
_LONG = 1000
_CREATED = 201


def check_creation(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check the creation of one resource."""
    factory = ObjectFactory(run)
    created = factory.create(lifecycle.creator)
    rejected = factory.rejected if factory.rejected and factory.rejected.operation is lifecycle.creator else None
    if lifecycle.creator.has_example:
        exchange = rejected or created.creation
        yield from run.verdict(EXAMPLE, exchange, rejected is None, "the description's own example taken")
    yield from _check_shown(run, factory, lifecycle, created)
    yield from _check_location(run, lifecycle, created)
    yield from _check_listed(run, factory, lifecycle, created)
    yield from _check_created_once(run, factory, lifecycle)
    yield from _check_texts(run, factory, lifecycle)
    yield from _check_limits(run, factory, lifecycle)
    yield from _check_numbers(run, factory, lifecycle)
    yield from _check_enum_values(run, factory, lifecycle)


def show(factory: ObjectFactory, lifecycle: Lifecycle, created: CreatedObject) -> Exchange:
    """Request one object."""
    if lifecycle.shower is None:
        raise NotPossible("the API has no operation that shows one object")
    return factory.run.ask(lifecycle.shower, factory.ids(lifecycle.shower, created))


def _check_shown(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, created: CreatedObject
) -> Iterator[Result]:
    creator = lifecycle.creator
    if lifecycle.shower is None:
        return
    shown = show(factory, lifecycle, created)
    fine = shown.succeeded and str(shown.object.get(creator.identity)) == str(created.identity)
    yield from run.verdict(SHOWN, shown, fine, "the object that was just created", of=creator)
    if fine:
        for exchange in (created.creation, shown):
            yield from _check_values(run, creator, exchange, created.sent, of=exchange.operation)


def _check_location(run: CheckRun, lifecycle: Lifecycle, created: CreatedObject) -> Iterator[Result]:
    """The address of a new object is one that the description has, and names it."""
    creation, shower = created.creation, lifecycle.shower
    location = creation.response.headers.get("location", "")
    if creation.status != _CREATED or not location or shower is None:
        return
    path = urlsplit(urljoin(creation.request.url or "", location)).path
    segments = [unquote(one) for one in path.split("/") if one]
    known = any(run.api.at("GET", segments[-count:]) for count in range(1, len(segments) + 1))
    fine = known and str(created.identity) in segments
    level: Level = (
        SHOULD if any(one.name.lower() == "location" for one in creation.operation.success.headers) else ADVISORY
    )
    expected = f"an address like {shower.path} with the id {created.identity}"
    yield from run.verdict(LOCATION, creation, fine, expected, observed=f"Location: {location}", level=level)


def _check_values(
    run: CheckRun, creator: Operation, exchange: Exchange, sent: Mapping[str, Json], *, of: Operation
) -> Iterator[Result]:
    lost = sorted(lost_values(creator, sent, exchange.object))
    observed = f"other values in {', '.join(lost)}"
    yield from run.verdict(KEPT, exchange, not lost, "the values that were sent", of=of, observed=observed)


def _check_listed(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, created: CreatedObject
) -> Iterator[Result]:
    for lister in lifecycle.listers:
        listed, page, is_certain = Pager(factory=factory, lister=lister, created=created).find(created)
        if not is_certain and page.succeeded:
            yield from run.skip(LISTED, lister, UNKNOWN_END)
            continue
        yield from run.verdict(LISTED, page, listed, f"the object with the id {created.identity} among the items")


def _check_created_once(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle) -> Iterator[Result]:
    """After one request a list below an own object, or filtered by an own name, has one object more."""
    creator, lister = lifecycle.creator, next(iter(lifecycle.listers), None)
    label = label_of(creator)
    if lister is None or (label is None and not lister.placeholders):
        return
    above = factory.create(factory.creator(creator.placeholders[-1].creator)) if creator.placeholders else None
    sent = {label.name: factory.new_name()} if label else {}
    pager = Pager(factory=factory, lister=lister, created=above, query=build_filter_query(lister, sent))
    before, _ = _find_ids(pager, creator, sent)  # a run that was killed may have left the same names
    factory.create(creator, sent, above=above)
    after, page = _find_ids(pager, creator, sent)
    observed = f"{len(after - before)} new objects"
    yield from run.verdict(ONE, page, len(after - before) <= 1, "one new object", of=creator, observed=observed)


def _find_ids(pager: Pager, creator: Operation, sent: Mapping[str, Json]) -> tuple[set[str], Exchange]:
    """The ids of the objects with these values, and the last page of the list."""
    pages = list(pager.pages())
    matching = (item for page in pages for item in page.items if _has_values(item, sent))
    return {str(item.get(creator.identity)) for item in matching}, pages[-1]


def _has_values(item: Mapping[str, Json], sent: Mapping[str, Json]) -> bool:
    return all(item.get(name) == value for name, value in sent.items())


def _check_texts(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle) -> Iterator[Result]:
    label = label_of(lifecycle.creator)
    if label is None or lifecycle.shower is None:
        return
    longest = dict(label.limits).get("maxLength", _LONG)
    for text in AWKWARD:
        sent = f"{factory.new_name()} {text}"[: longest if isinstance(longest, int) else _LONG]
        yield from _check_text(run, factory, lifecycle, label.name, sent)
    for check, patterns in ((BLANKS, BLANK), (TEXTS, NUMERIC)):
        for pattern in patterns:
            name = factory.new_name()
            digits = str(int(name.rpartition("-")[2], 16))[:12]
            sent = pattern.format(name=name, digits=digits)
            if not isinstance(longest, int) or len(sent) <= longest:
                yield from _check_tidied(run, factory, lifecycle, label.name, sent, check)


def _check_tidied(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, name: str, text: str, check: Check
) -> Iterator[Result]:
    """A text that a server may refuse, but not change."""
    _, created = factory.try_create(lifecycle.creator, {name: text})
    if created is None:
        return
    shown = show(factory, lifecycle, created)
    lost = shown.succeeded and shown.object.get(name, text) != text
    expected, observed = f"the text {text!r} in {name}", describe_difference(text, shown.object.get(name))
    detail = "".join(char for char in text if not char.isalnum())[:8] if lost else ""
    yield from run.verdict(check, shown, not lost, expected, of=lifecycle.creator, observed=observed, detail=detail)


def _check_numbers(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle) -> Iterator[Result]:
    """Decimals, and numbers beyond 32 bits if nothing bounds them: a server may refuse them, but not store others."""
    named = dict(lifecycle.creator.named)
    for setting in lifecycle.creator.settable:
        values = _list_numbers(setting) if setting.shown and setting.name not in named and lifecycle.shower else ()
        for value in values:
            _, created = factory.try_create(lifecycle.creator, {setting.name: value})
            if created is not None:
                shown = show(factory, lifecycle, created)
                yield from _check_values(run, lifecycle.creator, shown, {setting.name: value}, of=lifecycle.creator)


def _list_numbers(setting: Setting) -> Iterator[Json]:
    if setting.kind == "integer" and not {"maximum", "exclusiveMaximum"} & {*dict(setting.limits)}:
        yield from _LARGE
    if setting.kind == "number" and (decimal := decimal_of(setting)) is not None:
        yield decimal


def _check_limits(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle) -> Iterator[Result]:
    """The smallest and largest values that a schema allows are accepted, and kept; ids may be those of others."""
    named = dict(lifecycle.creator.named)
    for setting in lifecycle.creator.settable:
        tried = setting.shown and lifecycle.shower and setting.name not in named
        for value in extremes(setting) if tried else ():
            exchange, created = factory.try_create(lifecycle.creator, {setting.name: value})
            detail = "" if created else f"{setting.name} at its limit"
            yield from run.verdict(ANSWERED, exchange, exchange.status < 500, "a response below 500", detail=detail)
            if created is None and exchange.status < 500:
                yield from run.verdict(TAKEN, exchange, False, f"{setting.name} at its limit taken", detail=detail)
            if created is not None:
                shown = show(factory, lifecycle, created)
                yield from _check_values(run, lifecycle.creator, shown, {setting.name: value}, of=lifecycle.creator)


def _check_enum_values(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle) -> Iterator[Result]:
    """Each enumerated value. It may need other values that are not described, so an error is no finding."""
    for setting in lifecycle.creator.settable if lifecycle.shower and lifecycle.creator.destroyer else ():
        for word in setting.words if setting.shown and setting.kind == "word" else ():
            exchange, created = factory.try_create(lifecycle.creator, {setting.name: word})
            detail = f"{setting.name} {word}" if exchange.status >= 500 else ""
            yield from run.verdict(ANSWERED, exchange, exchange.status < 500, "a response below 500", detail=detail)
            if created is not None:
                shown = show(factory, lifecycle, created)
                yield from _check_values(run, lifecycle.creator, shown, {setting.name: word}, of=lifecycle.creator)


def _check_text(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, name: str, text: str) -> Iterator[Result]:
    creator = lifecycle.creator
    exchange, created = factory.try_create(creator, {name: text})
    detail = "" if exchange.succeeded else f"{name} {text.partition(' ')[2][:12]}"
    yield from run.verdict(ANSWERED, exchange, exchange.status < 500, "a response below 500", detail=detail)
    if exchange.status >= 500:
        return
    yield from run.verdict(TAKEN, exchange, exchange.succeeded, "the text is taken", detail=detail)
    if created is not None:
        shown = show(factory, lifecycle, created)
        lost = shown.succeeded and differ("text", text, shown.object.get(name))
        detail = text.partition(" ")[2][:12] if lost else ""
        expected, observed = f"the text {text!r} in {name}", describe_difference(text, shown.object.get(name))
        yield from run.verdict(TEXTS, shown, not lost, expected, of=creator, observed=observed, detail=detail)
