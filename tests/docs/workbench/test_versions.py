"""The workbench from one version to the other: what was typed stays, and the keys never leave the tab."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.needs("chromium")
BODY = '{"name": "Typed by hand"}'
SECRETS = {"secret-key": "a-planted-secret-key", "token": "a-planted-token"}
SHOWN = "text => document.querySelector('.op-program').textContent.includes(text)"


def fill(tab: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        tab.fill(f".op-bench [name={name}]", value)


def read(tab: Any, *names: str) -> list[str]:
    return [tab.input_value(f".op-bench [name={name}]") for name in names]


@pytest.mark.slow
def test_another_version_in_the_fold_out_keeps_what_was_typed(tab: Any, address: str) -> None:
    tab.goto(f"{address}reference/v3/exams/update/#check-my-signature")
    tab.wait_for_selector(".op-canonical li")
    fill(tab, {"path-id": "4711", "body": BODY, "nonce": "77", **SECRETS})
    tab.select_option("[name=version]", label="v1")
    tab.wait_for_function(SHOWN, arg="/api/v1/exams/4711?")
    assert read(tab, "path-id", "body", "nonce", *SECRETS) == ["4711", BODY, "77", *SECRETS.values()]
    tab.wait_for_function("document.querySelector('.op-signature').textContent.length === 64")
    tab.select_option("[name=version]", label="v3")
    tab.wait_for_function(SHOWN, arg="/api/v3/exams/4711?")
    assert read(tab, "path-id", "body") == ["4711", BODY]


@pytest.mark.slow
def test_an_example_that_nobody_changed_is_that_of_the_version(tab: Any, address: str) -> None:
    tab.goto(f"{address}reference/workbench/")
    tab.wait_for_selector(".op-canonical li")
    assert read(tab, "operation")[0].startswith("v3/"), "the current version comes first"
    tab.select_option("[name=operation]", "v1/exams/add_student")
    example, [exam] = tab.input_value("[name=body]"), read(tab, "path-id")
    fill(tab, {"path-id": "9"})
    tab.select_option("[name=version]", label="v3")
    tab.wait_for_function(SHOWN, arg="/api/v3/exams/9/student_sessions?")  # the id is called exam_id there
    assert tab.input_value("[name=body]") != example
    assert (exam, tab.input_value("[name=operation]")) == ("1", "v3/student_sessions/create")


@pytest.mark.slow
def test_the_page_of_the_other_version_gets_what_was_typed_but_no_key(tab: Any, address: str) -> None:
    tab.goto(f"{address}reference/v3/exams/update/#check-my-signature")
    tab.wait_for_selector(".op-canonical li")
    fill(tab, {"path-id": "4711", "query": "a=é&b", "body": BODY, **SECRETS})
    seen: list[str] = []
    tab.on("request", lambda request: seen.append(request.url))
    tab.on("framenavigated", lambda frame: seen.append(frame.url))
    tab.click(".op-versions a")
    tab.wait_for_url("**/reference/v1/exams/update/**")
    tab.wait_for_selector(".op-canonical li")
    assert read(tab, "path-id", "query", "body", *SECRETS) == ["4711", "a=é&b", BODY, "", ""]
    assert tab.url.endswith("/reference/v1/exams/update/#check-my-signature")
    stored = tab.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "planted" not in stored + "".join(seen)
    assert not [text for text in (stored, tab.evaluate("JSON.stringify(history.state)")) if "4711" in text]


@pytest.mark.slow
def test_what_a_link_carries_is_no_more_than_text(tab: Any, address: str) -> None:
    hostile = '{"secret-key":"x","address":"https://evil.example","server":"https://evil.example","path":[["id",1]],"body":{}}'
    for text in ("%", "null", "1", hostile, '{"query":"<img src=x onerror=alert(1)>"}'):
        tab.goto("about:blank")
        tab.goto(f"{address}reference/v3/exams/update/#&typed={text}")
        tab.wait_for_load_state("networkidle")
        if "{" not in text:
            tab.evaluate("document.getElementById('check-my-signature').open = true")
        tab.wait_for_selector(".op-canonical li")
        assert "evil" not in "".join(read(tab, "address", "server", "secret-key"))
        assert tab.locator(".op-bench img").count() == 0
