"""Edits of the small checkout, each with the bumps that it asks for: of the description, and of the packages."""

from __future__ import annotations

from dataclasses import dataclass

from tests.release.checkout import SPEC


@dataclass(frozen=True)
class Edit:
    """A text of the description and what replaces it; the versions that are enough after 1.2.3 and 0.4.0."""

    what: str
    old: str
    new: str
    description: str
    packages: str
    announced: str  # the heading that the changelog needs
    line: int = 5
    file: str = SPEC


MAJOR, MINOR, PATCH, NONE = ("2.0.0", "1.0.0"), ("1.3.0", "0.5.0"), ("1.2.4", "0.4.1"), ("1.2.3", "0.4.0")

EDITS = (
    Edit("an operation goes", "    delete:\n", "    put:\n", *MAJOR, "Breaking"),
    Edit("a member goes", "        title: {type: string, description: Its title.}\n", "", *MAJOR, "Removed"),
    Edit("the key moves", "      name: X-Key\n", "      name: X-Reader\n", *MAJOR, "Breaking"),
    Edit("words say how to sign", "The key of the reader.", "Sign with HMAC-SHA256.", *MAJOR, "Breaking"),
    Edit("a limit is narrower", "maxLength: 20", "maxLength: 10", *MAJOR, "Breaking"),
    Edit(
        "a response has another value",
        "enum: [here, lent]",
        "enum: [here, lent, lost]",
        "2.0.0",
        "0.5.0",
        "Breaking",
    ),
    Edit("a method is renamed", "method: destroy", "method: remove", "1.2.3", "1.0.0", "Breaking"),
    Edit(
        "a method is renamed, and keeps its name",
        "method: destroy",
        "method: remove, formerly: [destroy]",
        "1.2.3",
        "0.5.0",
        "Changed",
    ),
    Edit("a value more is accepted", "enum: [novel, poem]", "enum: [novel, poem, play]", *MINOR, "Added"),
    Edit(
        "a member comes",
        "        id: {type: integer, description: Its number.}\n",
        "        id: {type: integer, description: Its number.}\n"
        "        pages: {type: integer, description: How many.}\n",
        *MINOR,
        "Changed",
    ),
    Edit("a sentence differs", "All books of one kind.", "All books, or those of one kind.", *PATCH, "Fixed"),
    Edit("the title differs", "title: Shelf", "title: The shelf", *PATCH, "Documentation"),
    Edit("a comment differs", "# The shelf, by hand.", "# The shelf.", *NONE, ""),
)
