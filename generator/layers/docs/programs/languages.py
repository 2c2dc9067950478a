"""How the languages of the programs write values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.ir import Frozen

_LARGEST_INT = 2**31 - 1


def _in_double_quotes(text: str) -> str:
    """No language that uses them here gives another character in them a meaning."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_single_quotes(text: str) -> str:
    """Nothing but a quote and a backslash has a meaning in them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _in_ascii(text: str) -> str:
    """What every setting of javac reads alike: before Java 18 it takes the encoding of the system."""
    units = _in_double_quotes(text).encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    return "".join(chr(code) if code < 128 else f"\\u{code:04x}" for code in codes)


def _with_suffix(number: int) -> str:
    """Java takes a number without a suffix for one of 32 bits."""
    return f"{number}L" if abs(number) > _LARGEST_INT else str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The name that highlighters and templates know, the one for readers, and how values are written.

    `member` has `{name}`, `{value}`, and `{gap}` where the values of a map stand in one column.
    """

    name: str
    label: str
    text: Callable[[str], str]
    member: str
    map_ends: tuple[str, str] = ("{", "}")
    list_ends: tuple[str, str] = ("[", "]")
    booleans: tuple[str, str] = ("false", "true")
    number: Callable[[int], str] = str
    tab: str = "    "
    last_comma: str = ","

    def literal(self, value: Frozen) -> str:
        """A text, a number, a boolean, or a list of those."""
        if isinstance(value, tuple | list):
            return ", ".join(map(self.literal, value)).join(self.list_ends)
        if isinstance(value, bool):
            return self.booleans[value]
        return self.number(value) if isinstance(value, int) else self.text(str(value))

    def map(self, values: Mapping[str, Frozen]) -> str:
        """A map, each member on its own line if there are several."""
        start, end = self.map_ends
        if len(values) < 2:
            return start.rstrip() + end.lstrip() if not values else "".join(self._members(values)).join(self.map_ends)
        lines = f",\n{self.tab}".join(self._members(values))
        return f"{start.rstrip()}\n{self.tab}{lines}{self.last_comma}\n{end.lstrip()}"

    def _members(self, values: Mapping[str, Frozen]) -> list[str]:
        names = [self.text(name) for name in values]
        widest = max(map(len, names), default=0)
        return [
            self.member.format(name=name, value=self.literal(value), gap=" " * (widest - len(name)))
            for name, value in zip(names, values.values(), strict=True)
        ]


_PYTHON = Language(
    name="python", label="Python", text=_in_double_quotes, member="{name}: {value}", booleans=("False", "True")
)
_JAVASCRIPT = Language(name="javascript", label="JavaScript", text=_in_double_quotes, member="{name}: {value}")
_PHP = Language(name="php", label="PHP", text=_in_single_quotes, member="{name} => {value}", map_ends=("[", "]"))
_RUBY = Language(name="ruby", label="Ruby", text=_in_single_quotes, member="{name} => {value}")
_GO = Language(
    name="go",
    label="Go",
    text=_in_double_quotes,
    member="{name}: {gap}{value}",
    map_ends=("map[string]any{", "}"),
    list_ends=("[]any{", "}"),
    tab="\t",
)
_JAVA = Language(
    name="java",
    label="Java",
    text=_in_ascii,
    member="entry({name}, {value})",
    map_ends=("Map.ofEntries(", ")"),
    list_ends=("List.of(", ")"),
    number=_with_suffix,
    last_comma="",
)
_CSHARP = Language(
    name="csharp",
    label="C#",
    text=_in_double_quotes,
    member="[{name}] = {value}",
    map_ends=("new Dictionary<string, object> { ", " }"),
    list_ends=("new object[] { ", " }"),
)
LANGUAGES = (_PYTHON, _JAVASCRIPT, _PHP, _RUBY, _GO, _JAVA, _CSHARP)
