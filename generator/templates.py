"""The one Jinja environment. Every string of a description passes the filter of its place."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import CodeType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket, BytecodeCache

from generator import PYTHONS
from generator.ir import thaw
from generator.names import pascal, snake

_UNUSUAL = re.compile(r"[^ -%'-;=?-~]")  # most characters pass the filters as they are: all but these, and &, < and >
_MARKDOWN = str.maketrans(
    {
        **{char: f"\\{char}" for char in "\\`*_{}[]"},
        **{char: f"&#{ord(char)};" for char in "&<>|~^=$\"'"},
    }
)
_ENTITIES = str.maketrans({char: f"&#{ord(char)};" for char in "\\`*_{}[]&<>|~^=$\"'#!()+-:"})


class _CompiledTemplates(BytecodeCache):
    """Compiled templates, for all environments of the process: compiling them takes longer than filling them in."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out the code of a template that has been compiled."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED = _CompiledTemplates()


class Templates:
    """The templates of one folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            bytecode_cache=COMPILED,
            autoescape=False,  # noqa: S701  # nothing of this is HTML alone; each place has its filter
        )
        self._environment.filters.update(_FILTERS)
        self._environment.globals["pythons"] = PYTHONS

    def render(self, name: str, /, **values: object) -> str:
        """The template of that name, filled in."""
        return self._environment.get_template(name).render(**values)


def py(value: object) -> str:
    """A Python literal of JSON data; tuples stay tuples."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{py(key)}: {py(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{py(item)}, " for item in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(py(item) for item in value) + "]"
    if value is None or isinstance(value, str | bool | int | float):
        return ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    raise TypeError(f"{type(value).__name__} is no JSON data")


def doc(text: str, indent: int = 4) -> str:
    """Text for the inside of a triple-quoted docstring, its later lines indented."""
    safe = _show(text.strip().replace("\\", "\\\\"))
    safe = re.sub(r'"(?="|\Z)', r'\\"', safe)
    return textwrap.indent(safe, " " * indent).strip()


def jsdoc(text: str, indent: int = 0) -> str:
    """Text for the inside of a `/** */` comment of JavaScript, its later lines indented behind an asterisk."""
    safe = _show(text.strip()).replace("*/", "*\\/")
    return safe.replace("\n", f"\n{' ' * indent} * ")


def comment(text: str) -> str:
    """Text for one line behind a comment sign."""
    return " ".join(_show(text).split())


def json_text(value: object) -> str:
    """JSON that is also safe inside a script element and as a YAML value."""
    text = json.dumps(thaw(value), ensure_ascii=False)
    return _UNUSUAL.sub(lambda found: found[0] if _harmless(found[0]) else f"\\u{ord(found[0]):04x}", text)


def md(text: object) -> str:
    """Text for the inside of a Markdown line or table cell; `code` between backticks stays code."""
    return _escape_line(str(text))


@lru_cache(maxsize=4096)  # the pages of a description say the same names, types and meanings again and again
def _escape_line(text: str) -> str:
    parts = _show(" ".join(text.split())).split("`")
    if len(parts) % 2 == 0:  # an unpaired backtick is a plain character
        return _line_start("`".join(parts).translate(_MARKDOWN))
    spans = (
        f"<code>{part.translate(_ENTITIES)}</code>" if index % 2 else part.translate(_MARKDOWN)
        for index, part in enumerate(parts)
    )
    return _line_start("".join(spans))


def code(text: str) -> str:
    """Text of one line as code for the inside of a Markdown line, with all its blanks."""
    return f"<code>{_show(text).translate(_ENTITIES)}</code>"


def _line_start(text: str) -> str:
    """Signs that would begin a list, a heading or an admonition are written as entities."""
    return re.sub(r"^(?=[-+#!?:.])(.)|^(\d+)\.", lambda m: f"&#{ord(m[1])};" if m[1] else f"{m[2]}&#46;", text)


def _harmless(char: str) -> bool:
    """Not a sign of HTML, and nothing that YAML or JavaScript would read otherwise than JSON does."""
    return ord(char) > 0xFFFF or (char.isprintable() and char not in "<>&")


def _show(text: str) -> str:
    """The text with every character that no editor shows as an escape."""
    return _UNUSUAL.sub(lambda found: _visible(found[0]), text)


def _visible(char: str) -> str:
    if char.isprintable() or char == "\n":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


_FILTERS = {
    "py": py,
    "doc": doc,
    "comment": comment,
    "jsdoc": jsdoc,
    "json": json_text,
    "md": md,
    "code": code,
    "html": lambda text: html.escape(str(text)),
    "snake": snake,
    "pascal": pascal,
}
