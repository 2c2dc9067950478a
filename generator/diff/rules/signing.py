"""Rules about credentials and signatures: a change breaks every caller, however small it looks."""

from __future__ import annotations

from generator.diff.rules.rule import ADDITION, BREAKING, Rule

SIGNING_RULES = (
    Rule(("signing-changed",), BREAKING, "a signature made by the old rule is refused, or one by the new rule was"),
    Rule(("token-changed",), BREAKING, "the token is looked for elsewhere, or written otherwise"),
    Rule(("security-scheme-changed",), BREAKING, "credentials are looked for elsewhere"),
    Rule(("operation-became-signed",), BREAKING, "unsigned calls are refused"),
    Rule(("operation-became-unsigned",), ADDITION, "nobody looks at the signature any more"),
    Rule(
        ("signing-extension-changed", "signing-described-otherwise"),
        BREAKING,
        "nobody can tell whether the old signature is still accepted",
    ),
)
