"""Identifiers of JavaScript."""

from __future__ import annotations

from generator.names import words

_RESERVED = frozenset(
    (
        *("arguments", "await", "break", "case", "catch", "class", "const", "constructor", "continue", "debugger"),
        *("default", "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for"),
        *("function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package"),
        *("private", "protected", "public", "return", "static", "super", "switch", "then", "this", "throw", "true"),
        *("try", "typeof", "var", "void", "while", "with", "yield"),
    )
)  # `then` is no word of the language, but an object with such a method is taken for a promise


def camel(text: str) -> str:
    """A JavaScript name in camelCase; ValueError where the text holds no letter or digit."""
    first, *others = words(text) or [""]
    name = first.lower() + "".join(word[0].upper() + word[1:].lower() for word in others)
    if not name:
        raise ValueError(f"{text!r} holds no letter or digit, so no name can be made of it")
    name = f"field{name}" if name[0].isdecimal() else name
    return f"{name}_" if name in _RESERVED else name
