"""Rules about what goes over HTTP, whoever calls."""

from __future__ import annotations

from generator.diff.rules.rule import ADDITION, BREAKING, NOTE, Rule

_API = (
    Rule(("api-removed",), BREAKING, "every call to this version fails"),
    Rule(("api-added",), ADDITION, "the other versions stay as they are"),
    Rule(("server-removed",), BREAKING, "programs that name the server no longer reach it"),
    Rule(("server-added",), ADDITION, "the others stay"),
    Rule(("server-order-changed",), NOTE, "only examples take the first server"),
    Rule(("operation-server-removed",), BREAKING, "programs no longer reach it where they did"),
    Rule(("operation-server-added",), ADDITION, "it is reached as before"),
    Rule(("base-path-changed",), BREAKING, "every path begins differently"),
    Rule(("accept-changed",), BREAKING, "every request has to send another header"),
)
_OPERATION = (
    Rule(("operation-removed",), BREAKING, "calls fail, also if it was deprecated"),
    Rule(("operation-added",), ADDITION, "nobody calls it yet"),
    Rule(
        ("operation-security-narrowed", "operation-scopes-narrowed"),
        BREAKING,
        "credentials that were enough no longer are",
    ),
    Rule(
        ("operation-security-widened", "operation-scopes-widened"), ADDITION, "other credentials are accepted as well"
    ),
    Rule(("security-flow-removed", "security-flow-changed"), BREAKING, "tokens are fetched elsewhere"),
    Rule(("security-scope-removed",), BREAKING, "programs ask for it"),
    Rule(("security-flow-added", "security-scope-added"), ADDITION, "the others stay"),
    Rule(("security-setting-changed",), NOTE, "no program reads it"),
    Rule(("role-restricted", "role-changed"), BREAKING, "users who could call it no longer can"),
    Rule(("role-lifted",), ADDITION, "more users can call it"),
    Rule(("operation-id-changed", "tag-changed"), NOTE, "neither HTTP nor our client knows them"),
    Rule(("deprecated", "reactivated"), ADDITION, "it works as before; the client warns, or stops warning"),
    Rule(("successor-changed",), NOTE, "advice for readers"),
    Rule(("retry-restricted",), BREAKING, "a program that retries a lost call may now do harm"),
    Rule(("retry-relaxed", "retry-lookup-changed"), ADDITION, "programs that are more careful still work"),
    Rule(("pagination-added",), BREAKING, "a list that was sent whole is sent in pages; the client returns a pager"),
    Rule(("pagination-removed", "pagination-changed"), BREAKING, "programs page by parameters, headers and item key"),
    Rule(("page-limit-lowered",), BREAKING, "page sizes that were accepted are refused"),
    Rule(("page-limit-raised",), ADDITION, "larger pages may be asked for"),
    Rule(("filter-removed", "filter-changed"), BREAKING, "programs filter and sort by these parameters"),
    Rule(("filter-column-removed", "filter-operator-removed"), BREAKING, "conditions on them are refused"),
    Rule(("filter-column-type-changed",), BREAKING, "conditions compare differently"),
    Rule(("sort-column-removed",), BREAKING, "sorting by it is refused"),
    Rule(
        ("filter-added", "filter-column-added", "filter-operator-added", "sort-column-added"),
        ADDITION,
        "more lists can be requested",
    ),
    Rule(("job-added", "job-removed", "job-changed"), BREAKING, "the client waits by operations, field and words"),
)
_REQUEST = (
    Rule(("request-parameter-removed",), BREAKING, "the client loses the argument, and a server may refuse it"),
    Rule(("request-path-parameter-renamed",), BREAKING, "the name is signed, and is an argument of the client"),
    Rule(("new-required-request-parameter", "request-parameter-became-required"), BREAKING, "calls leave it out"),
    Rule(("request-parameter-style-changed",), BREAKING, "lists and objects are read differently"),
    Rule(("new-optional-request-parameter", "request-parameter-became-optional"), ADDITION, "calls stay valid"),
    Rule(("request-body-removed",), BREAKING, "what callers send is refused or lost"),
    Rule(("new-required-request-body", "request-body-became-required"), BREAKING, "calls leave it out"),
    Rule(("new-optional-request-body", "request-body-became-optional"), ADDITION, "calls stay valid"),
    Rule(("request-body-media-type-removed",), BREAKING, "bodies of that type are refused"),
    Rule(("request-body-media-type-added",), ADDITION, "the others are accepted as before"),
    Rule(("request-body-media-type-preferred",), ADDITION, "the client sends another type, all are accepted"),
    Rule(("request-body-envelope-changed",), BREAKING, "the client wraps the body differently"),
    Rule(("request-property-removed",), BREAKING, "the client loses the argument, and a server may refuse it"),
    Rule(("new-required-request-property", "request-property-became-required"), BREAKING, "calls leave it out"),
    Rule(("new-optional-request-property", "request-property-became-optional"), ADDITION, "calls stay valid"),
)
_RESPONSE = (
    Rule(("response-success-status-removed",), BREAKING, "programs wait for this status"),
    Rule(("response-success-status-added",), ADDITION, "its body is one that programs know"),
    Rule(
        ("response-success-status-added-with-other-body",),
        BREAKING,
        "a success may have a body that no program expects",
    ),
    Rule(("response-non-success-status-added",), ADDITION, "programs meet undescribed errors at any time"),
    Rule(("response-non-success-status-removed", "response-range-removed"), ADDITION, "one error fewer"),
    Rule(("error-code-removed",), BREAKING, "programs look for the code, and the client loses its member"),
    Rule(("error-code-moved",), BREAKING, "programs look for the code at another status or in another member"),
    Rule(("error-code-added",), ADDITION, "programs meet codes that no catalogue names at any time"),
    Rule(("error-code-explained",), NOTE, "documentation"),
    Rule(("response-media-type-removed",), BREAKING, "programs read this type"),
    Rule(("response-media-type-added",), ADDITION, "the type that programs ask for is still sent"),
    Rule(("response-envelope-changed",), BREAKING, "the client unwraps the response differently"),
    Rule(("response-header-removed", "response-header-became-optional"), BREAKING, "programs read it"),
    Rule(("response-header-added", "response-header-became-required"), ADDITION, "nobody has to read it"),
    Rule(("response-required-property-removed", "response-optional-property-removed"), BREAKING, "programs read it"),
    Rule(("response-property-became-optional",), BREAKING, "programs rely on its presence"),
    Rule(("response-required-property-added", "response-optional-property-added"), ADDITION, "nobody has to read it"),
    Rule(("response-property-added-to-closed",), BREAKING, "the object was said to hold nothing else"),
    Rule(("response-property-became-required",), ADDITION, "it is sent more often"),
)
_DELIVERIES = (
    Rule(("webhook-removed", "callback-removed"), BREAKING, "programs wait for it"),
    Rule(("webhook-added", "callback-added"), ADDITION, "nobody waits for it yet"),
    Rule(("callback-moved",), BREAKING, "programs listen at the other address"),
    Rule(("delivery-payload-removed",), BREAKING, "programs read it"),
    Rule(("delivery-payload-added",), ADDITION, "nobody has to read it"),
    Rule(("delivery-reply-removed",), BREAKING, "the reply of programs counts as a failure"),
    Rule(("delivery-reply-added",), ADDITION, "the other replies are accepted as before"),
)
_EVERYWHERE = (Rule(("description-changed", "example-changed", "source-changed"), NOTE, "documentation"),)
HTTP_RULES: tuple[Rule, ...] = (*_API, *_OPERATION, *_REQUEST, *_RESPONSE, *_DELIVERIES, *_EVERYWHERE)
