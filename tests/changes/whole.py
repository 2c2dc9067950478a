"""Pairs of small descriptions: what is said of the change, of its undoing, and of a near miss."""

from __future__ import annotations

from tests.changes.small import (
    FOUR,
    ONE,
    OWN,
    RULE,
    SORTED,
    TAG,
    TEXT,
    THING,
    Pair,
    build_request,
    build_response,
    oauth,
    statuses,
    with_scheme,
    with_server,
    with_signature,
)
from tests.changes.whole_deliveries import DELIVERIES
from tests.changes.whole_signing import SIGNING
from tests.changes.whole_values import PYTHON, VALUES

SERVERS = (
    Pair(
        "a path gets servers of its own",
        with_server("https://a.example"),
        with_server("https://a.example", more=OWN),
        with_server("https://a.example", more="servers: [{url: https://a.example/}], "),
        "breaking operation-server-removed, addition operation-server-added",
        "breaking operation-server-removed, addition operation-server-added",
    ),
    Pair(
        "a part of the address moves into the paths",
        with_server("https://a.example/v1", "/x", TAG),
        with_server("https://a.example", "/v2/x", TAG),
        with_server("https://a.example", "/v1/x", TAG),
        "breaking operation-removed, addition operation-added",
        "breaking operation-removed, addition operation-added",
    ),
    Pair(
        "the version of the address moves into paths without tags",
        with_server("https://a.example/api/v1", "/x"),
        with_server("https://a.example/api/v2", "/x"),
        with_server("https://a.example", "/api/v1/x"),
        "breaking server-removed, addition server-added, breaking base-path-changed",
        "breaking server-removed, addition server-added, breaking base-path-changed",
    ),
    Pair(
        "a part of the address moves into the paths, on one of two servers",
        with_server("https://a.example/v1}, {url: https://b.example/v1", "/x", TAG),
        with_server("https://a.example}, {url: https://b.example/v1", "/v1/x", TAG),
        with_server("https://a.example}, {url: https://b.example", "/v1/x", TAG),
        "breaking server-removed, addition server-added",
        "breaking server-removed, addition server-added",
    ),
    Pair(
        "another host",
        with_server("https://a.example"),
        with_server("https://b.example"),
        with_server("https://A.example/"),
        "breaking server-removed, addition server-added",
        "breaking server-removed, addition server-added",
    ),
)
MEDIA = (
    Pair(
        "another charset",
        build_response(TEXT),
        build_response(TEXT.replace("application/json", "application/json; charset=utf-16")),
        build_response(TEXT.replace("application/json", "application/json; charset=utf-8")),
        "breaking response-media-type-removed, addition response-media-type-added",
        "breaking response-media-type-removed, addition response-media-type-added",
    ),
    Pair(
        "files that become text",
        build_request("{application/octet-stream: {schema: {type: string, format: binary}}}", "3.0.3"),
        build_request("{application/octet-stream: {schema: {type: string}}}", "3.0.3"),
        build_request("{application/octet-stream: {schema: {contentMediaType: application/octet-stream}}}"),
        "addition request-body-format-removed, breaking client-argument-narrowed",
        "breaking request-body-format-added",
    ),
    Pair(
        "a response of bytes that becomes text",
        build_response("{application/octet-stream: {schema: {type: string, format: binary}}}", "3.0.3"),
        build_response("{application/octet-stream: {schema: {type: string}}}", "3.0.3"),
        build_response(
            "{application/octet-stream: {schema: {type: string, contentMediaType: application/octet-stream}}}"
        ),
        "breaking response-body-format-removed",
        "addition response-body-format-added, breaking client-method-retyped",
    ),
    Pair(
        "a picture that becomes Base64",
        build_response("{image/png: {schema: {type: string, format: binary}}}", "3.0.3"),
        build_response("{image/png: {schema: {type: string, contentEncoding: base64}}}"),
        build_response("{image/png: {schema: {type: string, contentMediaType: image/png}}}"),
        "breaking response-body-format-changed",
        "breaking response-body-format-changed",
    ),
    Pair(
        "text in Base64",
        build_request(
            "{application/json: {schema: {type: object, properties: {f: {type: string, format: byte}}}}}", "3.0.3"
        ),
        build_request("{application/json: {schema: {type: object, properties: {f: {type: string}}}}}", "3.0.3"),
        build_request(
            "{application/json: {schema: {type: object, properties: {f: {type: string, contentEncoding: base64}}}}}"
        ),
        "addition request-property-format-removed",
        "breaking request-property-format-added",
    ),
)
STATUSES = (
    Pair(
        "an error goes",
        statuses(ONE, FOUR),
        statuses(ONE),
        statuses(ONE, FOUR.replace("404", "4XX")),
        "addition response-non-success-status-removed, addition error-class-removed",
        "addition response-non-success-status-added",
        "addition response-non-success-status-added, addition error-class-removed",
    ),
    Pair(
        "the range of successes goes",
        statuses(ONE, '"2XX": {description: Fine, too.}'),
        statuses(ONE),
        statuses(ONE, '"2XX": {description: Fine as well.}'),
        "addition response-range-removed",
        "addition response-success-status-added",
        "note description-changed",
    ),
    Pair(
        "the body of a range",
        statuses(ONE, f"default: {{description: Wrong., content: {{application/json: {{schema: {THING}}}}}}}"),
        statuses(ONE, f"default: {{description: Wrong., content: {TEXT}}}"),
        statuses(
            ONE, f"default: {{description: Wrong., content: {{application/json; charset=UTF-8: {{schema: {THING}}}}}}}"
        ),
        "breaking response-body-type-changed, breaking client-class-removed",
        "breaking response-body-type-changed, addition client-class-added",
    ),
)
CREDENTIALS = (
    Pair(
        "how to sign, in words",
        with_signature(SORTED),
        with_signature(SORTED.replace("sorted by name", "in the order of the query")),
        with_signature(SORTED.replace("Sign all", "Sign   all").removesuffix(".")),
        "breaking signing-described-otherwise",
        "breaking signing-described-otherwise",
        "note description-changed",
    ),
    Pair(
        "how to sign, in an extension of somebody else's",
        with_signature(SORTED, RULE),
        with_signature(SORTED, RULE.replace("hex", "base64")),
        with_signature(SORTED, ", x-how-to-sign: {over: [query], digest: hex}"),
        "breaking signing-extension-changed",
        "breaking signing-extension-changed",
    ),
    Pair(
        "how to sign, in an extension that has our name and another form",
        with_signature(SORTED, ", x-signing: v1"),
        with_signature(SORTED, ", x-signing: v2"),
        with_signature(SORTED, ', x-signing: "v1"'),
        "breaking signing-extension-changed",
        "breaking signing-extension-changed",
    ),
    Pair(
        "an extension that says nothing of signing",
        with_scheme("{type: http, scheme: bearer, x-colour: red}"),
        with_scheme("{type: http, scheme: bearer, x-colour: green}"),
        with_scheme("{type: http, scheme: Bearer, x-colour: red}"),
        "note security-setting-changed",
        "note security-setting-changed",
    ),
    Pair(
        "where tokens are fetched",
        oauth(),
        oauth("https://b.example/token"),
        oauth(scopes="{read: Read all.}"),
        "breaking security-flow-changed",
        "breaking security-flow-changed",
    ),
    Pair(
        "a flow",
        oauth(more=", implicit: {authorizationUrl: https://a.example/in, scopes: {}}"),
        oauth(),
        oauth(more=", implicit: {scopes: {}, authorizationUrl: https://a.example/in}"),
        "breaking security-flow-removed",
        "addition security-flow-added",
    ),
    Pair(
        "a scope that there is",
        oauth(scopes="{read: Read., write: Write.}"),
        oauth(),
        oauth(scopes="{write: Write., read: Read.}"),
        "breaking security-scope-removed",
        "addition security-scope-added",
    ),
    Pair(
        "a scope that is asked for",
        oauth(scopes="{read: Read., write: Write.}"),
        oauth(scopes="{read: Read., write: Write.}").replace("[{Key: [read]}]", "[{Key: [read, write]}]"),
        oauth(scopes="{read: Read., write: Write.}").replace("[{Key: [read]}]", "[{Key: [read, read]}]"),
        "breaking operation-scopes-narrowed",
        "addition operation-scopes-widened",
    ),
)

PAIRS = (*SERVERS, *MEDIA, *STATUSES, *DELIVERIES, *CREDENTIALS, *SIGNING, *VALUES, *PYTHON)
