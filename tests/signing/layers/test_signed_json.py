"""Signatures over JSON that was written otherwise than it was sent, and what `explain` says of them."""

from __future__ import annotations

import json

import pytest

from generator.signing.explanation import explain
from procwise.signing import SCHEME
from tests.signing.test_explanations import BODY, PARAMS, SECRET, join, sign_text

COMPACT = '{"name":{"eq":"Zoë/1"},"ids":[1,2.50]}'
SPACED = '{"name": {"eq": "Zoë/1"}, "ids": [1, 2.50]}'
ESCAPED = COMPACT.replace("ë", "\\u00eb")
INDENTED = """{
  "name": {
    "eq": "Zoë/1"
  },
  "ids": [
    1,
    2.50
  ]
}"""
JSON_TEXTS = [
    (COMPACT, SPACED, "with a blank after each `:` and `,`"),
    (COMPACT, INDENTED, "indented by 2 blanks"),
    (COMPACT, INDENTED.replace("  ", "    "), "indented by 4 blanks"),
    (COMPACT, INDENTED.replace("  ", "\t"), "indented by tabs"),
    (SPACED, COMPACT, "without blanks between its parts"),
    (INDENTED, COMPACT, "without blanks between its parts"),
    (INDENTED, SPACED, "with a blank after each `:` and `,`"),
    (ESCAPED, COMPACT, "with letters beyond ASCII where `\\u` and digits were sent"),
    (
        COMPACT,
        ESCAPED.replace("eb", "EB").replace("/", "\\/"),
        "with `\\u` and capital digits for letters beyond ASCII and with `\\/` for `/`",
    ),
    (COMPACT, ESCAPED.replace("/", "\\/"), "with `\\u` and digits for letters beyond ASCII and with `\\/` for `/`"),
    (COMPACT.replace("/", "\\/"), COMPACT, "with `/` where `\\/` was sent"),
    (
        COMPACT,
        SPACED.replace("ë", "\\u00eb"),
        "with a blank after each `:` and `,` and with `\\u` and digits for letters beyond ASCII",
    ),
]


@pytest.mark.parametrize(("sent", "signed", "how"), JSON_TEXTS)
def test_json_that_was_signed_otherwise_than_it_was_sent(sent: str, signed: str, how: str) -> None:
    for name in ("filter", "sort"):
        params = {"nonce": 7, "timestamp": 8, name: sent, "q": "[x]"}
        texts = {**{key: str(value) for key, value in params.items()}, name: signed}
        found = explain(SCHEME, params, SECRET, signature=sign_text(join(sorted(texts.items()))), query=tuple(params))
        assert found.cause == f"the JSON `{name}` was signed {how}; sign the very text that you send"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_whole_body_signed_as_json(ascii_only: bool) -> None:
    signature = sign_text(json.dumps(BODY, ensure_ascii=ascii_only))
    found = explain(SCHEME, PARAMS, SECRET, signature=signature, body=tuple(BODY))
    assert found.cause.startswith("the JSON of the body was signed")
