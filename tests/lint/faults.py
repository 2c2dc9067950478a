"""The seeded faults: each is one edit of one file of the description, and the line to blame for it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lint.edits import Edit, add, blame, drop, everywhere, lengthen, put, rename, swap

LOADING = "-"  # found when the description is loaded, before the house rules are asked


@dataclass(frozen=True)
class Fault:
    """What is wrong, the rule that says so, the file of spec/ and the edit."""

    name: str
    rule: str
    file: str
    edit: Edit

    @property
    def api(self) -> str:
        """The description to look at: the smaller of those that the file is part of."""
        return "v3" if self.file.startswith("v3") or "pagination" in self.file else "v1"


ROOT, EXAMS, EXAM = "v1/openapi.yaml", "v1/exams.yaml", "v1/exam.yaml"
ERRORS, PAGES = "common/errors.yaml", "common/pagination.yaml"
GET, POST, SHOW = "paths > /exams > get", "paths > /exams > post", "paths > /exams/{id} > get"
ID, STUDENT, MEMBERS = "parameters > ExamId", "v3/student_settings.yaml", "schemas > StudentUpdate > properties"
NAME, DURATION = "schemas > Exam > properties > name", "schemas > ExamSettings > properties > duration"
SOURCE = "x-source: {pages: [seed 001], confidence: documented}"
HEADER = f"schema: {{type: string}}, example: x, {SOURCE}"
BODY = "content: {application/json: {schema: {type: object}, examples: {none: {value: {}}}}}"

LOAD = (
    Fault("YAML syntax", LOADING, EXAMS, put(f"{GET} > summary", "List: exams: all")),
    Fault("key twice", LOADING, EXAMS, swap(GET, "description:", "summary:")),
    Fault("reference to nothing", LOADING, EXAMS, swap(GET, "responses/Unauthorized", "responses/Unauthorised")),
    Fault("reference to no file", LOADING, EXAMS, swap(GET, "common/errors.yaml", "common/error.yaml")),
    Fault("unknown extension", LOADING, EXAMS, rename(f"{GET} > x-client", "x-cleint")),
    Fault("extension of wrong shape", LOADING, EXAMS, put(f"{GET} > x-retry", "{policy: sometimes}")),
    Fault("extension out of place", LOADING, EXAMS, add(f'{GET} > responses > "200"', "x-role: superuser")),
    Fault("unknown keyword", LOADING, EXAMS, rename(f"{GET} > summary", "sumary")),
    Fault("operationId twice", LOADING, EXAMS, put(f"{POST} > operationId", "listExams")),
    Fault("path parameter not described", LOADING, EXAMS, blame(SHOW, put(f"{ID} > name", "exam"))),
    Fault("path parameter optional", LOADING, EXAMS, put(f"{ID} > required", "false")),
    Fault("parameter nowhere", LOADING, EXAMS, put(f"{ID} > in", "body")),
    Fault("unknown type", LOADING, EXAM, put(f"{DURATION} > type", "int")),
    Fault("default of another type", LOADING, EXAM, add(DURATION, "default: long")),
    Fault("x-client twice", LOADING, EXAMS, blame(POST, swap(POST, "method: create", "method: list"))),
    Fault("x-retry looks nowhere", LOADING, EXAMS, blame(POST, swap(POST, "lookup: listExams", "lookup: listExam"))),
)

WORDS = (
    Fault("no operationId", "operation-id", EXAMS, blame(SHOW, drop(f"{SHOW} > operationId"))),
    Fault("API without contact", "info", ROOT, drop("info > contact")),
    Fault("tag without description", "tag-description", ROOT, drop("tags > 0 > description")),
    Fault("operation without summary", "operation-summary", EXAMS, drop(f"{GET} > summary")),
    Fault("operation without description", "operation-description", EXAMS, drop(f"{GET} > description")),
    Fault("parameter without description", "parameter-description", EXAMS, drop(f"{ID} > description")),
    Fault("body without description", "body-description", EXAMS, drop(f"{POST} > requestBody > description")),
    Fault("response without words", "response-description", EXAMS, put("responses > CreatedExam > description", '""')),
    Fault("header without description", "header-description", PAGES, drop("headers > ItemCount > description")),
    Fault("schema without description", "schema-description", EXAM, drop("schemas > ExamList > description")),
    Fault("property without description", "property-description", EXAM, drop(f"{NAME} > description")),
    Fault(
        "referring property without description",
        "property-description",
        EXAM,
        drop("schemas > Exam > properties > type > description"),
    ),
    Fault(
        "security scheme without description",
        "security-description",
        "common/security.yaml",
        drop("securitySchemes > TokenV1 > description"),
    ),
    Fault("description is no sentence", "sentence", EXAMS, put(f"{GET} > description", "The exams of the user")),
    Fault("script in a description", "markup", EXAMS, put(f"{GET} > description", "All <script>exams</script>.")),
)

NAMES = (
    Fault("operationId in another case", "operation-id-case", EXAMS, put(f"{SHOW} > operationId", "show_exam")),
    Fault("schema in another case", "component-case", EXAM, everywhere("ExamType", "exam_type", "schemas > exam_type")),
    Fault("title is not the name", "schema-title", EXAM, put("schemas > ExamList > title", "Exams")),
    Fault("property in another case", "property-case", EXAM, rename(DURATION, "examDuration")),
    Fault(
        "parameter in another case",
        "parameter-case",
        "v1/exam_students.yaml",
        put("paths > /exams/{id}/show_student > get > parameters > 1 > name", "studentSessionId"),
    ),
    Fault(
        "path in another case", "path-case", ROOT, rename("paths > /exams/{id}/send_emails", "/exams/{id}/sendEmails")
    ),
    Fault("path ends with a slash", "path-case", ROOT, rename("paths > /student_sessions", "/student_sessions/")),
    Fault(
        "paths that cannot be distinguished",
        "path-clash",
        ROOT,
        rename("paths > /institutes/{institute_id}/users", "/exams/{institute_id}/student_sessions"),
    ),
    *(
        Fault(
            f"header parameter {name}",
            "header-parameter",
            EXAMS,
            add(f"{SHOW} > parameters", f"- {{name: {name}, in: header, description: A header., {HEADER}}}"),
        )
        for name in ("Authorization", "Accept")
    ),
)

OPERATIONS = (
    Fault("server without https", "server-url", ROOT, swap("servers", "https:", "http:")),
    Fault("server ends with a slash", "server-url", ROOT, swap("servers", "/api/v1", "/api/v1/")),
    Fault("server variable not described", "server-url", ROOT, swap("servers", "//api.", "//{host}.")),
    Fault("operation without security", "security", EXAMS, add(GET, "security: []")),
    Fault("unknown security scheme", "security-name", ROOT, rename("security > 0 > Nonce", "Nonse")),
    Fault("unknown tag", "operation-tag", EXAMS, put(f"{GET} > tags", "[Exam]")),
    Fault("two tags", "operation-tag", EXAMS, put(f"{GET} > tags", "[Exams, Users]")),
    Fault("unused tag", "unused-tag", ROOT, add("tags", "- {name: Rooms, description: Where exams are held.}")),
    Fault(
        "path parameter that the path lacks",
        "path-parameter",
        EXAMS,
        add(GET, 'parameters: [{$ref: "#/parameters/ExamId"}]'),
    ),
    Fault(
        "parameter twice",
        "parameter-twice",
        EXAMS,
        blame(f"{SHOW} > parameters > 1", add(f"{SHOW} > parameters", '- {$ref: "#/parameters/ExamId"}')),
    ),
    Fault("no success described", "responses", EXAMS, drop(f'{GET} > responses > "200"')),
    Fault(
        "no error described",
        "responses",
        EXAMS,
        blame(f"{GET} > responses", drop(f'{GET} > responses > "401"'), drop(f'{GET} > responses > "403"')),
    ),
    Fault("GET with a body", "safe-body", EXAMS, add(GET, f"requestBody: {{description: What to find., {BODY}}}")),
)

SCHEMAS = (
    Fault("misspelt keyword of a schema", "schema-keyword", EXAM, rename(f"{NAME} > minLength", "minLenght")),
    Fault("nullable, of OpenAPI 3.0", "schema-keyword", EXAM, add(NAME, "nullable: true")),
    Fault("length of a number", "keyword-type", EXAM, add(DURATION, "minLength: 1")),
    Fault("minimum above maximum", "limits", EXAM, blame(f"{DURATION} > minimum", add(DURATION, "maximum: 0"))),
    Fault("pattern that is none", LOADING, EXAM, add(NAME, 'pattern: "["')),
    Fault("enum lists a value twice", "enum", EXAM, swap("schemas > ExamType", "local_reviewing", "local_proctoring")),
    Fault("enum of mixed types", "enum", EXAM, swap("schemas > ExamType", "local_reviewing", "4")),
    Fault(
        "enum of another type",
        "enum",
        EXAM,
        blame("schemas > ExamType > enum", put("schemas > ExamType > type", "integer")),
    ),
    Fault("array of anything", "array-items", EXAM, drop("schemas > ExamList > properties > exams > items")),
    Fault("required property misspelt", "required-property", EXAM, put("schemas > Exam > required", "[id, nmae]")),
)

CODES = "schemas > Error > properties > code > x-error-catalogue"
EXAMPLES = (
    Fault(
        "body without example",
        "request-example",
        EXAMS,
        drop(f"{POST} > requestBody > content > application/json > examples"),
    ),
    Fault(
        "success without example",
        "success-example",
        EXAMS,
        drop(f'{GET} > responses > "200" > content > application/json > examples'),
    ),
    Fault(
        "refusal without example",
        "error-example",
        ERRORS,
        drop("responses > NotFound > content > application/json > examples"),
    ),
    Fault("parameter without example", "parameter-example", EXAMS, drop(f"{ID} > example")),
    Fault("example not valid", "valid-example", EXAM, put("examples > Exam > value > exam > duration", "long")),
    Fault("example of a body not valid", "valid-example", EXAM, put("examples > ExamCreate > value > web_cam", "1")),
    Fault(
        "example lacks what is required",
        "valid-example",
        EXAM,
        blame("examples > ExamCreate > value", drop("examples > ExamCreate > value > name")),
    ),
    Fault("example of a parameter not valid", "valid-example", EXAMS, put(f"{ID} > example", "first")),
    Fault("code not in the catalogue", "error-code", ERRORS, swap("responses", "code: record_not_found", "code: gone")),
    Fault("code of another form", "error-catalogue", ERRORS, put(f"{CODES} > 19 > code", "internal-error")),
    Fault("code without hint", "error-catalogue", ERRORS, blame(f"{CODES} > 19", drop(f"{CODES} > 19 > hint"))),
    Fault("code twice in the catalogue", LOADING, ERRORS, swap(CODES, "code: internal_error", "code: locked")),
    Fault("status of no error", LOADING, ERRORS, put(f"{CODES} > 19 > status", "200")),
    Fault("code of another status", "error-code", ERRORS, swap("responses", "code: record_not_found", "code: locked")),
)

EXTENSIONS = (
    Fault("operation without source", "source", EXAMS, drop(f"{GET} > x-source")),
    Fault("parameter without source", "source", EXAMS, drop(f"{ID} > x-source")),
    Fault("property without source", "source", EXAM, drop(f"{NAME} > x-source")),
    Fault("response without source", "source", EXAMS, drop("responses > CreatedExam > x-source")),
    Fault("header without source", "source", PAGES, drop("headers > ItemCount > x-source")),
    Fault(
        "page without title", "source-title", EXAMS, put(f"{GET} > x-source", "{pages: [seed 9], confidence: inferred}")
    ),
    Fault(
        "documented without page", "source-page", EXAMS, put(f"{GET} > x-source", "{pages: [], confidence: documented}")
    ),
    Fault("operation without x-client", "client", EXAMS, drop(f"{GET} > x-client")),
    Fault("operation without x-retry", "retry", EXAMS, drop(f"{GET} > x-retry")),
    Fault("x-retry matches what is not sent", "retry-match", EXAMS, swap(POST, "match: [name,", "match: [title,")),
    Fault("deprecated without successor", "successor", EXAMS, drop(f"{GET} > x-replaced-by")),
    Fault(
        "successor but not deprecated",
        "successor",
        EXAMS,
        blame(f"{GET} > x-replaced-by", drop(f"{GET} > deprecated")),
    ),
    Fault(
        "successor is not there",
        "successor",
        "v3/exam_students.yaml",
        swap("paths", "x-replaced-by: list", "x-replaced-by: find"),
    ),
    Fault(
        "successor is deprecated",
        "successor",
        "v3/exam_students.yaml",
        put("paths > /exams/{id}/show_student > get > x-replaced-by", "indexStudents"),
    ),
    Fault("member without successor", "successor-member", STUDENT, add(f"{MEMBERS} > email", "x-replaced-by: mail")),
    Fault(
        "workflow names no operation",
        "workflow",
        "v3/openapi.yaml",
        swap("x-workflow", "createStudentSession", "createStudentSesion"),
    ),
    Fault("secret not marked", "secret", "v3/user.yaml", drop("schemas > User > properties > secret_key > x-secret")),
    Fault("personal data not marked", "personal", "v1/users.yaml", drop("schemas > User > properties > email > x-pii")),
)

V3_EXAMS, ZIP = "v3/exams.yaml", "v3/exam_documents_zip.yaml"
JOB = "paths > /exams/{id}/generate_exam_documents_zip > put > x-job"
BY, IN_ORDER = "parameters > Filter", "parameters > NameSort"
TITLE, LIKE = """'{"title":{"eq":"x"}}'""", """'{"name":{"like":"x"}}'"""
BY_ID, UP = """'[{"id":"asc"}]'""", """'[{"name":"up"}]'"""
LISTS = (
    Fault("list without a decision about pages", "pagination", EXAMS, drop(f"{GET} > x-pagination")),
    Fault("unknown page parameter", "list-parameters", V3_EXAMS, put(f"{GET} > x-pagination > page", "side")),
    Fault("unknown filter parameter", "list-parameters", V3_EXAMS, put(f"{GET} > x-filter > filter", "where")),
    Fault("unknown page header", "pagination-headers", V3_EXAMS, swap(GET, "X-Pagination-Page-Count", "X-Pages")),
    Fault("items not there", "pagination-items", V3_EXAMS, put(f"{GET} > x-pagination > items", "exam")),
    Fault("filter by no property", "filter-column", V3_EXAMS, swap(GET, "{name: name", "{name: title")),
    Fault("filter of another type", "filter-column", V3_EXAMS, swap(GET, "name, type: string", "name, type: integer")),
    Fault("example filter by another column", "filter-example", PAGES, put(f"{BY} > example", TITLE)),
    Fault("example filter by another operator", "filter-example", PAGES, put(f"{BY} > example", LIKE)),
    Fault("example filter that is no JSON", "filter-example", PAGES, put(f"{BY} > example", "name is Ada")),
    Fault("example sort by another column", "filter-example", PAGES, put(f"{IN_ORDER} > example", BY_ID)),
    Fault("example sort both ways", "filter-example", PAGES, put(f"{IN_ORDER} > example", UP)),
    Fault("example sort that is an object", "filter-example", PAGES, put(f"{IN_ORDER} > example", TITLE)),
    Fault("envelope not there", "envelope", EXAMS, put("responses > CreatedExam > x-envelope", "exams")),
    Fault("job without its field", "job", ZIP, put(f"{JOB} > field", "state")),
    Fault("job with another word", "job", ZIP, put(f"{JOB} > success", "[success, done]")),
    Fault("job forgets a state", "job", ZIP, blame(JOB, put(f"{JOB} > pending", "[queued]"))),
)

MAPPED = "discriminator: {propertyName: kind, mapping: {a: Nothing}}"
ATTACH = "paths > /exams/{exam_id}/attachments > post"
LINK = "links: {next: {operationId: nothing}}"
CALLBACK = 'callbacks: {done: {"{$request.query.to}": {post: {responses: {"200": {description: Heard.}}}}}}'
FURTHER = (
    Fault("constant of another type", "contradiction", EXAM, add(NAME, "const: 1")),
    Fault("then without if", "keyword-partner", EXAM, add(NAME, "then: {minLength: 1}")),
    Fault("mapping to nothing", "discriminator", EXAM, add("schemas > Exam", MAPPED)),
    Fault("link to nothing", "link", EXAMS, add("responses > CreatedExam", LINK)),
    Fault("callback without its parameter", "callback", EXAMS, add(POST, CALLBACK)),
    Fault(
        "encoding of no part",
        "encoding",
        "v3/attachments.yaml",
        add(f"{ATTACH} > requestBody > content > multipart/form-data", "encoding: {nothing: {}}"),
    ),
    Fault("example server", "example-host", ROOT, swap("servers", "api.euro.pruefster.com", "api.example.com")),
    Fault("text to be written", "unwritten-text", EXAM, put(f"{NAME} > description", "TODO.")),
)

ROOM = "Room: {title: Room, type: object, description: Where exams are held.}"
COOKIE = f"Cookie: {{type: apiKey, in: cookie, name: session, description: A cookie., {SOURCE}}}"
FILES = (
    Fault("unused schema in a file", "unused", EXAM, add("schemas", ROOM)),
    Fault("unused component", "unused-component", ROOT, add("components > securitySchemes", COOKIE)),
    Fault("file too long", "file-length", EXAM, lengthen(601)),
)

FAULTS = (*LOAD, *WORDS, *NAMES, *OPERATIONS, *SCHEMAS, *EXAMPLES, *EXTENSIONS, *LISTS, *FURTHER, *FILES)
