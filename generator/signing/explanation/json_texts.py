"""A parameter whose text is JSON, written otherwise: the same data, and other characters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product

_TOKEN = re.compile(
    r"[ \t\r\n]+"
    r'|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
    r"|[{}\[\],:]|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)"
)
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|\\."
)
_OPENING, _CLOSING = ("{", "["), ("}", "]")
Change = Callable[[str], str]


def is_json(text: str) -> bool:
    """Whether the text is made of the parts of a JSON object or list."""
    return text.startswith(_OPENING) and bool(_split(text))


def list_json_ways() -> Iterator[tuple[str, Callable[[str], str | None]]]:
    """How JSON is written otherwise, and what makes this text of another; None if it is the same."""
    for chosen in product(_SPACINGS.items(), _LETTERS.items(), _SLASHES.items()):
        changes = [(how, change) for how, change in chosen if how]
        if changes:
            yield " and ".join(how for how, _ in changes), _join_changes([change for _, change in changes])


def escape_letters(text: str) -> str:
    """The text with escapes for all letters beyond ASCII."""
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)


def _join_changes(changes: list[Change]) -> Callable[[str], str | None]:
    def write(text: str) -> str | None:
        for change in changes:
            changed = _change_text(change, text)
            if changed == text:
                return None
            text = changed
        return text

    return write


@lru_cache(maxsize=64)
def _change_text(change: Change, text: str) -> str:
    """The changed text; the same change begins many ways."""
    return change(text)


@lru_cache(maxsize=64)
def _split(text: str) -> tuple[str, ...]:
    """The tokens of JSON; none if it is not made of such tokens."""
    tokens, at = list[str](), 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return ()
        tokens += [found[1]] if found[1] else []
        at = found.end()
    return (*tokens,)


def _space(text: str) -> str:
    return "".join({",": ", ", ":": ": "}.get(token, token) for token in _split(text))


def _indent(unit: str) -> Change:
    def write(text: str) -> str:
        written: list[str] = []
        depth, before = 0, ""
        for part in _split(text):
            depth -= part in _CLOSING
            starts_line = (before in _OPENING) != (part in _CLOSING) or before == ","
            written.append(f"\n{unit * depth}" if before and starts_line else "")
            written.append(": " if part == ":" else part)
            depth += part in _OPENING
            before = part
        return "".join(written)

    return write


def escape_in_capitals(text: str) -> str:
    """The same with capital digits."""
    return re.sub(r"\\u[0-9a-f]{4}", lambda found: f"\\u{found[0][2:].upper()}", escape_letters(text))


def escape_like_go(text: str) -> str:
    """The text with escapes for what HTML would read as its own."""
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _write_letters(text: str) -> str:
    """Letters beyond ASCII in place of their escapes."""

    def write(found: re.Match[str]) -> str:
        letter = json.loads(f'"{found[0]}"') if found[0].startswith("\\u") and len(found[0]) > 2 else ""
        return letter if letter > "\x7f" else found[0]

    return _ESCAPE.sub(write, text)


def _escape_slashes(text: str) -> str:
    return re.sub(r"\\.|/", lambda found: "\\/" if found[0] == "/" else found[0], text)


def _write_slashes(text: str) -> str:
    return re.sub(r"\\.", lambda found: "/" if found[0] == "\\/" else found[0], text)


_SPACINGS: dict[str, Change] = {
    "": str,
    "without blanks between its parts": lambda text: "".join(_split(text)),
    "with a blank after each `:` and `,`": _space,
    "indented by 2 blanks": _indent("  "),
    "indented by 4 blanks": _indent("    "),
    "indented by tabs": _indent("\t"),
}
_LETTERS: dict[str, Change] = {
    "": str,
    "with `\\u` and digits for letters beyond ASCII": escape_letters,
    "with `\\u` and capital digits for letters beyond ASCII": escape_in_capitals,
    "with letters beyond ASCII where `\\u` and digits were sent": _write_letters,
}
_SLASHES: dict[str, Change] = {
    "": str,
    "with `\\/` for `/`": _escape_slashes,
    "with `/` where `\\/` was sent": _write_slashes,
}
