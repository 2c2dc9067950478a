"""Edits of this project's own description: some break callers, the others do not."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lint.edits import Edit, add, drop, everywhere, put, rename, swap

ROOT, EXAMS, EXAM, SETTINGS = "v3/openapi.yaml", "v3/exams.yaml", "v3/exam.yaml", "v3/exam_settings.yaml"
STUDENTS, STUDENT, ZIP = "v3/student_sessions.yaml", "v3/student.yaml", "v3/exam_documents_zip.yaml"
SECURITY, PAGES, VALUES = "common/security.yaml", "common/pagination.yaml", "common/values.yaml"
LIST, CREATE, SHOW = "paths > /exams > get", "paths > /exams > post", "paths > /exams/{id} > get"
SIGNING = "securitySchemes > RequestSignature > x-signing"
CREATED, UPDATED = "schemas > ExamCreate", "schemas > ExamUpdate > properties"
READ = "schemas > Exam > properties"


@dataclass(frozen=True)
class Seed:
    """An edit of one file, and the rule that it is expected to be met by."""

    what: str
    file: str
    edit: Edit
    rule: str


BREAKING = (
    Seed("operation gone", EXAMS, drop("paths > /exams/{id} > delete"), "operation-removed"),
    Seed("path renamed", ROOT, swap("paths > /tool_providers", "/tool_providers:", "/tools:"), "operation-removed"),
    Seed("method changed", EXAMS, rename("paths > /exams/{id} > patch", "trace"), "operation-removed"),
    Seed("base path", ROOT, swap("servers", "/api/v3", "/api/v4"), "base-path-changed"),
    Seed("accept", ROOT, put("x-accept", "application/json"), "accept-changed"),
    Seed(
        "required parameter added",
        EXAMS,
        add(f"{LIST} > parameters", "- {name: q, in: query, required: true, schema: {type: string}}"),
        "new-required-request-parameter",
    ),
    Seed("parameter gone", EXAMS, drop(f"{LIST} > parameters > 1"), "request-parameter-removed"),
    Seed(
        "parameter required",
        EXAMS,
        put(f"{LIST} > parameters > 0 > required", "true"),
        "request-parameter-became-required",
    ),
    Seed(
        "parameter's type", PAGES, put("parameters > Page > schema", "{type: string}"), "request-parameter-type-changed"
    ),
    Seed(
        "limit lowered",
        PAGES,
        put("parameters > Limit > schema", "{type: integer, minimum: 1, maximum: 100, default: 100}"),
        "request-parameter-max-decreased",
    ),
    Seed(
        "default changed",
        PAGES,
        put("parameters > Limit > schema", "{type: integer, minimum: 1, maximum: 300, default: 50}"),
        "request-parameter-default-changed",
    ),
    Seed(
        "body's member required",
        SETTINGS,
        put(f"{CREATED} > required", "[name, type, start_time]"),
        "request-property-became-required",
    ),
    Seed("body's member gone", SETTINGS, drop(f"{UPDATED} > duration_minutes"), "request-property-removed"),
    Seed(
        "body's member renamed",
        SETTINGS,
        rename(f"{UPDATED} > duration_minutes", "minutes"),
        "request-property-removed",
    ),
    Seed(
        "body's member of another type",
        SETTINGS,
        put(f"{UPDATED} > duration_minutes > type", "string"),
        "request-property-type-changed",
    ),
    Seed(
        "body's text made longer",
        SETTINGS,
        put(f"{UPDATED} > name > minLength", "3"),
        "request-property-min-length-increased",
    ),
    Seed("pattern in a body", SETTINGS, add(f"{UPDATED} > name", "pattern: x"), "request-property-pattern-set"),
    Seed(
        "body closed", SETTINGS, add("schemas > ExamUpdate", "additionalProperties: false"), "request-property-closed"
    ),
    Seed("word gone", SETTINGS, swap("schemas > ExamType", "demo, ", ""), "request-property-enum-value-removed"),
    Seed(
        "media type of a body",
        "v3/attachments.yaml",
        swap("paths", "multipart/form-data:", "application/json:"),
        "request-body-media-type-removed",
    ),
    Seed(
        "body required",
        STUDENTS,
        put("paths > /student_sessions/{id} > patch > requestBody > required", "true"),
        "request-body-became-required",
    ),
    Seed("response's member gone", EXAM, drop(f"{READ} > mode"), "response-required-property-removed"),
    Seed(
        "response's member optional",
        EXAM,
        swap("schemas > Exam", "[id, institute_id,", "[institute_id,"),
        "response-property-became-optional",
    ),
    Seed(
        "response's member of another type",
        EXAM,
        put(f"{READ} > id > type", "string"),
        "response-property-type-changed",
    ),
    Seed(
        "response's member nullable",
        EXAM,
        put(f"{READ} > id > type", '[integer, "null"]'),
        "response-property-became-nullable",
    ),
    Seed("response's format", EXAM, drop(f"{READ} > created_at > format"), "response-property-format-removed"),
    Seed(
        "response's list holds other things",
        EXAM,
        swap("schemas > ExamList", 'items: {$ref: "#/schemas/Exam"}', "items: {type: string}"),
        "response-property-type-changed",
    ),
    Seed("success gone", EXAMS, drop(f'{CREATE} > responses > "201"'), "response-success-status-removed"),
    Seed(
        "header gone",
        EXAMS,
        drop(f'{LIST} > responses > "200" > headers > X-Pagination-Page-Count'),
        "response-header-removed",
    ),
    Seed("header optional", PAGES, put("headers > ItemCount > required", "false"), "response-header-became-optional"),
    Seed(
        "client's method", EXAMS, put(f"{LIST} > x-client", "{resource: exams, method: all}"), "client-method-renamed"
    ),
    Seed(
        "client's class",
        "v3/tool_providers.yaml",
        everywhere("ToolProviderList", "ToolProviders", "schemas"),
        "client-class-removed",
    ),
    Seed(
        "page header", EXAMS, swap(f"{LIST} > x-pagination", "X-Pagination-Item-Count", "X-Total"), "pagination-changed"
    ),
    Seed("clause of the signature", SECURITY, put(f"{SIGNING} > digest", "base64"), "signing-changed"),
    Seed(
        "window of the signature",
        SECURITY,
        swap(SIGNING, "window_seconds: 3600", "window_seconds: 7200"),
        "signing-changed",
    ),
    Seed(
        "name of the signature",
        SECURITY,
        put("securitySchemes > RequestSignature > name", "sig"),
        "security-scheme-changed",
    ),
    Seed(
        "token's words",
        SECURITY,
        swap("securitySchemes > TokenV3", "Token token={token}", "Bearer {token}"),
        "token-changed",
    ),
    Seed("retries", EXAMS, put(f"{LIST} > x-retry", "{policy: never}"), "retry-restricted"),
    Seed("job's field", ZIP, swap("paths", "field: zip_job_status", "field: state"), "job-changed"),
    Seed("role", EXAMS, add(LIST, "x-role: superuser"), "role-restricted"),
    Seed(
        "word added to responses",
        STUDENT,
        swap("schemas > StudentStatus", "exam_started, exam_finished]", "exam_started, exam_finished, exam_paused]"),
        "response-property-enum-value-added",
    ),
)

NEW_OPERATION = '/ping: {get: {operationId: ping, responses: {"204": {description: Pong.}}}}'
HARMLESS = (
    Seed("operation added", ROOT, add("paths", NEW_OPERATION), "operation-added"),
    Seed(
        "optional parameter added",
        EXAMS,
        add(f"{LIST} > parameters", "- {name: q, in: query, schema: {type: string}}"),
        "new-optional-request-parameter",
    ),
    Seed("optional member of a body", SETTINGS, add(UPDATED, "color: {type: string}"), "new-optional-request-property"),
    Seed(
        "body's member optional", SETTINGS, put(f"{CREATED} > required", "[name]"), "request-property-became-optional"
    ),
    Seed(
        "body's text may be shorter",
        SETTINGS,
        drop(f"{UPDATED} > name > minLength"),
        "request-property-min-length-unset",
    ),
    Seed(
        "limit raised",
        PAGES,
        put("parameters > Limit > schema", "{type: integer, minimum: 1, maximum: 500, default: 300}"),
        "request-parameter-max-increased",
    ),
    Seed("response's member added", EXAM, add(READ, "color: {type: string}"), "response-optional-property-added"),
    Seed(
        "response's member never null",
        EXAM,
        put(f"{READ} > terms > type", "string"),
        "response-property-became-not-nullable",
    ),
    Seed(
        "refusal added",
        EXAMS,
        add(f"{LIST} > responses", '"404": {$ref: "../common/errors.yaml#/responses/NotFound"}'),
        "response-non-success-status-added",
    ),
    Seed("refusal gone", EXAMS, drop(f'{LIST} > responses > "422"'), "response-non-success-status-removed"),
    Seed("operation deprecated", EXAMS, add(LIST, "deprecated: true"), "deprecated"),
    Seed("operation's id", EXAMS, put(f"{SHOW} > operationId", "readExam"), "operation-id-changed"),
    Seed(
        "sortable column added",
        EXAMS,
        swap(LIST, "sortable: [name, start_time]", "sortable: [name, start_time, id]"),
        "sort-column-added",
    ),
    Seed("words", EXAMS, put(f"{LIST} > description", "Other words."), "description-changed"),
    Seed("example", EXAM, swap("examples", "clipboard: null", "clipboard: true"), "example-changed"),
    Seed("source", EXAM, put(f"{READ} > id > x-source", "{pages: [seed 001], confidence: inferred}"), "source-changed"),
    Seed("order of words", SETTINGS, swap("schemas > ExamType", "[demo, classroom,", "[classroom, demo,"), ""),
)
