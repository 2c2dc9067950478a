"""What a server wrote cannot steer the terminal that shows it, and the suite shows no server its user's credentials."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
import requests
from hypothesis import given, strategies as st

from procwise_conformance.http.transport import limit_responses, session_for
from procwise_conformance.reports.terminal import Terminal, escape_controls


@given(st.text(st.characters(categories=["C", "Z", "L", "S"])))
def test_nothing_but_lines_and_letters_reaches_a_terminal(text: str) -> None:
    shown = escape_controls(text)
    categories = {unicodedata.category(one) for one in shown if one not in "\n\t"}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31mb", r"a\x1b[31mb"), ("\x00\x9b\x7f", r"\x00\x9b\x7f"), ("\u202eZoë 𝄞\n\t", "\\u202eZoë 𝄞\n\t")],
)
def test_what_is_shown_of_controls(text: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().print(text, markup=False, end="")
    Terminal(stderr=True).print(f"note: {text}", style="red", markup=False, end="")
    out, err = capsys.readouterr()
    assert shown.replace("\t", "").rstrip() in out.replace("\t", "")
    assert not {"\x1b", "\x00", "\x9b", "\x7f", "\u202e"} & {*out, *err}


@pytest.mark.parametrize("text", ["::error::no", "fine\n  ::set-output name=a::b", "x ##[add-path]y", "##vso[task.z]"])
def test_no_line_of_a_log_is_a_command_of_ci(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().print(text, markup=False)
    Terminal(stderr=True).print(f"{text}", markup=False)
    for shown in capsys.readouterr():
        assert shown.replace("\\", "").rstrip("\n") == text
        assert not re.search(r"^\s*::|##\w*\[", shown, re.MULTILINE)


def test_no_session_sends_credentials_of_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    request = requests.Request("GET", "http://127.0.0.1/", headers={"Authorization": "Token token=x"})
    assert requests.Session().prepare_request(request).headers["Authorization"].startswith("Basic "), "it would be read"
    for session in (limit_responses(requests.Session()), session_for("http://127.0.0.1/")):
        assert session.prepare_request(request).headers["Authorization"] == "Token token=x"
