"""Edits of the shelf: requests, responses and named schemas."""

from __future__ import annotations

from tests.changes.rows import Row, row
from tests.changes.shelf import SHELF

LAST_SCHEMA = "    Tag: {type: object, additionalProperties: false}\n"
FORMS = '          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/BookAdd"}}\n'
JSON = '          application/json: {schema: {$ref: "#/components/schemas/BookAdd"}}\n'
XML = '            application/xml: {schema: {$ref: "#/components/schemas/BookBox"}}\n'
ADDED_BODY = (
    '            application/json: {schema: {$ref: "#/components/schemas/BookBox"}, example: {book: {title: x}}}\n'
)
STATE_BODY = "      requestBody: {content: {application/json: {schema: {type: object}}}}\n"
BOOK = SHELF[SHELF.index("    Book:") : SHELF.index("    BookAdd:")]
TITLE = "        title: {type: string, description: The title., example: x}\n"
ROWS = {
    "a parameter": row(
        "        - {name: page, in: query, schema: {type: integer}}\n",
        "",
        "breaking request-parameter-removed",
        "addition new-optional-request-parameter",
    ),
    "a required parameter": row(
        "        - {name: sort, in: query, required: true, schema: {type: string}}\n",
        "",
        "breaking request-parameter-removed",
        "breaking new-required-request-parameter",
    ),
    "a parameter's place": row(
        "name: page, in: query",
        "name: page, in: header",
        "breaking request-parameter-removed, addition new-optional-request-parameter",
    ),
    "the need of a parameter": row(
        "name: sort, in: query, required: true",
        "name: sort, in: query",
        "addition request-parameter-became-optional",
        "breaking request-parameter-became-required",
    ),
    "what is said of a parameter": row("description: Which.", "description: Which ones.", "note description-changed"),
    "a parameter's example": row(
        "example: x}\n        - {name: tag", "example: y}\n        - {name: tag", "note example-changed"
    ),
    "how a list is written": row(
        "{name: tag, in: query, schema",
        "{name: tag, in: query, explode: false, schema",
        "breaking request-parameter-style-changed",
    ),
    "how a text is written": row("{name: page, in: query,", "{name: page, in: query, explode: false,", ""),
    "a placeholder": Row(
        (
            ("/books/{id}/scan:", "/books/{book}/scan:"),
            ("/books/{id}/scan.zip:", "/books/{book}/scan.zip:"),
            ("Id: {name: id", "Id: {name: book"),
        ),
        "breaking request-path-parameter-renamed",
    ),
    "an optional body": row(
        STATE_BODY,
        "",
        "breaking request-body-removed, breaking client-class-removed",
        "addition new-optional-request-body, addition client-class-added",
    ),
    "the need of a body": row(
        STATE_BODY,
        STATE_BODY.replace("{content", "{required: true, content"),
        "breaking request-body-became-required",
        "addition request-body-became-optional",
    ),
    "a required body": row(
        '      responses: {"204": {description: Started.}',
        STATE_BODY.replace("{content", "{required: true, content") + '      responses: {"204": {description: Started.}',
        "breaking new-required-request-body, addition client-class-added",
        "breaking request-body-removed, breaking client-class-removed",
    ),
    "a media type of the body": row(
        FORMS, "", "breaking request-body-media-type-removed", "addition request-body-media-type-added"
    ),
    "the body's first media type": row(
        JSON,
        "",
        "breaking request-body-media-type-removed",
        "addition request-body-media-type-added, addition request-body-media-type-preferred",
    ),
    "the body's envelope": row(
        "        required: true\n        x-envelope: book\n",
        "        required: true\n        x-envelope: tome\n",
        "breaking request-body-envelope-changed",
    ),
    "a member of the body": row(
        "        color: {type: string, x-source: {pages: [p], confidence: documented}}\n",
        "",
        "breaking request-property-removed",
        "addition new-optional-request-property",
    ),
    "the need of a member": Row(
        (
            (
                "    BookAdd:\n      type: object\n      required: [title]",
                "    BookAdd:\n      type: object\n      required: [title, color]",
            ),
        ),
        "breaking request-property-became-required",
        "addition request-property-became-optional",
    ),
    "a required member": Row(
        (
            (
                "    BookAdd:\n      type: object\n      required: [title]",
                "    BookAdd:\n      type: object\n      required: [title, year]",
            ),
            ("        color: {", "        year: {type: integer}\n        color: {"),
        ),
        "breaking new-required-request-property",
        "breaking request-property-removed",
    ),
    "a source": row(
        "x-source: {pages: [p], confidence: documented}}\n",
        "x-source: {pages: [q], confidence: inferred}}\n",
        "note source-changed",
    ),
    "a success": row(
        '        "201":\n',
        '        "200":\n',
        "breaking response-success-status-removed, addition response-success-status-added",
    ),
    "a success of another kind": row(
        "{description: The state.}",
        '{description: The state.}, "202": {description: Wait., content: {application/json: {schema: {type: object}}}}',
        "breaking response-success-status-added-with-other-body, addition client-class-added",
        "breaking response-success-status-removed, breaking client-class-removed",
    ),
    "an error": row(
        "{description: The state.}",
        '{description: The state.}, "403": {$ref: "#/components/responses/Forbidden"}',
        "addition response-non-success-status-added",
        "addition response-non-success-status-removed",
    ),
    "the last refusal of its kind": row(
        '        "409": {$ref: "#/components/responses/Conflict"}\n',
        "",
        "addition error-class-removed, addition response-non-success-status-removed",
        "addition response-non-success-status-added",
    ),
    "an error's name": Row(
        (("responses/Conflict", "responses/Clash"), ("    Conflict:", "    Clash:")), "breaking error-class-renamed"
    ),
    "an error code": row(
        "            - {code: locked, status: [409, 423], meaning: It is in use.}\n",
        "",
        "breaking error-code-removed",
        "addition error-code-added",
    ),
    "an error code's status": row("status: [409, 423]", "status: 423", "breaking error-code-moved"),
    "an error code's meaning": row("meaning: It is in use.", "meaning: Wait.", "note error-code-explained"),
    "a media type of the response": row(
        XML, "", "breaking response-media-type-removed", "addition response-media-type-added"
    ),
    "the response's envelope": row(
        "          x-envelope: book\n", "          x-envelope: tome\n", "breaking response-envelope-changed"
    ),
    "the response's class": Row(
        (
            ("      properties: {book: {$ref: ", "      properties: {book: {$ref: *tome"),
            ('*tome"#/components/schemas/Book"', '"#/components/schemas/Tome"'),
            (BOOK, BOOK + BOOK.replace("    Book:", "    Tome:")),
        ),
        "breaking client-attribute-retyped, addition client-class-added",
        "breaking client-class-removed",
    ),
    "a header": row(
        "            X-Pages: {schema: {type: integer}}\n",
        "",
        "breaking response-header-removed",
        "addition response-header-added",
    ),
    "the need of a header": row(
        "X-Pages: {schema",
        "X-Pages: {required: true, schema",
        "addition response-header-became-required",
        "breaking response-header-became-optional",
    ),
    "an optional member of a response": row(
        "        isbn: {type: string, x-pii: true, deprecated: true}\n",
        "",
        "breaking response-optional-property-removed",
        "addition response-optional-property-added",
    ),
    "a required member of a response": Row(
        ((BOOK, BOOK.replace(TITLE, "").replace("      required: [title]\n", "")),),
        "breaking response-required-property-removed",
        "addition response-required-property-added",
    ),
    "the presence of a member": Row(
        (
            (
                "    Book:\n      type: object\n      required: [title]",
                "    Book:\n      type: object\n      required: [title, isbn]",
            ),
        ),
        "addition response-property-became-required",
        "breaking response-property-became-optional",
    ),
    "redaction": row("x-pii: true, ", "", "addition redaction-changed", "addition redaction-changed"),
    "a deprecated member": row(", deprecated: true}", "}", "addition reactivated", "addition deprecated"),
    "an unused class": row(LAST_SCHEMA, "", "breaking client-class-removed", "addition client-class-added"),
    "a renamed schema": Row(
        (("schemas/BookList", "schemas/Books"), ("    BookList:", "    Books:")),
        "breaking client-class-removed, addition client-class-added",
    ),
}
