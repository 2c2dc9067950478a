"""A Markdown extension: in code, only what has a colour of its own is an element.

Pygments marks every blank, bracket and name. With a program in nine languages on each page that is three elements of
four, which a phone spends its time on and nobody sees.
"""

from __future__ import annotations

from markdown import Extension, Markdown  # type: ignore[import-untyped]  # neither has types
from pygments.token import (  # type: ignore[import-untyped]
    STANDARD_TYPES,
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    String,
)

# What the style sheets of the site print in another colour than the text, and what of it they do not.
_COLOURED = (
    *(Comment, Keyword, Literal, Generic.Deleted, Generic.Inserted),
    *(Name.Builtin, Name.Class, Name.Constant, Name.Decorator, Name.Entity, Name.Exception, Name.Function),
    *(Name.Label, Name.Namespace, Name.Tag),
)
_PLAIN = {Keyword.Constant, Literal.Date, Name.Function.Magic, String.Affix, String.Delimiter}


class ColouredCode(Extension):  # type: ignore[misc]
    """Takes the class from the other kinds of tokens, without which Pygments writes no element."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: ARG002, N802  # as Markdown names it
        """Holds for every page that this process writes from now on."""
        plain = (kind for kind in STANDARD_TYPES if kind in _PLAIN or not any(kind in one for one in _COLOURED))
        STANDARD_TYPES.update(dict.fromkeys([*plain], ""))
