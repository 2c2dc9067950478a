"""What the guide says of dates: each row of its tables, passed to the client against the sandbox."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from procwise import Client, InvalidArgument, UnprocessableContentError
from procwise_sandbox import running

PAGE = (Path(__file__).parents[3] / "docs/guides/dates.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE)
WORDS = {"datetime": datetime.datetime, "date": datetime.date, "UTC": datetime.UTC, "ZoneInfo": ZoneInfo}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running() as found, Client(base_url=found.base_url, token=found.token, secret_key=found.secret_key) as client:
        yield client


@pytest.mark.parametrize(("passed", "expected"), ROWS)
def test_a_row_is_read_back_or_refused(client: Client, passed: str, expected: str) -> None:
    start = eval(passed, dict(WORDS))
    try:
        exam = client.exams.create(name=passed, type="demo", start_time=start)
    except (InvalidArgument, UnprocessableContentError) as error:
        assert type(error).__name__ == expected
    else:
        assert exam.to_dict()["start_time"] == expected


def test_no_row_is_left_out() -> None:
    assert len(ROWS) == 16
