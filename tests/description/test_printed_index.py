"""The description has the operations of the two printed indexes, no more and no fewer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from generator.ir import Api, Project

PRINTED = {
    "v1": {"exams": 12, "student_sessions": 7, "users": 1},
    "v3": {
        "attachments": 4,
        "documents": 6,
        "exams": 17,
        "identity_providers": 1,
        "institutes": 6,
        "lti_resources": 6,
        "student_sessions": 13,
        "tool_providers": 6,
        "users": 6,
    },
}


class Row(NamedTuple):
    heading: str
    method: str
    printed: str
    path: str
    title: str


def rows(api: str) -> Iterator[Row]:
    heading = ""
    for line in (Path(__file__).parent / f"index_{api}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            yield Row(heading, *(part.strip() for part in line.split(" | ")))


@pytest.fixture(params=sorted(PRINTED))
def api(request: pytest.FixtureRequest, project: Project) -> Api:
    return next(api for api in project.apis if api.name == request.param)


def test_the_same_methods_and_paths_under_the_same_headings(api: Api) -> None:
    described = sorted((o.tag.lower(), o.method, o.path) for o in api.operations)
    assert described == sorted((row.heading.lower(), row.method, row.path) for row in rows(api.name))


def test_as_many_operations_of_each_resource(api: Api) -> None:
    assert Counter(o.resource for o in api.operations) == PRINTED[api.name]


def test_only_these_printed_paths_are_corrected(api: Api) -> None:
    corrected = [row.printed for row in rows(api.name) if re.sub(r":(\w+)", r"{\1}", row.printed) != row.path]
    odd = [path for path in corrected if not path.startswith("api/v3/")]
    assert odd == {"v1": [], "v3": ["/exams/id/show_student"]}[api.name]
    prefixed = {path.removeprefix("api/v3/").split("/")[0] for path in corrected if path not in odd}
    without_slash = {"identity_providers", "lti_resources", "tool_providers", "tool_provider"}
    assert prefixed == (without_slash if api.name == "v3" else set())


def test_deprecated_are_those_that_the_index_says_and_all_of_the_frozen_version(api: Api) -> None:
    said = {(row.method, row.path) for row in rows(api.name) if api.name == "v1" or "(Deprecated)" in row.title}
    assert {(o.method, o.path) for o in api.operations if o.deprecated} == said


def test_superusers_only_are_those_that_the_index_says(api: Api) -> None:
    said = {(row.method, row.path) for row in rows(api.name) if "Superuser only" in row.title}
    assert {(o.method, o.path) for o in api.operations if o.role == "superuser"} == said
    assert {o.role for o in api.operations} <= {"", "superuser"}
