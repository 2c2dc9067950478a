"""Any text in pages, docstrings, comments, literals and JSON: it is shown as it is, and does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from unittest.mock import patch

from generator import templates
from tests.fuzz.target import Target
from tests.generator.filter_rules import RULES

_LONGEST_MARKDOWN = 500  # the library that renders the pages takes its time


def run_input(data: bytes) -> None:
    """Holds every filter against its rule."""
    text = data.decode("utf-8", "replace")
    for name, check in RULES.items():
        check(text[:_LONGEST_MARKDOWN] if name == "md" else text)


def _without_brackets(escapes: Mapping[int, str]) -> Mapping[int, str]:
    return {sign: text for sign, text in escapes.items() if chr(sign) not in "<>"}


TARGET = Target(
    name="docs_escaping",
    run=run_input,
    declared=(),
    tokens=(
        *(b"<script>", b"</script>", b"<!--", b"-->", b"&lt;", b"&#60;", b"]]>", b"<b onclick=x>", b"javascript:"),
        *(b"[a](b)", b"![a](b)", b"*[a]: b", b"{: .x }", b"!!! note", b"```", b"`", b"~~~", b"\n\n", b"    ", b"\t"),
        *(b"# ", b"- ", b"1. ", b"> ", b"| ", b"***", b"__", b"\\", b"{{ x }}", b"{% x %}", b'"""', b"'''", b"\\N{"),
        *(
            b"\xe2\x80\xa8",
            b"\xe2\x80\xae",
            b"\xff",
            b"\x00",
            b"\r",
            b"\x0c",
            b"\x1c",
            b"\xc2\x85",
            b"http://x.example",
        ),
    ),
    plant_bug=lambda: patch.object(templates, "_MARKDOWN", _without_brackets(templates._MARKDOWN)),
)
