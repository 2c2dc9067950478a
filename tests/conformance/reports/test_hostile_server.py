"""What a server sent is data in each form of the report: it is never markup, a link, or something a terminal obeys."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from procwise_conformance.reports.markdown import escape_markdown
from procwise_conformance.reports.summary import summary
from procwise_conformance.reports.terminal import Terminal
from procwise_conformance.reports.writing import write
from tests.conformance.reports.samples import make_report
from tests.conformance.reports.written import read_json

MARK = "planted"
HOSTILE = (
    f"{MARK} ` `` ``` ````</script></pre><img src=x onerror=alert(1)><a href='http://evil.example/'>in</a>"
    "{{ 7919 * 7907 }}{% raw %}[click](http://evil.example) ![x](http://evil.example/x.png) @everyone #1"
    " <details open> | a | {0} {{1}}"
    "\n# Title\n- item\n```\n</details>\n  ::error::planted command\n##[add-path]x ##vso[task.x]y\n]]> &lt; \" ' --> \\"
    "\x00\x07\x08\x1b[2J\x1b]0;title\x07\x7f\x85\x9b31m\r\u2028\u202e\u2066\u200b\ufeff\udc80\ufffe\U000e0041 Zoë 𝄞"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every form of a report in which a hostile text stands wherever one can."""
    folder = tmp_path_factory.mktemp("hostile")
    write(make_report(text=HOSTILE), folder)
    return folder


FORMS = ("report.json", "report.html", "report.md", "junit.xml", "report.sarif")


@pytest.mark.parametrize("name", FORMS)
def test_no_form_holds_what_a_terminal_obeys(folder: Path, name: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert MARK in text
    found = {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    assert found <= {"\n", "\t"}, sorted(map(ascii, found))


def test_json_gives_back_the_bytes(folder: Path) -> None:
    finding = next(one for one in read_json(folder)["results"] if one["id"] == "SIG-006 showExam")
    assert finding["answer"].endswith(HOSTILE)


def test_the_terminal_shows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary(make_report(text=HOSTILE), tmp_path, Terminal())
    shown = capsys.readouterr().out
    assert shown.count(MARK) > 5
    assert not {one for one in shown if unicodedata.category(one)[0] == "C"} - {"\n", "\t"}
    assert not [line for line in shown.splitlines() if re.match(r"\s*::", line) or re.search(r"##\w*\[", line)]


def test_junit_is_xml_whose_texts_are_whole(folder: Path) -> None:
    root = ElementTree.parse(folder / "junit.xml").getroot()
    assert {element.tag for element in root.iter()} == {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
    }  # fmt: skip
    failure = next(root.iter("failure"))
    assert "<img src=x onerror=alert(1)>" in str(failure.text)
    assert r"\x1b[2J" in str(failure.text)


def test_sarif_has_no_link_and_no_placeholder(folder: Path) -> None:
    for text in find_messages(read_json(folder, "report.sarif")):
        bare = text.replace("\\\\", "").replace("\\[", "").replace("\\]", "").replace("{{", "").replace("}}", "")
        assert not {"[", "]", "{", "}"} & {*bare}, text


def find_messages(node: Any) -> Iterator[str]:
    """Every text that SARIF reads as a message."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "text" and isinstance(value, str))
        node = list(node.values())
    for value in node if isinstance(node, list) else ():
        yield from find_messages(value)


def test_markdown_has_nothing_of_it_outside_of_code(folder: Path) -> None:
    """Blocks of code first, then code in lines, each by the rules of CommonMark."""
    rest, fence = [], ""
    for line in (folder / "report.md").read_text("utf-8").splitlines():
        marks = re.match("`{3,}", line)
        if fence:
            fence = "" if line.strip("`") == "" and len(line) >= len(fence) else fence
        elif marks:
            fence = marks[0]
        else:
            rest.append(re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", line))
    assert fence == ""
    outside = "\n".join(rest)
    assert "evil" not in outside
    assert not re.search(r"<(?!/?details>|/?summary>)|\]\(|!\[|@|^::", re.sub("&#[0-9]+;", "", outside), re.M)


@pytest.mark.parametrize(
    "text", ["*a*", "[a](b)", "<b>", "@all", "#1", "http://evil.example", "www.evil.example", "a|b"]
)
def test_no_text_of_a_description_is_markup_either(text: str) -> None:
    shown = escape_markdown(text)
    assert html.unescape(shown) == text
    assert not re.search(r"[*\[\]<>@|]|(?<!&)#|://|www\.", shown)


@pytest.mark.needs("chromium")
def test_the_page_runs_and_loads_nothing_of_it(browser: Any, folder: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked, alerts, faults = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: alerts.append(dialog.dismiss()))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((folder / "report.html").as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert (len([url for url in asked if url.startswith("file:")]), alerts, faults) == (1, [], [])
    assert page.locator("img, iframe, object, embed, base, form[action]").count() == 0
    assert page.locator("script").count() == page.locator("style").count() == 1
    assert page.locator("a:not([href^='#'])").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.locator(".card pre").first.inner_text()
    assert "62615533" not in page.content()
    context.close()


def test_the_page_is_escaped(folder: Path) -> None:
    text = (folder / "report.html").read_text("utf-8")
    assert html.escape("<img src=x onerror=alert(1)>") in text
    assert "<img" not in text
