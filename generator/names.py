"""Every decision about an identifier: words, case, reserved words, collisions."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable
from functools import cache

_BINARY = frozenset(
    f"application/{name}" for name in ("octet-stream", "pdf", "zip", "gzip", "x-tar", "x-7z-compressed")
)
_RESERVED = frozenset((*keyword.kwlist, "self", "cls", "None", "True", "False"))


def words(text: str) -> list[str]:
    """The words of a name, cut at case changes and at everything that is no letter or digit."""
    text = unicodedata.normalize("NFKC", text)
    spaced = ""
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        starts = char.isupper() and (not before.isupper() or after.islower())
        spaced += (" " if starts else "") + (char if char.isalnum() else " ")
    return spaced.split()


@cache  # the names of a large description are asked for some hundred thousand times
def snake(text: str) -> str:
    """A Python name in snake_case; ValueError where the text holds no letter or digit."""
    return _safe("_".join(word.lower() for word in words(text)), text, "field_")


def package(text: str) -> str:
    """The name of a package, in one word; ValueError where the text holds no letter or digit."""
    return _safe("".join(word.lower() for word in words(text)), text, "v")


def pascal(text: str) -> str:
    """A Python class name; ValueError where the text holds no letter or digit."""
    return _safe("".join(word[0].upper() + word[1:] for word in words(text)), text, "Model")


def constant(text: str) -> str:
    """The name of a constant or an enum's member; ValueError where the text holds no letter or digit."""
    return _safe(unicodedata.normalize("NFKC", "_".join(words(text)).upper()), text, "VALUE_")


def is_json(media_type: str) -> bool:
    """Whether it is JSON, or a format that is written in JSON."""
    plain = media_type.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json")


def is_binary(media_type: str) -> bool:
    """Whether it is known for a format of bytes."""
    plain = media_type.partition(";")[0].strip().lower()
    return plain in _BINARY or (
        plain.startswith(("image/", "audio/", "video/", "font/")) and not plain.endswith("+xml")
    )


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, a later twin numbered: `id`, `id_2`."""
    result: list[str] = []
    for name in names:
        chosen, number = name, 2
        while chosen in result:
            chosen, number = f"{name}_{number}", number + 1
        result.append(chosen)
    return tuple(result)


def _safe(name: str, text: str, prefix: str) -> str:
    if not name:
        raise ValueError(f"{text!r} holds no letter or digit, so no name can be made of it")
    if name[0].isdecimal():
        name = prefix + name
    if name in _RESERVED:
        name += "_"
    if not name.isidentifier():
        raise ValueError(f"{text!r} cannot become a Python name")
    return name
