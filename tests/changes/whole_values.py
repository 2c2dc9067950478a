"""Pairs of small descriptions: values, and what becomes of the client's Python."""

from __future__ import annotations

from tests.changes.small import (
    MORE,
    WORDS,
    Pair,
    build_pages,
    build_response,
    read,
    with_method_name,
    with_shared_schema,
)

VALUES = (
    Pair(
        "a member of what is sent and comes back becomes required",
        with_shared_schema("{type: object, properties: {a: {type: string}}}"),
        with_shared_schema("{type: object, required: [a], properties: {a: {type: string}}}"),
        with_shared_schema("{type: object, required: [], properties: {a: {type: string}}}"),
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
        with_method_name("{resource: things, method: show}"),
        with_method_name("{resource: things, method: look}"),
        with_method_name("{resource: things, method: show}", id_="lookAtA"),
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
        build_pages("{a: {type: string}}"),
        build_pages("{page: {type: string}}"),
        build_pages("{a: {type: string}, other: {type: string}}"),
        "addition new-optional-request-property, breaking request-property-removed, breaking client-argument-renamed",
        "addition new-optional-request-property, breaking request-property-removed, breaking client-argument-renamed",
        "addition new-optional-request-property",
    ),
    Pair(
        "a response that becomes a file",
        build_response("{application/json: {schema: {type: string}}}"),
        build_response("{application/json: {schema: {type: string, format: binary}}}"),
        build_response("{application/json: {schema: {type: string, format: email}}}"),
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
