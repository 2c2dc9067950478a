"""Texts of a description, written so that no program takes them for its variables.

Postman and Bruno put the value of a variable, such as a secret key, where a request has `{{name}}`. Neither knows an
escape for it, so that two braces never stand side by side: each format writes the second one in its own way.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_BRACE = re.compile(r"\{(?=\{)")
_NO_VARIABLE = "!$&'()*+,;=:@[]/-._~%"


def write_json_braces(text: str) -> str:
    r"""The same JSON: two braces stand side by side in its texts alone, where `\u007b` is one of them."""
    return _BRACE.sub(r"\\u007b", text)


def quote_address(text: str) -> str:
    """An address or a part of one, whose braces and other characters without a place in it are percent-encoded."""
    return quote(text, safe=_NO_VARIABLE)


def write_header_braces(text: str) -> str:
    """A header value: braces stand between quotation marks there, and a backslash before one means the brace itself."""
    return _BRACE.sub(r"{\\", text)


def part_braces(text: str) -> str:
    """The text of a form with a blank between braces: such a form has no other way to write them."""
    return _BRACE.sub("{ ", text)
