"""A page of the docs as plain Markdown: its words, lists and code, without the HTML that lays it out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_UNSEEN = re.compile(r"<(figure|noscript|style)\b.*?</\1>\n?|<!--.*?-->\n?", re.DOTALL)
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_TAB = re.compile(r'=== "(.*)"')
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_ATTRIBUTES = re.compile(r"\s*\{ ?[.#:][^{}]*\}\s*$")
_ANCHOR = re.compile(r'<a class="op-anchor".*?</a> ?')
_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>')
_CODE = re.compile(r"<code>(.*?)</code>")
_WORDS = tuple(
    (re.compile(tag), words)
    for tag, words in (
        (r"</?strong>", "**"),
        (r"<small>", "("),
        (r"</small>", ")"),
        (r"</span> <span>", ", "),
        (r"<li\b[^>]*>", "- "),
    )
)
_TAG = re.compile(
    r"</?(?:a|code|details|div|figcaption|figure|li|ol|p|section|small|span|strong|summary|ul)\b[^<>]*>", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\([*_{}()#+.!~-])")
_REFERENCE = re.compile(r"&#?\w+;")
_KEPT = {"<": "&lt;", ">": "&gt;", "[": "\\[", "]": "\\]", "`": "\\`", "|": "\\|"}  # which would be markup
_BLANKS = re.compile(r"\n{3,}")
_UNNAMED = ("op-source", "op-group", "op-workbench")  # foldable blocks whose first line says nothing to a program
_PROGRAMS_KEPT = 2  # of a page: the client and curl; the page has them in the other languages


def plain_markdown(text: str) -> str:
    """The page as plain Markdown."""
    lines = _UNSEEN.sub("", _FRONT_MATTER.sub("", text)).splitlines()
    return _BLANKS.sub("\n\n", "\n".join(_Lines(lines).write())).strip() + "\n"


class _Lines:
    """The lines of a page, and where in its layout each of them stands."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._rows: list[bool] = []  # of each open division, whether it is the row of a list
        self._in_programs = False
        self._tabs = 0
        self._names_block = False

    def write(self) -> Iterator[str]:
        """The lines of the plain page."""
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if _FENCE.match(line):
                end = self._end_of_code(at)
                yield from self._lines[at:end]
            elif tab := _TAB.fullmatch(line):
                end = self._end_of_tab(at)
                yield from self._write_tab(tab[1], self._lines[at + 1 : end])
            else:
                end = at + 1
                yield from self._write_line(line)
            at = end

    def _end_of_code(self, start: int) -> int:
        fence = _FENCE.match(self._lines[start])
        marks = fence[1] if fence else ""
        closed = (at for at in range(start + 1, len(self._lines)) if self._lines[at].strip() == marks)
        return next(closed, len(self._lines) - 1) + 1

    def _end_of_tab(self, start: int) -> int:
        inside = (at for at in range(start + 1, len(self._lines)) if self._lines[at][:4].strip())
        return next(inside, len(self._lines))

    def _write_tab(self, label: str, lines: list[str]) -> Iterator[str]:
        self._tabs += 1
        if not self._in_programs or self._tabs <= _PROGRAMS_KEPT:
            yield from (f"**{label}**", "")
            yield from (line[4:] for line in lines)

    def _write_line(self, line: str) -> Iterator[str]:
        if line.startswith(("<section", "</section")):
            self._in_programs, self._tabs = line.startswith("<section"), 0
        elif line.startswith("<div"):
            self._rows.append('class="op-row"' in line)
        elif line.startswith("</div") and self._rows:
            self._rows.pop()
        elif line.startswith("<details"):
            self._names_block = not any(name in line for name in _UNNAMED)
        elif line.startswith("<summary"):
            yield from [f"\n**{write_words(line)}**\n"] if self._names_block else []
        elif not line.startswith("</details"):
            yield (self._indent(line) + write_words(line)).rstrip()

    def _indent(self, line: str) -> str:
        """A row is an item of a list, and what else it says is below its first line."""
        depth = sum(self._rows)
        starts_row = 'class="op-line"' in line
        return "  " * (depth - starts_row) + "- " * starts_row if depth and line.strip() else ""


def write_words(line: str) -> str:
    """A line outside of code without tags, attributes and character references."""
    line = _ATTRIBUTES.sub("", line) if not line.startswith("|") else line
    parts = []
    end = 0
    for span in _CODE_SPAN.finditer(line):
        parts += [_write_between(line[end : span.start()]), span[0]]
        end = span.end()
    return "".join((*parts, _write_between(line[end:]))).rstrip()


def _write_between(text: str) -> str:
    """Code becomes a code span before anything in it is read as something else."""
    parts = _CODE.split(_LINK.sub(r"[\2](\1)", _ANCHOR.sub("", text)))
    parts[::2] = map(_write_prose, parts[::2])
    parts[1::2] = map(_write_code, parts[1::2])
    return "".join(parts)


def _write_code(text: str) -> str:
    code = html.unescape(text)
    marks = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
    return f"{marks}{code}{marks}" if len(marks) == 1 else f"{marks} {code} {marks}"


def _write_prose(text: str) -> str:
    for tag, words in _WORDS:
        text = tag.sub(words, text)
    return _REFERENCE.sub(_write_character, _ESCAPED.sub(r"\1", _TAG.sub("", text)))


def _write_character(reference: re.Match[str]) -> str:
    character = html.unescape(reference[0])
    return _KEPT.get(character, character)
