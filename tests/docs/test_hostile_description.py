"""A description full of markup, in every place that holds text, adds nothing to a page but its text."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
import yaml

from generator.menu import replace_menu
from tests.docs.built_site import Page, Serve, build, page_at

HOSTILE = [
    "<script>alert(1)</script>",
    "</code></pre><script>alert(2)</script>",
    "</title><script>alert(6)</script>",
    "</article></div><script>alert(7)</script>",
    '"><img src=x onerror=alert(3)>',
    "[x](javascript:alert(4))",
    "![x](https://evil.example/x.png)",
    "<https://evil.example/>",
    "a | b \\| c",
    "`` ` ``` `<b>` ```",
    "{{ 7 * 7 }} {% raw %} ${x} #{x}",
    "{: onclick=alert(5) }",
    "x\n\n```\n\n# heading\n\n- item\n\n| a | b |\n|---|---|\n",
    "*/ -- ''' \"\"\" \\ __import__('os')",
    "&lt;script&gt; &#60;b&#62; &amp;",
    "*bold* _it_ **b** __b__ ~~s~~ ==m== ^^u^^ :smile: [^1] [[x]]",
    "!!! danger\n    no",
    "    indented\n\ttabbed",
    "---\ntitle: <b>\n---",
    "<!-- --> <![CDATA[ ]]> <?php ?> <style>*{display:none}</style>",
    "*[HTML]: x\n[ref]: https://evil.example/",
]
ALL = "\n".join(HOSTILE)
IN_MESSAGE = "and nowhere else"

FOLLOW = """address => {
  const link = Object.assign(document.createElement("a"), { href: address });
  document.querySelector("article").append(link);
  link.click();
}"""
pytestmark = pytest.mark.slow


def description() -> dict[str, Any]:
    """Two operations whose every text is hostile."""
    source = {"pages": [ALL, "https://evil.example/)<script>"], "confidence": "documented", "note": ALL}
    schema = _object(source)
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": ALL},
        *({"name": text, "in": "query", "schema": _words(), "description": ALL, "example": ALL} for text in HOSTILE),
    ]
    response = {"description": ALL, "x-source": source, "content": _json(schema)}
    operation = {
        "summary": ALL,
        "description": ALL,
        "tags": [ALL],
        "deprecated": True,
        "x-replaced-by": f"none: {ALL}",
        "x-role": ALL,
        "x-source": source,
        "security": [{"Sign": []}],
        "parameters": parameters,
        "responses": {"200": response, "404": response},
    }
    changed = {**operation, "requestBody": {"description": ALL, "content": _json(schema)}}
    item = {
        "get": {**operation, "operationId": "show", "x-client": {"resource": "things", "method": "show"}},
        "put": {**changed, "operationId": "index", "x-client": {"resource": "things", "method": "index"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": ALL, "version": ALL, "description": ALL},
        "tags": [{"name": ALL, "description": ALL}],
        "servers": [{"url": "https://api.example/v9", "description": ALL}],
        "paths": {"/things/{id}": item},
        "components": {
            "schemas": {"Problem": {"type": "object", "properties": {ALL: _word(source)}}},
            "securitySchemes": {"Sign": _signature()},
        },
    }


def _signature() -> dict[str, Any]:
    """A scheme that signs whole requests, and has each hostile text in its message."""
    texts = [{"text": text.replace("{", "{{").replace("}", "}}")} for text in (IN_MESSAGE, *HOSTILE)]
    signing = {
        "algorithm": "hmac-sha256",
        "digest": "hex-lower",
        "key": {"credential": "secret_key"},
        "credentials": {"pin": ALL, "card": {"description": ALL, "optional": True}},
        "settings": {"zone": {"description": ALL, "default": ALL}},
        "values": {"card": {"text": "{credential.pin}{credential.card}"}},
        "message": {"join": ALL, "parts": ["method", "card", "setting.zone", *texts, {"from": "path", "before": ALL}]},
        "placement": [{"in": "header", "fields": {"X-Sign": "<b>{signature}</b>", "X-Key": "{credential.access_key}"}}],
    }
    return {"type": "apiKey", "in": "header", "name": "X-Sign", "description": ALL, "x-signing": signing}


def _object(source: dict[str, Any]) -> dict[str, Any]:
    """An object with a member of each hostile name."""
    member = {"type": "string", "description": ALL, "x-source": source}
    properties = {text: {**member, "x-group": text} for text in HOSTILE}
    return {"type": "object", "description": ALL, "properties": properties}


def _word(source: dict[str, Any]) -> dict[str, Any]:
    """The member that holds a code; each hostile text is one, made to differ by a number."""
    codes = [{"code": f"{n} {text}", "status": 404, "meaning": text, "hint": ALL} for n, text in enumerate(HOSTILE)]
    return {"type": "string", "x-source": source, "x-error-catalogue": codes}


def _words() -> dict[str, Any]:
    return {"type": "string", "enum": HOSTILE, "default": HOSTILE[0], "pattern": "|`<b>"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    example = {"summary": ALL, "value": dict.fromkeys(HOSTILE, ALL)}
    return {"application/json": {"schema": schema, "examples": {"one": example}}}


@pytest.fixture(scope="module")
def hostile_site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the hostile description, built with the project's own settings."""
    folder = tmp_path_factory.mktemp("hostile")
    spec = folder / "spec/v9/openapi.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_text(yaml.safe_dump(description(), allow_unicode=True), encoding="utf-8")
    call = [sys.executable, "-m", "generator", "generate", "--layer", "docs", "--spec", str(spec), "--out", str(folder)]
    done = subprocess.run(call, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shutil.copytree(root / "docs/assets", folder / "docs/assets")
    (folder / "docs/index.md").write_text("# Home\n\n[Reference](reference/index.md)\n")
    shutil.copytree(root / "docs/theme", folder / "docs/theme")
    config = (root / "mkdocs.yml").read_text(encoding="utf-8")
    reference = json.loads((folder / "docs/reference/navigation.json").read_text(encoding="utf-8"))["nav"]
    (folder / "mkdocs.yml").write_text(replace_menu(config, ["index.md", {"Reference": reference}]), encoding="utf-8")
    return build(folder / "mkdocs.yml", folder / "site")


@pytest.fixture(scope="module")
def hostile_pages(hostile_site: Path) -> list[Page]:
    return [page_at(path) for path in sorted(hostile_site.rglob("index.html"))]


def test_no_element_comes_from_a_text(hostile_pages: list[Page], site: Path) -> None:
    ours = [page_at(path) for path in site.rglob("index.html")]
    usual = {tag for page in ours for tag, _ in page.elements}
    attributes = {name for page in ours for _, values in page.elements for name in values}
    for page in hostile_pages:
        assert {tag for tag, _ in page.elements} <= usual, page.path
        assert {name for _, values in page.elements for name in values} <= attributes, page.path


def test_no_script_image_or_address_comes_from_a_text(hostile_pages: list[Page]) -> None:
    for page in hostile_pages:
        assert not any("alert(" in script for script in page.scripts), page.path
        assert not any("evil.example" in urldefrag(address).url for address in (*page.links, *page.loads)), page.path
        assert not any(address.lower().startswith("javascript:") for address in page.links), page.path


def test_the_navigation_holds_text_only(hostile_site: Path, hostile_pages: list[Page]) -> None:
    for page in hostile_pages:
        assert page.path.read_text(encoding="utf-8").count("<script") == len(page.scripts)
        assert len(page.scripts) == len(page_at(hostile_site / "index.html").scripts)


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_nothing_runs_in_the_browser(hostile_site: Path, hostile_pages: list[Page], browser: Any, serve: Serve) -> None:
    context = browser.new_context()
    tab = context.new_page()
    seen: list[str] = []
    asked: list[str] = []
    tab.on("dialog", lambda dialog: seen.append(dialog.message))
    tab.on("pageerror", lambda error: seen.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    address = serve(hostile_site)
    for page in hostile_pages:
        tab.goto(address + page.path.relative_to(hostile_site).as_posix())
        tab.wait_for_load_state("networkidle")
    tab.evaluate("window.stays = true")
    for page in hostile_pages:  # once more, loaded into the page that is open
        path = page.path.parent.relative_to(hostile_site).as_posix()
        tab.evaluate(FOLLOW, f"{address}{path}/".replace("/./", "/"))
        tab.wait_for_function("text => document.title.trim() === text", arg=" ".join(page.title.split()))
    assert tab.evaluate("window.stays")
    tab.keyboard.press("/")
    tab.keyboard.type("danger")
    tab.wait_for_selector(".md-search-result__item")
    assert seen == []
    assert all(url.startswith(address) for url in asked)
    context.close()


def test_tables_keep_their_columns(hostile_pages: list[Page]) -> None:
    for page in hostile_pages:
        for table in page.tables:
            assert {len(row) for row in table} == {len(table[0])}, page.path


def test_every_text_is_shown_as_it_is(hostile_site: Path) -> None:
    for name in ("things/show", "things/index_", "errors"):
        page = page_at(hostile_site / f"reference/v9/{name}/index.html")
        shown = _bare(page.text)
        for text in HOSTILE:
            assert _bare(text) in shown, (name, text)
        texts = [f"{n} {text}" for n, text in enumerate(HOSTILE)] if name == "errors" else HOSTILE
        assert {_literal(text) for text in texts} <= {*map(_bare, page.codes)}


def test_the_message_that_is_signed_is_on_the_page(hostile_site: Path) -> None:
    """So that what is said above of all pages is said of it too."""
    page = page_at(hostile_site / "reference/v9/things/show/index.html")
    assert "X-Sign" in page.text
    assert IN_MESSAGE in page.text


def _bare(text: str) -> str:
    """Without spaces and backticks, which Markdown may use up."""
    return "".join(text.replace("`", "").split())


def _literal(text: str) -> str:
    """How a literal is written: as it is, or as JSON where that could be mistaken."""
    plain = text.isprintable() and "`" not in text and text == " ".join(text.split())
    return _bare(text if plain else json.dumps(text, ensure_ascii=False).replace("`", "\\u0060"))
