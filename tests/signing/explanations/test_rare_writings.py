"""Values as fewer programs write them before they sign: other words, brackets, escapes, entities, some blanks."""

from __future__ import annotations

import pytest

from generator.signing.explanation import explain
from procwise.signing import SCHEME
from tests.signing.test_explanations import SECRET, cause, sign_text, sign_with

RARE: list[tuple[dict[str, str], str]] = [
    *(
        (
            {"mobile_cam": yes, "save_recording": no},
            f"`{yes}` was signed for `mobile_cam`; write `true`; and `{no}` was",
        )
        for yes, no in (("yes", "no"), ("t", "f"), ("on", "off"), ("Y", "N"), ("y", "n"), ("T", "F"), ("Yes", "No"))
    ),
    ({"save_recording": "OFF"}, "`OFF` was signed for `save_recording`; write `false`"),
    (
        {"mobile_cam": "yes", "save_recording": "no", "note": "None"},
        "write `false`; and `None` was signed for `note`; write nothing",
    ),
    ({"parts": "a é"}, "the list `parts` was signed with a blank between its items; write it as the scheme does"),
    ({"parts": "a;é"}, "with a semicolon between its items"),
    ({"parts": "a|é"}, "with `|` between its items"),
    ({"parts": "a\né"}, "with a line break between its items"),
    ({"parts": "[a,é]"}, "in brackets, with a comma between its items"),
    ({"parts": "['a','é']"}, "in brackets, with a comma between its items, each in quotation marks"),
    ({"parts": "{a,é}"}, "in braces, with a comma between its items"),
    ({"parts": "('a', 'é')"}, "in parentheses, with a comma between its items, each in quotation marks"),
    ({"parts": '"a";"é"'}, "with a semicolon between its items, each in quotation marks"),
    ({"parts": '["a","\\u00E9"]'}, "the list `parts` was signed as JSON"),
    ({"parts": "é"}, "with its last item alone"),
    ({"parts": "a é", "mobile_cam": "True", "save_recording": "False"}, "with a blank between its items"),
    ({"name": "Zo\\u00EB Example"}, "`name` was signed with `\\u` and capital digits for letters beyond ASCII"),
    ({"name": "Zo\\xeb Example"}, "`name` was signed with `\\x` and digits for letters beyond ASCII"),
    ({"name": "Zo\\xc3\\xab Example"}, "with the bytes of UTF-8, such as `\\xc3`, for letters beyond ASCII"),
    ({"name": "Zo%EB%20Example"}, "as JavaScript's `escape` writes it, such as `%u20AC`; sign the raw text"),
    *(({"name": f"Zo{entity} Example"}, "entities of HTML") for entity in ("&euml;", "&#235;", "&#xeb;", "&#xEB;")),
    ({"name": '"Zoë Example"'}, "`name` was signed in quotation marks; sign the text without them"),
]


@pytest.mark.parametrize(("texts", "said"), RARE)
def test_values_written_in_rare_ways(texts: dict[str, str], said: str) -> None:
    assert said in cause(sign_with(**texts))


TEXT = "R&D <x> \"é\" 'o' € 😀"
ESCAPED: list[tuple[str, str]] = [
    ("R&amp;D &lt;x&gt; &quot;é&quot; &#39;o&#39; € 😀", "with entities of HTML"),
    ("R&amp;D &lt;x&gt; &quot;é&quot; &#x27;o&#x27; € 😀", "with entities of HTML"),
    ("R&amp;D &lt;x&gt; &quot;é&quot; &#039;o&#039; € 😀", "with entities of HTML"),
    ("R&amp;D &lt;x&gt; \"é\" 'o' € 😀", "with entities of HTML"),
    ("R&amp;D &lt;x&gt; &quot;&eacute;&quot; &#039;o&#039; € 😀", "with entities of HTML"),
    ("R&D <x> \"&#233;\" 'o' &#8364; &#128512;", "with entities of HTML"),
    ("R%26D%20%3Cx%3E%20%22%E9%22%20%27o%27%20%u20AC%20%uD83D%uDE00", "JavaScript's `escape`"),
    ("R&D <x> \"\\xe9\" 'o' \\u20ac \\U0001f600", "with `\\x` and digits"),
    ("R&D <x> \"\\u00E9\" 'o' \\u20AC \\uD83D\\uDE00", "with `\\u` and capital digits"),
    ("R&D <x> \\\"é\\\" \\'o\\' € 😀", "with backslashes before quotation marks"),
    ("R&D <x> \\\"é\\\" 'o' € 😀", "with backslashes before quotation marks"),
]


@pytest.mark.parametrize(("wrong", "said"), ESCAPED)
def test_texts_that_were_escaped(wrong: str, said: str) -> None:
    params = {"note": TEXT, "timestamp": 1, "nonce": 2}
    signature = sign_text(f"nonce=2?note={wrong}?timestamp=1")
    assert (
        f"`note` was signed {'as ' if 'Java' in said else ''}{said}"
        in explain(SCHEME, params, SECRET, signature=signature).cause
    )
    sent = {**params, "note": "R&amp;D"}
    decoded = explain(SCHEME, sent, SECRET, signature=sign_text("nonce=2?note=R&D?timestamp=1")).cause
    assert decoded.startswith("`note` was signed without the entities of HTML")


BLANKS: list[tuple[dict[str, str], str]] = [
    ({"a": "x+y z"}, "`+` was not encoded in `a`: it arrives as a blank; send `%2B`"),
    ({"a": "x y+z"}, "`+` was not encoded in `a`: it arrives as a blank; send `%2B`"),
    ({"a": "x+y z", "b": "1 2+3"}, "`+` was not encoded in `a`, `b`: it arrives as a blank; send `%2B`"),
    ({"a": "x+y%20z"}, "`a` was percent-encoded before signing, some blanks as `+`; sign the raw text"),
    ({"a": "x%20y+z"}, "`a` was percent-encoded before signing, some blanks as `+`; sign the raw text"),
    ({"a": "x-y z"}, ""),
]


@pytest.mark.parametrize(("wrong", "said"), BLANKS)
def test_some_blanks_were_plus_signs(wrong: dict[str, str], said: str) -> None:
    params = {"a": "x y z", "b": "1 2 3", "nonce": 2, "timestamp": 1}
    text = "?".join(f"{name}={wrong.get(name, value)}" for name, value in params.items())
    found = explain(SCHEME, params, SECRET, signature=sign_text(text), query=("a", "b", "nonce", "timestamp")).cause
    assert found == said
