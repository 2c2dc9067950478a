"""The files for programs: one Markdown file beside each page, `llms.txt`, `llms-full.txt`, the descriptions, zips."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.site.plain_markdown import plain_markdown

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_FOLDER = "descriptions"
_COLLECTIONS = "reference/collections"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_UNIX, _READABLE = 3, 0o100644
_LONGEST = 200  # characters of a page's first sentence in the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its path below `docs/`, its text, its title and its first sentence."""

    path: str
    text: str
    title: str
    summary: str


def write_machine_files(root: Path, site: Path) -> int:
    """Write them into a site that was built from this checkout; how many they are."""
    config = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))
    docs = root / config["docs_dir"]
    pages = {path: read_page(docs, path) for path in _list_pages(docs, site)}
    files = {page.path: page.text for page in pages.values()}
    files["llms.txt"] = "".join(f"{line}\n" for line in _list_lines(config, pages))
    files["llms-full.txt"] = "\n".join(_whole_lines(config, pages))
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    shutil.copytree(root / "generated/openapi", site / _FOLDER, dirs_exist_ok=True)
    collections = sorted((docs / _COLLECTIONS).glob("bruno-*"))
    for folder in collections:
        write_zip(folder, site / _COLLECTIONS / f"{folder.name}.zip")
    return len(files) + len([*(site / _FOLDER).iterdir()]) + len(collections)


def write_zip(folder: Path, archive: Path) -> None:
    """Write the folder's text files into a zip, below its name; the same files give the same bytes."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w") as written:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _ZIP_TIME)
            entry.create_system, entry.external_attr = _UNIX, _READABLE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, path.read_bytes())


def read_page(docs: Path, path: str) -> Page:
    """The page of that path as plain Markdown; its first line is its title."""
    text = plain_markdown((docs / path).read_text(encoding="utf-8"))
    title, _, rest = text.partition("\n")
    return Page(path=path, text=text, title=title.lstrip("# "), summary=_first_sentence(rest))


def _first_sentence(text: str) -> str:
    """The first sentence of the first paragraph that is neither a list, a table, code nor one line of facts."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    prose = next((part for part in paragraphs if part[:1].isalpha() and part.endswith((".", ":"))), "")
    sentence = _LINK.sub(r"\1", prose.partition(". ")[0].rstrip(".:"))  # its links hold for its own page
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST].rsplit(' ', 1)[0]} …"


def _list_pages(docs: Path, site: Path) -> Iterator[str]:
    """The paths of the Markdown files that are pages of the site."""
    for path in sorted(docs.rglob("*.md")):
        own = path.relative_to(docs)
        built = (own.parent / own.stem / "index.html", own.with_suffix(".html"), own.parent / "index.html")
        if any((site / place).exists() for place in built):
            yield own.as_posix()


def _list_lines(config: dict[str, Any], pages: dict[str, Page]) -> Iterator[str]:
    """The list of all pages of the menu, under its headings."""
    yield from (f"# {config['site_name']}", "", f"> {config['site_description']}", "")
    yield "Each page is linked as Markdown. All pages in one file: [llms-full.txt](llms-full.txt)."
    heading = ""
    for names, path in _menu_pages(config["nav"]):
        if (section := ": ".join(names)) != heading:
            heading = section
            yield from ("", f"## {section}", "")
        page = pages[path]
        yield f"- [{page.title}]({page.path})" + (f": {page.summary}" if page.summary else "")


def _whole_lines(config: dict[str, Any], pages: dict[str, Page]) -> Iterator[str]:
    """The text of all pages, those of the menu first and in its order."""
    listed = dict.fromkeys((*(path for _, path in _menu_pages(config["nav"])), *pages))
    for path in listed:
        yield f"<!-- {path} -->\n{pages[path].text}"


def _menu_pages(items: list[Any], names: tuple[str, ...] = ("Start",)) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each page of the menu with the headings above it."""
    for item in items:
        if isinstance(item, str):
            yield names, item
        else:
            for name, within in item.items():
                if isinstance(within, str):
                    yield names, within
                else:
                    above = (name,) if names == ("Start",) else (*names, name)
                    yield from _menu_pages(within, above)
