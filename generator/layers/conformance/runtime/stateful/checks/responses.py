"""Statuses, bodies and errors, and agreement between versions and with older operations."""

from __future__ import annotations

from ...results import ADVISORY, SHOULD
from .check import Check

_BODY = "requestBody"
_GONE = "responses.404"

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

RULES = Check(
    id="MOD-098",
    name="a value against a rule of its schema is refused",
    clause="requestBody.schema",
    cause="The keyword of the schema is not checked: a pattern, a multiple, or that items are not repeated.",
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
    name="an error has the documented body and headers",
    clause="responses.content.schema",
    cause="The error comes from the framework or a proxy, in its own form.",
)

ERROR_CODE = Check(
    id="MOD-097",
    name="an error has a code of the catalogue",
    level=SHOULD,
    clause="x-error-catalogue",
    cause="The code is left out, or was added to the server without the description.",
)

STATUS = Check(
    id="MOD-100",
    name="a valid request has its documented status",
    clause="responses.success",
    cause="The status is that of the framework.",
)

MEDIA_TYPE = Check(
    id="MOD-101",
    name="a response has its documented media type",
    clause="responses.content",
    cause="The header Content-Type is the framework's default.",
)

SCHEMA = Check(
    id="MOD-102",
    name="a response fits its schema",
    clause="responses.content.schema",
    cause="The serializer and the description have drifted apart.",
)

UNDESCRIBED = Check(
    id="MOD-103",
    name="a response has no member that nobody described",
    level=ADVISORY,
    clause="responses.content.schema",
    cause="A column was added to the server without the description.",
)

LEAK = Check(
    id="MOD-104",
    name="a response shows no secret",
    level=SHOULD,
    clause="responses.content.schema",
    cause="The whole row is written out, instead of the described members.",
)

METHODS = Check(
    id="MOD-110",
    name="a method that nobody described does nothing",
    level=SHOULD,
    clause="paths",
    cause="The framework gives a route to every method, or the route was never described.",
)

ALLOW = Check(
    id="MOD-111",
    name="405 names the described methods",
    level=SHOULD,
    clause="RFC 9110, 15.5.6",
    cause="The header Allow is not set, or not made of the routes.",
)

OVERRIDE = Check(
    id="MOD-118",
    name="the method is that of the request line",
    level=SHOULD,
    clause="paths",
    cause="The framework takes the method from a header or parameter that nobody described, so that rules for methods"
    " can be passed by.",
)

CONTENT_TYPE = Check(
    id="MOD-112",
    name="a body of another media type is refused",
    clause="responses.415",
    cause="The body is read whatever its Content-Type says.",
)

ACCEPT = Check(
    id="MOD-113",
    name="a media type that is not written is refused",
    clause="responses.406",
    cause="The header Accept is not read.",
)

TAG = Check(
    id="MOD-114",
    name="a version has one tag, and another version another one",
    level=SHOULD,
    clause="RFC 9110, 8.8.3",
    cause="The tag is made of something else than what is shown, or never made anew.",
)

NOT_MODIFIED = Check(
    id="MOD-115",
    name="304 comes for the version that the client has, and for no other",
    level=SHOULD,
    clause="RFC 9110, 13.1.2",
    cause="The header If-None-Match is not read, or not compared.",
)

PRECONDITION = Check(
    id="MOD-116",
    name="a change of another version is refused",
    clause="RFC 9110, 13.1.1",
    cause="The header If-Match is not read, so that one client overwrites the change of another.",
)

LOCATION = Check(
    id="MOD-117",
    name="Location leads to what was created",
    level=SHOULD,
    clause="RFC 9110, 10.2.2",
    cause="The address is put together by hand, or a proxy writes other paths.",
)
