"""Texts as programs escape, quote or decode them before they sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.entities import codepoint2name
from string import ascii_letters, digits

from .json_texts import escape_in_capitals

_BASIC = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_QUOTED = {**_BASIC, '"': "&quot;"}
_NAMED = {chr(code): f"&{name};" for code, name in codepoint2name.items() if 160 <= code < 256}  # as of Latin-1
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_KEPT_BY_ESCAPE = frozenset(f"{ascii_letters}{digits}@*_+-./".encode())
Change = Callable[[str], str]


def list_text_ways() -> Iterator[tuple[str, Change]]:
    """What to say of each way, with `{names}`; and what makes the wrong text of the right one."""
    letters = "{names} was signed with %s for letters beyond ASCII; sign the letters themselves"
    yield letters % "`\\u` and capital digits", escape_in_capitals
    yield letters % "`\\x` and digits", _escape_code_points
    yield letters % "the bytes of UTF-8, such as `\\xc3`,", _escape_bytes
    yield "{names} was signed as JavaScript's `escape` writes it, such as `%u20AC`; sign the raw text", _escape_units
    entities = "{names} was signed with entities of HTML, such as `&amp;` or `&#233;`; sign the text itself"
    for changes in _list_entities():
        yield entities, _replace_by(changes)
    for write in ("&#{:d};", "&#x{:x};", "&#x{:X};"):
        for changes in ({}, {**_QUOTED, "'": "&#39;"}):
            yield entities, _join(_replace_by(changes), _refer_by(write))
    yield "{names} was signed without the entities of HTML that were sent, such as `&amp;`; sign what you send", _decode
    yield "{names} was signed in quotation marks; sign the text without them", '"{}"'.format
    yield "{names} was signed in quotation marks; sign the text without them", "'{}'".format
    slashes = "{names} was signed with backslashes before quotation marks; sign the text itself"
    for marks in ("\"'\\", '"\\', "'\\"):
        yield slashes, _replace_by({mark: f"\\{mark}" for mark in marks})


def _list_entities() -> Iterator[dict[str, str]]:
    """What is written as an entity: `'` in many ways, or not at all; with names for letters, as PHP has them."""
    yield _BASIC
    yield _QUOTED
    for apostrophe in ("&#39;", "&#x27;", "&#039;", "&apos;"):
        yield {**_QUOTED, "'": apostrophe}
    yield {**_QUOTED, **_NAMED}
    yield {**_QUOTED, "'": "&#039;", **_NAMED}


def _replace_by(texts: dict[str, str]) -> Change:
    table = str.maketrans(texts)
    return lambda text: text.translate(table)


def _refer_by(form: str) -> Change:
    return lambda text: _BEYOND_ASCII.sub(lambda found: form.format(ord(found[0])), text)


def _join(first: Change, second: Change) -> Change:
    return lambda text: second(first(text))


def _escape_code_points(text: str) -> str:
    """As Python's `ascii` writes letters."""

    def write(found: re.Match[str]) -> str:
        code = ord(found[0])
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

    return _BEYOND_ASCII.sub(write, text)


def _escape_bytes(text: str) -> str:
    """As Python and C write bytes."""

    def write(found: re.Match[str]) -> str:
        return "".join(f"\\x{byte:02x}" for byte in found[0].encode("utf-8", "surrogatepass"))

    return _BEYOND_ASCII.sub(write, text)


def _escape_units(text: str) -> str:
    """As `escape` of JavaScript writes it, by units of UTF-16."""
    data = text.encode("utf-16-be", "surrogatepass")
    units = [data[at] * 256 + data[at + 1] for at in range(0, len(data), 2)]
    return "".join(
        chr(unit) if unit in _KEPT_BY_ESCAPE else f"%{unit:02X}" if unit < 0x100 else f"%u{unit:04X}" for unit in units
    )


def _decode(text: str) -> str:
    for letter, entity in (*reversed(_QUOTED.items()), ("'", "&#39;")):
        if letter != "&":
            text = text.replace(entity, letter)
    return text.replace("&amp;", "&")
