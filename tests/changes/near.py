"""Near misses: edits beside those of the rows of the same name, which mean less than they do, or nothing."""

from __future__ import annotations

from tests.changes.messages import BOOK, FORMS, JSON, LAST_SCHEMA, STATE_BODY, TITLE, XML
from tests.changes.operations import FILTER, JOB, PAGING, SCAN
from tests.changes.rows import Row, row

SECOND = "https://two.example/api/v1, description"
LOCKED = "            - {code: locked, status: [409, 423], meaning: It is in use.}\n"
STATE = "{description: The state.}"
OPERATIONS = {
    "a server": row(SECOND, "https://TWO.example:443/api/v1/, description", ""),
    "the order of servers": row("description: The second.", "description: The one behind.", "note description-changed"),
    "the base path": row("one.example/api/v1", "one.example/api/v1/", ""),
    "accept": row("x-accept: application/vnd.shelf.v1", 'x-accept: "application/vnd.shelf.v1"', ""),
    "title": row("title: Shelf", 'title: "Shelf"', ""),
    "the version alone": row("version: 1.2.3", "version: 2.0.0", ""),
    "a clause": row("digest: hex-lower", 'digest: "hex-lower"', ""),
    "no signing": row("files: excluded", "files: excluded # as before", ""),
    "the name of the signature": row(
        "name: signature\n", "name: signature\n      description: It.\n", "note description-changed"
    ),
    "the place of the token": row("in: header, name: Authorization,", "name: Authorization, in: header,", ""),
    "the token's words": row('x-token: {format: "Token {token}"}', "x-token: {format: 'Token {token}'}", ""),
    "what is said of the token": row("description: Yours.", "description:   Yours.", ""),
    "a scheme": row("scheme: basic", "scheme: Basic", ""),
    "a scheme's component": row("    Basic: {", "    Plain: {", ""),
    "other credentials": row("security: [{Token: []}]", "security: [{Token: []}, {Token: []}]", ""),
    "no credentials": row(
        "security: [{Token: []}]",
        "security: [{Token: []}, {Token: [], Basic: []}]",
        "addition operation-security-widened",
    ),
    "an operation": row(
        "    get:\n      operationId: listBooks\n", "    parameters: []\n    get:\n      operationId: listBooks\n", ""
    ),
    "an operation's method": row(
        "      operationId: fetchScan\n",
        "      description: It.\n      operationId: fetchScan\n",
        "note description-changed",
    ),
    "a signed operation": row(SCAN, SCAN + "      security: [{Token: [], RequestSignature: []}]\n", ""),
    "the client's method": row("{resource: books, method: add}", "{method: add, resource: books}", ""),
    "the client's resource": row("{resource: books, method: add}", '{resource: "books", method: add}', ""),
    "an operation's id": Row(
        (("operationId: listBooks", "operationId: allBooks"), ("lookup: listBooks", "lookup: allBooks")),
        "note operation-id-changed",
    ),
    "a tag": row("tags: [{name: Books}]", "tags: [{name: Books}, {name: Shelf}]", ""),
    "deprecation": row(SCAN + "      deprecated: true\n", "      deprecated: true\n" + SCAN, ""),
    "the successor": row("x-replaced-by: fetchScan", 'x-replaced-by: "fetchScan"', ""),
    "no role": row("x-role: superuser", 'x-role: "superuser"', ""),
    "another role": row("x-role: superuser\n", "x-role: superuser # of the institute\n", ""),
    "retries": row("x-retry: {policy: safe}", 'x-retry: {policy: "safe"}', ""),
    "the look-up": row(
        "{policy: verify, lookup: listBooks, match: [title]}", "{match: [title], lookup: listBooks, policy: verify}", ""
    ),
    "no paging": row(PAGING, PAGING.replace("max_limit: 300", "max_limit: 400"), "addition page-limit-raised"),
    "a page header": row("page: X-Page, limit: X-Limit", "limit: X-Limit, page: X-Page", ""),
    "the item key": row(
        "        items: books\n        max_limit: 300\n", "        max_limit: 300\n        items: books\n", ""
    ),
    "the largest page": row("max_limit: 300", "max_limit: 0300", ""),
    "no filter": row(
        FILTER,
        FILTER.replace("        filter: filter\n        sort: sort\n", "        sort: sort\n        filter: filter\n"),
        "",
    ),
    "the filter's parameter": row("        filter: filter\n", '        filter: "filter"\n', ""),
    "a column": row("sortable: [title, pages]", "sortable: [pages, title]", ""),
    "a column's type": row("{name: pages, type: integer,", "{type: integer, name: pages,", ""),
    "an operator": row("[eq, gt]", "[gt, eq]", ""),
    "a sortable column": row("sortable: [title, pages]", "sortable: [title, pages, title]", ""),
    "no job": row(
        JOB,
        JOB.replace(
            "        failure: [failed]\n        pending: [waiting]\n",
            "        pending: [waiting]\n        failure: [failed]\n",
        ),
        "",
    ),
    "a job's word": row("success: [done]", 'success: ["done"]', ""),
}
MESSAGES = {
    "a parameter": row(
        "- {name: page, in: query, schema: {type: integer}}", "- {in: query, name: page, schema: {type: integer}}", ""
    ),
    "a required parameter": row(
        "{name: sort, in: query, required: true,", "{name: sort, in: query, required: true, allowEmptyValue: false,", ""
    ),
    "a parameter's place": row("name: page, in: query", 'name: page, in: "query"', ""),
    "the need of a parameter": row(
        "{name: tag, in: query, schema", "{name: tag, in: query, required: false, schema", ""
    ),
    "what is said of a parameter": row("description: Which.", "description: 'Which.'", ""),
    "a parameter's example": row("example: x}\n        - {name: tag", "example: 'x'}\n        - {name: tag", ""),
    "how a list is written": row(
        "{name: tag, in: query, schema", "{name: tag, in: query, style: form, explode: true, schema", ""
    ),
    "how a text is written": row("{name: page, in: query,", "{name: page, in: query, style: form,", ""),
    "a placeholder": row("Id: {name: id, in: path", "Id: {in: path, name: id", ""),
    "an optional body": row(STATE_BODY, STATE_BODY.replace("{content", "{required: false, content"), ""),
    "the need of a body": row(
        STATE_BODY, STATE_BODY.replace("{content", "{description: It., content"), "note description-changed"
    ),
    "a required body": row(STATE_BODY, STATE_BODY.replace("application/json", "application/json; charset=utf-8"), ""),
    "a media type of the body": row(FORMS, FORMS.replace("application/x-", "Application/X-"), ""),
    "the body's first media type": row(JSON + FORMS, FORMS + JSON.replace("json", "json;charset=UTF-8"), ""),
    "the body's envelope": row(
        "        required: true\n        x-envelope: book\n", "        x-envelope: book\n        required: true\n", ""
    ),
    "a member of the body": row(
        "    BookAdd:\n      type: object\n", "    BookAdd:\n      title: BookAdd\n      type: object\n", ""
    ),
    "the need of a member": row(
        "    BookAdd:\n      type: object\n      required: [title]",
        "    BookAdd:\n      type: object\n      required: [title, title]",
        "",
    ),
    "a required member": row(
        "        color: {", "        year: {type: integer}\n        color: {", "addition new-optional-request-property"
    ),
    "a source": row(
        "x-source: {pages: [p], confidence: documented}}\n", "x-source: {confidence: documented, pages: [p]}}\n", ""
    ),
    "a success": row(STATE, "{description: The state., headers: {}}", ""),
    "a success of another kind": row(
        STATE, '{description: The state.}, "202": {description: Wait.}', "addition response-success-status-added"
    ),
    "an error": row(STATE, "{description: The state now.}", "note description-changed"),
    "the last refusal of its kind": row(
        '        "403": {$ref: "#/components/responses/Forbidden"}\n        "409"',
        '        "409"',
        "addition response-non-success-status-removed",
    ),
    "an error's name": row(
        "Conflict:\n      description: There already.",
        "Conflict:\n      description: It is there.",
        "note description-changed",
    ),
    "an error code": row(
        LOCKED, LOCKED.replace("{code: locked, status: [409, 423]", "{status: [409, 423], code: locked"), ""
    ),
    "an error code's status": row("status: [409, 423]", "status: [409,   423]", ""),
    "an error code's meaning": row("meaning: It is in use.", "meaning: 'It is in use.'", ""),
    "a media type of the response": row(XML, XML.replace("application/xml", "application/xml; charset=utf-8"), ""),
    "the response's envelope": row("          x-envelope: book\n", '          x-envelope: "book"\n', ""),
    "the response's class": row(BOOK, BOOK.replace("    Book:\n", "    Book:\n      title: Book\n"), ""),
    "a header": row("            X-Pages: {schema", "            x-pages: {schema", ""),
    "the need of a header": row("X-Pages: {schema", "X-Pages: {required: false, schema", ""),
    "an optional member of a response": row(
        "isbn: {type: string, x-pii: true,", "isbn: {x-pii: true, type: string,", ""
    ),
    "a required member of a response": row(
        BOOK, BOOK.replace(TITLE, TITLE.replace("The title.", "Its title.")), "note description-changed"
    ),
    "the presence of a member": row(
        "    Book:\n      type: object\n      required: [title]",
        "    Book:\n      required: [title]\n      type: object",
        "",
    ),
    "redaction": row("x-pii: true, ", "x-pii: true, title: Number, ", ""),
    "a deprecated member": row(", deprecated: true}", ", deprecated: true, readOnly: false}", ""),
    "an unused class": row(LAST_SCHEMA, LAST_SCHEMA.replace("{type: object", "{title: Tag, type: object"), ""),
    "a renamed schema": row(
        "    BookList:\n      type: object\n", "    BookList:\n      title: BookList\n      type: object\n", ""
    ),
}
NEAR = OPERATIONS | MESSAGES
