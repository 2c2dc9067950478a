"""Settings that are missing or do not fit: the error names them, and repeats no value."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.sandbox_calls import Caller, Reply, base_string, send, signature

GOOD = {"name": "n", "type": "demo"}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"name": "n"}, "type"),
        ({"type": "demo"}, "name"),
        ({**GOOD, "name": ""}, "name"),
        ({**GOOD, "name": None}, "name"),
        ({**GOOD, "type": None}, "type"),
        ({}, "name"),
    ],
)
def test_a_missing_setting_is_422(demo: Caller, body: dict[str, object], name: str) -> None:
    reply = demo.call("POST", "/exams", body)
    assert (reply.status, reply.code) == (422, "parameter_missing")
    assert reply.json["errors"][name] == ["can't be blank"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": 1},
        {"name": []},
        {"type": "other"},
        {"duration_minutes": "ninety"},
        {"duration_minutes": "9.5"},
        {"duration_minutes": "0"},
        {"duration_minutes": ""},
        {"mobile_cam": ""},
        {"duration_minutes": 0},
        {"duration_minutes": 2**63},
        {"duration_minutes": 10**400},
        {"duration_minutes": 1.5},
        {"duration_minutes": True},
        {"mobile_cam": "yes"},
        {"mobile_cam": 2},
        {"mobile_cam": None},
        {"start_time": "soon"},
        {"start_time": -1},
        {"start_time": 10**18},
        {"start_time": "2018-13-01T00:00:00Z"},
        {"start_time": "0001-01-01T00:00:00+23:59"},
        {"start_time": "9999-12-31T23:59:59-23:59"},
        {"start_time": "2016-12-31T23:59:60Z"},
        {"end_time": {}},
        {"name": "a\0b"},
        {"restrictions": 7},
        {"allowed_calculator_type": ["x"]},
        {"institute_id": 0},
    ],
)
def test_a_setting_that_does_not_fit_is_422(demo: Caller, change: dict[str, Any]) -> None:
    reply = (
        demo.call("POST", "/exams", {**GOOD, **change})
        if not isinstance(next(iter(change.values())), list | dict)
        else _send_inspected(demo, change)
    )
    assert (reply.status, reply.code) == (422, "validation_failed"), reply.content
    assert reply.json["errors"].keys() == change.keys()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"duration_minutes": "90"}, 90),
        ({"start_time": "1542761640"}, "2018-11-21T00:54:00.000+00:00"),
        ({"mobile_cam": "1"}, True),
        ({"name": "90"}, "90"),
    ],
)
def test_digits_in_a_json_text_are_a_number_where_one_is_asked_for(
    demo: Caller, sent: dict[str, Any], expected: object
) -> None:
    created = demo.call("POST", "/exams", {**GOOD, **sent}).json["exam"]
    assert created[next(iter(sent))] == expected
    changed = demo.call("PATCH", "/exams/{id}", sent, id=created["id"]).json["exam"]
    assert changed[next(iter(sent))] == expected


def _send_inspected(demo: Caller, change: dict[str, Any]) -> Reply:
    """Lists and objects are signed as Ruby inspects them."""
    stamped = demo.stamp()
    written = {name: json.dumps(value) for name, value in change.items()}
    sign = signature(base_string({**stamped, **GOOD, **written}), demo.secret_key)
    query = urlencode({**stamped, "signature": sign})
    headers = {**demo.authorization, "Content-Type": "application/json"}
    return send(demo.base_url, "POST", f"/api/v3/exams?{query}", headers, json.dumps({**GOOD, **change}).encode())


@pytest.mark.parametrize("page", ["abc", "12a", "1.5x"])
def test_a_text_that_is_no_number_is_reported(demo: Caller, page: str) -> None:
    reply = demo.call("GET", "/exams", query={"page": page})
    assert (reply.status, reply.json["errors"]) == (422, {"page": ["must be integer"]})


def test_a_value_is_not_repeated_in_its_error(demo: Caller) -> None:
    assert b"planted" not in demo.call("POST", "/exams", {**GOOD, "type": "planted", "mobile_cam": "planted"}).content
