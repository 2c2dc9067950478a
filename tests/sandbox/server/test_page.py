"""The page at `/` in a real browser: credentials, live requests with verdicts, the outbox."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Caller, send, signature

pytestmark = pytest.mark.needs("chromium")
HOSTILE = "/<img src=x onerror=alert(1)><script>alert(1)</script>"
SECRET_TEXT = "shown-to-nobody"
_NAME = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    with running(admin=True) as result:
        yield result


@pytest.fixture(scope="module")
def caller(own: Running) -> Caller:
    return Caller(own.base_url, own.token, own.secret_key)


@pytest.fixture(scope="module")
def start_page(own: Running, browser: Any) -> Iterator[Any]:
    """The page, with what its browser was asked for, complained of and let in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("dialog", lambda dialog: page.said.append(dialog.message))
    page.goto(own.page)
    page.get_by_role("status").get_by_text("Live").wait_for()
    yield page
    context.close()


def row(start_page: Any, text: str) -> Any:
    result = start_page.get_by_role("row").filter(has_text=text).first
    result.wait_for()
    return result


def test_it_shows_what_is_needed_to_begin(own: Running, start_page: Any) -> None:
    assert own.base_url in start_page.get_by_role("banner").inner_text()
    for label, user in (("demo", own.demo), ("second", own.second), ("superuser", own.superuser)):
        card = start_page.locator(".user").filter(has=start_page.get_by_role("heading", name=label, exact=True))
        assert card.locator("code").all_inner_texts() == [user.token, user.secret_key]
    start_page.get_by_role("button", name="Copy secret key of second").click()
    assert start_page.evaluate("navigator.clipboard.readText()") == own.second.secret_key


def test_a_signed_request_appears_as_it_happens(caller: Caller, start_page: Any) -> None:
    assert caller.call("GET", "/exams", query={"limit": 7, "sort": f'[{{"{SECRET_TEXT}":"asc"}}]'}).status == 422
    assert caller.call("GET", "/exams").status == 200
    text = row(start_page, "v3 listExams").inner_text()
    assert all(word in text for word in ("GET", "/api/v3/exams", "200", "ok"))
    assert SECRET_TEXT not in start_page.content()


def test_a_wrong_signature_appears_with_its_cause(caller: Caller, start_page: Any) -> None:
    stamped = caller.stamp()
    unsorted = "?".join(f"{name}={value}" for name, value in sorted(stamped.items(), reverse=True))
    created = signature(unsorted, caller.secret_key)
    query = "&".join(f"{name}={value}" for name, value in {**stamped, "signature": created}.items())
    # the order sent is the sorted one reversed, as a client that does not sort would do
    query = "&".join(sorted(query.split("&"), reverse=True))
    assert send(caller.base_url, "GET", f"/api/v3/institutes?{query}", caller.authorization).status == 403
    text = row(start_page, "v3 listInstitutes").inner_text()
    assert "signature_invalid" in text
    assert "in the order sent, not sorted by name" in text
    assert created not in start_page.content()


@pytest.mark.parametrize(
    ("over", "verdict", "cause"),
    [
        ({"token": "x"}, "unauthorized", "The token is not known."),
        ({"clock": lambda: 1_000_000_000.0}, "timestamp_outside_window", "the clock of the client is wrong"),
        ({"secret_key": "x"}, "signature_invalid", "no mistake was recognised in the base string"),
    ],
)
def test_other_errors_have_their_causes(
    over: dict[str, Any], verdict: str, cause: str, caller: Caller, start_page: Any
) -> None:
    replace(caller, **over).call("GET", "/student_sessions")
    assert verdict in row(start_page, cause).inner_text()


def test_a_mail_appears_in_the_outbox(own: Running, caller: Caller, start_page: Any) -> None:
    exam = caller.call("POST", "/exams", {"name": "Exam <b>of</b> spelling", "type": "demo"}).json["exam"]
    student = {"name": "Zoë <i>Example</i>", "email": "zoe@page.example"}
    caller.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam["id"])
    assert caller.call("POST", "/exams/{id}/send_emails", id=exam["id"]).status == 200
    card = start_page.get_by_role("group").filter(has_text="zoe@page.example")
    card.wait_for()
    start_page.get_by_text("Your exam: Exam <b>of</b> spelling").click()
    assert own.outbox[-1]["link"] in card.locator("pre").inner_text()
    assert start_page.locator("#outbox b, #outbox i").count() == 0


def test_what_a_reset_took_away_is_dropped(own: Running, caller: Caller, start_page: Any) -> None:
    admin = {"Authorization": f"Bearer {own.admin_key}"}
    cards = start_page.locator("#outbox > *")
    assert caller.call("POST", "/exams/{id}/send_emails", id=1).status == 200
    cards.filter(has_text="Ida Sample").wait_for()
    assert send(own.base_url, "POST", "/admin/reset", admin).status == 200
    start_page.locator("#outbox-empty").wait_for()
    assert cards.count() == 0
    assert caller.call("POST", "/exams/{id}/send_emails", id=1).status == 200
    cards.filter(has_text="Ida Sample").wait_for()
    assert cards.count() == 3, "the first message after the reset is there"


def test_an_opened_message_stays_open(own: Running, caller: Caller, start_page: Any) -> None:
    assert send(own.base_url, "POST", "/admin/reset", {"Authorization": f"Bearer {own.admin_key}"}).status == 200
    start_page.locator("#outbox-empty").wait_for()
    assert caller.call("POST", "/exams/{id}/send_emails", id=1).status == 200
    start_page.locator("#outbox > :nth-child(3) summary").click()
    assert caller.call("GET", "/exams", query={"limit": 3}).status == 200
    assert caller.call("POST", "/exams/{id}/send_emails", id=1).status == 200
    start_page.locator("#outbox > :nth-child(6)").wait_for()
    assert start_page.locator("#outbox > details[open]").count() == 1


def test_a_path_is_text_whatever_it_holds(own: Running, start_page: Any) -> None:
    address = urlsplit(own.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection._validate_path = lambda _path: None  # type: ignore[attr-defined]
    connection.request("GET", HOSTILE.replace(" ", "%20"))
    assert connection.getresponse().status == 404
    connection.close()
    assert HOSTILE in row(start_page, "onerror").inner_text()
    assert start_page.locator("#log img, #log script").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_its_window(width: int, start_page: Any) -> None:
    start_page.set_viewport_size({"width": width, "height": 844})
    assert start_page.evaluate("document.documentElement.scrollWidth") == width


def test_every_button_is_reached_and_pressed_by_keyboard(start_page: Any) -> None:
    start_page.keyboard.press("Tab")
    names = set()
    for _ in range(60):
        start_page.keyboard.press("Tab")
        names.add(
            start_page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
            )
        )
        if "Pause" in names:
            break
    assert names >= {"Copy token of superuser", "Copy the lines for Python", "Pause"}
    start_page.keyboard.press("Enter")
    start_page.get_by_role("status").get_by_text("Paused").wait_for()
    start_page.keyboard.press("Enter")
    start_page.get_by_role("status").get_by_text("Live").wait_for()


def test_it_has_landmarks_and_a_title(own: Running, start_page: Any) -> None:
    assert start_page.title() == "procwise-sandbox: requests and outbox"
    assert start_page.locator("html").get_attribute("lang") == "en"
    assert (start_page.get_by_role("banner").count(), start_page.get_by_role("main").count()) == (1, 1)
    regions = [start_page.get_by_role("region", name=name).count() for name in ("Users", "Requests", "Outbox")]
    assert regions == [1, 1, 1]


def test_nothing_went_wrong_and_nothing_came_from_elsewhere(own: Running, start_page: Any) -> None:
    assert start_page.said == []
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in start_page.asked} == {own.base_url}
