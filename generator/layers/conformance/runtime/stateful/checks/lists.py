"""Pages, filters and orders of lists."""

from __future__ import annotations

from .check import Check

HEADERS = Check(
    id="MOD-030",
    name="a list describes its pages",
    clause="x-pagination.headers",
    cause="The headers are not set, or a proxy drops them.",
)

ARITHMETIC = Check(
    id="MOD-031",
    name="what a list says of its pages is correct",
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

ENDLESS = Check(
    id="MOD-036",
    name="the pages of a list end",
    clause="parameters",
    cause="Beyond the end the last page is sent again, or it names a next one.",
)

ONCE = Check(
    id="MOD-037",
    name="a list that is read to its end has each item once",
    clause="parameters",
    cause="Pages overlap, are swapped, or the order of the list is not settled between two requests.",
)

TOTAL = Check(
    id="MOD-038",
    name="a total counts the items of the list",
    clause="responses.content.schema",
    cause="The items of the page are counted, or of a list without its conditions.",
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
