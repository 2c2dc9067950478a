"""A whole request as careless programs write it before they sign: query, path, body, host, moment, parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote, unquote_plus

from ..language.clock import write_moment
from ..language.model import Clock, Group, Parameters, Part, Source, Text
from ..messages.evaluation import Context, SigningError
from ..messages.placement import place_companions
from ..transforms import DIGEST_FORMS, HASHES, TRANSFORMS, Transform, decode
from .bodies import wrong_bodies, wrong_texts_of_body
from .form_items import encode_text, rewrite_blanks, rewrite_items, rewrite_texts
from .headers import wrong_headers
from .line_ends import wrong_line_ends

Writings = Iterator[tuple[str, Context]]
Change = Callable[[Part, str], Iterator[tuple[str, Part]]]
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_RESERVED = "!'()*"
_MOST_FOLDERS = 3
_DAY_MS = 86_400_000
_FORMATS = (
    *("unix-s", "unix-ms", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%LZ", "%Y%m%dT%H%M%SZ", "%Y%m%d"),
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S GMT"),
    *("%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S.%L+00:00", "unix-us"),
)
_FAMILIES: tuple[tuple[str, ...], ...] = (HASHES, DIGEST_FORMS, ("upper", "lower"))
_EMPTY = Text(())


def _write_small(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].lower(), text)


def _write_capital(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].upper(), text)


def _text_step(name: str, change: Callable[[str], str]) -> Transform:
    return Transform(apply=lambda value: change(decode(value)), takes="text", gives="text", name=name)


_ENCODERS = (
    _text_step("with small letters behind `%`, such as `%2f`", lambda text: _write_small(encode_text(text))),
    _text_step(f"without encoding `{_RESERVED}`", lambda text: encode_text(text, _RESERVED)),
    _text_step("without encoding `/`", lambda text: encode_text(text, "/")),
)
_TITLE = _text_step("", lambda text: "-".join(word[:1].upper() + word[1:] for word in text.split("-")))


def wrong_writings(context: Context) -> Writings:
    """The request or a part of its message, written otherwise."""
    yield from _wrong_queries(context)
    yield from _wrong_paths(context)
    yield from wrong_bodies(context)
    yield from wrong_headers(context)
    yield from _wrong_hosts(context)
    yield from _wrong_moments(context)
    yield from wrong_line_ends(context)
    yield from _wrong_parts(context)
    yield from _wrong_texts(context)


def _with_query(context: Context, query: str) -> Context:
    known = {place: values for place, values in context.request.parameters.items() if place != "query"}
    return context.with_request(replace(context.request, query=query, parameters=known))


def _wrong_queries(context: Context) -> Writings:
    query = context.request.query
    texts = {
        "the query was signed decoded": unquote(query),
        "the query was signed decoded, with blanks for `+`": unquote_plus(query),
        "the query was encoded once more before signing": "&".join(map(_encode_item, query.split("&"))),
        "the query was signed with small letters behind `%`": _write_small(query),
        "the query was signed with capital letters behind `%`": _write_capital(query),
        "blanks of the query were signed as `+`, and sent as `%20`": query.replace("%20", "+"),
        "blanks of the query were signed as `%20`, and sent as `+`": query.replace("+", "%20"),
        f"`{_RESERVED}` were signed encoded in the query": re.sub("[!'()*]", lambda one: f"%{ord(one[0]):02X}", query),
        f"`{_RESERVED}` were signed without encoding in the query": re.sub(
            "%(?:21|2[789Aa])", lambda one: unquote(one[0]), query
        ),
        "`~` was signed as `%7E` in the query": query.replace("~", "%7E"),
        "the query was signed with `?` before it": f"?{query}" if query else "",
    }
    for cause, text in texts.items():
        if text != query:
            yield cause, _with_query(context, text)
    for cause, text in rewrite_items(query):
        yield f"{cause}, in the query", _with_query(context, text)
    yield from ((cause, _with_query(context, text)) for cause, text in rewrite_blanks(query, "query"))


def _wrong_texts(context: Context) -> Writings:
    """Values of the query or of a form escaped, quoted or changed as texts."""
    for cause, text in rewrite_texts(context.request.query):
        yield f"{cause}, in the query", _with_query(context, text)
    yield from wrong_texts_of_body(context)


def _encode_item(item: str) -> str:
    name, equals, value = item.partition("=")
    return f"{encode_text(name)}{equals}{encode_text(value)}"


def _wrong_paths(context: Context) -> Writings:
    request = context.request
    path = request.path
    texts = {
        "the path was signed decoded": unquote(path),
        "the path was encoded once more before signing": encode_text(path, "/"),
        "the path was encoded before signing, and sent without": encode_text(unquote(path), "/"),
        "the path was signed with small letters behind `%`": _write_small(path),
        "the path was signed with capital letters behind `%`": _write_capital(path),
        "blanks of the path were signed as `+`": path.replace("%20", "+"),
        "the path was signed without the slash at its beginning": path[1:],
        "the whole address was signed in place of the path": f"{request.scheme}://{request.site}{path}",
    }
    folders = path.split("/")
    for count in range(1, min(_MOST_FOLDERS, len(folders) - 2) + 1):
        left = "/".join(folders[: count + 1])
        texts[f"the path was signed without `{left}` at its beginning"] = path[len(left) :]
    for cause, text in texts.items():
        if text != path:
            yield cause, context.with_request(replace(request, path=text))


def _wrong_hosts(context: Context) -> Writings:
    request = context.request
    (host, *_) = request.header("host")
    hosts = {
        "the host was signed with its port": f"{request.host}:{request.port}",
        "the host was signed without its port": request.host,
        "the host was signed in capital letters": host.upper(),
    }
    for cause, text in hosts.items():
        if text != host:
            yield cause, context.with_request(replace(request, authority=text).with_header("Host", text))


def _wrong_moments(context: Context) -> Writings:
    timestamp = context.scheme.timestamp
    if timestamp is None:
        return
    texts = {form: write_moment(form, context.now_ms, timestamp.zone_seconds) for form in _FORMATS}
    if timestamp.zone_seconds:
        texts["UTC"] = write_moment(timestamp.format, context.now_ms)
    for form, text in texts.items():
        if text != context.timestamp:
            yield from _sign_moment(context, text, f"the moment was signed as {form} ({text})")
    yield "the moment was signed as 0", replace(context, timestamp="0")
    for cause, days in (("before", -1), ("after", 1)):
        other = replace(context, now_ms=max(0, context.now_ms + days * _DAY_MS))
        yield f"the day {cause} was signed, as another time zone has it", other


def _sign_moment(context: Context, text: str, cause: str) -> Writings:
    """Another text for the moment: in the message, and then in the fields that are signed too."""
    other = replace(context, timestamp=text)
    yield cause, other
    with suppress(SigningError):
        placed = place_companions(other)
        if placed.request != other.request:
            yield cause, placed


def _wrong_parts(context: Context) -> Writings:
    scheme = context.scheme
    for change in (_other_steps, _other_clocks, _other_sets, _other_presence):
        for cause, part in change_each(scheme.message, "the message", change):
            yield cause, replace(context, scheme=replace(scheme, message=part))
        for name, value in scheme.values.items():
            for cause, part in change_each(value, f"`value.{name}`", change):
                changed = replace(scheme, values={**scheme.values, name: part})
                yield cause, replace(context, scheme=changed)


def change_each(part: Part, name: str, change: Change) -> Iterator[tuple[str, Part]]:
    """The part with the change made to it, then to each part of its groups."""
    yield from change(part, name)
    form = part.form
    if isinstance(form, Group):
        for index, inner in enumerate(form.parts):
            for cause, changed in change_each(inner, describe_part(inner, index), change):
                parts = (*form.parts[:index], changed, *form.parts[index + 1 :])
                yield cause, replace(part, form=replace(form, parts=parts))


def describe_part(part: Part, index: int) -> str:
    """A part by its source, or by its place in a group."""
    return f"`{part.form}`" if isinstance(part.form, Source) else f"part {index + 1}"


def _other_steps(part: Part, name: str) -> Iterator[tuple[str, Part]]:
    """Hashes and their forms that are others."""
    for index, step in enumerate(part.transforms):
        known = step.name if step is not None else ""
        family = next((family for family in _FAMILIES if known in family), ())
        for other in family:
            if other != known:
                steps = (*part.transforms[:index], TRANSFORMS[other], *part.transforms[index + 1 :])
                yield f"{name} was signed as {other} instead of {known}", replace(part, transforms=steps)


def _other_clocks(part: Part, name: str) -> Iterator[tuple[str, Part]]:
    if isinstance(part.form, Clock):
        for form in _FORMATS:
            if form != part.form.format:
                cause = f"{name} was signed as {form} instead of {part.form.format}"
                yield cause, replace(part, form=replace(part.form, format=form))
        if part.form.offset_seconds:
            cause = f"{name} was signed without the {part.form.offset_seconds} seconds that are added to it"
            yield cause, replace(part, form=Clock(part.form.format))


def _other_sets(part: Part, _: str) -> Iterator[tuple[str, Part]]:
    form = part.form
    if not isinstance(form, Parameters):
        return
    if TRANSFORMS["percent-encode"] in form.values:
        for step in _ENCODERS:
            steps = tuple(step if one == TRANSFORMS["percent-encode"] else one for one in form.values)
            cause = f"the values of the parameters were encoded {step.name}"
            yield cause, replace(part, form=replace(form, values=steps))
    if "headers" in form.sources:
        cause = "the names of the headers were signed with capital letters"
        yield cause, replace(part, form=replace(form, names=(*form.names, _TITLE)))
        pair = tuple(piece.replace(": ", ":") if isinstance(piece, str) else piece for piece in form.pair)
        cause = "no blank was signed behind the colon of each header"
        yield cause, replace(part, form=replace(form, pair=pair))
        cause = "the values of the headers were signed in small letters"
        yield cause, replace(part, form=replace(form, values=(*form.values, TRANSFORMS["lower"])))


def _other_presence(part: Part, name: str) -> Iterator[tuple[str, Part]]:
    """A part that is empty, or that is there although the scheme leaves it out without a body."""
    if part.only_with_body:
        yield f"{name} was signed without a body too", replace(part, only_with_body=False)
    elif part.only_without:
        yield f"{name} was signed, though there is a header {part.only_without}", replace(part, only_without="")
    elif name != "the message":
        yield f"{name} was signed as nothing", Part(form=_EMPTY)
