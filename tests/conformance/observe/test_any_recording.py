"""Whatever a file holds, there is a report or one sentence, and never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from procwise_conformance.api import Credentials
from procwise_conformance.errors import CannotRun
from procwise_conformance.observe.run import observe_file
from procwise_conformance.plan import Plan
from procwise_conformance.reports.writing import write
from procwise_conformance.versions import APIS
from tests.conformance.observe.recordings import mitmproxy
from tests.conformance.observe.test_har_files import BASE, make_list
from tests.proofs import FULL

V3 = APIS["v3"]
ODD_TEXTS = (
    "",
    "\x00",
    "\x1b[31m",
    "https://",
    "http://[",
    "//x",
    "%zz",
    "NaN",
    "1e999",
    "ÿ𝄞",
    "a\r\nb: c",
    "{}",
    "[[[[",
)
PATHS = [operation.path.replace("{", "").replace("}", "") for operation in V3.operations]
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.sampled_from(ODD_TEXTS))
anything = st.recursive(
    st.one_of(scalars, st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
json_texts = st.one_of(anything.map(json.dumps), st.sampled_from(['{"a":1,"a":2}', "[" * 300, '{"exams": [null, 3]}']))
addresses = st.builds(
    lambda path, number, query: f"{BASE}{path.replace('id', str(number))}{query}",
    st.sampled_from(PATHS),
    st.one_of(st.integers(0, 3), st.sampled_from(["%2F", "..", "a b", "é"])),
    st.sampled_from(["", "?", "?a", "?filter[a]=1&filter=", "?page=x&limit=1e9", "?timestamp=9&nonce=1&signature=0"]),
)
headers = st.lists(
    st.one_of(
        anything,
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["Content-Type", ":path", "Authorization", "Date", "content-encoding", ""]),
                "value": st.one_of(
                    anything,
                    st.sampled_from(
                        ["application/json", "multipart/form-data; boundary=", "gzip, br", "Token token=x"]
                    ),
                ),
            }
        ),
    ),
    max_size=4,
)
contents = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(json_texts, anything),
        "encoding": st.sampled_from(["base64", "utf8", None]),
        "size": anything,
        "mimeType": st.sampled_from(["application/json", "text/html", None, 3]),
    },
)
entries = st.one_of(
    anything,
    st.fixed_dictionaries(
        {
            "request": st.fixed_dictionaries(
                {"method": st.sampled_from(["GET", "POST", "PATCH", "DELETE", "get", "ODD"]), "url": addresses},
                optional={
                    "headers": st.one_of(headers, anything),
                    "queryString": headers,
                    "bodySize": anything,
                    "postData": st.one_of(
                        anything,
                        st.fixed_dictionaries(
                            {}, optional={"text": json_texts, "params": headers, "mimeType": anything}
                        ),
                    ),
                },
            )
        },
        optional={
            "response": st.one_of(
                anything,
                st.fixed_dictionaries(
                    {"status": st.sampled_from([0, 200, 204, 206, 302, 304, 403, 404, 422, 500, "200", None, 1e300])},
                    optional={"headers": headers, "content": st.one_of(contents, anything)},
                ),
            ),
            "startedDateTime": st.one_of(anything, st.just("2026-11-30T01:02:03Z"), st.just("9999-99-99")),
            "time": anything,
            "_fromCache": anything,
        },
    ),
)


@pytest.fixture
def judge(tmp_path: Path) -> Callable[[bytes], None]:
    """Judges a file with these bytes, and writes the report if there is one."""

    def run(content: bytes) -> None:
        path = tmp_path / "any.har"
        path.write_bytes(content)
        credentials = Credentials(token="planted-token-of-nobody", secret_key="planted-key-of-nobody")
        for url in ("", BASE):
            try:
                report = observe_file(Plan(api=V3, url=url, credentials=credentials, profile="read-only"), path)
            except CannotRun as error:
                assert "\n" not in str(error)
            else:
                write(report, tmp_path / "report")

    return run


examples = settings(
    max_examples=500 if FULL else 25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.slow
@examples
@given(st.lists(entries, max_size=4))
def test_any_entries_are_judged_or_counted(judge: Callable[[bytes], None], made: list[Any]) -> None:
    judge(json.dumps({"log": {"entries": [mitmproxy(make_list()), *made]}}).encode())


@examples
@given(st.one_of(anything.map(lambda value: json.dumps(value).encode()), st.binary(max_size=40)))
def test_any_file_is_a_sentence(judge: Callable[[bytes], None], content: bytes) -> None:
    judge(content)
    judge(b'{"log": {"entries": [' + content)
