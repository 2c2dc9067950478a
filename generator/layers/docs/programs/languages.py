"""How the languages of the programs write values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.ir import Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The name that highlighters and templates know, the one for readers, and how values are written."""

    name: str
    label: str
    map_ends: tuple[str, str]
    arrow: str
    true: str
    false: str
    text: Callable[[str], str]

    def literal(self, value: Frozen) -> str:
        """A text, a number, a boolean, or a list of those."""
        if isinstance(value, tuple | list):
            return "[" + ", ".join(map(self.literal, value)) + "]"
        if isinstance(value, bool):
            return self.true if value else self.false
        return str(value) if isinstance(value, int) else self.text(str(value))

    def members(self, values: Mapping[str, Frozen]) -> str:
        """A map, each member on its own line if there are several."""
        pairs = [f"{self.text(name)}{self.arrow}{self.literal(value)}" for name, value in values.items()]
        start, end = self.map_ends
        if len(pairs) < 2:
            return start + "".join(pairs) + end
        return "\n".join((start, *(f"    {pair}," for pair in pairs), end))


def _in_double_quotes(text: str) -> str:
    """Neither language gives a `$` or a `#` in them a meaning."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_single_quotes(text: str) -> str:
    """Nothing but a quote and a backslash has a meaning in them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_PYTHON = Language(
    name="python", label="Python", map_ends=("{", "}"), arrow=": ", true="True", false="False", text=_in_double_quotes
)
_JAVASCRIPT = Language(
    name="javascript",
    label="JavaScript",
    map_ends=("{", "}"),
    arrow=": ",
    true="true",
    false="false",
    text=_in_double_quotes,
)
_PHP = Language(
    name="php", label="PHP", map_ends=("[", "]"), arrow=" => ", true="true", false="false", text=_in_single_quotes
)
_RUBY = Language(
    name="ruby", label="Ruby", map_ends=("{", "}"), arrow=" => ", true="true", false="false", text=_in_single_quotes
)
LANGUAGES = (_PYTHON, _JAVASCRIPT, _PHP, _RUBY)
