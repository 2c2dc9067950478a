"""Rules about credentials and signatures: a change breaks every caller, however small it looks."""

from __future__ import annotations

from generator.diff.rules.rule import ADDITION, BREAKING, NOTE, Rule

SIGNING_RULES = (
    Rule(("signing-changed",), BREAKING, "signatures by the old rule are refused, or signatures by the new rule were"),
    Rule(("token-changed",), BREAKING, "the server expects the token in another place or format"),
    Rule(("security-scheme-changed",), BREAKING, "the server expects the credentials in another place"),
    Rule(("operation-became-signed",), BREAKING, "unsigned calls are refused"),
    Rule(("operation-became-unsigned",), ADDITION, "the signature is no longer checked"),
    Rule(
        ("signing-extension-changed", "signing-described-otherwise"),
        BREAKING,
        "it is not known whether the old signature is still accepted",
    ),
    Rule(("signing-rewritten",), NOTE, "every request is signed as before"),
)
