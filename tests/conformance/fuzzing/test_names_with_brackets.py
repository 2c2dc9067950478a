"""A name that servers read differently gives no verdict about the signature of its request."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from requests import Request

from procwise_conformance.http.wire import parse_request
from procwise_conformance.versions import APIS

EXAMS = "http://127.0.0.1:1/api/v3/exams"


def find_doubt(name: str) -> str:
    return parse_request(Request("GET", f"{EXAMS}?{quote(name)}=1").prepare(), APIS["v3"]).doubt


@pytest.mark.parametrize("name", ["m[x]", "m[", "m]", "m]x", "]m", "m]\n\u00a6x"])
def test_a_bracket_in_a_name_is_a_doubt(name: str) -> None:
    """Rack makes an object of `m]x`, and `m` of `m]`."""
    assert find_doubt(name) == "a parameter name is empty or has brackets"


@pytest.mark.parametrize("name", ["m", "m x", "m{x}", "m\n\u00a6x"])
def test_other_names_are_none(name: str) -> None:
    assert find_doubt(name) == ""
