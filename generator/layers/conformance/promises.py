"""The promises that a description, HTTP and a signing scheme make, each with the checks of it, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise and who makes it. `checks` are ids or ranges of them; without any, `reason` says why."""

    source: str
    promise: str
    checks: tuple[str, ...] = ()
    reason: str = ""


def _row(source: str, promise: str, *checks: str, reason: str = "") -> Promise:
    return Promise(source=source, promise=promise, checks=checks, reason=reason)


_DESCRIPTION, _HTTP, _SCHEME = "description", "RFC 9110", "scheme"
PROMISES: tuple[Promise, ...] = (
    _row(_DESCRIPTION, "what is created is shown and listed, once", "MOD-001", "MOD-002", "MOD-003", "SCH-010"),
    _row(_DESCRIPTION, "values come back as they were sent: texts, limits, numbers of 53 bits", "MOD-004", "MOD-005"),
    _row(_DESCRIPTION, "texts keep blanks and line breaks", "MOD-009"),
    _row(
        _DESCRIPTION,
        "what the schemas and examples allow is taken",
        "MOD-006",
        "MOD-007",
        "MOD-008",
        "MOD-014",
        "SCH-006",
    ),
    _row(
        _DESCRIPTION,
        "a change is kept, shown in its response, and leaves the rest alone",
        "MOD-010..013",
        "MOD-015",
        "MOD-016",
    ),
    _row(_DESCRIPTION, "the time of the last change moves by a change alone, that of creation never", "MOD-017..019"),
    _row(
        _DESCRIPTION,
        "what is deleted is gone, with what is below it, at whatever address that is shown or listed",
        "MOD-020..023",
        "SCH-008",
    ),
    _row(_DESCRIPTION, "a replacement removes what it leaves out, if the description says so", "MOD-025"),
    _row(_DESCRIPTION, "a setting that a creation leaves out has its default", "MOD-026"),
    _row(
        _DESCRIPTION,
        "what is left out of a replacement, if no sentence speaks of it",
        reason="many APIs take a PUT for a PATCH; that it asks for more than the PATCH beside it is a hint of MOD-025",
    ),
    _row(
        _DESCRIPTION,
        "what becomes of objects that only refer to a deleted one by a setting",
        reason="no description says whether they go, stay, or keep the deletion from being made",
    ),
    _row(_DESCRIPTION, "requests in any order leave what was sent", "MOD-024"),
    _row(_DESCRIPTION, "pages are as long as asked, correctly counted, and end", "MOD-030..038", "OBS-021"),
    _row(_DESCRIPTION, "filters, orders and narrowing parameters do what they say", "MOD-040..042"),
    _row(_DESCRIPTION, "older operations and other versions show the same", "MOD-050", "MOD-051"),
    _row(_DESCRIPTION, "jobs end, links work and expire, uploads are whole", "MOD-060..066", "MOD-080", "MOD-081"),
    _row(_DESCRIPTION, "others and the wrong role get nowhere", "MOD-070..073", "SCH-012"),
    _row(_DESCRIPTION, "what is invalid is refused, with the documented error", "MOD-090..098", "SCH-007"),
    _row(
        _DESCRIPTION,
        "responses have their documented status, media type, headers and schema",
        "MOD-100..102",
        "SCH-001..005",
    ),
    _row(_DESCRIPTION, "responses have no other members, above all no secrets", "MOD-103", "MOD-104"),
    _row(
        _DESCRIPTION,
        "requests of others name described operations and send what is described; responses to them are as described",
        "OBS-001..006",
    ),
    _row(_DESCRIPTION, "an object never shows an older state than before", "OBS-020"),
    _row(_DESCRIPTION, "415 and 406 come where they are documented", "MOD-112", "MOD-113"),
    _row(
        _DESCRIPTION,
        "what only the server sets cannot be sent",
        reason="no description says that unknown members are refused",
    ),
    _row(
        _DESCRIPTION,
        "defaults of query parameters",
        reason="a default and its value sent need not be told apart, but for page sizes",
    ),
    _row(
        _DESCRIPTION,
        "rate limits and 429",
        reason="a load test is no check of conformance; waits that a server asks for are kept",
    ),
    _row(_HTTP, "methods that are not described do nothing, and 405 names those that are", "MOD-110", "MOD-111"),
    _row(_HTTP, "the method is that of the request line, unless another place is described", "MOD-118"),
    _row(
        _HTTP,
        "methods that are not described do nothing to a list that holds what others made",
        reason="if one did, it could delete all of it: only lists below own objects, or of nothing else, are tried",
    ),
    _row(_HTTP, "a GET changes nothing", "MOD-018"),
    _row(_HTTP, "a PUT twice has the effect of one", "MOD-012"),
    _row(
        _HTTP,
        "401 has WWW-Authenticate",
        reason="a token in a header of its own is no scheme of HTTP that could be named",
    ),
    _row(_HTTP, "HEAD is GET without a body", reason="nobody describes it, and a scheme may sign the method"),
    _row(_HTTP, "204 and 304 have no body", reason="servers and clients drop such a body before anybody sees it"),
    _row(_HTTP, "a tag goes with a version; If-None-Match and If-Match are obeyed where described", "MOD-114..116"),
    _row(_HTTP, "Location leads to what was created", "MOD-117"),
    _row(_HTTP, "ranges of a body", reason="no operation of the supported descriptions has them"),
    _row(
        _SCHEME,
        "the token stands in its header alone, and is somebody's",
        "SIG-002",
        "SIG-008",
        "SIG-012..015",
        "SIG-020..029",
    ),
    _row(_SCHEME, "signature, time and nonce are there, whole, and where they belong", "SIG-003..007", "SIG-030..059"),
    _row(_SCHEME, "the digest is compared whole, by the right hash and key", "SIG-060..088", "REQ-020", "REQ-021"),
    _row(
        _SCHEME,
        "everything that is covered is covered, in its order and spelling",
        "SIG-090..126",
        "SIG-200..245",
        "REQ-010..019",
        "REQ-070",
        "REQ-071",
        "REQ-080..099",
    ),
    _row(_SCHEME, "a nonce comes once, and only a valid request uses it up", "SIG-009", "SIG-140..154", "REQ-040..041"),
    _row(_SCHEME, "the time is within the window", "SIG-010", "SIG-011", "SIG-160..172", "REQ-030..033"),
    _row(
        _SCHEME,
        "what others sign is accepted if it is right, of its time and new, and refused if it is not",
        "OBS-010..014",
    ),
    _row(_SCHEME, "a signature is compared in constant time", reason="a network hides differences of nanoseconds"),
)
