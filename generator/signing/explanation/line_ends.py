"""Line breaks of a message that a program wrote otherwise, or had one too many or too few of at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..language.model import Group, Parameters, Part, SigningScheme, Source, Text
from ..messages.evaluation import Context
from ..transforms import Transform

_LINE_ENDS = (
    ("each line of the message was ended by `\\r\\n` instead of `\\n`", "\n", "\r\n"),
    ("each line of the message was ended by `\\n` instead of `\\r\\n`", "\r\n", "\n"),
    ("a backslash and an `n` were signed for each line break", "\n", "\\n"),
    ("a blank was signed for each line break", "\n", " "),
    ("the message was signed without its line breaks", "\n", ""),
)


def _add_break(value: str | bytes) -> str | bytes:
    return f"{value}\n" if isinstance(value, str) else value + b"\n"


def _drop_break(value: str | bytes) -> str | bytes:
    return value.removesuffix("\n") if isinstance(value, str) else value.removesuffix(b"\n")


_ONE_MORE = Transform(apply=_add_break, takes="any", gives="same", name="")
_ONE_LESS = Transform(apply=_drop_break, takes="any", gives="same", name="")


def wrong_line_ends(context: Context) -> Iterator[tuple[str, Context]]:
    """The scheme with other line breaks between its parts; what is in the parts stays as it is."""
    scheme = context.scheme
    for cause, old, new in _LINE_ENDS:
        changed = _change_texts(scheme, lambda text, old=old, new=new: text.replace(old, new))  # type: ignore[misc]
        if changed != scheme:
            yield cause, replace(context, scheme=changed)
    for step, how in ((_ONE_MORE, "with a line break more"), (_ONE_LESS, "without the line break")):
        message = replace(scheme.message, transforms=(step, *scheme.message.transforms))
        yield f"the message was signed {how} at its end", replace(context, scheme=replace(scheme, message=message))
        for name, part in scheme.values.items():
            other = replace(part, transforms=(step, *part.transforms))
            values = {**scheme.values, name: other}
            yield f"`value.{name}` was signed {how} at its end", replace(context, scheme=replace(scheme, values=values))


def _change_texts(scheme: SigningScheme, change: Callable[[str], str]) -> SigningScheme:
    """The scheme with all constant texts of its message and its named values changed."""
    values = {name: _change_part(part, change) for name, part in scheme.values.items()}
    return replace(scheme, message=_change_part(scheme.message, change), values=values)


def _change_part(part: Part, change: Callable[[str], str]) -> Part:
    form = part.form
    if isinstance(form, Group):
        form = Group(tuple(_change_part(one, change) for one in form.parts), change(form.joiner))
    elif isinstance(form, Text):
        form = Text(tuple(_change_piece(piece, change) for piece in form.pieces))
    elif isinstance(form, Parameters):
        pair = tuple(_change_piece(piece, change) for piece in form.pair)
        form = replace(form, separator=change(form.separator), pair=pair)
    return replace(part, form=form, before=change(part.before))


def _change_piece(piece: str | Source, change: Callable[[str], str]) -> str | Source:
    return change(piece) if isinstance(piece, str) else piece
