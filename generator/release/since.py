"""What changed since the last release, and the versions that are written now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.compare import build_state
from generator.diff import Bump, Difference, State, Version, differences, gravest
from generator.errors import ToolkitError
from generator.load import Document, descriptions, outlines
from generator.release.changelog import Changelog, read_changelog
from generator.release.last_release import FOLDER, has_release, list_bundles, read_packages
from generator.release.versions import WrittenVersion, read_description_version, read_package_version

SPEC = "spec"


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceRelease:
    """The states of the description then and now, and what is written now; `released` is None before the first release.

    `written` are the versions of the descriptions by the name of the API.
    """

    old: State | None
    new: State
    differences: tuple[Difference, ...]
    released: Version | None
    written: Mapping[str, WrittenVersion]
    packages: WrittenVersion
    changelog: Changelog

    @property
    def client_bump(self) -> Bump:
        """The bump of the packages: the gravest change of any version of the API, as our client takes it."""
        return gravest(*(difference.client_bump for difference in self.differences))

    @property
    def packages_floor(self) -> Version:
        """The lowest version of the packages that says enough."""
        return self.released.raise_by(self.client_bump) if self.released else self.packages.version

    def floor(self, api: str) -> Version | None:
        """The lowest version of a description that says enough; None where there is none to count from."""
        return next((Version.parse(one.next) for one in self.differences if one.api == api and one.new), None)


def compare_with_release(root: Path) -> SinceRelease:
    """Read a checkout; raises SpecErrors for what cannot be read, ToolkitError where something is missing."""
    written, documents = _read_descriptions(root)
    new = build_state(documents)
    old = _read_released(root) if has_release(root) else None
    return SinceRelease(
        old=old,
        new=new,
        differences=differences(old, new) if old else (),
        released=read_packages(root) if old else None,
        written=written,
        packages=read_package_version(root),
        changelog=read_changelog(root),
    )


def _read_descriptions(root: Path) -> tuple[dict[str, WrittenVersion], tuple[Document, ...]]:
    documents, _ = outlines([root / SPEC])
    files = {(root / path).resolve(): path.relative_to(root).as_posix() for path in descriptions(root / SPEC)}
    by_name = {document.name: Path(document.position(()).file) for document in documents}
    written = {name: read_description_version(root, files[path.resolve()]) for name, path in by_name.items()}
    return written, documents


def _read_released(root: Path) -> State:
    bundles = list_bundles(root)
    if not bundles:
        raise ToolkitError(f"{FOLDER}: no description lies there (take the folder from the commit of the last release)")
    return build_state(outlines(bundles)[0])
