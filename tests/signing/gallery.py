"""Writes the gallery of schemes, and fills in which of them need a clause: `python -m tests.signing.gallery`."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from generator.signing.language import read_scheme
from generator.signing.messages import request_of
from generator.signing.messages.mutations import find_covered
from tests.signing.invented import message_for
from tests.signing.published import FOLDER, NAMES, api_of, unseen_values, value_of, vectors_of, vendor_values

GUIDES = Path(__file__).parents[2] / "docs/guides"
COLUMNS = ("method", "host", "path", "query", "query order", "headers", "body", "time", "replay")
JSON = ("application/json", '{"title":"Kidnapped"}')
FORM = ("application/x-www-form-urlencoded", "title=Kidnapped")
CREDENTIALS = {
    "access_key": "ada",
    "secret_key": base64.b64encode(b"made-up-secret!").decode(),
    "token": "token",
    "token_secret": "other",
    "passphrase": "words",
}
SETTINGS = {"region": "north", "service": "shelf"}
MOST_NAMED = 8
OTHERS = ("acquia", "bitmex", "bitstamp", "htx", "huawei", "oss", "s3v2", "slack")  # public, without a folder
NOW_MS = 1_785_492_184_000
HEAD = """\
---
search: {boost: 0.4}
---

# Signing schemes of public APIs

Twenty-four schemes as values of [the signing language](signing-language.md), with what each one covers. The table is
not written but measured: a made-up request is signed by the value, changed in one way, and verified. "yes" means that
the change is refused. The column *body* names a kind of body if forms and JSON differ; *time* is a limit to the age of
a request, *replay* a signed nonce.

Each value reproduces every published example of its scheme, to the byte; the number of examples stands with the value.
If a vendor does not say how old a request may be, the value says 300 seconds.

"""


def coverage(name: str) -> dict[str, str]:
    """What a scheme covers, column by column."""
    scheme = read_scheme(value_of(name))
    found = [
        find_covered(
            scheme,
            request_of("POST", "https://api.example/books?b=2&a=1", {"Content-Type": kind, "X-Note": "n"}, body),
            CREDENTIALS,
            settings={key: SETTINGS[key] for key in SETTINGS if key in scheme.settings},
            now_ms=NOW_MS,
        )
        for kind, body in (FORM, JSON)
    ]
    form, json = found
    row = {column: "yes" if form[column] else "no" for column in COLUMNS}
    if form["body"] != json["body"]:
        row["body"] = "a form" if form["body"] else "JSON"
    return row


def gallery() -> str:
    """The page."""
    text = HEAD + _line("Scheme", *COLUMNS) + _line(*["---"] * (len(COLUMNS) + 1))
    for name in NAMES:
        row = coverage(name)
        text += _line(f"[{_title(name)}](#{name})", *(row[column] for column in COLUMNS))
    return text + "".join(map(_section, NAMES))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _title(name: str) -> str:
    return api_of(name).title.partition(" (")[0]


def _section(name: str) -> str:
    count = len(vectors_of(name))
    value = (
        (FOLDER / name / "openapi.yaml").read_text("utf-8").partition("x-signing:\n")[2].partition("  schemas:\n")[0]
    )
    lines = "\n".join(line.removeprefix("        ") for line in value.rstrip().splitlines())
    published = f"{count} published example{'s' if count > 1 else ''}"
    direction = "deliveries" if "direction: delivery" in value else "requests"
    return (
        f"\n## {_title(name)} {{ #{name} }}\n\n{published}, {direction}.\n\n```yaml\nx-signing:\n  "
        + "\n  ".join(lines.splitlines())
        + "\n```\n"
    )


def users(values: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """For each heading and word of the tables of the language page, the schemes that use it."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, value in values.items():
        for key in {*_clauses_of(value)}:
            found.setdefault(key, []).append(name)
    return found


def _clauses_of(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("clause", key) for key in value)
    for outer in ("key", "headers", "timestamp", "nonce"):
        yield from (("clause", f"{outer}.{key}") for key in value.get(outer, {}))
    for placement in value["placement"]:
        yield from (("clause", f"placement {key}") for key in placement)
        for text in placement["fields"].values():
            yield from _in_text(text) if isinstance(text, str) else _in_part(text)
        yield from _in_transforms(placement.get("values", ()))
    for part in (value["message"], *value.get("values", {}).values(), *_key_parts(value.get("key", {}))):
        yield from _in_part(part)
    past = value.get("timestamp", {}).get("window_seconds")
    yield from (
        _in_text(f"{{{past['past']}}}") if isinstance(past, Mapping) and isinstance(past.get("past"), str) else ()
    )


def _key_parts(key: Mapping[str, Any]) -> Iterator[Any]:
    if "credential" in key:
        yield f"credential.{key['credential']}"
    yield from key.get("parts", ())
    yield from key.get("derive", ())


def _in_part(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield "part", "method"
        yield "source", _source(part)
        return
    for key, inner in part.items():
        yield (
            ("set" if "parameters" in part and key not in ("as", "before", "only_with", "only_without") else "part"),
            key,
        )
        if key == "parts":
            for one in inner:
                yield from _in_part(one)
        elif key == "from":
            yield "source", _source(inner)
        elif key == "text":
            yield from _in_text(inner)
        elif key in ("as", "names", "values"):
            yield from _in_transforms(inner)
    if "parameters" in part:
        yield "part", "parameters"


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    yield from (("source", _source(name)) for name in re.findall(r"\{([^{}]+)\}", text))


def _in_transforms(steps: Any) -> Iterator[tuple[str, str]]:
    for step in steps if isinstance(steps, list | tuple) else ():
        yield "transform", step if isinstance(step, str) else next(iter(step))


def _source(name: str) -> str:
    kind, dot, _ = name.partition(".")
    return f"{kind}.NAME" if dot else name


KINDS = {"Part": "part", "Source": "source", "Transform": "transform"}
SECTIONS = {"Parts": "part", "Sets of parameters": "set", "Placement": "placement"}


def fill_page(page: str) -> str:
    """The language page with its last column filled in."""
    found, lines, section, kind = users({name: value_of(name) for name in NAMES}), [], "", "clause"
    others = users({**{name: unseen_values()[name] for name in OTHERS}, **vendor_values()})
    for line in page.splitlines():
        section = line.lstrip("# ") if line.startswith("#") else section
        cells = re.split(r"(?<!\\)\|", line)
        if len(cells) == 5 and cells[3].strip() == "Needed by":
            kind = KINDS.get(cells[1].strip(), "set" if section == "Sets of parameters" else section)
        elif len(cells) == 5 and cells[1].strip().startswith("`") and not cells[3].strip().startswith("every"):
            words = re.findall(r"`([^`]+)`", cells[1])
            names = sorted({name for word in words for name in found.get(key_of(kind, word), ())})
            more = sorted({name for word in words for name in others.get(key_of(kind, word), ())})
            line = "|".join([*cells[:3], f" {_few(names) or _few_others(more)} ", ""])
        elif section == "Every part by an example" and line.startswith("| `"):
            line = _show_example(line)
        lines.append(line)
    return "\n".join(lines) + "\n"


def _show_example(line: str) -> str:
    """A row of the table of parts with what the part of its first cell gives."""
    part = yaml.safe_load(re.findall(r"`(.+?)`", line)[0])
    made = message_for(part, headers={"names": ["x-note", "x-tag"]})
    try:
        shown = made.decode()
    except UnicodeDecodeError:
        shown = made.hex()
    return f"| {line.split('|')[1].strip()} | `{shown}` |"


def examples_of(page: str) -> set[tuple[str, str]]:
    """The clauses, parts, sources and transforms that stand in an example of the page."""
    rows = re.findall(r"^\| `([^`]+)` \| `[^`]*` \|$", page, re.MULTILINE)
    found = {key for row in rows for key in _in_part(yaml.safe_load(row))}
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        value = yaml.safe_load(block)
        value = value["components"]["securitySchemes"]["Signature"]["x-signing"] if "components" in value else value
        if value.keys() & {"parameters", "parts", "from", "text", "clock"}:
            found |= {*_in_part(value)}
        elif not isinstance(value.get("placement"), dict):
            found |= {*_clauses_of({"message": "method", "placement": [], **value})}
    return found


def _few(names: list[str]) -> str:
    many = f"{len(names)} of {len(NAMES)}" if len(names) > MOST_NAMED else ""
    return many or ", ".join(f"[{name}](signing-gallery.md#{name})" for name in names)


def _few_others(names: list[str]) -> str:
    """Public schemes that the gallery has not, in parentheses."""
    return f"none of them ({', '.join(names)})" if names else "none of them"


def key_of(kind: str, word: str) -> tuple[str, str]:
    """What a word in a table of that kind stands for."""
    if kind == "Placement":
        return "clause", f"placement {word}"
    if kind == "Parts":
        return "part", word
    return (kind if kind in ("part", "source", "transform", "set") else "clause"), word


def main() -> None:
    """Write both pages."""
    (GUIDES / "signing-gallery.md").write_text(gallery(), "utf-8")
    page = GUIDES / "signing-language.md"
    page.write_text(fill_page(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
