"""Pairs of small descriptions: what is said of the change, of its undoing, and of a near miss."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "openapi: 3.1.0\ninfo: {title: Small, version: 1.0.0}\n"
OK = 'responses: {"200": {description: Fine.}}'
THING = "{type: object, properties: {id: {type: integer}}}"


@dataclass(frozen=True)
class Pair:
    """Three descriptions; `nearly` is said of the step from the first to the third."""

    what: str
    old: str
    new: str
    near: str
    found: str
    undone: str
    nearly: str = ""


def paths(*lines: str) -> str:
    return HEAD + "paths:\n" + "".join(f"  {line}\n" for line in lines)


def get(more: str = "", path: str = "/a") -> str:
    return f"{path}: {{get: {{operationId: showA, {more}{OK}}}}}"


def served(url: str, path: str = "/a", more: str = "") -> str:
    return HEAD + f"servers: [{{url: {url}}}]\npaths:\n  {get(more, path)}\n"


def answering(content: str, version: str = "3.1.0") -> str:
    answer = f'responses: {{"200": {{description: Fine., content: {content}}}}}'
    return HEAD.replace("3.1.0", version) + f"paths:\n  /a: {{get: {{operationId: showA, {answer}}}}}\n"


def sending(content: str, version: str = "3.1.0") -> str:
    body = f"requestBody: {{required: true, content: {content}}}"
    return HEAD.replace("3.1.0", version) + f"paths:\n  /a: {{post: {{operationId: addA, {body}, {OK}}}}}\n"


def statuses(*responses: str) -> str:
    return paths(f"/a: {{get: {{operationId: showA, responses: {{{', '.join(responses)}}}}}}}")


def webhook(more: str, name: str = "thingDone") -> str:
    return HEAD + f"paths: {{}}\nwebhooks:\n  {name}: {{post: {{operationId: done, {more}}}}}\n"


def payload(schema: str) -> str:
    return f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, {OK}"


def calling(callbacks: str) -> str:
    return paths(f"/a: {{post: {{operationId: addA, {callbacks}{OK}}}}}")


def callback(address: str = "'{$request.query.to}'", schema: str = "{type: object}") -> str:
    return f"callbacks: {{done: {{{address}: {{post: {{{payload(schema)}}}}}}}}}, "


def secured(scheme: str, security: str = "[{Key: []}]") -> str:
    return paths(get(f"security: {security}, ")) + f"components: {{securitySchemes: {{Key: {scheme}}}}}\n"


def signed(about: str, more: str = "") -> str:
    return secured(f'{{type: apiKey, in: header, name: X-Signature, description: "{about}"{more}}}')


def oauth(token: str = "https://a.example/token", scopes: str = "{read: Read.}", more: str = "") -> str:
    flow = f"clientCredentials: {{tokenUrl: {token}, scopes: {scopes}}}"
    return secured(f"{{type: oauth2, flows: {{{flow}{more}}}}}", "[{Key: [read]}]")


def shared(schema: str, more: str = "") -> str:
    """A schema that is sent and comes back."""
    content = 'content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}'
    answer = f'responses: {{"200": {{description: Fine., {content}}}}}'
    return paths(f"/a: {{put: {{operationId: putA, requestBody: {{{content}}}, {answer}}}}}") + (
        f"components: {{schemas: {{Thing: {schema}{more}}}}}\n"
    )


def read(schema: str, more: str = "") -> str:
    """A schema that only comes back."""
    return answering("{application/json: {schema: " + schema + "}}") + more


def paging(members: str) -> str:
    body = f"requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {members}}}}}}}}}"
    page = "parameters: [{name: page, in: query, schema: {type: integer}}]"
    return paths(f"/a: {{post: {{operationId: addA, {page}, {body}, {OK}}}}}")


def named(client: str, parameters: str = "", id_: str = "showA") -> str:
    return paths(f"/a: {{get: {{operationId: {id_}, x-client: {client}, {parameters}{OK}}}}}")


OWN = "servers: [{url: https://b.example}], "
TAG = "tags: [T], "
TEXT = "{application/json: {schema: {type: string}}}"
WORDS = "{type: string, enum: [a, b]}"
MORE = "{type: string, enum: [a, b, c]}"
SORTED = "Sign all parameters, sorted by name, with HMAC-SHA256."
RULE = ", x-how-to-sign: {digest: hex, over: [query]}"
ONE, FOUR = '"200": {description: Fine.}', '"404": {description: Not there.}'

SERVERS = (
    Pair(
        "a path gets servers of its own",
        served("https://a.example"),
        served("https://a.example", more=OWN),
        served("https://a.example", more="servers: [{url: https://a.example/}], "),
        "breaking operation-server-removed, addition operation-server-added",
        "breaking operation-server-removed, addition operation-server-added",
    ),
    Pair(
        "a part of the address moves into the paths",
        served("https://a.example/v1", "/x", TAG),
        served("https://a.example", "/v2/x", TAG),
        served("https://a.example", "/v1/x", TAG),
        "breaking operation-removed, addition operation-added",
        "breaking operation-removed, addition operation-added",
    ),
    Pair(
        "another host",
        served("https://a.example"),
        served("https://b.example"),
        served("https://A.example/"),
        "breaking server-removed, addition server-added",
        "breaking server-removed, addition server-added",
    ),
)
MEDIA = (
    Pair(
        "another charset",
        answering(TEXT),
        answering(TEXT.replace("application/json", "application/json; charset=utf-16")),
        answering(TEXT.replace("application/json", "application/json; charset=utf-8")),
        "breaking response-media-type-removed, addition response-media-type-added",
        "breaking response-media-type-removed, addition response-media-type-added",
    ),
    Pair(
        "files that become text",
        sending("{application/octet-stream: {schema: {type: string, format: binary}}}", "3.0.3"),
        sending("{application/octet-stream: {schema: {type: string}}}", "3.0.3"),
        sending("{application/octet-stream: {schema: {contentMediaType: application/octet-stream}}}"),
        "addition request-body-format-removed, breaking client-argument-narrowed",
        "breaking request-body-format-added",
    ),
    Pair(
        "text in Base64",
        sending("{application/json: {schema: {type: object, properties: {f: {type: string, format: byte}}}}}", "3.0.3"),
        sending("{application/json: {schema: {type: object, properties: {f: {type: string}}}}}", "3.0.3"),
        sending(
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
DELIVERIES = (
    Pair(
        "a webhook goes",
        webhook(payload(THING)),
        HEAD + "paths: {}\n",
        webhook(payload(THING).replace("Fine.", "Heard.")),
        "breaking webhook-removed",
        "addition webhook-added",
    ),
    Pair(
        "the type of a webhook's payload",
        webhook(payload(THING)),
        webhook(payload(THING.replace("integer", "string"))),
        webhook(payload(THING.replace("{type: integer}", "{type: integer, title: Id}"))),
        "breaking response-property-type-changed",
        "breaking response-property-type-changed",
    ),
    Pair(
        "a member of a webhook's payload",
        webhook(payload(THING)),
        webhook(payload("{type: object}")),
        webhook(payload(THING.replace("properties: {", "properties: {at: {type: string}, "))),
        "breaking response-optional-property-removed",
        "addition response-optional-property-added",
        "addition response-optional-property-added",
    ),
    Pair(
        "a webhook's payload",
        webhook(payload(THING)),
        webhook(OK),
        webhook(payload(THING).replace("json:", "json; charset=utf-8:")),
        "breaking delivery-payload-removed",
        "addition delivery-payload-added",
    ),
    Pair(
        "a reply to a webhook",
        webhook('responses: {"200": {description: Fine.}, "202": {description: Later.}}'),
        webhook(OK),
        webhook('responses: {"200": {description: Fine.}, "202": {description: Another time.}}'),
        "breaking delivery-reply-removed",
        "addition delivery-reply-added",
    ),
    Pair(
        "a header of a webhook",
        webhook(f"parameters: [{{name: X-At, in: header, schema: {{type: string}}}}], {OK}"),
        webhook(OK),
        webhook(f"parameters: [{{name: x-at, in: header, schema: {{type: string}}}}], {OK}"),
        "breaking response-header-removed",
        "addition response-header-added",
    ),
    Pair(
        "a callback goes",
        calling(callback()),
        calling(""),
        calling(callback().replace("Fine.", "Heard.")),
        "breaking callback-removed",
        "addition callback-added",
    ),
    Pair(
        "a callback goes elsewhere",
        calling(callback()),
        calling(callback("'{$request.query.there}'")),
        calling(callback('"{$request.query.to}"')),
        "breaking callback-moved",
        "breaking callback-moved",
    ),
    Pair(
        "the payload of a callback",
        calling(callback(schema=THING)),
        calling(callback()),
        calling(callback(schema=THING.replace("type: object", "type: object, title: T"))),
        "breaking response-optional-property-removed",
        "addition response-optional-property-added",
    ),
)
CREDENTIALS = (
    Pair(
        "how to sign, in words",
        signed(SORTED),
        signed(SORTED.replace("sorted by name", "in the order of the query")),
        signed(SORTED.replace("Sign all", "Sign   all").removesuffix(".")),
        "breaking signing-described-otherwise",
        "breaking signing-described-otherwise",
        "note description-changed",
    ),
    Pair(
        "how to sign, in an extension of somebody else's",
        signed(SORTED, RULE),
        signed(SORTED, RULE.replace("hex", "base64")),
        signed(SORTED, ", x-how-to-sign: {over: [query], digest: hex}"),
        "breaking signing-extension-changed",
        "breaking signing-extension-changed",
    ),
    Pair(
        "an extension that says nothing of signing",
        secured("{type: http, scheme: bearer, x-colour: red}"),
        secured("{type: http, scheme: bearer, x-colour: green}"),
        secured("{type: http, scheme: Bearer, x-colour: red}"),
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
VALUES = (
    Pair(
        "a member of what is sent and comes back becomes required",
        shared("{type: object, properties: {a: {type: string}}}"),
        shared("{type: object, required: [a], properties: {a: {type: string}}}"),
        shared("{type: object, required: [], properties: {a: {type: string}}}"),
        "breaking request-property-became-required, addition response-property-became-required",
        "addition request-property-became-optional, breaking response-property-became-optional",
    ),
    Pair(
        "a response's enum gets a value",
        read(WORDS),
        read(MORE),
        read("{enum: [b, a], type: string}"),
        "breaking response-body-enum-value-added",
        "addition response-body-enum-value-removed, breaking client-member-removed",
    ),
    Pair(
        "constants to choose from get another one",
        read("{oneOf: [{const: a}, {const: b}], type: string}"),
        read("{oneOf: [{const: a}, {const: b}, {const: c}], type: string}"),
        read("{oneOf: [{const: b, title: B}, {const: a, title: A}], type: string}"),
        "breaking response-body-enum-value-added",
        "addition response-body-enum-value-removed",
    ),
)
PYTHON = (
    Pair(
        "an object gets a name",
        read("{type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}"),
        read(
            '{type: object, properties: {a: {$ref: "#/components/schemas/Inner"}}}',
            "components: {schemas: {Inner: {type: object, properties: {b: {type: string}}}}}\n",
        ),
        read("{type: object, title: Outer, properties: {a: {type: object, properties: {b: {type: string}}}}}"),
        "breaking client-class-removed, addition client-class-added",
        "breaking client-class-removed, addition client-class-added",
    ),
    Pair(
        "a method moves",
        named("{resource: things, method: show}"),
        named("{resource: things, method: look}"),
        named("{resource: things, method: show}", id_="lookAtA"),
        "breaking client-method-renamed",
        "breaking client-method-renamed",
        "note operation-id-changed",
    ),
    Pair(
        "dates become texts",
        read("{type: object, properties: {at: {type: string, format: date}}}"),
        read("{type: object, properties: {at: {type: string, format: email}}}"),
        read("{type: object, properties: {at: {format: date, type: string}}}"),
        "breaking response-property-format-changed",
        "breaking response-property-format-changed",
    ),
    Pair(
        "texts that are dates become dates",
        read("{type: object, properties: {at: {type: string}}}"),
        read("{type: object, properties: {at: {type: string, format: date}}}"),
        read("{type: object, properties: {at: {type: string, format: email}}}"),
        "addition response-property-format-added, breaking client-attribute-retyped",
        "breaking response-property-format-removed",
        "addition response-property-format-added",
    ),
    Pair(
        "an argument that has to give way",
        paging("{a: {type: string}}"),
        paging("{page: {type: string}}"),
        paging("{a: {type: string}, other: {type: string}}"),
        "addition new-optional-request-property, breaking request-property-removed, breaking client-argument-renamed",
        "addition new-optional-request-property, breaking request-property-removed, breaking client-argument-renamed",
        "addition new-optional-request-property",
    ),
    Pair(
        "an answer that becomes a file",
        answering("{application/json: {schema: {type: string}}}"),
        answering("{application/json: {schema: {type: string, format: binary}}}"),
        answering("{application/json: {schema: {type: string, format: email}}}"),
        "addition response-body-format-added, breaking client-method-retyped",
        "breaking response-body-format-removed",
        "addition response-body-format-added",
    ),
    Pair(
        "an attribute that has to give way",
        read("{type: object, properties: {aB: {type: string}}}"),
        read("{type: object, properties: {aB: {type: string}, a_b: {type: string}}}"),
        read("{type: object, properties: {aB: {type: string}, b: {type: string}}}"),
        "addition response-optional-property-added, breaking client-attribute-renamed",
        "breaking response-optional-property-removed, breaking client-attribute-renamed",
        "addition response-optional-property-added",
    ),
)
PAIRS = (*SERVERS, *MEDIA, *STATUSES, *DELIVERIES, *CREDENTIALS, *VALUES, *PYTHON)
