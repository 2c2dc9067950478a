"""A part of a scheme, made for one request: the only place that knows what a source is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..language.clock import write_moment
from ..language.model import Clock, Group, HeaderChoice, Key, Parameters, Part, Placement, SigningScheme, Source, Text
from ..macs import compute_mac
from ..orders import sort_pairs
from ..text import VALUES
from ..transforms import Transform, decode, encode
from ..wildcards import matches
from .request import Request


class SigningError(ValueError):
    """The request cannot be signed as asked: a credential is missing, or not written as the scheme says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a part is made for: the request, who signs, when. `header_names` are the signed headers, if known.
    If it `keeps_blanks`, headers are not trimmed: a mistake that `explain` looks for.

    `timestamp` is the text that is sent, `now_ms` the same moment in milliseconds.
    """

    scheme: SigningScheme
    request: Request
    credentials: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)
    timestamp: str = ""
    now_ms: int = 0
    nonce: str = ""
    signature: str = ""
    header_names: tuple[str, ...] | None = None
    keeps_blanks: bool = False

    def with_request(self, request: Request) -> Context:
        """The same for another request."""
        return replace(self, request=request)


def evaluate(part: Part, context: Context) -> str | bytes:
    """The text or the bytes of a part."""
    if is_left_out(part, context.request):
        return ""
    return transform_value(part, make_form(part.form, context), context)


def is_left_out(part: Part, request: Request) -> bool:
    """Whether the part is empty because there is no body, or because there is another header."""
    beside = part.only_without and any(request.header(part.only_without))
    return bool(beside) or (part.only_with_body and not request.body)


def transform_value(part: Part, value: str | bytes, context: Context) -> str | bytes:
    """What `before` and the transforms of a part make of its text or bytes."""
    if part.before and value:
        value = join_values([part.before, value])
    for step in part.transforms:
        value = _apply(step, value) if step is not None else compute_signature(context, value)
    return value


def message_of(context: Context) -> bytes:
    """What is signed."""
    return encode(evaluate(context.scheme.message, context))


def compute_signature(context: Context, message: str | bytes | None = None) -> str:
    """The signature of a message: of the scheme's own, if none is given."""
    scheme = context.scheme
    data = encode(message) if message is not None else message_of(context)
    key = key_of(scheme.key, context) if scheme.key is not None and scheme.keyed else None
    return write_digest(scheme, make_mac(scheme, key, data))


def make_mac(scheme: SigningScheme, key: bytes | None, message: bytes) -> bytes:
    """The HMAC of a message; its plain hash, if there is no key."""
    if key is None:
        return hashlib.new(scheme.hash, message, usedforsecurity=False).digest()
    return compute_mac(key, message, scheme.hash)


def write_digest(scheme: SigningScheme, mac: bytes) -> str:
    """The signature: the HMAC or hash as the scheme writes it."""
    value: str | bytes = mac
    for step in scheme.digest:
        value = _apply(step, value)
    return decode(value)


def key_of(key: Key, context: Context) -> bytes:
    """The key: a part, then one HMAC for each part that it is derived with."""
    secret = encode(evaluate(key.part, context))
    for part in key.derive:
        secret = derive_key(key, secret, encode(evaluate(part, context)), context.scheme.hash)
    return secret


def derive_key(key: Key, secret: bytes, message: bytes, hash_name: str) -> bytes:
    """The next key: the HMAC of a part under the one before, in the form that the scheme says."""
    value: str | bytes = compute_mac(secret, message, hash_name)
    for step in key.form:
        value = _apply(step, value)
    return encode(value)


def write_pair(pair: Iterable[str | Source], name: str, value: str) -> str:
    """A name and a value as the scheme writes them beside each other."""
    return "".join(piece if isinstance(piece, str) else name if piece.kind == "name" else value for piece in pair)


def apply_all(steps: Sequence[Transform], text: str) -> str:
    """The text after all transforms."""
    if not steps:
        return text
    value: str | bytes = text
    for step in steps:
        value = _apply(step, value)
    return decode(value)


def _apply(step: Transform, value: str | bytes) -> str | bytes:
    try:
        return step.apply(value)
    except (ValueError, UnicodeError):
        pass
    raise SigningError("a credential or a value is not written as the scheme says (base64, hex or another encoding)")


def make_form(form: Source | Text | Clock | Parameters | Group, context: Context) -> str | bytes:
    """The text or the bytes of a part before its transforms."""
    if isinstance(form, Source):
        return source_value(form, context)
    if isinstance(form, Text):
        return join_values([piece if isinstance(piece, str) else source_value(piece, context) for piece in form.pieces])
    if isinstance(form, Clock):
        zone = context.scheme.timestamp.zone_seconds if context.scheme.timestamp is not None else 0
        return write_moment(form.format, context.now_ms + 1000 * form.offset_seconds, zone)
    if isinstance(form, Group):
        return join_values([evaluate(part, context) for part in form.parts], form.joiner)
    return join_pairs(form, pairs_of(form, context))


def join_pairs(form: Parameters, pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs as the set writes and joins them."""
    return form.separator.join(write_parameter(form, name, value) for name, value in pairs)


def write_parameter(form: Parameters, name: str, value: str) -> str:
    """A pair as the set writes it."""
    return name if form.empty == "name" and not value else write_pair(form.pair, name, value)


def join_values(values: list[str | bytes], joiner: str = "") -> str | bytes:
    """Texts and bytes, joined; bytes if one of them is bytes."""
    texts = [value for value in values if isinstance(value, str)]
    return joiner.join(texts) if len(texts) == len(values) else encode(joiner).join(map(encode, values))


_OF_REQUEST: Mapping[str, Callable[[Request], str | bytes]] = {
    "method": lambda request: request.method,
    "scheme": lambda request: request.scheme.lower(),
    "host": lambda request: request.host,
    "port": lambda request: request.port,
    "authority": lambda request: request.site,
    "path": lambda request: request.path,
    "query": lambda request: request.query,
    "target": lambda request: request.target,
    "url": lambda request: f"{request.scheme.lower()}://{request.site}{request.path}",
    "uri": lambda request: request.url,
    "body": lambda request: request.body,
}


def source_value(source: Source, context: Context) -> str | bytes:
    """The text or the bytes that a source has in this request."""
    kind, name, scheme = source.kind, source.name, context.scheme
    if not name:
        own = _OF_REQUEST.get(kind)
        return own(context.request) if own is not None else str(getattr(context, kind))
    if kind == "value":
        return evaluate(scheme.values[name], context)
    if kind == "credential":
        return _given_value(kind, name, context.credentials, scheme)
    if kind == "setting":
        return _given_value(kind, name, context.settings, scheme)
    if kind == "header":
        return _join_header(context, context.request.header(name), scheme.headers.joiner if scheme.headers else ", ")
    return VALUES["plain"](context.request.value(kind, name))


def _given_value(kind: str, name: str, given: Mapping[str, str], scheme: SigningScheme) -> str:
    declared = (scheme.credentials if kind == "credential" else scheme.settings)[name]
    if name not in given and not declared.optional and not declared.default:
        raise SigningError(f"the {kind} {name} is missing")
    text = given.get(name, declared.default)
    if any("\ud800" <= character <= "\udfff" for character in text):  # as a variable that is no UTF-8 is read
        raise SigningError(f"the {kind} {name} holds half a character, or bytes that are no text")
    return text


def pairs_of(form: Parameters, context: Context) -> list[tuple[str, str]]:
    """The names and texts of a set of parameters, in signing order."""
    text = VALUES[form.value_text]
    pairs = [
        (apply_all(form.names, name), apply_all(form.values, text(value)))
        for name, value in _choose(form, context)
        if (not form.only or matches(name, form.only)) and not matches(name, form.exclude)
    ]
    kept = [pair for pair in pairs if pair[1]] if form.empty == "drop" else pairs
    return sort_pairs(_group_pairs(sort_pairs(kept, form.order), form), form.order)


def _choose(form: Parameters, context: Context) -> Iterator[tuple[str, object]]:
    places = [list(_pairs_in(place, context)) for place in form.sources]
    if form.repeated != "first-source":
        yield from (pair for pairs in places for pair in pairs)
        return
    merged: dict[str, object] = {}
    for pairs in places:
        for name, value in dict(pairs).items():
            merged.setdefault(name, value)
    yield from merged.items()


def _pairs_in(place: str | tuple[tuple[str, Part], ...], context: Context) -> Iterator[tuple[str, object]]:
    if not isinstance(place, str):
        yield from ((name, decode(evaluate(part, context))) for name, part in place)
    elif place == "headers":
        yield from signed_headers(context)
    elif place == "authorization":
        yield from authorization_fields(context)
    else:
        yield from context.request.pairs(place)


def authorization_fields(context: Context) -> Iterator[tuple[str, str]]:
    """The fields of all headers of fields, without the signature."""
    for placement in context.scheme.placements:
        if placement.place == "fields":
            yield from unsigned_fields(placement, context)


def unsigned_fields(placement: Placement, context: Context) -> Iterator[tuple[str, str]]:
    """The fields of one header of fields, without the signature."""
    for one in placement.fields:
        value = "" if one.signs else decode(evaluate(one.part, context))
        if not one.signs and (value or not one.optional):
            yield one.name, value


def signed_headers(context: Context) -> Iterator[tuple[str, str]]:
    """The signed headers: names in lower case, one pair a name."""
    choice = context.scheme.headers
    if choice is None:
        return
    length = ["content-length"] if "content-length" in choice.names and context.request.header("content-length") else []
    present = dict.fromkeys(["host", *(name.lower() for name, _ in context.request.headers), *length])
    names = context.header_names if context.header_names is not None else choose_headers(choice, present)
    for name, values in context.request.headers_named(names):
        yield name, _join_header(context, values, choice.joiner)


def choose_headers(choice: HeaderChoice, present: Iterable[str]) -> tuple[str, ...]:
    """Those of the headers that the scheme signs, in its order."""
    names = [name for name in present if not matches(name, choice.exclude)]
    if choice.order == "as-listed":
        chosen = [name for pattern in choice.names for name in names if matches(name, (pattern,))]
        return tuple(dict.fromkeys(chosen))
    return tuple(sorted(name for name in names if matches(name, choice.names)))


def _group_pairs(pairs: list[tuple[str, str]], form: Parameters) -> list[tuple[str, str]]:
    if form.repeated == "unique":
        return list(dict.fromkeys(pairs))
    if form.repeated != "join":
        return pairs
    names: dict[str, list[str]] = {}
    for name, value in pairs:
        names.setdefault(name, []).append(value)
    return [(name, form.joiner.join(values)) for name, values in names.items()]


def _join_header(context: Context, values: Iterable[str], joiner: str) -> str:
    """The values of a header, without the blanks around them."""
    return joiner.join(values if context.keeps_blanks else [value.strip(" \t") for value in values])
