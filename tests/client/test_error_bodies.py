"""Error bodies in many shapes: no message is lost, no personal data shown, no control character obeyed."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st

import procwise
from procwise._errors.field_errors import find_field_errors
from procwise._logging.redaction import Redactor
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder


def refuse_student(client: procwise.Client, server: Recorder, body: object, **student: str) -> procwise.APIStatusError:
    server.reply(422, body)
    with pytest.raises(procwise.APIStatusError) as caught:
        client.student_sessions.create(1, **{"name": "n", "email": "e@x.example", **student})
    return caught.value


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"errors": {"email": ["bad"], "base": "x"}}, {"email": ["bad"], "base": ["x"]}),
        ({"errors": {"email": "is invalid"}}, {"email": ["is invalid"]}),
        ({"email": ["bad"], "status": 422}, {"email": ["bad"]}),
        ({"error": "x", "email": ["bad"]}, {"email": ["bad"]}),
        ({"errors": {"email": [], "name": ["bad"]}}, {"name": ["bad"]}),
        ({"errors": {"email": None, "name": ["bad", 5, None]}}, {"name": ["bad"]}),
        ({"errors": {}, "name": ["bad"]}, {"name": ["bad"]}),
        ({"errors": {"student": {"email": ["bad"]}}}, {"student.email": ["bad"]}),
        ({"errors": {"email": [{"error": "taken", "value": 1}]}}, {"email": ["taken"]}),
        ({"errors": [{"field": "email", "message": "bad"}]}, {"email": ["bad"]}),
        ({"errors": ["bad"]}, {"errors": ["bad"]}),
        (
            [{"field": "email", "message": "bad"}, {"parameter": "at", "detail": "odd"}],
            {"email": ["bad"], "at": ["odd"]},
        ),
        (
            {"errors": [{"detail": "bad", "source": {"pointer": "/data/attributes/email"}}]},
            {"email": ["bad"]},
        ),
        ({"errors": [{"title": "odd", "source": {"parameter": "page"}}]}, {"page": ["odd"]}),
        ({"detail": [{"loc": ["body", "email"], "msg": "bad", "type": "value_error"}]}, {"email": ["bad"]}),
        ({"detail": [{"loc": ["body", "students", 0, "email"], "msg": "bad"}]}, {"students.0.email": ["bad"]}),
        ({"title": "t", "invalid-params": [{"name": "email", "reason": "bad"}]}, {"email": ["bad"]}),
        ({"errors": [{"detail": "bad", "pointer": "#/student/email"}]}, {"student.email": ["bad"]}),
        ({"errors": [{"path": ["body", "student", "email"], "message": "bad"}]}, {"student.email": ["bad"]}),
        ({"violations": [{"propertyPath": "student.email", "title": "bad"}]}, {"student.email": ["bad"]}),
        ({"title": "t", "errors": {"$.email": ["bad"]}}, {"email": ["bad"]}),
        ({"errors": [{"email": ["bad", "odd"]}]}, {"email": ["bad", "odd"]}),
        ({"errors": [{"field": "email", "messages": ["bad", "odd"]}]}, {"email": ["bad", "odd"]}),
        ({"messages": {"email": ["bad"]}}, {"email": ["bad"]}),
        ({"details": {"email": [{"error": "blank"}]}}, {"email": ["blank"]}),
        ({"student": {"errors": {"email": ["bad"]}}}, {"email": ["bad"]}),
        ({"data": {"errors": [{"field": "email", "message": "bad"}]}}, {"email": ["bad"]}),
        ({"errors": {"details": {"email": ["bad"]}}}, {"details.email": ["bad"]}),
        (["bad"], {"base": ["bad"]}),
        ({"errors": "bad"}, {"base": ["bad"]}),
        ({"errors": {"email": [1, None, {"x": 1}]}}, {"email": ['[1, null, {"x": 1}]']}),
        ({"errors": {"email": 7, "name": None}}, {"email": ["7"]}),
        ({"errors": [[], {"x": 1}]}, {"base": ['[[], {"x": 1}]']}),
        ({"error": "No.", "code": "c"}, {}),
        ("text", {}),
        (7, {}),
    ],
    ids=json.dumps,
)
def test_messages_of_fields_are_found_in_any_shape(
    client: procwise.Client, server: Recorder, body: object, errors: dict[str, list[str]]
) -> None:
    error = refuse_student(client, server, body)
    assert error.errors == errors
    for name, texts in errors.items():
        assert f"{name}: {', '.join(texts)}" in str(error)


def test_json_that_is_a_text_is_the_message(client: procwise.Client, server: Recorder) -> None:
    error = refuse_student(client, server, "the email is bad")
    assert "422 the email is bad" in str(error)
    assert error.body == "the email is bad"
    assert "no JSON" not in str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(odd=st.dictionaries(st.text("xyz", min_size=1, max_size=5), JSON, max_size=3))
def test_nothing_beside_a_message_hides_it(odd: dict[str, Any]) -> None:
    assert find_field_errors({"errors": {**odd, "email": ["bad"]}})["email"] == ["bad"]


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ("Anna.Planted@Example.org", "anna.planted@example.org is taken"),
        ("anna.planted@example.org", "ANNA.PLANTED@EXAMPLE.ORG is taken"),
        ("anna.planted@example.org", "see /students?email=anna.planted%40example.org"),
        ("Planted  Anna", "planted anna is taken"),
        (" Planted Anna\t", "the name 'Planted Anna' is taken"),
        ("Ána Plánted", "ÁNA PLÁNTED is taken"),
    ],
)
def test_personal_data_is_masked_in_any_case_and_form(
    client: procwise.Client, server: Recorder, sent: str, echoed: str
) -> None:
    error = refuse_student(client, server, {"error": echoed, "code": echoed, "errors": {"email": [echoed]}}, email=sent)
    shown = f"{error} {error.body} {error.errors} {error.code}".lower()
    assert "planted" not in shown
    assert "plánted" not in shown
    assert "***" in shown


def test_a_short_value_is_masked_where_it_is_a_word(client: procwise.Client, server: Recorder) -> None:
    error = refuse_student(client, server, {"error": "bo has a bone, Bo!", "code": "bob"}, name="Bo")
    assert error.body == {"error": "*** has a bone, ***!", "code": "bob"}
    error = refuse_student(client, server, {"error": "王伟已被占用"}, name="王伟")
    assert error.body == {"error": "***已被占用"}


def test_half_a_secret_is_not_left_where_a_text_is_cut(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(httpx2.Response(422, text="x" * 490 + "anna.planted@example.org"))
    with pytest.raises(procwise.APIStatusError) as caught:
        client.student_sessions.create(1, name="n", email="anna.planted@example.org")
    assert "anna" not in f"{caught.value} {caught.value.body}"


@given(value=st.text(min_size=4, max_size=12).filter(str.strip), before=st.text(max_size=5), after=st.text(max_size=5))
def test_a_known_value_is_in_no_masked_text(value: str, before: str, after: str) -> None:
    redactor = Redactor(secrets=frozenset(), personal=frozenset(), values=frozenset((value,)))
    masked = redactor.text(f"{before} {value} {after}")
    known = " ".join(value.split())
    assert len(known) < 4 or known in "***" or known not in masked.replace("***", "\0") or known in f"{before}{after}"


@pytest.mark.parametrize("depth", [900, 5000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}"), ('{"error":[', "]}")])
def test_a_body_that_is_nested_too_deeply_is_an_error_of_its_status(
    client: procwise.Client, server: Recorder, depth: int, opened: str, closed: str
) -> None:
    inner = "" if "[" in opened else "1"
    for status in (403, 422):
        server.responses[:] = [httpx2.Response(status, text=opened * depth + inner + closed * depth)]
        with pytest.raises(
            procwise.APIStatusError, match=f"{status}. The response is JSON that is nested too"
        ) as caught:
            client.exams.show(17)
        assert "no JSON" not in str(caught.value)


def test_what_json_says_is_read_though_some_of_it_is_too_deep(client: procwise.Client, server: Recorder) -> None:
    depth = 600
    text = '{"error": "It is taken.", "code": "validation_failed", "more": %s}' % ("[" * depth + "]" * depth)
    server.responses[:] = [httpx2.Response(422, text=text)]
    with pytest.raises(procwise.UnprocessableContentError, match="It is taken") as caught:
        client.exams.show(17)
    assert caught.value.code == "validation_failed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": %s}' % ("1" * 5000), "JSON with a number of too many digits"),
        ("[%s]" % ("9" * 100_000), "JSON with a number of too many digits"),
        ('{"id": 1', "no JSON"),
        ("<html>", "no JSON"),
        ("{'id': 1}", "no JSON"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_wrong_with_a_body_is_said(client: procwise.Client, server: Recorder, text: str, said: str) -> None:
    server.responses[:] = [httpx2.Response(422, text=text)]
    with pytest.raises(procwise.UnprocessableContentError, match=said):
        client.exams.show(17)


CONTROLS = "a\x1b[2Jb\x9b\u202e"


def test_control_characters_are_escaped_wherever_a_server_puts_them(
    client: procwise.Client, server: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    texts: list[str] = []
    server.responses[:] = [httpx2.Response(200, json={"exam": {**EXAM, CONTROLS: 1, "status": CONTROLS}})]
    client.exams.show(17)
    texts += map(str, client.drift())
    assert len([text for text in texts if "\\x1b[2J" in text]) == 2
    for response in (
        httpx2.Response(301, headers=[(b"Location", b"https://x.example/\x1b[2J")]),
        httpx2.Response(200, headers=[(b"Content-Type", b"text/\x1b[2J")], content=b"x"),
        httpx2.ConnectError(CONTROLS),
        httpx2.Response(404, headers=[(b"X-Request-Id", b"\x1b[2J")], json={}),
    ):
        server.responses[:] = [response]
        attempts: list[procwise.Attempt] = []
        hooks = procwise.Hooks(response=attempts.append, retry=attempts.append)
        with caplog.at_level(logging.DEBUG, logger="procwise"), pytest.raises(procwise.ProcwiseError) as caught:
            client.exams.show(17, hooks=hooks)
        texts += [str(caught.value), *(f"{one} {one.reason} {one.request_id}" for one in attempts)]
    texts += [record.getMessage() for record in caplog.records if record.name.startswith("procwise")]
    assert [text for text in texts if not text.isprintable()] == []
    assert any("\\x1b[2J" in text for text in texts)


@pytest.mark.parametrize("content", [b'{"exam": {"id": 1', b'{"exam": {"id": 1}}x', b'{"exam": {"name": "\xff"}}'])
@pytest.mark.parametrize("media_type", ["application/json", "application/vnd.made.up+json; charset=utf-8"])
def test_json_that_is_damaged_is_no_other_server(
    client: procwise.Client, server: Recorder, content: bytes, media_type: str
) -> None:
    server.responses.append(httpx2.Response(201, content=content, headers={"Content-Type": media_type}))
    with pytest.raises(procwise.UnexpectedAnswer, match="JSON that is damaged or cut short") as caught:
        client.exams.update(1, name="a")
    assert caught.value.may_have_taken_effect


@pytest.mark.parametrize("reads", [True, False])
def test_a_hook_that_raises_for_errors_hides_no_message(reads: bool) -> None:
    def hook(response: httpx2.Response) -> None:
        if reads:
            response.read()
        response.raise_for_status()

    def serve(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(422, json={"errors": {"email": ["is taken"]}})

    http = httpx2.Client(transport=httpx2.MockTransport(serve), event_hooks={"response": [hook]})
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)
    with client, pytest.raises(procwise.UnprocessableContentError) as caught:
        client.exams.update(1, name="a")
    assert caught.value.errors == {"email": ["is taken"]}


PROXY = {"HTTPS_PROXY": "http://user:planted@127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}


def test_a_proxy_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PROXY.items():
        monkeypatch.setenv(name, value)
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, max_retries=0)
    with client, pytest.raises(procwise.ConnectionFailed, match="by way of the proxy in HTTPS_PROXY: is it running"):
        client.exams.show(1)


def test_a_proxy_that_wants_a_password_is_named(
    client: procwise.Client, server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.responses.append(httpx2.Response(407, html="<h1>Who are you?</h1>"))
    for proxy, place in (("", "your HTTP client"), (PROXY["HTTPS_PROXY"], "HTTPS_PROXY")):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(procwise.APIStatusError, match=f"407.*The proxy in {place} wants a user and a password"):
            client.exams.show(1)


def test_a_change_with_a_page_as_response_may_have_taken_effect(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(httpx2.Response(200, html="<p>Welcome"))
    with pytest.raises(procwise.WrongBaseUrl) as caught:
        client.exams.update(17, name="x")
    assert caught.value.may_have_taken_effect
