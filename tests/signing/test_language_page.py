"""The page of the language names all there is, and its examples hold; the gallery is what the values say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.signing.language import read_scheme
from generator.signing.language.parts import NAMED_SOURCES, PLACES, SOURCES
from generator.signing.messages import request_of, sign_request
from generator.signing.messages.evaluation import message_of
from generator.signing.messages.sign import prepare_context
from generator.signing.orders import ORDERS
from generator.signing.text import VALUES
from generator.signing.transforms import TRANSFORMS
from tests.signing.gallery import GUIDES, examples_of, fill_page, gallery, key_of
from tests.signing.invented import message_for

PAGE = (GUIDES / "signing-language.md").read_text("utf-8")


def rows(section: str) -> set[str]:
    """The words in the first cells of the table of a section."""
    text = re.split(r"\n##+ ", PAGE.partition(f"# {section}\n")[2])[0]
    return {word for cell in re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE) for word in re.findall(r"`(.+?)`", cell)}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def test_sources_transforms_and_places() -> None:
    assert rows("Sources") == {*SOURCES} | {f"{name}.NAME" for name in NAMED_SOURCES}
    assert rows("Transforms") == {*TRANSFORMS, "sign", "first", "strip", "replace"}
    sets = PAGE.partition("### Sets of parameters")[2].partition("\n## ")[0]
    for word in (*PLACES, *ORDERS, *VALUES, "each", "unique", "first-source"):
        assert f"`{word}`" in sets, word


def test_clauses(root: Path) -> None:
    schema = json.loads((root / "spec/extensions.schema.json").read_text("utf-8"))["$defs"]
    clauses = schema["signing"]["properties"]
    assert rows("The clauses") == {*clauses}
    assert rows("Key") | {"key.as", "key.join"} == {f"key.{name}" for name in clauses["key"]["properties"]}
    assert rows("Headers") == {f"headers.{name}" for name in clauses["headers"]["properties"]}
    for clause in ("timestamp", "nonce"):
        assert {f"{clause}.{name}" for name in clauses[clause]["properties"]} <= rows("Time")
    assert rows("Placement") == {*schema["signing-placement"]["properties"]}
    part = {*schema["signing-part"]["then"]["properties"]}
    assert part == (rows("Parts") - {"method"}) | rows("Sets of parameters") | {"join"}
    for word in (*clauses["algorithm"]["enum"], *clauses["nonce"]["properties"]["type"]["enum"]):
        assert f"`{word}`" in PAGE, word


def test_the_example_of_a_text_before_a_set() -> None:
    (part,) = [yaml.safe_load(block) for block in blocks("yaml") if 'before: "?"' in block]
    for target, message in re.findall(r"`GET (/books\?page=2\S*)`.*?\bis `(/books[^`]*)`", PAGE, re.DOTALL):
        assert message_for(part, request_of("GET", f"https://a.example{target}")).decode() == message
    assert PAGE.count("`GET /books?page=2") == 2


def test_the_whole_value() -> None:
    value = yaml.safe_load(blocks("yaml")[0])["components"]["securitySchemes"]["Signature"]["x-signing"]
    message, sent = blocks("text")
    scheme = read_scheme(value)
    request, given = request_of("GET", "https://api.example/books?page=2"), {"access_key": "ada"}
    context = prepare_context(scheme, request, given, now_ms=1785492184000)
    assert message_of(context).decode() == message.rstrip("\n")
    signed = sign_request(scheme, request, {**given, "secret_key": "made-up-secret"}, now_ms=1785492184000)
    assert [": ".join(header) for header in signed.headers] == sent.splitlines()


def test_the_set_of_parameters() -> None:
    part = next(block for block in blocks("yaml") if block.startswith("{parameters: [query], order"))
    request = request_of("GET", "https://api.example/books?b=2&a=%C3%A9&a=1")
    assert f"`{message_for(yaml.safe_load(part), request).decode()}`" in PAGE


@pytest.mark.parametrize("block", blocks("yaml")[1:])
def test_every_other_example_can_be_read(block: str) -> None:
    read: Any = yaml.safe_load(block)
    around: dict[str, Any] = {
        "algorithm": "hmac-sha256",
        "digest": "base64",
        "credentials": {"other": "Another one."},
        "settings": {"region": "Where."},
        "key": {"credential": "secret_key"},
        "values": {"day": {"clock": "%d"}, **({} if "parameters" in read else read.get("values", {}))},
        "message": read if "parameters" in read else "method",
        "timestamp": {"format": "unix-s"},
        "placement": [{"in": "query", "fields": {"t": "{timestamp}", "sig": "{signature}"}}],
    }
    short = isinstance(read.get("placement"), dict)
    clauses = {} if "parameters" in read or short else {k: v for k, v in read.items() if k != "values"}
    read_scheme({**around, **clauses})


def test_every_word_of_the_tables_has_a_worked_example() -> None:
    """Each clause, part, source and transform stands in an example, whose result is computed; the algorithms aside."""
    sections = {
        "The clauses": "clause",
        "Key": "clause",
        "Parts": "part",
        "Sources": "source",
        "Transforms": "transform",
    }
    sections |= {"Sets of parameters": "set", "Headers": "clause", "Time": "clause", "Placement": "Placement"}
    wanted = {(section, word) for section in sections for word in rows(section)}
    shown = examples_of(PAGE)
    assert len(wanted) > 100
    assert sorted(pair for pair in wanted if key_of(sections[pair[0]], pair[1]) not in shown) == []


def test_the_gallery_and_the_last_columns_are_derived() -> None:
    assert (GUIDES / "signing-gallery.md").read_text("utf-8") == gallery(), "run python -m tests.signing.gallery"
    assert fill_page(PAGE) == PAGE, "run python -m tests.signing.gallery"
