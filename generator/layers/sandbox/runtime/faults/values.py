"""Faults of values: texts and numbers that are tidied up, changes and times that responses do not show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any
from unicodedata import normalize

from ..api import Field, Operation
from ..http.context import Handler, HandlerResult, RequestContext
from .fault import SETTINGS_WRITTEN, SHOULD, Fault
from .responses import change_members

_BODY = "requestBody"
_SUCCESS = "responses.success"
_LARGEST = 2**31 - 1
_NUMBER = re.compile(r"[+]?[0-9]+([.][0-9]+)?(e[0-9]+)?")
_CHANGING = ("update", "replace")
Members = dict[str, Any]


def _store(change: Callable[[Any], Any]) -> Callable[[Operation, Handler], Handler]:
    """Stores changed values."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        def faulty(context: RequestContext) -> HandlerResult:
            return handler(replace(context, body={name: change(value) for name, value in context.body.items()}))

        return faulty if operation.kind in SETTINGS_WRITTEN else handler

    return wrap_handler


def _texts(change: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: change(value) if isinstance(value, str) else value


def _numeric_texts(change: Callable[[str], str]) -> Callable[[Any], Any]:
    return _texts(lambda text: change(text) if _NUMBER.fullmatch(text) else text)


def _cut_number(value: Any) -> Any:
    return min(value, _LARGEST) if type(value) is int else value


def _respond_with_old(is_old: Callable[[Any], bool]) -> Callable[[Operation, Handler], Handler]:
    """A change is stored, and its response shows some values as they were before."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        def faulty(context: RequestContext) -> HandlerResult:
            with context.connection.begin_nested() as savepoint:
                before = handler(replace(context, body={}))
                savepoint.rollback()
            result = handler(context)
            return replace(result, content=_mix(operation, before.content, result.content, is_old))

        return faulty if operation.kind == "update" else handler

    return wrap_handler


def _mix(operation: Operation, old: Any, new: Any, is_old: Callable[[Any], bool]) -> Any:
    if operation.wrapper and isinstance(new, dict):
        return {operation.wrapper: _mix_members(old[operation.wrapper], new[operation.wrapper], is_old)}
    return _mix_members(old, new, is_old)


def _mix_members(old: Members, new: Members, is_old: Callable[[Any], bool]) -> Members:
    return {name: old.get(name) if is_old(value) else value for name, value in new.items()}


def _stand(_fields: tuple[Field, ...], members: Members) -> Members:
    return {**members, "updated_at": members["created_at"]} if {"created_at", "updated_at"} <= {*members} else members


def _move_first(_fields: tuple[Field, ...], members: Members) -> Members:
    return {**members, "created_at": members["updated_at"]} if {"created_at", "updated_at"} <= {*members} else members


def _move_when_read(operation: Operation, handler: Handler) -> Handler:
    """The time of the last change is that of the response."""

    def move(context: RequestContext) -> HandlerResult:
        now = datetime.fromtimestamp(context.now_ms / 1000, UTC).isoformat(timespec="milliseconds")

        def set_now(_fields: tuple[Field, ...], members: Members) -> Members:
            return {**members, "updated_at": now} if isinstance(members.get("updated_at"), str) else members

        return change_members(set_now)(operation, handler)(context)

    return move if operation.fields else handler


FAULTS: Mapping[str, Fault] = {
    "text-trimmed": Fault(
        clause=_BODY,
        level=SHOULD,
        meaning="texts are stored without the blanks around them",
        wrap_handler=_store(_texts(str.strip)),
    ),
    "line-breaks-rewritten": Fault(
        clause=_BODY,
        level=SHOULD,
        meaning="line breaks of texts are stored in another form",
        wrap_handler=_store(_texts(lambda text: text.replace("\r\n", "\n"))),
    ),
    "blanks-squeezed": Fault(
        clause=_BODY,
        level=SHOULD,
        meaning="of several blanks in a text one is stored",
        wrap_handler=_store(_texts(lambda text: re.sub(r"[ \t]+", " ", text))),
    ),
    "unicode-composed": Fault(
        clause=_BODY,
        level=SHOULD,
        meaning="letters with their accents apart are stored as one character",
        wrap_handler=_store(_texts(lambda text: normalize("NFC", text))),
    ),
    "markup-escaped": Fault(
        clause=_BODY,
        meaning="characters that mean something in HTML are stored as entities",
        wrap_handler=_store(_texts(lambda text: escape(text, quote=False))),
    ),
    "emoji-dropped": Fault(
        clause=_BODY,
        meaning="texts are stored without the characters of more than three bytes",
        wrap_handler=_store(_texts(lambda text: "".join(one for one in text if one <= "\uffff"))),
    ),
    "leading-zeros-lost": Fault(
        clause=_BODY,
        meaning="texts of digits are stored without the zeros before them",
        wrap_handler=_store(_numeric_texts(lambda text: text.lstrip("0") or "0")),
    ),
    "numeric-text-cast": Fault(
        clause=_BODY,
        meaning="texts that look like numbers are stored as the program writes that number",
        wrap_handler=_store(_numeric_texts(lambda text: str(float(text)))),
    ),
    "large-number-cut": Fault(
        clause=_BODY,
        meaning="numbers of more than 32 bits are stored as the largest of 32 bits",
        wrap_handler=_store(_cut_number),
    ),
    "update-returns-old": Fault(
        clause=_SUCCESS,
        meaning="the response to a change shows the object as it was",
        wrap_handler=_respond_with_old(lambda _: True),
    ),
    "update-returns-old-texts": Fault(
        clause=_SUCCESS,
        meaning="the response to a change shows texts as they were",
        wrap_handler=_respond_with_old(lambda value: isinstance(value, str)),
    ),
    "update-returns-old-numbers": Fault(
        clause=_SUCCESS,
        meaning="the response to a change shows numbers and flags as they were",
        wrap_handler=_respond_with_old(lambda value: isinstance(value, int)),
    ),
    "change-time-stands": Fault(
        clause=_SUCCESS,
        level=SHOULD,
        meaning="the time of the last change is that of the creation",
        wrap_handler=change_members(_stand),
    ),
    "change-time-moves-when-read": Fault(
        clause=_SUCCESS,
        level=SHOULD,
        meaning="the time of the last change is that of the response",
        wrap_handler=_move_when_read,
    ),
    "creation-time-moves": Fault(
        clause=_SUCCESS,
        level=SHOULD,
        meaning="the time of creation is that of the last change",
        wrap_handler=change_members(_move_first),
    ),
}
