"""The checks of this layer: their ids, their levels, what they follow from, and what a failure is likely due to."""

from __future__ import annotations

from dataclasses import dataclass

from ..results import MUST, SHOULD


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `clause` is its place in the description, `cause` the likely cause of a failure in a sentence."""

    id: str
    name: str
    level: str = MUST
    clause: str
    cause: str


_CREATED = "responses.success"
_BODY = "requestBody"
_GONE = "responses.404"

REACHED = Check(
    id="MOD-000",
    name="what the checks need can be had",
    clause="paths",
    cause="The server is too slow, or breaks connections.",
)
SHOWN = Check(
    id="MOD-001",
    name="what was created is shown",
    clause=_CREATED,
    cause="The transaction that creates the object is rolled back, or not committed before the answer.",
)
LISTED = Check(
    id="MOD-002",
    name="what was created is listed",
    clause=_CREATED,
    cause="The list leaves items out: at the end of a page, by a stale cache, or by a condition that nobody asked for.",
)
ONE = Check(
    id="MOD-003",
    name="one request creates one object",
    clause=_CREATED,
    cause="The handler runs twice, for instance through a retry in front of it.",
)
KEPT = Check(
    id="MOD-004",
    name="values come back as they were sent",
    clause=_BODY,
    cause="A setting is not stored, or is changed on its way: cut, trimmed, or stored in another column.",
)
TEXTS = Check(
    id="MOD-005",
    name="texts come back character by character",
    clause=_BODY,
    cause="A column or connection has another encoding than UTF-8, is too short, or normalises Unicode.",
)
TAKEN = Check(
    id="MOD-006",
    name="texts that the schema allows are taken",
    level=SHOULD,
    clause=_BODY,
    cause="The server knows a rule for texts that the description does not tell.",
)
ANSWERED = Check(
    id="MOD-007",
    name="awkward texts cause no server error",
    clause="responses",
    cause="A text is encoded as ASCII, or is longer than its column, and nobody catches the exception.",
)
UPDATED = Check(
    id="MOD-010",
    name="a change is kept",
    clause=_CREATED,
    cause="The transaction that changes the object is rolled back, or the answer is made from the request.",
)
OTHERS = Check(
    id="MOD-011",
    name="a partial change keeps what was not sent",
    clause=_BODY,
    cause="Settings that are missing from the request are read as null and written.",
)
AGAIN = Check(
    id="MOD-012",
    name="the same PUT twice has the effect of one",
    clause="paths.put",
    cause="The handler adds to the object instead of setting its values.",
)
UNTOUCHED = Check(
    id="MOD-013",
    name="a refused change changes nothing",
    clause="responses.422",
    cause="Values are written one by one before all of them are checked.",
)
DELETED = Check(
    id="MOD-020",
    name="what was deleted is not shown",
    clause=_CREATED,
    cause="The deletion is not committed, or objects marked as deleted are still read.",
)
UNLISTED = Check(
    id="MOD-021",
    name="what was deleted is not listed",
    clause=_CREATED,
    cause="The list does not leave out objects marked as deleted.",
)
TWICE = Check(
    id="MOD-022",
    name="a second deletion finds nothing",
    clause=_GONE,
    cause="The deletion does not look whether there is something to delete.",
)
BELOW = Check(
    id="MOD-023",
    name="nothing is below what was deleted",
    clause=_GONE,
    cause="The objects of the path are looked up without the object above them.",
)
HEADERS = Check(
    id="MOD-030",
    name="a list tells about its pages",
    clause="x-pagination.headers",
    cause="The headers are not set, or a proxy drops them.",
)
ARITHMETIC = Check(
    id="MOD-031",
    name="what a list tells of its pages is right",
    clause="x-pagination.headers",
    cause="The numbers are counted over the page instead of the list, or the division is rounded wrongly.",
)
LIMIT = Check(
    id="MOD-032",
    name="a page is as long as the limit",
    clause="x-pagination.limit",
    cause="The limit is not read, or the page is cut after it was filled.",
)
MAXIMUM = Check(
    id="MOD-033",
    name="a limit beyond the maximum yields no more",
    clause="x-pagination.max_limit",
    cause="The limit is taken as it comes.",
)
PAST = Check(
    id="MOD-034",
    name="beyond the last page there is nothing",
    clause="x-pagination.page",
    cause="The page number is not read, or held to the last page.",
)
WALK = Check(
    id="MOD-035",
    name="the pages hold every item once",
    clause="x-pagination.page",
    cause="The page number is not read, or the order of the list is not settled between two requests.",
)
FILTERED = Check(
    id="MOD-040",
    name="a filter yields what fits, and nothing else",
    clause="x-filter",
    cause="A condition is not read, or an operator is taken for another one.",
)
SORTED = Check(
    id="MOD-041",
    name="a list is in the order that was asked for",
    clause="x-filter.sortable",
    cause="The order is not read, or only its first column.",
)
NARROWED = Check(
    id="MOD-042",
    name="a parameter narrows the list to its word",
    clause="parameters",
    cause="The parameter is not read.",
)
ALIAS = Check(
    id="MOD-050",
    name="the older operation does what its successor does",
    clause="x-replaced-by",
    cause="The two are written twice, and only one was kept up to date.",
)
VERSIONS = Check(
    id="MOD-051",
    name="both versions show the same object",
    clause="x-replaced-by",
    cause="The versions have tables or caches of their own.",
)
JOB = Check(
    id="MOD-060",
    name="a job goes from idle over pending to success",
    clause="x-job",
    cause="No worker takes the job, it fails without a reason, or its end is not written down.",
)
FILE = Check(
    id="MOD-061",
    name="a successful job has a file",
    clause="x-job.download_operation",
    cause="The state is set before the file is whole, or the file is looked for elsewhere.",
)
LINK = Check(
    id="MOD-065",
    name="a link works without credentials",
    clause=_CREATED,
    cause="The link leads to a host or a path that only the server itself can reach.",
)
EXPIRY = Check(
    id="MOD-066",
    name="a link expires when it should",
    level=SHOULD,
    clause="x-expires-in",
    cause="The seconds that a link lasts are set to another number, or given in another unit.",
)
FOREIGN_READ = Check(
    id="MOD-070",
    name="nobody reads objects of another institute",
    clause=_GONE,
    cause="The object is looked up by its id alone, without the caller's institute.",
)
FOREIGN_WRITE = Check(
    id="MOD-071",
    name="nobody changes objects of another institute",
    clause=_GONE,
    cause="The object is looked up by its id alone, without the caller's institute.",
)
FOREIGN_LIST = Check(
    id="MOD-072",
    name="no list holds objects of another institute",
    clause=_GONE,
    cause="The list is not limited to the caller's institute.",
)
ROLE = Check(
    id="MOD-073",
    name="only the named role may call the operation",
    clause="x-role",
    cause="The role of the caller is not looked at.",
)
SIZE = Check(
    id="MOD-080",
    name="an upload is stored whole",
    clause=_BODY,
    cause="The upload is read only in part, as text, or with its line ends changed.",
)
NAMED = Check(
    id="MOD-081",
    name="an upload keeps its name and media type",
    level=SHOULD,
    clause=_BODY,
    cause="The headers of the part are not read as UTF-8, or not at all.",
)
ABSENT = Check(
    id="MOD-090",
    name="an object that is not there is not found",
    clause=_GONE,
    cause="A missing object is answered like an empty one.",
)
REQUIRED = Check(
    id="MOD-091",
    name="a required setting is asked for",
    clause="requestBody.schema.required",
    cause="The setting is not checked for presence.",
)
WORDS = Check(
    id="MOD-092",
    name="a word of no list is refused",
    clause="requestBody.schema.enum",
    cause="The setting is not checked against its list.",
)
BOUNDS = Check(
    id="MOD-093",
    name="a value outside its bounds is refused",
    clause="requestBody.schema",
    cause="The length or size of the setting is not checked.",
)
TYPES = Check(
    id="MOD-094",
    name="a value of another type is refused",
    level=SHOULD,
    clause="requestBody.schema.type",
    cause="The setting is converted instead of checked.",
)
EXACT = Check(
    id="MOD-095",
    name="an error has its documented status",
    level=SHOULD,
    clause="responses.422",
    cause="The status is that of the framework.",
)
ERROR_BODY = Check(
    id="MOD-096",
    name="an error has the documented body",
    clause="responses.content.schema",
    cause="The error comes from the framework or a proxy, in its own form.",
)
ERROR_CODE = Check(
    id="MOD-097",
    name="an error tells a code of the catalogue",
    level=SHOULD,
    clause="x-error-catalogue",
    cause="The code is left out, or was added to the server without the description.",
)
STATUS = Check(
    id="MOD-100",
    name="a right request has its documented status",
    clause="responses.success",
    cause="The status is that of the framework.",
)
MEDIA_TYPE = Check(
    id="MOD-101",
    name="an answer has its documented media type",
    clause="responses.content",
    cause="The header Content-Type is the framework's default.",
)
SCHEMA = Check(
    id="MOD-102",
    name="an answer fits its schema",
    clause="responses.content.schema",
    cause="The serializer and the description have drifted apart.",
)


def catalogue() -> tuple[Check, ...]:
    """All checks, by id."""
    return tuple(sorted((c for c in globals().values() if isinstance(c, Check)), key=lambda check: check.id))
