"""Pieces of text: literal values, links, and where a fact comes from.

All text is raw, with code between backticks; the templates escape it where they print it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from generator.ir import Confidence, Frozen, thaw

_PLAIN_TEXT = re.compile(r"[^\s`]+( [^\s`]+)*")
_SENTENCE_END = re.compile(r"(?<=[a-z`)][.!?])\s+(?=[A-Z`])")


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads; `target` is empty where it leads nowhere."""

    title: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and a link that ends it or none."""

    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How sure a fact is, the pages that it stands on, and what else is to be said about it."""

    confidence: Confidence | Literal["not stated"]
    pages: tuple[Link, ...]
    note: str


def literal(value: Frozen) -> str:
    """A JSON value as code. A text stands as it is where that is unmistakable, else as JSON."""
    return f"`{literal_text(value)}`"


def literal_text(value: Frozen) -> str:
    """A JSON value in one line without a backtick."""
    if isinstance(value, str) and _PLAIN_TEXT.fullmatch(value) and value.isprintable():
        return value
    return json.dumps(thaw(value), ensure_ascii=False).replace("`", "\\u0060")


def list_values(values: Iterable[Frozen]) -> str:
    """JSON values as code, separated by commas."""
    return ", ".join(literal(value) for value in values)


def one_line(text: str) -> str:
    """The text without line breaks and doubled spaces."""
    return " ".join(text.split())


def comment_text(text: str) -> str:
    """The words of a text, for a comment in any language: a line break, `?>` or an escape could end it."""
    return one_line(re.sub(r"[^\w .,-]+", " ", text))


def split_lead(text: str) -> tuple[str, tuple[str, ...]]:
    """The first sentence, and what follows; all of the first paragraph where code or a link would be cut."""
    first, *others = paragraphs(text) or ("",)
    lead, _, rest = _SENTENCE_END.sub("\0", first, count=1).partition("\0")
    if lead.count("`") % 2 or lead.count("[") != lead.count("]") or lead.count("(") != lead.count(")"):
        return first, tuple(others)
    return lead, (rest, *others) if rest.strip() else tuple(others)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a longer text."""
    return tuple(part for part in re.split(r"\n\s*\n", text) if part.strip())
