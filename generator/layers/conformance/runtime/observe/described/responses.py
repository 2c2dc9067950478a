"""Responses that passed, held to the description: status, media type, schema, members, headers, pages."""

from __future__ import annotations

from collections.abc import Iterator

from procwise_conformance.description import Response as Described

from ...api import Operation
from ...results import SHOULD, Level, Result
from ...stateful.checks.lists import ARITHMETIC, LIMIT
from ...stateful.checks.responses import ERROR_BODY, ERROR_CODE, MEDIA_TYPE, SCHEMA
from ...stateful.described_responses import check_schema
from ...stateful.lists.pagination import parse_headers
from ...stateful.protocol.undescribed_members import check_members
from ..checks import HEADERS, STATUS, TWICE
from ..judge import Judge, Observed
from ..recordings.recorded import has_no_content
from .json_texts import find_repeated
from .parameters import find_fault, read_parameter
from .schemas import find_header_schema

# What a proxy, a limit or a cache answers in the place of any operation.
_OF_HTTP = (304, 429, 502, 503, 504)
_PART = 206


def judge_response(judge: Judge, observed: Observed) -> Iterator[Result]:
    """Everything that the description says of one response."""
    operation, status = observed.operation, observed.status
    described = find_described(operation, status)
    yield from _judge_status(judge, observed, described)
    if described is None or has_no_content(observed.recorded.method, status) or status == _PART:
        return
    yield from _judge_headers(judge, observed, described)
    if not observed.knows_content:
        return
    checks = (MEDIA_TYPE, SCHEMA) if observed.succeeded else (ERROR_BODY, ERROR_BODY)
    yield from check_schema(judge, observed, status, checks)
    yield from _judge_error_code(judge, observed)
    if observed.response.media_type.endswith("json"):
        repeated = find_repeated(observed.response.content)
        said = f"{', '.join(repeated)} twice in one object"
        yield from judge.verdict(TWICE, observed, not repeated, "each member once", observed=said)
        yield from check_members(judge, observed)
    if observed.succeeded:
        yield from _judge_page(judge, observed)


def find_described(operation: Operation, status: int) -> Described | None:
    """What is described of that status: by itself, by a range such as 4XX, or by `default`."""
    exact = next((one for one in operation.responses if one.status == status), None)
    ranges = {name.upper(): response for name, response in operation.ranges}
    return exact or ranges.get(f"{status // 100}XX") or ranges.get("DEFAULT")


def _judge_status(judge: Judge, observed: Observed, described: Described | None) -> Iterator[Result]:
    status, statuses = observed.status, observed.operation.statuses
    asked = {name.lower() for name, _ in observed.recorded.request_headers}
    if described is None and status == 304 and asked & {"if-none-match", "if-modified-since"}:
        return
    if described is None and status == _PART and "range" in asked:
        return
    # Not every error is described, and what stands in front of a server has its own.
    is_open = 400 <= status < 500 or status in _OF_HTTP
    level: Level | None = SHOULD if is_open else None
    expected = " or ".join(map(str, statuses)) or "a described status"
    yield from judge.verdict(STATUS, observed, described is not None, expected, level=level, detail=str(status))


def _judge_headers(judge: Judge, observed: Observed, described: Described) -> Iterator[Result]:
    for header in described.headers:
        text = observed.response.headers.get(header.name.lower())
        if text is None:
            if header.required:
                yield from judge.verdict(
                    HEADERS, observed, False, f"the header {header.name}", observed=f"no header {header.name}"
                )
            continue
        schema = find_header_schema(judge.api, observed.operation, observed.status, header.name)
        fault = find_fault(judge.api, schema, read_parameter(header, [text]))
        expected = f"{header.name} as its schema says"
        yield from judge.verdict(HEADERS, observed, not fault, expected, observed=f"{header.name}: {fault}")


def _judge_error_code(judge: Judge, observed: Observed) -> Iterator[Result]:
    codes, member = judge.api.codes.get(observed.status, ()), judge.api.code_member
    body = observed.response.json
    if not codes or not member or not isinstance(body, dict):
        return
    code, known = body.get(member), {one for some in judge.api.codes.values() for one in some}
    said = f"the code {code}" if isinstance(code, str) and code in known else "another code" if code else "no code"
    expected = f"{member} is one of {', '.join(codes)}"
    yield from judge.verdict(ERROR_CODE, observed, code in codes, expected, observed=said)


def _judge_page(judge: Judge, observed: Observed) -> Iterator[Result]:
    """What a page says of itself, as far as one page shows it."""
    paging = observed.operation.pagination
    if paging is None or not isinstance(observed.content, list):
        return
    headers, length = parse_headers(observed, paging), len(observed.items)
    asked = str(observed.parts.query.get(paging.limit, ""))
    limit = int(asked) if asked.isdecimal() and len(asked) < 10 else observed.operation.default_limit
    limit = min(limit, paging.max_limit) if paging.max_limit and limit else limit
    said = f"{length} items"
    yield from judge.verdict(LIMIT, observed, not limit or length <= limit, f"at most {limit} items", observed=said)
    if -1 in (headers.item_count, headers.page_count, headers.page, headers.limit) or headers.limit == 0:
        return
    number = str(observed.parts.query.get(paging.page, headers.page))
    said = f"page {headers.page} instead of {number}"
    fine = not number.isdecimal() or int(number[:10]) == headers.page or headers.page == headers.page_count
    yield from judge.verdict(ARITHMETIC, observed, fine, "the page that was asked for", observed=said, detail="page")
    pages = -(-headers.item_count // headers.limit)
    fine = headers.page_count == pages or not headers.item_count
    said = f"{headers.page_count} pages of {headers.limit} for {headers.item_count} items"
    yield from judge.verdict(ARITHMETIC, observed, fine, "headers that fit each other", observed=said, detail="pages")
    left = max(0, headers.item_count - (headers.page - 1) * headers.limit)
    fine = length == min(headers.limit, left) or headers.page > pages
    said = f"{length} items on page {headers.page} of a list of {headers.item_count}"
    yield from judge.verdict(
        ARITHMETIC, observed, fine, "as many items as the headers say", observed=said, detail="items"
    )
