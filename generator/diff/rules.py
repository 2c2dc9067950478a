"""What each kind of change means to a caller, and why. The guide prints these tables; a test holds it to them.

A request that is narrowed, or an answer that is widened, breaks the program at the other end. What the generated
client lets a program name (methods, arguments, members, classes) breaks by going away, whichever the direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a change asks of a caller: to change a program, nothing, or not even to notice."""

    BREAKING = "breaking"
    ADDITION = "addition"
    NOTE = "note"


BREAKING, ADDITION, NOTE = Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """Kinds of change that mean the same wherever they are met."""

    names: tuple[str, ...]
    severity: Severity
    why: str


@dataclass(frozen=True, slots=True)
class ValueRule:
    """Kinds of change of a value, whose meaning depends on who sends it: the names go behind a subject."""

    names: tuple[str, ...]
    request: Severity
    response: Severity
    why: str


SUBJECTS = {
    "request": ("request-parameter", "request-body", "request-property"),
    "response": ("response-body", "response-property", "response-header"),
}

_API = (
    Rule(("api-removed",), BREAKING, "every call to this version fails"),
    Rule(("api-added",), ADDITION, "the other versions stay as they are"),
    Rule(("server-removed",), BREAKING, "programs that name the server no longer reach it"),
    Rule(("server-added",), ADDITION, "the others stay"),
    Rule(("server-order-changed",), NOTE, "only examples take the first server"),
    Rule(("base-path-changed",), BREAKING, "every path begins otherwise"),
    Rule(("accept-changed",), BREAKING, "every request has to send the other header"),
    Rule(("signing-changed",), BREAKING, "a signature made by the old rule is refused, or one by the new rule was"),
    Rule(("token-changed",), BREAKING, "the token is looked for elsewhere, or written otherwise"),
    Rule(("security-scheme-changed",), BREAKING, "credentials are looked for elsewhere"),
)
_OPERATION = (
    Rule(("operation-removed",), BREAKING, "calls fail, also where it was deprecated"),
    Rule(("operation-added",), ADDITION, "nobody calls it yet"),
    Rule(("operation-became-signed",), BREAKING, "unsigned calls are refused"),
    Rule(("operation-became-unsigned",), ADDITION, "nobody looks at the signature any more"),
    Rule(("operation-security-narrowed",), BREAKING, "credentials that were enough no longer are"),
    Rule(("operation-security-widened",), ADDITION, "other credentials will do as well"),
    Rule(("role-restricted", "role-changed"), BREAKING, "users who could call it no longer can"),
    Rule(("role-lifted",), ADDITION, "more users can call it"),
    Rule(("client-method-renamed",), BREAKING, "the generated client has the method elsewhere"),
    Rule(("operation-id-changed", "tag-changed"), NOTE, "neither the wire nor our client knows them"),
    Rule(("deprecated", "reactivated"), ADDITION, "it works as before; the client warns, or stops warning"),
    Rule(("successor-changed",), NOTE, "advice for readers"),
    Rule(("retry-restricted",), BREAKING, "a program that sends a lost call again may now do harm"),
    Rule(("retry-relaxed", "retry-lookup-changed"), ADDITION, "programs that are more careful stay right"),
    Rule(("pagination-added",), BREAKING, "a list that came whole comes in pages; the client returns a pager"),
    Rule(("pagination-removed", "pagination-changed"), BREAKING, "programs page by parameters, headers and item key"),
    Rule(("page-limit-lowered",), BREAKING, "page sizes that were accepted are refused"),
    Rule(("page-limit-raised",), ADDITION, "larger pages may be asked for"),
    Rule(("filter-removed", "filter-changed"), BREAKING, "programs filter and sort by these parameters"),
    Rule(("filter-column-removed", "filter-operator-removed"), BREAKING, "conditions on them are refused"),
    Rule(("filter-column-type-changed",), BREAKING, "conditions compare otherwise"),
    Rule(("sort-column-removed",), BREAKING, "the order is refused"),
    Rule(
        ("filter-added", "filter-column-added", "filter-operator-added", "sort-column-added"), ADDITION, "more to ask"
    ),
    Rule(("job-added", "job-removed", "job-changed"), BREAKING, "the client waits by operations, field and words"),
)
_REQUEST = (
    Rule(("request-parameter-removed",), BREAKING, "the client loses the argument, and a server may refuse it"),
    Rule(("request-path-parameter-renamed",), BREAKING, "the name is signed, and is an argument of the client"),
    Rule(("new-required-request-parameter", "request-parameter-became-required"), BREAKING, "calls leave it out"),
    Rule(("request-parameter-style-changed",), BREAKING, "lists and objects are read otherwise"),
    Rule(("new-optional-request-parameter", "request-parameter-became-optional"), ADDITION, "calls stay valid"),
    Rule(("request-body-removed",), BREAKING, "what callers send is refused or lost"),
    Rule(("new-required-request-body", "request-body-became-required"), BREAKING, "calls leave it out"),
    Rule(("new-optional-request-body", "request-body-became-optional"), ADDITION, "calls stay valid"),
    Rule(("request-body-media-type-removed",), BREAKING, "bodies of that type are refused"),
    Rule(("request-body-media-type-added",), ADDITION, "the others are accepted as before"),
    Rule(("request-body-media-type-preferred",), ADDITION, "the client sends another type, all are accepted"),
    Rule(("request-body-envelope-changed",), BREAKING, "the client wraps the body otherwise"),
    Rule(("request-property-removed",), BREAKING, "the client loses the argument, and a server may refuse it"),
    Rule(("new-required-request-property", "request-property-became-required"), BREAKING, "calls leave it out"),
    Rule(("new-optional-request-property", "request-property-became-optional"), ADDITION, "calls stay valid"),
)
_RESPONSE = (
    Rule(("response-success-status-removed",), BREAKING, "programs wait for this status"),
    Rule(("response-success-status-added",), ADDITION, "its body is one that programs know"),
    Rule(("response-success-status-added-with-other-body",), BREAKING, "a success may carry what no program expects"),
    Rule(("response-non-success-status-added",), ADDITION, "programs meet undescribed refusals at any time"),
    Rule(("response-non-success-status-removed",), ADDITION, "one refusal fewer"),
    Rule(("error-class-removed", "error-class-renamed"), BREAKING, "programs catch the client's exception by its name"),
    Rule(("error-code-removed",), BREAKING, "programs name the client's member of that code"),
    Rule(("error-code-moved",), BREAKING, "programs look for the code at another status or in another member"),
    Rule(("error-code-added",), ADDITION, "programs meet codes that no catalogue names at any time"),
    Rule(("error-code-explained",), NOTE, "documentation"),
    Rule(("response-media-type-removed",), BREAKING, "programs read this type"),
    Rule(("response-media-type-added",), ADDITION, "the type that programs ask for is still answered"),
    Rule(("response-envelope-changed",), BREAKING, "the client unwraps the answer otherwise"),
    Rule(("response-class-changed",), BREAKING, "the client returns an object of another class"),
    Rule(("response-header-removed", "response-header-became-optional"), BREAKING, "programs read it"),
    Rule(("response-header-added", "response-header-became-required"), ADDITION, "nobody has to read it"),
    Rule(("response-required-property-removed", "response-optional-property-removed"), BREAKING, "programs read it"),
    Rule(("response-property-became-optional",), BREAKING, "programs rely on its presence"),
    Rule(("response-required-property-added", "response-optional-property-added"), ADDITION, "nobody has to read it"),
    Rule(("response-property-added-to-closed",), BREAKING, "the object was said to hold nothing else"),
    Rule(("response-property-became-required",), ADDITION, "it comes more often"),
)
_EVERYWHERE = (
    Rule(("schema-removed",), BREAKING, "the client loses the class of a named object or enum"),
    Rule(("schema-added",), ADDITION, "nobody uses the class yet"),
    Rule(("redaction-changed",), ADDITION, "the client shows, or hides, the value in messages"),
    Rule(("description-changed", "example-changed", "source-changed"), NOTE, "documentation"),
)
RULES: tuple[Rule, ...] = (*_API, *_OPERATION, *_REQUEST, *_RESPONSE, *_EVERYWHERE)

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
    ValueRule(("became-not-nullable",), BREAKING, ADDITION, "null is no value any more"),
    ValueRule(("became-nullable",), ADDITION, BREAKING, "null is a value now"),
    ValueRule(("format-retyped",), BREAKING, BREAKING, "dates, UUIDs and files are Python types of their own"),
    ValueRule(("format-changed",), BREAKING, BREAKING, "neither format holds the values of the other"),
    ValueRule(("format-added",), BREAKING, ADDITION, "fewer values"),
    ValueRule(("format-removed",), ADDITION, BREAKING, "more values"),
    ValueRule(("enum-value-removed",), BREAKING, BREAKING, "no longer accepted; the client's enum loses its member"),
    ValueRule(("enum-value-added",), ADDITION, ADDITION, "the client keeps values that it does not know"),
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
    ValueRule(("pattern-changed", "multiple-of-changed"), BREAKING, BREAKING, "nobody can tell which values are lost"),
    ValueRule(("closed",), BREAKING, ADDITION, "members that are not described are refused"),
    ValueRule(("opened",), ADDITION, BREAKING, "members that are not described may come"),
    ValueRule(("became-read-only",), BREAKING, NOTE, "callers may no longer send it"),
    ValueRule(("became-not-read-only",), ADDITION, NOTE, "callers may send it"),
    ValueRule(("became-write-only",), NOTE, BREAKING, "it no longer comes back"),
    ValueRule(("became-not-write-only",), NOTE, ADDITION, "it comes back"),
    ValueRule(("keyword-changed",), BREAKING, BREAKING, "rarer keywords are compared as text; such a change may break"),
    ValueRule(("default-changed", "default-removed"), BREAKING, NOTE, "a call that leaves it out means something else"),
    ValueRule(("default-added",), ADDITION, NOTE, "what leaving it out means is settled"),
)


def _severities() -> Iterator[tuple[str, Severity]]:
    for rule in RULES:
        yield from ((name, rule.severity) for name in rule.names)
    for value in VALUE_RULES:
        for name in value.names:
            yield from ((f"{subject}-{name}", value.request) for subject in SUBJECTS["request"])
            yield from ((f"{subject}-{name}", value.response) for subject in SUBJECTS["response"])


SEVERITIES: Mapping[str, Severity] = dict(_severities())
