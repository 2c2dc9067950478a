"""What the built site holds for programs: each page as plain Markdown, the lists of pages, the descriptions."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from generator.site.files import write_zip
from generator.site.plain_markdown import plain_markdown
from tests.docs.built_site import page_at
from tests.docs.test_hostile_description import HOSTILE
from tests.spec import SPEC

ROOT = SPEC.parent
_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
_LAYOUT = re.compile(r"</?(a|code|details|div|li|p|section|small|span|strong|summary|ul)\b")
_CODE = re.compile(r"^(`{3,}).*?^\1$|(`+)(?!`).+?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def sources(site: Path) -> dict[str, Path]:
    """The plain text of each page by the path of its source."""
    docs = ROOT / "docs"
    return {path.relative_to(docs).as_posix(): site / path.relative_to(docs) for path in docs.rglob("*.md")}


def page_of(text: Path) -> Path:
    """The page beside a plain text."""
    return text.with_suffix(".html") if text.stem == "index" else text.with_suffix("") / "index.html"


def test_each_page_has_its_text_beside_it(site: Path, sources: dict[str, Path]) -> None:
    pages = {path for path in site.rglob("*.html") if path.name != "404.html"}
    assert {page_of(text) for text in sources.values()} == pages


@pytest.mark.slow
def test_a_text_says_what_its_page_says(sources: dict[str, Path]) -> None:
    for path, text in sources.items():
        page = page_at(page_of(text))
        plain = text.read_text("utf-8")
        heading = page.headings[0].strip()
        assert plain.startswith("# "), path
        assert set(re.findall(r"\w+", heading)) <= set(re.findall(r"\w+", plain.partition("\n")[0])), path
        assert not _LAYOUT.search(_CODE.sub("", plain)), path
        for name, row in page.rows.items():
            for word in (*row.codes, *row.words, *row.limits):
                assert " ".join(word.split()) in " ".join(plain.split()), (path, name, word)


def test_a_text_has_the_programs_of_two_languages(sources: dict[str, Path]) -> None:
    plain = sources["reference/v3/exams/create.md"].read_text("utf-8")
    blocks = page_at(page_of(sources["reference/v3/exams/create.md"])).blocks
    assert blocks[0].strip() in plain
    assert blocks[1].strip() in plain
    assert "<?php" not in plain
    assert blocks[-1].strip() in plain


def test_every_link_of_a_text_leads_to_a_file(site: Path, sources: dict[str, Path]) -> None:
    texts = [*sources.values(), site / "llms.txt"]
    broken = [
        (text, link)
        for text in texts
        for link in _LINK.findall(_CODE.sub("", text.read_text("utf-8")))
        if not urlsplit(link).scheme and urlsplit(link).path and not (text.parent / urlsplit(link).path).is_file()
    ]
    assert broken == []


def test_the_list_names_every_page_of_the_menu(site: Path) -> None:
    menu = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = re.findall(r"^ *- (?:.+: )?(\S+\.md)$", menu, re.MULTILINE)
    listed = (site / "llms.txt").read_text("utf-8")
    assert listed.startswith("# Procwise toolkit\n\n> ")
    assert [link for link in _LINK.findall(listed) if link.endswith(".md")] == pages
    assert len(listed.encode()) < 30_000


def test_one_file_has_all_texts(site: Path, sources: dict[str, Path]) -> None:
    whole = (site / "llms-full.txt").read_text("utf-8")
    for path, text in sources.items():
        assert f"<!-- {path} -->\n{text.read_text('utf-8')}" in whole, path


def test_the_descriptions_are_those_that_are_generated(site: Path) -> None:
    names = {path.name for path in (ROOT / "generated/openapi").iterdir()}
    assert (
        {path.name for path in (site / "descriptions").iterdir()}
        == names
        == {"v1.json", "v1.yaml", "v3.json", "v3.yaml"}
    )
    links = page_at(site / "reference/machines/index.html").links
    assert {f"../../descriptions/{name}" for name in names} <= {*links}
    for path in (ROOT / "docs/reference/workflows").iterdir():
        sources = yaml.safe_load(path.read_text("utf-8"))["sourceDescriptions"]
        assert [(site / "reference/workflows" / source["url"]).resolve().is_file() for source in sources] == [True]


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_a_zip_has_the_files_of_the_collection(version: str, site: Path) -> None:
    folder = ROOT / f"docs/reference/collections/bruno-{version}"
    files = {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    assert f"bruno-{version}/exams/create.bru" in files
    with zipfile.ZipFile(site / f"reference/collections/{folder.name}.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
    links = page_at(site / "reference/machines/index.html").links
    assert f"../collections/{folder.name}.zip" in links


def test_a_zip_depends_on_its_files_alone(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bruno-v3"
    shutil.copytree(ROOT / "docs/reference/collections/bruno-v3", copy)
    for path in copy.rglob("*.bru"):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o600)
    write_zip(copy, tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_bytes() == (site / "reference/collections/bruno-v3.zip").read_bytes()


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_what_a_page_escapes_is_no_markup_in_its_text(text: str) -> None:
    written = "".join(f"&#{ord(char)};" if not char.isalnum() else char for char in text)
    plain = plain_markdown(f"# Title\n\n{written}\n\n<p><code>{written}</code></p>\n")
    assert "<" not in _CODE.sub("", plain)
    assert not re.search(r"(?<!\\)\[", _CODE.sub("", plain))


def test_code_is_left_as_it_is() -> None:
    code = '````text\n<div>&lt; \\_ ```\n=== "x"\n````'
    assert plain_markdown(f"---\ntitle: x\n---\n\n# T\n\n{code}\n\nIn `<b> &lt; \\_` it stays.\n") == (
        f"# T\n\n{code}\n\nIn `<b> &lt; \\_` it stays.\n"
    )
    inside = '=== "One"\n\n    ``` text\n    a\n\n      b\n    ```\n\n=== "Two"\n\n    c\n'
    assert plain_markdown(inside) == "**One**\n\n``` text\na\n\n  b\n```\n\n**Two**\n\nc\n"
