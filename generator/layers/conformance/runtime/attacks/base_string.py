"""Attacks on the base string: the signature follows a scheme that differs in one clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from procwise.signing import Scheme

from ..api import Operation
from ..http.signer import SigningSteps, add_nothing
from ..results import SHOULD
from .additions import (
    Mutation,
    add_parameters,
    add_path_names,
    has_body,
    has_path,
    send_as_form,
    takes_files,
    takes_json,
    takes_no_body,
)
from .attack import AMBIGUOUS, EVERYWHERE, OFTEN, PASSES, SOMETIMES, Attack
from .scenarios import send_after_valid_twin
from .wrong_signatures import (
    in_order,
    over_base_string,
    with_clauses,
    with_files,
    with_signature,
    without_added,
    without_parameter,
    without_part,
)

_MERGED = "x-signing.message.parameters"
_UNSORTED = add_parameters(query={"zeta_conformance": "1", "Beta_conformance": "2", "alpha_conformance": "3"})
_ASTRAL = add_parameters(query={"\uff5e_conformance": "1", "\U0001f511_conformance": "2"})
_QUERY = add_parameters(query={"conformance": "query"})
_MEMBER = add_parameters(body={"conformance": "body"})
_CLASH = add_parameters(query={"conformance": "query"}, body={"conformance": "body"})
_PARTS = ("path", "query", "body")
_CLASHLESS: Mapping[str, Mutation] = {"path": add_nothing, "query": _QUERY, "body": add_nothing}


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """Attacks on what is signed, in which order, and how it is joined."""
    yield from _omissions()
    yield from _unexpected_bodies()
    yield from _clashes(scheme)
    yield from _stamps(scheme)
    yield from _orders(scheme)
    yield from _separators_and_pairs()


def _omissions() -> Iterator[Attack]:
    row = partial(Attack, clause=_MERGED, spread=EVERYWHERE)
    path, query, body = (SigningSteps(mutate=_CLASHLESS[part], compute_signature=without_part(part)) for part in _PARTS)
    cause = "the {} left out of the base string"
    ids, all_query, members = cause.format("path placeholders are"), cause.format("query is"), cause.format("body is")
    yield row(id="SIG-090", name="signed without path ids", cause=ids, steps=path, fits=has_path)
    yield row(id="SIG-091", name="signed without query", cause=all_query, steps=query)
    yield row(id="SIG-092", name="signed without body", cause=members, steps=body, fits=has_body)
    unknown = partial(row, cause=cause.format("parameters that the operation does not know are"), spread=OFTEN)
    more_query, more_members = (
        SigningSteps(mutate=_QUERY, compute_signature=without_added),
        SigningSteps(mutate=_MEMBER, compute_signature=without_added),
    )
    yield unknown(id="SIG-093", name="signed without unknown query", steps=more_query)
    yield unknown(id="SIG-094", name="signed without unknown members", steps=more_members, fits=takes_json)
    twin = partial(unknown, cause="parameters that the operation does not know are not signed", error_statuses=PASSES)
    yield twin(id="SIG-095", name="unknown query", steps=SigningSteps(mutate=_QUERY), spread=SOMETIMES)
    yield twin(
        id="SIG-096", name="unknown members", steps=SigningSteps(mutate=_MEMBER), fits=takes_json, spread=SOMETIMES
    )
    file = SigningSteps(compute_signature=with_files)
    also = "files are in the base string"
    yield row(
        id="SIG-097", name="signed with the file", clause="x-signing.files", cause=also, steps=file, fits=takes_files
    )


def _unexpected_bodies() -> Iterator[Attack]:
    """Bodies that the scheme signs although the operation describes none, or another media type."""
    row = partial(Attack, clause=_MERGED, level=SHOULD, spread=OFTEN)
    wrong = partial(row, scenario=send_after_valid_twin)
    member = "the body of a request that needs none is read, and not signed"
    json, form = SigningSteps(mutate=_MEMBER), SigningSteps(mutate=send_as_form)
    no_json, no_form = (
        replace(json, compute_signature=without_part("body")),
        replace(form, compute_signature=without_part("body")),
    )
    yield wrong(id="SIG-098", name="unasked body, signed without it", cause=member, steps=no_json, fits=takes_no_body)
    unread = "the body of a request that needs none is not signed"
    opened = partial(row, error_statuses=PASSES, open_statuses=AMBIGUOUS)
    yield opened(id="SIG-099", name="unasked body", cause=unread, steps=json, fits=takes_no_body)
    fields = "the fields of a form are read, and not signed"
    yield wrong(id="SIG-100", name="form, signed without it", cause=fields, steps=no_form, fits=takes_json)
    unsigned = "the fields of a form are not signed"
    yield opened(id="SIG-101", name="form", cause=unsigned, steps=form, fits=takes_json)


def _clashes(scheme: Scheme) -> Iterator[Attack]:
    """One name with different values in two places: the place that the scheme names first wins."""
    in_query, in_body = add_path_names("query"), add_path_names("body")
    clashes = (
        ("SIG-102", "SIG-103", ("path", "query"), in_query, has_path),
        ("SIG-104", "SIG-105", ("path", "body"), in_body, _creates_below),
        ("SIG-106", "SIG-107", ("query", "body"), _CLASH, takes_json),
    )
    backwards = with_clauses(sources=scheme.sources[::-1])
    for right, wrong, places, mutate, fits in clashes:
        if {*places} - {*scheme.sources}:
            continue
        first, second = sorted(places, key=scheme.sources.index)
        row = partial(Attack, clause=_MERGED, fits=fits, cause=f"on a clash the {second} wins over the {first}")
        name = f"one name in {first} and {second}"
        either = SigningSteps(mutate=mutate)
        yield row(id=right, name=name, steps=either, error_statuses=PASSES, open_statuses=AMBIGUOUS)
        steps = SigningSteps(mutate=mutate, compute_signature=backwards)
        wrongly = partial(row, error_statuses=AMBIGUOUS, spread=OFTEN)
        yield wrongly(id=wrong, name=f"{name}, signed by the {second}", steps=steps)


def _stamps(scheme: Scheme) -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.message.exclude")
    rows = (("SIG-108", "timestamp", scheme.timestamp_parameter), ("SIG-109", "nonce", scheme.nonce_parameter))
    for id_, word, parameter in rows:
        cause = f"the {word} is left out of the base string"
        yield row(
            id=id_,
            name=f"signed without {word}",
            cause=cause,
            steps=SigningSteps(compute_signature=without_parameter(parameter)),
        )
    own = SigningSteps(compute_signature=with_signature)
    cause = "the signature is itself a part of the base string, as an empty one"
    yield row(id="SIG-110", name="signed with an empty signature", cause=cause, steps=own)


def _orders(scheme: Scheme) -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.message.order")
    cause = "the parameters are taken in {}"
    other = "name-bytes" if scheme.order == "as-sent" else "as-sent"
    name = "signed in order of names" if scheme.order == "as-sent" else "signed as sent"
    otherwise = SigningSteps(mutate=_UNSORTED, compute_signature=with_clauses(order=other))
    yield row(
        id="SIG-111", name=name, cause=cause.format("another order than described"), steps=otherwise, spread=OFTEN
    )
    reverse = SigningSteps(mutate=_UNSORTED, compute_signature=in_order(lambda pairs: pairs[::-1]))
    yield row(id="SIG-112", name="signed in reverse", cause=cause.format("the reverse order"), steps=reverse)
    caseless = SigningSteps(
        mutate=_UNSORTED, compute_signature=in_order(lambda pairs: sorted(pairs, key=lambda pair: pair[0].lower()))
    )
    words = "an order that does not regard case"
    yield row(id="SIG-113", name="signed in order without case", cause=cause.format(words), steps=caseless)
    units = SigningSteps(
        mutate=_ASTRAL, compute_signature=in_order(lambda pairs: sorted(pairs, key=lambda pair: _utf16(pair[0])))
    )
    words = "the order of their UTF-16 units"
    yield row(id="SIG-114", name="signed in UTF-16 order", cause=cause.format(words), steps=units)
    yield row(
        id="SIG-115",
        name="names beyond ASCII",
        cause="names beyond ASCII are read or ordered otherwise than as UTF-8",
        steps=SigningSteps(mutate=_ASTRAL),
        error_statuses=PASSES,
    )


def _separators_and_pairs() -> Iterator[Attack]:
    separators = ("SIG-116", "&"), ("SIG-117", "?"), ("SIG-118", "\n"), ("SIG-119", "")
    row = partial(Attack, clause="x-signing.message.separator", cause="more than one separator is taken")
    for id_, separator in separators:
        name = {"\n": "signed over lines", "": "signed without a separator"}.get(separator, f"signed with {separator}")
        yield row(
            id=id_, name=name, steps=SigningSteps(mutate=_QUERY, compute_signature=with_clauses(separator=separator))
        )
    pairs = (
        ("SIG-120", "{name}={value}"),
        ("SIG-121", "{name}:{value}"),
        ("SIG-122", "{name}{value}"),
        ("SIG-123", "{value}"),
    )
    row = partial(Attack, clause="x-signing.message.pair", cause="more than one way to write a pair is taken")
    for id_, pair in pairs:
        words = pair.replace("{name}", "name").replace("{value}", "value")
        yield row(
            id=id_,
            name=f"signed as {words}",
            steps=SigningSteps(mutate=_QUERY, compute_signature=with_clauses(pair=pair)),
        )
    cause = "the base string is signed in lower case"
    lower = SigningSteps(mutate=_UNSORTED, compute_signature=over_base_string(str.lower))
    yield Attack(id="SIG-124", name="signed in lower case", clause="x-signing.message", cause=cause, steps=lower)


def _creates_below(operation: Operation) -> bool:
    """Whether it creates below an object. A careless server could store a path id from the body of an update."""
    return has_path(operation) and takes_json(operation) and operation.kind == "create"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")
