"""Pairs about what the API sends by itself: webhooks and callbacks."""

from __future__ import annotations

from tests.changes.small import HEAD, OK, THING, Pair, build_callbacks, callback, payload, webhook, webhook_30

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
        "a member of a webhook's payload in OpenAPI 3.0",
        webhook_30(payload(THING)),
        webhook_30(payload("{type: object}")),
        webhook(payload(THING)),
        "breaking response-optional-property-removed",
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
        build_callbacks(callback()),
        build_callbacks(""),
        build_callbacks(callback().replace("Fine.", "Heard.")),
        "breaking callback-removed",
        "addition callback-added",
    ),
    Pair(
        "a callback goes elsewhere",
        build_callbacks(callback()),
        build_callbacks(callback("'{$request.query.there}'")),
        build_callbacks(callback('"{$request.query.to}"')),
        "breaking callback-moved",
        "breaking callback-moved",
    ),
    Pair(
        "the payload of a callback",
        build_callbacks(callback(schema=THING)),
        build_callbacks(callback()),
        build_callbacks(callback(schema=THING.replace("type: object", "type: object, title: T"))),
        "breaking response-optional-property-removed",
        "addition response-optional-property-added",
    ),
)
