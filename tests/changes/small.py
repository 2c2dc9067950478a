"""Small descriptions, each around one thing."""

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


def with_server(url: str, path: str = "/a", more: str = "") -> str:
    return HEAD + f"servers: [{{url: {url}}}]\npaths:\n  {get(more, path)}\n"


def build_response(content: str, version: str = "3.1.0") -> str:
    response = f'responses: {{"200": {{description: Fine., content: {content}}}}}'
    return HEAD.replace("3.1.0", version) + f"paths:\n  /a: {{get: {{operationId: showA, {response}}}}}\n"


def build_request(content: str, version: str = "3.1.0") -> str:
    body = f"requestBody: {{required: true, content: {content}}}"
    return HEAD.replace("3.1.0", version) + f"paths:\n  /a: {{post: {{operationId: addA, {body}, {OK}}}}}\n"


def statuses(*responses: str) -> str:
    return paths(f"/a: {{get: {{operationId: showA, responses: {{{', '.join(responses)}}}}}}}")


def webhook(more: str, name: str = "thingDone") -> str:
    return HEAD + f"paths: {{}}\nwebhooks:\n  {name}: {{post: {{operationId: done, {more}}}}}\n"


def webhook_30(more: str) -> str:
    """The same before there were webhooks: under a name that vendors agreed upon."""
    return webhook(more).replace("3.1.0", "3.0.3").replace("webhooks:", "x-webhooks:")


def payload(schema: str) -> str:
    return f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, {OK}"


def build_callbacks(callbacks: str) -> str:
    return paths(f"/a: {{post: {{operationId: addA, {callbacks}{OK}}}}}")


def callback(address: str = "'{$request.query.to}'", schema: str = "{type: object}") -> str:
    return f"callbacks: {{done: {{{address}: {{post: {{{payload(schema)}}}}}}}}}, "


def with_scheme(scheme: str, security: str = "[{Key: []}]") -> str:
    return paths(get(f"security: {security}, ")) + f"components: {{securitySchemes: {{Key: {scheme}}}}}\n"


def with_signature(about: str, more: str = "") -> str:
    return with_scheme(f'{{type: apiKey, in: header, name: X-Signature, description: "{about}"{more}}}')


def oauth(token: str = "https://a.example/token", scopes: str = "{read: Read.}", more: str = "") -> str:
    flow = f"clientCredentials: {{tokenUrl: {token}, scopes: {scopes}}}"
    return with_scheme(f"{{type: oauth2, flows: {{{flow}{more}}}}}", "[{Key: [read]}]")


def with_shared_schema(schema: str, more: str = "") -> str:
    """A schema that is sent and comes back."""
    content = 'content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}'
    response = f'responses: {{"200": {{description: Fine., {content}}}}}'
    return paths(f"/a: {{put: {{operationId: putA, requestBody: {{{content}}}, {response}}}}}") + (
        f"components: {{schemas: {{Thing: {schema}{more}}}}}\n"
    )


def read(schema: str, more: str = "") -> str:
    """A schema that only comes back."""
    return build_response("{application/json: {schema: " + schema + "}}") + more


def build_pages(members: str) -> str:
    body = f"requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {members}}}}}}}}}"
    page = "parameters: [{name: page, in: query, schema: {type: integer}}]"
    return paths(f"/a: {{post: {{operationId: addA, {page}, {body}, {OK}}}}}")


def with_method_name(client: str, parameters: str = "", id_: str = "showA") -> str:
    return paths(f"/a: {{get: {{operationId: {id_}, x-client: {client}, {parameters}{OK}}}}}")


OWN = "servers: [{url: https://b.example}], "
TAG = "tags: [T], "
TEXT = "{application/json: {schema: {type: string}}}"
WORDS = "{type: string, enum: [a, b]}"
MORE = "{type: string, enum: [a, b, c]}"
SORTED = "Sign all parameters, sorted by name, with HMAC-SHA256."
RULE = ", x-how-to-sign: {digest: hex, over: [query]}"
ONE, FOUR = '"200": {description: Fine.}', '"404": {description: Not there.}'
