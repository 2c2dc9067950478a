"""Headers that belong to HTTP, to browsers and to what stands between client and server, and to no API."""

from __future__ import annotations

from ...api import Api, Operation

_OF_HTTP = frozenset(
    (
        *("accept", "accept-charset", "accept-encoding", "accept-language", "access-control-request-headers"),
        *("access-control-request-method", "alt-used", "authorization", "baggage", "cache-control", "cdn-loop"),
        *("connection", "content-encoding", "content-length", "content-type", "cookie", "date", "dnt", "downlink"),
        *("dpr", "ect", "expect", "forwarded", "host", "if-match", "if-modified-since", "if-none-match", "if-range"),
        *("if-unmodified-since", "keep-alive", "origin", "pragma", "priority", "proxy-authorization"),
        *("proxy-connection", "range", "referer", "sentry-trace", "te", "traceparent", "tracestate", "trailer"),
        *("transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via", "x-client-trace-id"),
        *("x-cloud-trace-context", "x-correlation-id", "x-http-method-override", "x-method-override", "x-real-ip"),
        *("x-request-id", "x-requested-with"),
    )
)
_OF_OTHERS = ("cf-", "sec-", "x-amz-", "x-amzn-", "x-b3-", "x-envoy-", "x-forwarded-")


def find_undescribed_headers(api: Api, operation: Operation, names: list[str], signing: tuple[str, ...]) -> list[str]:
    """The headers of a request that nobody described: neither the operation nor its security, nor HTTP."""
    described = {*api.headers, *signing, api.token_header, *(one.name for one in operation.in_("header"))}
    described |= {scheme.parameter for scheme in api.security_schemes if scheme.location == "header"}
    placements = api.request_scheme.placements if api.request_scheme is not None else ()
    described |= {placement.header for placement in placements}
    known = {name.lower() for name in described} | _OF_HTTP
    return sorted({name for name in map(str.lower, names) if name not in known and not name.startswith(_OF_OTHERS)})
