"""Single edits of a YAML file, named by the place that they change.

A place is the keys that lead to it, such as `schemas > Exam > properties > name`; a number is an item of
a list. Files are read by their indentation here, so that no reader of ours says where a fault is.
"""

from __future__ import annotations

from collections.abc import Callable

Lines = list[str]
Edit = Callable[[Lines], int]  # changes the lines, and returns the index of the line to blame


def drop(place: str) -> Edit:
    """Removes the place; blames what it stood in."""

    def edit(lines: Lines) -> int:
        start, end, _ = _block(lines, place)
        del lines[start:end]
        return find(lines, place.rpartition(" > ")[0])

    return edit


def put(place: str, value: str) -> Edit:
    """Writes another value; blames the place."""

    def edit(lines: Lines) -> int:
        start, end, _ = _block(lines, place)
        lines[start:end] = [lines[start].split(":")[0] + f": {value}"]
        return start

    return edit


def rename(place: str, name: str) -> Edit:
    """Writes another key; blames it."""

    def edit(lines: Lines) -> int:
        start = find(lines, place)
        lines[start] = lines[start].replace(place.rpartition(" > ")[2], name, 1)
        return start

    return edit


def add(place: str, line: str) -> Edit:
    """Adds a first entry to a place; blames it."""

    def edit(lines: Lines) -> int:
        start, _, indent = _block(lines, place)
        lines.insert(start + 1, " " * indent + line)
        return start + 1

    return edit


def swap(place: str, old: str, new: str) -> Edit:
    """Replaces a text at a place or behind it; blames the line where it stood."""

    def edit(lines: Lines) -> int:
        start = find(lines, place)
        found = next(index for index in range(start, len(lines)) if old in lines[index])
        lines[found] = lines[found].replace(old, new, 1)
        return found

    return edit


def everywhere(old: str, new: str, place: str) -> Edit:
    """Replaces a text in the whole file; blames the place, as it is called then."""

    def edit(lines: Lines) -> int:
        lines[:] = [line.replace(old, new) for line in lines]
        return find(lines, place)

    return edit


def lengthen(count: int) -> Edit:
    """Adds comments up to so many lines; blames the last."""

    def edit(lines: Lines) -> int:
        lines += ["# more"] * (count - len(lines))
        return count - 1

    return edit


def blame(place: str, *edits: Edit) -> Edit:
    """One or more edits, and another place to blame, as it is called then."""

    def edit(lines: Lines) -> int:
        for one in edits:
            one(lines)
        return find(lines, place)

    return edit


def find(lines: Lines, place: str) -> int:
    """The index of the line where a place begins; 0 for the whole file."""
    return _block(lines, place)[0] if place else 0


def _block(lines: Lines, place: str) -> tuple[int, int, int]:
    """First line, line behind the last, and the indentation of what is inside."""
    start, first, end, indent = 0, 0, len(lines), 0
    for key in place.split(" > "):
        start = _child(lines, key, first, end, indent)
        end = next((index for index in range(start + 1, end) if _depth(lines[index]) <= indent), end)
        item = key.isdecimal()  # its first key stands on the line of its dash
        first = start if item else start + 1
        indent = indent + 2 if item or first == end else _depth(lines[first])
    return start, end, indent


def _child(lines: Lines, key: str, first: int, end: int, indent: int) -> int:
    space = " " * indent
    if key.isdecimal():
        return [index for index in range(first, end) if lines[index].startswith(space + "- ")][int(key)]
    begins = (f"{space}{key}:", f"{space[:-2]}- {key}:")
    return next(index for index in range(first, end) if lines[index].startswith(begins))


def _depth(line: str) -> int:
    """How far a line is indented; comments and empty lines belong to what stands around them."""
    text = line.lstrip()
    return len(line) - len(text) if text and not text.startswith("#") else len(line) + 1000
