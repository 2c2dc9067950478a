"""What a release writes: the next versions, and every file with its new text."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from generator import layers, menu
from generator.diff import Version, gravest
from generator.errors import SpecErrors, ToolkitError
from generator.ir import Project
from generator.lint import findings
from generator.load import Document, load
from generator.lower import lower
from generator.release import changelog, last_release, migration
from generator.release.journal import Edit
from generator.release.since import SPEC, SinceRelease, compare_with_release
from generator.release.versions import read_text
from generator.tree import File, drift

Step = Callable[[str], None]
Asked = Mapping[str, Version]  # by the name of the API; that of the packages under no name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A release that can be written: `files` are those of the layers, whether they change or not."""

    since: SinceRelease
    packages: Version
    descriptions: Mapping[str, Version]
    page: str
    edit: Edit
    files: tuple[File, ...]


def plan_release(root: Path, asked: Asked, day: str, step: Step) -> Plan | None:
    """The release of a checkout, or None where nothing is to be released; nothing is written.

    Raises SpecErrors for faults of the description, ToolkitError for a version that is too low.
    """
    step("comparing with the last release")
    since = compare_with_release(root)
    if since.released and not (asked or since.changelog.bump != "none" or any(d.changes for d in since.differences)):
        return None
    packages, descriptions = _next_packages(since, asked), dict(_next_descriptions(since, asked))
    step("reading the description")
    project = replace(_read_project(root, descriptions), version=str(packages))
    files = layers.render_files(map(layers.load, layers.names()), project, step)
    page = migration.write_page(since, str(packages), {name: str(one) for name, one in descriptions.items()})
    texts = {file.path: file.text for file in (*page, *last_release.write_bundles(project))}
    for name, version in descriptions.items():
        texts[since.written[name].file] = since.written[name].rewrite(version)
    texts[since.packages.file] = since.packages.rewrite(packages)
    said = ", ".join(f"{name} {version}" for name, version in descriptions.items())
    section = changelog.write_section(since.differences, f"Descriptions: {said}", page[0].path if page else "")
    texts[changelog.FILE] = since.changelog.insert_release(f"## {packages} ({day})", section)
    stale = [path for path in _list_released(root) if path not in texts]
    found = drift(files, root, [layers.load(name).output for name in layers.names()])
    changed = {*found.missing, *found.changed}
    texts |= {file.path: file.text for file in files if file.path in changed}
    texts |= _write_site_pages(root, texts, found.stale)
    return Plan(
        since=since,
        packages=packages,
        descriptions=descriptions,
        page=page[0].path if page else "",
        edit=Edit(dict(_drop_equal(root, texts)), (*found.stale, *stale)),
        files=tuple(files),
    )


def _next_packages(since: SinceRelease, asked: Asked) -> Version:
    floor, written = since.packages_floor, since.packages.version
    if "" in asked:
        lowest = floor.raise_by("patch") if floor == since.released else floor
        return _allow(asked[""], lowest, "the packages")
    announced = gravest(since.client_bump, since.changelog.bump)
    return max(written, since.released.raise_by(announced)) if since.released else written


def _next_descriptions(since: SinceRelease, asked: Asked) -> Iterator[tuple[str, Version]]:
    if unknown := [name for name in asked if name and name not in since.written]:
        raise ToolkitError(f"there is no description {unknown[0]!r} (there are: {', '.join(since.written)})")
    for name, written in since.written.items():
        floor = since.floor(name)
        if name in asked:
            yield name, _allow(asked[name], floor or asked[name], name)
        else:
            yield name, max(written.version, floor or written.version)


def _allow(version: Version, floor: Version, what: str) -> Version:
    if version < floor:
        why = "what changed since the last release asks for more"
        raise ToolkitError(f"{version} is too low for {what}: {why} (leave it out, or ask for {floor} or later)")
    return version


def _read_project(root: Path, versions: Mapping[str, Version]) -> Project:
    """The model as it is to be released; faults of the description end it."""
    documents = load([root / SPEC])
    if found := tuple(findings([root / SPEC], documents)):
        raise SpecErrors(found)
    return lower([_with_version(document, versions[document.name]) for document in documents])


def _with_version(document: Document, version: Version) -> Document:
    info = document.content["info"]
    renamed = {**info, "version": str(version)} if isinstance(info, dict) else info
    return replace(document, content={**document.content, "info": renamed})


def _list_released(root: Path) -> Iterator[str]:
    return (path.relative_to(root).as_posix() for path in last_release.list_bundles(root))


def _write_site_pages(root: Path, texts: Mapping[str, str], stale: tuple[str, ...]) -> dict[str, str]:
    """The menu of the site and its copied pages, made in a folder that holds what they are made of."""
    if not (root / menu.CONFIG).is_file():
        return {}
    with tempfile.TemporaryDirectory(prefix="procwise-release-") as name:
        copy = Path(name)
        for path in menu.list_sources(root, texts):
            if path not in stale:
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                (copy / path).write_text(texts[path] if path in texts else read_text(root, path), "utf-8", newline="")
        menu.write_pages(copy)
        return {path: read_text(copy, path) for path in menu.WRITTEN}


def _drop_equal(root: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for path, text in texts.items():
        if not (root / path).exists() or read_text(root, path) != text:
            yield path, text
