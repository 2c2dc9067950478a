"""Attacks on the base string: signed by another clause of the scheme than the one that holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from procwise.signing import Scheme

from ..description import Operation
from ..http.signer import Forgery, as_sent
from ..results import SHOULD
from .attack import EVERYWHERE, OFTEN, PASSES, SOMETIMES, Attack
from .mutations import (
    Dressing,
    adding,
    as_form,
    has_body,
    has_path,
    posing_as_path,
    takes_files,
    takes_json,
    takes_no_body,
)
from .scenarios import beside_twin
from .wrong_signatures import by, known, leaving, ordered, with_files, with_signature, without, written

_MERGED = "x-signing.message.parameters"
_UNSORTED = adding(query={"zeta_conformance": "1", "Beta_conformance": "2", "alpha_conformance": "3"})
_ASTRAL = adding(query={"\uff5e_conformance": "1", "\U0001f511_conformance": "2"})
_QUERY = adding(query={"conformance": "query"})
_MEMBER = adding(body={"conformance": "body"})
_CLASH = adding(query={"conformance": "query"}, body={"conformance": "body"})
_PARTS = ("path", "query", "body")
_CLASHLESS: Mapping[str, Dressing] = {"path": as_sent, "query": _QUERY, "body": as_sent}


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """The rows about what is signed, in which order, and how it is joined."""
    yield from _left_out()
    yield from _undescribed()
    yield from _clashes(scheme)
    yield from _stamps(scheme)
    yield from _ordered(scheme)
    yield from _joined()


def _left_out() -> Iterator[Attack]:
    row = partial(Attack, clause=_MERGED, spread=EVERYWHERE)
    path, query, body = (Forgery(dressing=_CLASHLESS[part], signing=without(part)) for part in _PARTS)
    cause = "the {} left out of the base string"
    ids, all_query, members = cause.format("path placeholders are"), cause.format("query is"), cause.format("body is")
    yield row(id="SIG-090", name="signed without path ids", cause=ids, forgery=path, fits=has_path)
    yield row(id="SIG-091", name="signed without query", cause=all_query, forgery=query)
    yield row(id="SIG-092", name="signed without body", cause=members, forgery=body, fits=has_body)
    unknown = partial(row, cause=cause.format("parameters that the operation does not know are"), spread=OFTEN)
    more_query, more_members = Forgery(dressing=_QUERY, signing=known), Forgery(dressing=_MEMBER, signing=known)
    yield unknown(id="SIG-093", name="signed without unknown query", forgery=more_query)
    yield unknown(id="SIG-094", name="signed without unknown members", forgery=more_members, fits=takes_json)
    twin = partial(unknown, cause="parameters that the operation does not know are not signed", refusals=PASSES)
    yield twin(id="SIG-095", name="unknown query", forgery=Forgery(dressing=_QUERY), spread=SOMETIMES)
    yield twin(
        id="SIG-096", name="unknown members", forgery=Forgery(dressing=_MEMBER), fits=takes_json, spread=SOMETIMES
    )
    file = Forgery(signing=with_files)
    also = "files are in the base string"
    yield row(
        id="SIG-097", name="signed with the file", clause="x-signing.files", cause=also, forgery=file, fits=takes_files
    )


def _undescribed() -> Iterator[Attack]:
    """Bodies that the scheme covers, though the operation asks for none, or for another kind."""
    row = partial(Attack, clause=_MERGED, level=SHOULD, spread=OFTEN)
    wrong = partial(row, course=beside_twin)
    member = "the body of a request that needs none is read, and not signed"
    json, form = Forgery(dressing=_MEMBER), Forgery(dressing=as_form)
    no_json, no_form = replace(json, signing=without("body")), replace(form, signing=without("body"))
    yield wrong(id="SIG-098", name="unasked body, signed without it", cause=member, forgery=no_json, fits=takes_no_body)
    unread = "the body of a request that needs none is not signed"
    yield row(id="SIG-099", name="unasked body", cause=unread, forgery=json, fits=takes_no_body, refusals=PASSES)
    fields = "the fields of a form are read, and not signed"
    yield wrong(id="SIG-100", name="form, signed without it", cause=fields, forgery=no_form, fits=takes_json)
    unsigned = "the fields of a form are not signed"
    yield row(id="SIG-101", name="form", cause=unsigned, forgery=form, fits=takes_json, refusals=PASSES)


def _clashes(scheme: Scheme) -> Iterator[Attack]:
    """One name with different values in two places: the place that the scheme names first wins."""
    in_query, in_body = posing_as_path("query"), posing_as_path("body")
    clashes = (
        ("SIG-102", "SIG-103", ("path", "query"), in_query, has_path),
        ("SIG-104", "SIG-105", ("path", "body"), in_body, _creates_below),
        ("SIG-106", "SIG-107", ("query", "body"), _CLASH, takes_json),
    )
    backwards = by(sources=scheme.sources[::-1])
    for right, wrong, places, dressing, fits in clashes:
        if {*places} - {*scheme.sources}:
            continue
        first, second = sorted(places, key=scheme.sources.index)
        row = partial(Attack, clause=_MERGED, fits=fits, cause=f"on a clash the {second} wins over the {first}")
        name = f"one name in {first} and {second}"
        yield row(id=right, name=name, forgery=Forgery(dressing=dressing), refusals=PASSES)
        forgery = Forgery(dressing=dressing, signing=backwards)
        yield row(id=wrong, name=f"{name}, signed by the {second}", forgery=forgery, spread=OFTEN)


def _stamps(scheme: Scheme) -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.message.exclude")
    rows = (("SIG-108", "timestamp", scheme.timestamp_parameter), ("SIG-109", "nonce", scheme.nonce_parameter))
    for id_, word, parameter in rows:
        cause = f"the {word} is left out of the base string"
        yield row(id=id_, name=f"signed without {word}", cause=cause, forgery=Forgery(signing=leaving(parameter)))
    own = Forgery(signing=with_signature)
    cause = "the signature is itself a part of the base string, as an empty one"
    yield row(id="SIG-110", name="signed with an empty signature", cause=cause, forgery=own)


def _ordered(scheme: Scheme) -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.message.order")
    cause = "the parameters are taken in {}"
    other = "name-bytes" if scheme.order == "as-sent" else "as-sent"
    name = "signed in order of names" if scheme.order == "as-sent" else "signed as sent"
    otherwise = Forgery(dressing=_UNSORTED, signing=by(order=other))
    yield row(
        id="SIG-111", name=name, cause=cause.format("another order than described"), forgery=otherwise, spread=OFTEN
    )
    reverse = Forgery(dressing=_UNSORTED, signing=ordered(lambda pairs: pairs[::-1]))
    yield row(id="SIG-112", name="signed in reverse", cause=cause.format("the reverse order"), forgery=reverse)
    caseless = Forgery(
        dressing=_UNSORTED, signing=ordered(lambda pairs: sorted(pairs, key=lambda pair: pair[0].lower()))
    )
    words = "an order that does not regard case"
    yield row(id="SIG-113", name="signed in order without case", cause=cause.format(words), forgery=caseless)
    units = Forgery(dressing=_ASTRAL, signing=ordered(lambda pairs: sorted(pairs, key=lambda pair: _utf16(pair[0]))))
    words = "the order of their UTF-16 units"
    yield row(id="SIG-114", name="signed in UTF-16 order", cause=cause.format(words), forgery=units)
    yield row(
        id="SIG-115",
        name="names beyond ASCII",
        cause="names beyond ASCII are read or ordered otherwise than as UTF-8",
        forgery=Forgery(dressing=_ASTRAL),
        refusals=PASSES,
    )


def _joined() -> Iterator[Attack]:
    separators = ("SIG-116", "&"), ("SIG-117", "?"), ("SIG-118", "\n"), ("SIG-119", "")
    row = partial(Attack, clause="x-signing.message.separator", cause="more than one separator is taken")
    for id_, separator in separators:
        name = {"\n": "signed over lines", "": "signed without a separator"}.get(separator, f"signed with {separator}")
        yield row(id=id_, name=name, forgery=Forgery(dressing=_QUERY, signing=by(separator=separator)))
    pairs = (
        ("SIG-120", "{name}={value}"),
        ("SIG-121", "{name}:{value}"),
        ("SIG-122", "{name}{value}"),
        ("SIG-123", "{value}"),
    )
    row = partial(Attack, clause="x-signing.message.pair", cause="more than one way to write a pair is taken")
    for id_, pair in pairs:
        words = pair.replace("{name}", "name").replace("{value}", "value")
        yield row(id=id_, name=f"signed as {words}", forgery=Forgery(dressing=_QUERY, signing=by(pair=pair)))
    cause = "the base string is signed in lower case"
    lower = Forgery(dressing=_UNSORTED, signing=written(str.lower))
    yield Attack(id="SIG-124", name="signed in lower case", clause="x-signing.message", cause=cause, forgery=lower)


def _creates_below(operation: Operation) -> bool:
    """A body with an id of the path: where objects are changed, a careless server would store it."""
    return has_path(operation) and takes_json(operation) and operation.method == "POST"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")
