"""What is said about signing in words, and in extensions that are not ours.

Where no `x-signing` holds the rule as data, the words are the rule, and any change of them may be one. Where it does,
the words only explain it, and what counts in them are the facts: code, numbers, names of algorithms and encodings,
words of order, and denials.
"""

from __future__ import annotations

import re

from generator.diff.texts import json_text
from generator.ir import SecurityScheme

_ABOUT = re.compile(
    r"signature|\bsign(?:s|ed|ing)?\b(?![ -](?:in|up|on)\b)|hmac|digest"
    r"|\bnonce\b|canonical|\bsha-?\d|\bmd5\b|\brsa\b|ed25519"
    r"|sigv\d|\baws4|\bjws\b|\b[ehpr]s(?:256|384|512)\b|ecdsa|eddsa|\bmac\b|\b(?:keccak|blake\d)",
    re.IGNORECASE,
)
_FACTS = re.compile(
    r"`[^`]*`|\"[^\"]*\"|\d+(?:\.\d+)?|\b(?:hmac|sha-?\d*|md5|rsa|ed25519|hex|base64(?:url)?|utf-8|latin-1|ascii"
    r"|upper|lower|uppercase|lowercase|percent|encoded|decoded|raw|sorted|unsorted|ascending|descending|alphabetical"
    r"|before|after|first|last|with|without|not|never|no|only|each|every|milliseconds?|seconds?|minutes?|hours?"
    r"|header|query|body|path|method|url|secret|key|token|nonce|timestamp|newline|line|colon|comma)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+|[^\w\s]")


def about_signing(scheme: SecurityScheme) -> bool:
    """Whether the scheme, its words or its extensions speak of signatures."""
    texts = (scheme.name, scheme.parameter, scheme.description)
    extensions = (f"{key} {json_text(value)}" for key, value in scheme.settings if key.startswith("x-"))
    return any(_ABOUT.search(text) for text in (*texts, *extensions))


def speaks_of_signing(key: str, value: object) -> bool:
    """Whether an extension does."""
    return bool(_ABOUT.search(f"{key} {json_text(value)}"))


def says_otherwise(old: str, new: str, *, explained: bool) -> bool:
    """Whether words about signing may mean something else; `explained` where the rule stands beside them as data."""
    find = _FACTS if explained else _WORDS
    before, after = ([word.lower() for word in find.findall(text)] for text in (old, new))
    return set(before) != set(after) if explained else _letters(before) != _letters(after)


def _letters(words: list[str]) -> list[str]:
    """The words without marks that only lay out the text: Markdown's, and the ends of sentences."""
    return [word for word in words if word not in ("*", "_", ".", "`", "#", "!")]
