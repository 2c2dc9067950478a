"""What each kind of change means to a caller, and why. The guide prints these tables; a test holds it to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.diff.rules.http import HTTP_RULES
from generator.diff.rules.python import PYTHON_RULES
from generator.diff.rules.rule import SUBJECTS, Policy, Rule, Severity, ValueRule, Vocabulary
from generator.diff.rules.signing import SIGNING_RULES
from generator.diff.rules.values import VALUE_RULES

__all__ = ["RULES", "VALUE_RULES", "Policy", "Rule", "Severity", "ValueRule", "Vocabulary", "severity", "vocabulary"]

RULES: Mapping[Vocabulary, tuple[Rule, ...]] = {
    Vocabulary.HTTP: HTTP_RULES,
    Vocabulary.PYTHON: PYTHON_RULES,
    Vocabulary.SIGNING: SIGNING_RULES,
}


def severity(rule: str, policy: Policy) -> Severity:
    """What a change by that rule means to programs of that kind."""
    return _SEVERITIES[policy][rule]


def vocabulary(rule: str) -> Vocabulary:
    """Whom a change by that rule concerns."""
    return _VOCABULARIES.get(rule, Vocabulary.HTTP)


def _severities(policy: Policy) -> Iterator[tuple[str, Severity]]:
    for rules in RULES.values():
        yield from ((name, rule.severity) for rule in rules for name in rule.names)
    for value in VALUE_RULES:
        response = value.tolerant if policy is Policy.TOLERANT and value.tolerant else value.response
        for name in value.names:
            yield from ((f"{subject}-{name}", value.request) for subject in SUBJECTS["request"])
            yield from ((f"{subject}-{name}", response) for subject in SUBJECTS["response"])


_SEVERITIES = {policy: dict(_severities(policy)) for policy in Policy}
_VOCABULARIES = {name: word for word, rules in RULES.items() for rule in rules for name in rule.names}
