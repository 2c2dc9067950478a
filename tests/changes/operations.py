"""Edits of the shelf: versions, credentials, operations and what the extensions say of them."""

from __future__ import annotations

from tests.changes.rows import Row, row
from tests.changes.shelf import SHELF

SCAN = "      operationId: showScan\n      x-client: {resource: scans, method: show}\n"
PLAIN_GET = (
    '    delete: {operationId: x, responses: {"204": {description: Gone.}}}\n    get:\n      operationId: listBooks\n'
)
PAGING = SHELF[SHELF.index("      x-pagination:") : SHELF.index("      x-filter:")]
FILTER = SHELF[SHELF.index("      x-filter:") : SHELF.index("      parameters:\n        - {name: page")]
JOB = SHELF[SHELF.index("      x-job:") : SHELF.index("      parameters: [{$ref", SHELF.index("      x-job:"))]
ROWS = {
    "a server": row(
        "  - {url: https://two.example/api/v1, description: The second.}\n",
        "",
        "breaking server-removed",
        "addition server-added",
    ),
    "the order of servers": Row(
        (("https://one", "https://x"), ("https://two", "https://one"), ("https://x", "https://two")),
        "note server-order-changed, note description-changed",
    ),
    "the base path": Row(
        (("one.example/api/v1", "one.example/api/v2"),),
        "breaking base-path-changed, breaking server-removed, addition server-added",
    ),
    "accept": row("vnd.shelf.v1", "vnd.shelf.v2", "breaking accept-changed"),
    "title": row("title: Shelf", "title: Shelves", "note description-changed"),
    "the version alone": row("version: 1.2.3", "version: 1.2.4", ""),
    "a clause": row("digest: hex-lower", "digest: base64", "breaking signing-changed"),
    "no signing": Row(
        (
            (SHELF[SHELF.index("      x-signing:") :], ""),
            ("security: [{Token: [], RequestSignature: []}]", "security: [{Token: []}]"),
        ),
        "breaking signing-changed, addition operation-became-unsigned",
        "breaking signing-changed, breaking operation-became-signed",
    ),
    "the name of the signature": row("name: signature\n", "name: sig\n", "breaking security-scheme-changed"),
    "the place of the token": row(
        "name: Authorization,", "name: X-Token,", "breaking security-scheme-changed, breaking token-changed"
    ),
    "the token's words": row('"Token {token}"', '"Bearer {token}"', "breaking token-changed"),
    "what is said of the token": row("description: Yours.", "description: Yours alone.", "note description-changed"),
    "a scheme": row("scheme: basic", "scheme: bearer", "breaking security-scheme-changed"),
    "a scheme's component": Row(
        (
            ("Token: [], R", "Key: [], R"),
            ("security: [{Token: []}]", "security: [{Key: []}]"),
            ("    Token: {type: apiKey", "    Key: {type: apiKey"),
        ),
        "",
    ),
    "other credentials": row(
        "security: [{Token: []}]",
        "security: [{Token: []}, {Basic: []}]",
        "addition operation-security-widened",
        "breaking operation-security-narrowed",
    ),
    "no credentials": row(
        "security: [{Token: []}]",
        "security: []",
        "addition operation-security-widened",
        "breaking operation-security-narrowed",
    ),
    "an operation": row(
        "    get:\n      operationId: listBooks\n", PLAIN_GET, "addition operation-added", "breaking operation-removed"
    ),
    "an operation's method": row(
        "    get:\n      operationId: fetchScan\n",
        "    post:\n      operationId: fetchScan\n",
        "breaking operation-removed, addition operation-added, breaking job-changed",
    ),
    "a signed operation": row(
        SCAN,
        SCAN + "      security: [{Token: []}]\n",
        "addition operation-became-unsigned",
        "breaking operation-became-signed",
    ),
    "the client's method": row(
        "{resource: books, method: add}", "{resource: books, method: put}", "breaking client-method-renamed"
    ),
    "the client's resource": row(
        "{resource: books, method: add}", "{resource: shelf, method: add}", "breaking client-method-renamed"
    ),
    "an operation's id": Row(
        (("operationId: listBooks", "operationId: allBooks"), ("lookup: listBooks", "lookup: allBooks")),
        "note operation-id-changed",
    ),
    "a tag": Row((("tags: [Books]", "tags: [Shelf]"), ("{name: Books}", "{name: Shelf}")), "note tag-changed"),
    "deprecation": row(SCAN + "      deprecated: true\n", SCAN, "addition reactivated", "addition deprecated"),
    "the successor": row("x-replaced-by: fetchScan", 'x-replaced-by: "none: gone"', "note successor-changed"),
    "no role": row("      x-role: superuser\n", "", "addition role-lifted", "breaking role-restricted"),
    "another role": row("x-role: superuser", "x-role: teacher", "breaking role-changed"),
    "retries": row(
        "x-retry: {policy: safe}", "x-retry: {policy: never}", "breaking retry-restricted", "addition retry-relaxed"
    ),
    "the look-up": row("match: [title]", "match: [title, color]", "addition retry-lookup-changed"),
    "no paging": row(PAGING, "", "breaking pagination-removed", "breaking pagination-added"),
    "a page header": row("page: X-Page,", "page: X-This-Page,", "breaking pagination-changed"),
    "the item key": row("        items: books\n", "        items: list\n", "breaking pagination-changed"),
    "the largest page": row(
        "max_limit: 300", "max_limit: 100", "breaking page-limit-lowered", "addition page-limit-raised"
    ),
    "no filter": row(FILTER, "", "breaking filter-removed", "addition filter-added"),
    "the filter's parameter": row("        filter: filter\n", "        filter: where\n", "breaking filter-changed"),
    "a column": row(
        ", {name: pages, type: integer, operators: [eq]}",
        "",
        "breaking filter-column-removed",
        "addition filter-column-added",
    ),
    "a column's type": row(
        "{name: pages, type: integer,", "{name: pages, type: string,", "breaking filter-column-type-changed"
    ),
    "an operator": row("[eq, gt]", "[eq]", "breaking filter-operator-removed", "addition filter-operator-added"),
    "a sortable column": row(
        "sortable: [title, pages]", "sortable: [title]", "breaking sort-column-removed", "addition sort-column-added"
    ),
    "no job": row(JOB, "", "breaking job-removed", "breaking job-added"),
    "a job's word": row("success: [done]", "success: [done, ready]", "breaking job-changed"),
}
