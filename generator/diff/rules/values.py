"""Rules about values: a request that is narrowed, or a response that is widened, breaks the other end."""

from __future__ import annotations

from generator.diff.rules.rule import ADDITION, BREAKING, NOTE, ValueRule

_LOWER = ("min", "min-length", "min-items", "min-properties")
_UPPER = ("max", "max-length", "max-items", "max-properties")


def _limits(unset_or_set: str, lower: str, upper: str) -> tuple[str, ...]:
    ways = ((_LOWER, (unset_or_set, lower)), (_UPPER, (unset_or_set, upper)))
    return tuple(f"{name}-{way}" for names, two in ways for name in names for way in two)


VALUE_RULES: tuple[ValueRule, ...] = (
    ValueRule(("type-changed",), BREAKING, BREAKING, "neither type holds the values of the other"),
    ValueRule(("type-specialized",), BREAKING, ADDITION, "fewer values: integers only, or one type where any would do"),
    ValueRule(("type-generalized",), ADDITION, BREAKING, "more values"),
    ValueRule(("one-of-removed",), BREAKING, ADDITION, "one form fewer"),
    ValueRule(("one-of-added",), ADDITION, BREAKING, "one form more"),
    ValueRule(("became-not-nullable",), BREAKING, ADDITION, "null is no longer a value"),
    ValueRule(("became-nullable",), ADDITION, BREAKING, "null is a value now"),
    ValueRule(("format-changed",), BREAKING, BREAKING, "neither format holds the values of the other"),
    ValueRule(("format-added",), BREAKING, ADDITION, "fewer values"),
    ValueRule(("format-removed",), ADDITION, BREAKING, "more values"),
    ValueRule(("enum-value-removed",), BREAKING, ADDITION, "one value fewer"),
    ValueRule(
        ("enum-value-added",),
        ADDITION,
        BREAKING,
        "a program that lists all values meets another one; our client keeps it",
        tolerant=ADDITION,
    ),
    ValueRule(("enum-set",), BREAKING, ADDITION, "only listed values"),
    ValueRule(("enum-unset",), ADDITION, BREAKING, "more than the listed values"),
    ValueRule(
        (*_limits("set", "increased", "decreased"), "multiple-of-set", "multiple-of-increased", "unique-items-set"),
        BREAKING,
        ADDITION,
        "a tighter limit: fewer values",
    ),
    ValueRule(
        (
            *_limits("unset", "decreased", "increased"),
            "multiple-of-unset",
            "multiple-of-decreased",
            "unique-items-unset",
        ),
        ADDITION,
        BREAKING,
        "a looser limit: more values",
    ),
    ValueRule(("pattern-set",), BREAKING, ADDITION, "fewer values"),
    ValueRule(("pattern-unset",), ADDITION, BREAKING, "more values"),
    ValueRule(("pattern-changed", "multiple-of-changed"), BREAKING, BREAKING, "it is not known which values are lost"),
    ValueRule(("closed",), BREAKING, ADDITION, "members that are not described are refused"),
    ValueRule(("opened",), ADDITION, BREAKING, "members that are not described may be sent"),
    ValueRule(("became-read-only",), BREAKING, NOTE, "callers may no longer send it"),
    ValueRule(("became-not-read-only",), ADDITION, NOTE, "callers may send it"),
    ValueRule(("became-write-only",), NOTE, BREAKING, "it is no longer sent back"),
    ValueRule(("became-not-write-only",), NOTE, ADDITION, "it is sent back"),
    ValueRule(("keyword-changed",), BREAKING, BREAKING, "rarer keywords are compared as text; such a change may break"),
    ValueRule(("default-changed", "default-removed"), BREAKING, NOTE, "a call without it means something else"),
    ValueRule(("default-added",), ADDITION, NOTE, "the meaning of a call without it is defined"),
)
