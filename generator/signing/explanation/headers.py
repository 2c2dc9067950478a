"""Headers as careless programs write them before they sign: with blanks around or inside of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..language.checks import sources_of
from ..language.model import Group, Parameters, Part, Source
from ..messages.evaluation import Context, signed_headers
from ..messages.request import Request
from ..transforms import TRANSFORMS

_MOST_HEADERS = 20
_TRIMMING = (TRANSFORMS["trim"], TRANSFORMS["squeeze"])


def wrong_headers(context: Context) -> Iterator[tuple[str, Context]]:
    """The headers that are signed, written otherwise."""
    names = _names_of_signed(context)[:_MOST_HEADERS]
    if not names:
        return
    scheme = context.scheme
    values = {name: _keep_blanks(part) for name, part in scheme.values.items()}
    untrimmed = replace(scheme, message=_keep_blanks(scheme.message), values=values)
    kept = replace(context, keeps_blanks=True, scheme=untrimmed)
    yield "the values of the headers were signed with the blanks around them", kept
    squeezed = _change_headers(context.request, names, lambda value: re.sub(" +", " ", value))
    yield "several blanks in the values of the headers were signed as one", context.with_request(squeezed)
    for where, form in (("before", " {}"), ("behind", "{} ")):
        for chosen in (names, *((name,) for name in names if len(names) > 1)):
            request = _change_headers(context.request, chosen, form.format)
            whose = "each header" if chosen == names and len(names) > 1 else f"the header {chosen[0]}"
            yield f"a blank was signed {where} the value of {whose}", kept.with_request(request)


def _keep_blanks(part: Part) -> Part:
    """The part without the transforms that take blanks from the values of headers."""
    form, steps = part.form, part.transforms
    if isinstance(form, Group):
        form = replace(form, parts=tuple(map(_keep_blanks, form.parts)))
    elif isinstance(form, Parameters) and "headers" in form.sources:
        form = replace(form, values=tuple(step for step in form.values if step not in _TRIMMING))
    elif isinstance(form, Source) and form.kind == "header":
        steps = tuple(step for step in steps if step not in _TRIMMING)
    return replace(part, form=form, transforms=steps)


def _names_of_signed(context: Context) -> tuple[str, ...]:
    """Those that any part of the message may hold, in lower case."""
    scheme = context.scheme
    sources = sources_of(scheme, scheme.message)
    listed = [name for name, _ in signed_headers(context)] if any(one.kind == "headers" for one in sources) else []
    named = sorted(one.name.lower() for one in sources if one.kind == "header")
    return tuple(dict.fromkeys([*listed, *named]))


def _change_headers(request: Request, names: tuple[str, ...], change: Callable[[str], str]) -> Request:
    own = {name.lower() for name, _ in request.headers}
    added = [(name, value) for name in names if name not in own for value in request.header(name)]  # host, for one
    headers = [(name, change(value) if name.lower() in names else value) for name, value in (*request.headers, *added)]
    return replace(request, headers=tuple(headers))
