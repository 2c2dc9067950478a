"""Where the versions of descriptions and packages are written, to the character."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml

from generator.diff import Version
from generator.errors import SpecError, SpecErrors, ToolkitError

PROJECT = "pyproject.toml"
_QUOTED = r"\s*=\s*(?P<quote>[\"'])(?P<text>[^\"'\n]*)(?P=quote)"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML is built with or without libyaml


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVersion:
    """A version as it stands in a file: the file below the checkout, the line, and what is before and after it."""

    file: str
    text: str
    before: str
    after: str

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return self.before.count("\n") + 1

    @property
    def version(self) -> Version:
        """The version; raises SpecErrors where it is not written as three numbers."""
        found = Version.parse(self.text)
        if found is None:
            raise SpecErrors([self.fault(f"the version {self.text!r} is not three numbers", "write it like 1.0.0")])
        return found

    def rewrite(self, version: Version) -> str:
        """The whole file with this version in its place; everything else stays as it was written."""
        return f"{self.before}{version}{self.after}"

    def fault(self, message: str, hint: str) -> SpecError:
        """A fault at the version."""
        return SpecError(file=self.file, line=self.line, pointer="", message=message, hint=hint)


def read_text(root: Path, file: str) -> str:
    """A text file of the checkout, with the ends of its lines as they are; raises ToolkitError."""
    try:
        with (root / file).open(encoding="utf-8", newline="") as opened:
            return opened.read()
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ToolkitError(
            f"{file}: cannot be read: {why} (a release is made at the top of a checkout; go there, or mend the file)"
        ) from None


def read_description_version(root: Path, file: str) -> WrittenVersion:
    """`info.version` of a description that can be read."""
    text = read_text(root, file)
    shift = 1 if text.startswith("\ufeff") else 0
    node = _member(_member(yaml.compose(text, Loader=_LOADER), "info"), "version")
    if isinstance(node, yaml.ScalarNode):
        end = node.end_mark.index + shift - (node.style in ("'", '"'))
        start = end - len(node.value)  # an anchor may stand before it
        if text[start:end] == node.value:
            return WrittenVersion(file=file, text=str(node.value), before=text[:start], after=text[end:])
    raise ToolkitError(f"{file}: info.version is not found in one line (write it like `version: 1.0.0` under `info`)")


def read_package_version(root: Path) -> WrittenVersion:
    """The one version of all packages: that of pyproject.toml, or of the module that hatchling reads it from."""
    text = read_text(root, PROJECT)
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ToolkitError(f"{PROJECT}: is no TOML: {error} (mend the file)") from None
    if "version" in settings.get("project", {}):
        return _find(PROJECT, text, r"^version", text.find("[project]"))
    file = settings.get("tool", {}).get("hatch", {}).get("version", {}).get("path")
    if not isinstance(file, str):
        hint = "give `[project]` a version, or `[tool.hatch.version]` a path"
        raise ToolkitError(f"{PROJECT}: the version of the packages is not there ({hint})")
    return _find(file, read_text(root, file), r"^__version__", 0)


def _find(file: str, text: str, name: str, start: int) -> WrittenVersion:
    found = re.compile(name + _QUOTED, re.MULTILINE).search(text, max(start, 0))
    if found is None:
        raise ToolkitError(f"{file}: no version is found (write it in one line, in quotation marks)")
    before, after = text[: found.start("text")], text[found.end("text") :]
    return WrittenVersion(file=file, text=found["text"], before=before, after=after)


def _member(node: yaml.Node | None, name: str) -> yaml.Node | None:
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in entries if key.value == name), None)
