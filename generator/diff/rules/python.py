"""Rules about what programs on our Python client name: it breaks by going away, whichever the direction."""

from __future__ import annotations

from generator.diff.rules.rule import ADDITION, BREAKING, Rule

PYTHON_RULES = (
    Rule(("client-method-renamed",), BREAKING, "programs call the method by its old name"),
    Rule(("client-method-aliased",), ADDITION, "the old name still works, and warns of its end"),
    Rule(("client-alias-removed",), BREAKING, "programs may still call the method by its earlier name"),
    Rule(("client-alias-added",), ADDITION, "nobody uses the name yet"),
    Rule(("client-method-retyped",), BREAKING, "the method returns an object of another class"),
    Rule(("client-argument-renamed",), BREAKING, "programs pass the argument by its name"),
    Rule(("client-argument-narrowed",), BREAKING, "types that were accepted no longer are"),
    Rule(("client-class-removed",), BREAKING, "programs import the class by its name"),
    Rule(("client-class-added",), ADDITION, "nobody uses the class yet"),
    Rule(("client-attribute-renamed",), BREAKING, "programs read the attribute by its name"),
    Rule(("client-attribute-retyped",), BREAKING, "programs rely on the type of the attribute"),
    Rule(("client-member-removed",), BREAKING, "programs name the member of the enum"),
    Rule(("error-class-renamed",), BREAKING, "programs catch the client's exception by its name"),
    Rule(("error-class-removed",), ADDITION, "no response raises it any more"),
    Rule(("redaction-changed",), ADDITION, "the client shows, or hides, the value in messages"),
)
