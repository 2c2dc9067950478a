"""Why a request was refused, as far as the words or codes of the server say so, wherever in a body they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

_PARTS = ("code", "type", "reason", "message", "msg", "title", "detail", "details", "description")
_MEMBERS = frozenset(("error", "errors", "fault", *_PARTS, *(f"error{part}" for part in _PARTS)))
_DEEPEST, _MOST_ITEMS, _LONGEST = 4, 20, 500
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SENTENCE = re.compile(r"[.;:!?\n]+\s")

_WRONG = "invalid|wrong|incorrect|bad|not valid|unacceptable|refused|rejected"


class Reason(Enum):
    """What the server objects to."""

    TIME = "time"
    NONCE = "nonce"
    SIGNATURE = "signature"
    TOKEN = "token"  # noqa: S105  # the word, not a token


# What is named, what is said of it, and whole phrases that say both.
_WORDS: Mapping[Reason, tuple[str, str, str]] = {
    Reason.TIME: (
        r"time ?stamps?|(?:request|signing|client|system|device|local|server|your) (?:time|date)|date header|clock",
        rf"{_WRONG}|expired|stale|old|past|future|early|late|skew(?:ed)?|drift|off|window|range|ahead|behind|fresh"
        r"|tolerance|outdated|sync|synchroni[sz]ed|difference|far|large",
        r"(?:clock|time) (?:is )?(?:too )?skew(?:ed)?|(?:request|signature) (?:has |is |was )?(?:expired|too old|stale)"
        r"|(?:expired|stale|outdated) (?:request|signature)",
    ),
    Reason.NONCE: (
        r"nonces?",
        r"used|reused?|reuse|replay(?:ed)?|duplicated?|already|seen|repeated|unique|twice|exists",
        r"(?:replay(?:ed)?|duplicated?) (?:attack|request)|request (?:was |is )?replay(?:ed)?|replay detected",
    ),
    Reason.SIGNATURE: (
        r"signatures?|hmac|digest",
        rf"{_WRONG}|mismatch(?:ed)?|match|fail(?:ed|ure)?|verif(?:y|ied|ication)|differs?",
        r"(?!)",
    ),
    Reason.TOKEN: (
        r"(?:access |api |auth |security )?token|api ?key|access key(?: id)?|key id|client id|consumer key",
        rf"{_WRONG}|unknown|not known|not found|expired|revoked|unrecogni[sz]ed|disabled|inactive|not exist|no such"
        r"|missing",
        r"(?!)",
    ),
}


def find_reasons(texts: Iterable[object], names: Mapping[Reason, str]) -> frozenset[Reason]:
    """What these texts and bodies object to; none if they do not say, several if they name several.

    `names` are those of the parameters, which a server may call by their own names.
    """
    patterns = {reason: _write_pattern(reason, names.get(reason, "")) for reason in Reason}
    sentences = {sentence for text in texts for found in _find_texts(text, 0) for sentence in _split(found)}
    return frozenset(
        reason for reason, pattern in patterns.items() if any(re.search(pattern, sentence) for sentence in sentences)
    )


def _write_pattern(reason: Reason, name: str) -> str:
    subject, trouble, phrases = _WORDS[reason]
    own = " ".join(_split(name))
    subject = f"{subject}|{re.escape(own)}" if own else subject
    return (
        rf"\b(?:{subject})(?: \w+){{0,5}}? (?:{trouble})\b|\b(?:{trouble})(?: \w+){{0,2}}? (?:{subject})\b"
        rf"|\b(?:{phrases})\b"
    )


def _split(text: str) -> Iterator[str]:
    """The sentences in small letters, without marks; the words of codes such as `nonceUsed` stand alone."""
    for sentence in _SENTENCE.split(text[:_LONGEST]):
        words = re.findall(r"[a-z0-9]+", _HUMPS.sub(" ", sentence).lower())
        if words:
            yield " ".join(words)


def _find_texts(value: object, depth: int) -> Iterator[str]:
    """The texts under names that reasons have."""
    if isinstance(value, str):
        yield value
    elif depth > _DEEPEST:
        return
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if re.sub("[^a-z]", "", str(name).lower()) in _MEMBERS:
                yield from _find_texts(item, depth + 1)
    elif isinstance(value, list):
        for item in value[:_MOST_ITEMS]:
            yield from _find_texts(item, depth + 1)
