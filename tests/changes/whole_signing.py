"""Pairs of small descriptions: signing in the value of `x-signing`, and in the words of somebody else."""

from __future__ import annotations

from tests.changes.small import Pair, get, paths, with_scheme

TOP = "algorithm: hmac-sha256, digest: hex-lower, "
KEY = "key: {credential: secret_key}, "
PLACEMENT = 'placement: [{in: header, fields: {X-Signature: "{signature}"}}]'
LIMIT = "settings: {limit: {description: Seconds., default: '5'}}, "


def describe_scheme(value: str) -> str:
    return with_scheme(f"{{type: apiKey, in: header, name: X-Signature, x-signing: {{{value}}}}}")


def sign_parts(*parts: str, more: str = "", top: str = TOP) -> str:
    return describe_scheme(f"{top}{KEY}{more}message: {{parts: [{', '.join(parts)}]}}, {PLACEMENT}")


def describe_deliveries(*digests: tuple[str, str]) -> str:
    """Several schemes of deliveries, which differ in their digests."""
    schemes = (
        f"{name}: {{type: apiKey, in: header, name: X-Signature, x-signing: {{"
        f"direction: delivery, algorithm: hmac-sha256, digest: {digest}, {KEY}"
        f"message: {{parts: [body]}}, {PLACEMENT}}}}}"
        for name, digest in digests
    )
    return paths(get()) + f"components: {{securitySchemes: {{{', '.join(schemes)}}}}}\n"


CHANGED, REWRITTEN = "breaking signing-changed", "note signing-rewritten"
SIGNING = (
    Pair(
        "which member of the body is signed",
        sign_parts("method", "body./a/0/b"),
        sign_parts("method", "body./a/0/c"),
        sign_parts("{from: method}", "{from: body./a/0/b}"),
        CHANGED,
        CHANGED,
        REWRITTEN,
    ),
    Pair(
        "the depth of a member",
        sign_parts("path", "body.b"),
        sign_parts("path", "body./a/b"),
        sign_parts("path", "{from: body.b}"),
        CHANGED,
        CHANGED,
        REWRITTEN,
    ),
    Pair(
        "a part that another header replaces",
        sign_parts("path", "{from: header.date, only_without: header.x-date}"),
        sign_parts("path", "{from: header.date}"),
        sign_parts("{parts: [path]}", "{from: header.date, only_without: header.x-date}"),
        CHANGED,
        CHANGED,
        CHANGED,
    ),
    Pair(
        "the header that replaces it",
        sign_parts("path", "{from: header.date, only_without: header.x-date}"),
        sign_parts("path", "{from: header.date, only_without: header.x-moment}"),
        sign_parts("{from: path}", "{only_without: header.x-date, from: header.date}"),
        CHANGED,
        CHANGED,
        REWRITTEN,
    ),
    Pair(
        "what is said of a setting",
        sign_parts("path", "setting.limit", more=LIMIT),
        sign_parts("path", "setting.limit", more=LIMIT.replace("Seconds", "For how many seconds")),
        sign_parts("path", "setting.limit", more=LIMIT.replace("'5'", "'6'")),
        REWRITTEN,
        REWRITTEN,
        CHANGED,
    ),
    Pair(
        "the direction, which is a request unless something else is said",
        sign_parts("path"),
        sign_parts("path", top=f"direction: request, {TOP}"),
        sign_parts("path", top=TOP.replace("hex-lower", "base64")),
        REWRITTEN,
        REWRITTEN,
        CHANGED,
    ),
    Pair(
        "how to sign, in the value of an extension",
        with_scheme("{type: http, scheme: custom, x-gateway-authtype: awsSigv4}"),
        with_scheme("{type: http, scheme: custom, x-gateway-authtype: awsSigv4a}"),
        with_scheme('{type: http, scheme: custom, x-gateway-authtype: "awsSigv4"}'),
        "breaking signing-extension-changed",
        "breaking signing-extension-changed",
    ),
    Pair(
        "how to sign, in the name of an algorithm alone",
        with_scheme("{type: http, scheme: custom, description: Send a JWS of the body by ES256.}"),
        with_scheme("{type: http, scheme: custom, description: Send a JWS of the body by ES384.}"),
        with_scheme("{type: http, scheme: custom, description: Send a JWS of the body by *ES256*.}"),
        "breaking signing-described-otherwise",
        "breaking signing-described-otherwise",
        "note description-changed",
    ),
    Pair(
        "two schemes that change their names",
        describe_deliveries(("A", "hex-lower"), ("B", "base64")),
        describe_deliveries(("B", "hex-lower"), ("A", "base64")),
        describe_deliveries(("B", "base64"), ("A", "hex-lower")),
        CHANGED,
        CHANGED,
    ),
)
