"""Objects, files and jobs, and who may see them."""

from __future__ import annotations

from ...results import SHOULD
from .check import Check

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
    cause="The transaction that creates the object is rolled back, or not committed before the response.",
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
    cause="The server knows a rule for texts that the description does not mention.",
)

ANSWERED = Check(
    id="MOD-007",
    name="awkward texts cause no server error",
    clause="responses",
    cause="A text is encoded as ASCII, or is longer than its column, and nobody catches the exception.",
)

EXAMPLE = Check(
    id="MOD-008",
    name="the description's own example is taken",
    level=SHOULD,
    clause="requestBody.examples",
    cause="The server has a rule that the description does not mention, or reads a setting wrongly.",
)

BLANKS = Check(
    id="MOD-009",
    name="texts keep their blanks and line breaks",
    level=SHOULD,
    clause=_BODY,
    cause="Texts are trimmed, or their line breaks are rewritten, before they are stored.",
)

UPDATED = Check(
    id="MOD-010",
    name="a change is kept",
    clause=_CREATED,
    cause="The transaction that changes the object is rolled back, or the response is made from the request.",
)

OTHERS = Check(
    id="MOD-011",
    name="a partial change keeps what was not sent",
    clause=_BODY,
    cause="Settings that are missing from the request are read as null and written.",
)

REPEATED = Check(
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

CHANGED = Check(
    id="MOD-014",
    name="the description's own example of a change is taken",
    level=SHOULD,
    clause="requestBody.examples",
    cause="The server has a rule that the description does not mention, or reads a setting wrongly.",
)

FOUND = Check(
    id="MOD-015",
    name="a change finds the object that is shown",
    clause="paths",
    cause="The route of the change is missing, or looks the object up in another way than the one that shows it.",
)

RESPONSE = Check(
    id="MOD-016",
    name="the response to a change shows the change",
    clause=_CREATED,
    cause="The response is made of the object that was read before the change.",
)

LAST_TIME = Check(
    id="MOD-017",
    name="a change moves the time of the last change",
    level=SHOULD,
    clause=_CREATED,
    cause="The time is set when the object is created, and nowhere else.",
)

READING = Check(
    id="MOD-018",
    name="reading moves no time",
    level=SHOULD,
    clause="paths.get",
    cause="The object is written back whenever it is read, or the time is that of the response.",
)

FIRST_TIME = Check(
    id="MOD-019",
    name="a change leaves the time of creation",
    level=SHOULD,
    clause=_CREATED,
    cause="A change stores the object anew, with a new time of creation.",
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
    level=SHOULD,
    clause=_GONE,
    cause="The objects of the path are looked up without the object above them.",
)

SEQUENCE = Check(
    id="MOD-024",
    name="requests in any order leave what a model of them says",
    clause="paths",
    cause="An older state is shown, by a cache or a replica; or what is done to one object reaches another.",
)

REPLACED = Check(
    id="MOD-025",
    name="a replacement leaves nothing of what was left out",
    level=SHOULD,
    clause="paths.put",
    cause="PUT is handled like PATCH: members that are missing are kept.",
)

DEFAULT = Check(
    id="MOD-026",
    name="what is left out has its default",
    level=SHOULD,
    clause="requestBody.schema.default",
    cause="The default stands in the description alone, or the column has another one.",
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
    name="nobody reads objects of others",
    clause=_GONE,
    cause="The object is looked up by its id alone, without asking whose it is.",
)

FOREIGN_WRITE = Check(
    id="MOD-071",
    name="nobody changes objects of others",
    clause=_GONE,
    cause="The object is looked up by its id alone, without asking whose it is.",
)

FOREIGN_LIST = Check(
    id="MOD-072",
    name="no list holds objects of others",
    clause=_GONE,
    cause="The list is not limited to what is the caller's.",
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
