"""Profiles: a file with credentials that nobody else can read."""

from __future__ import annotations

import configparser
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

import typer

from .._files.saving import follow_link, refuse_other_kinds
from .streams import CannotRun

DEFAULT = "default"
CONFIG, PROFILE = "PROCWISE_CONFIG", "PROCWISE_PROFILE"
_NOT_SHARED = 0o077


def find_file(program: str) -> Path:
    """The file of the profiles, which may not exist yet."""
    named = os.environ.get(CONFIG)
    return Path(named) if named else Path(typer.get_app_dir(program)) / "profiles.ini"


def read_profiles(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The profiles by name, none if there is no file; CannotRun if others can read it."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if os.name == "posix" and mode & _NOT_SHARED:
                raise CannotRun(f"{path} can be read by others (mode {mode:04o}): run chmod 600 {path}")
            parser = _make_parser()
            parser.read_file(file, source=str(path))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CannotRun(f"{path} cannot be read ({error.strerror})") from None
    except (configparser.Error, UnicodeDecodeError):  # whose messages repeat the line, and with it a secret
        raise CannotRun(f"{path} is malformed: it holds lines such as token = ... below a [profile]") from None
    return {name: dict(parser[name]) for name in parser.sections()}


def write_profile(path: Path, name: str, values: Mapping[str, str]) -> None:
    """Add or replace a profile; the file is there with mode 0600 at once, or not at all."""
    if not name.isprintable() or not name.strip() or name != name.strip() or set(name) & set("[]"):
        raise CannotRun(f"{name!r} cannot be the name of a profile: choose a word without brackets")
    parser = _make_parser()
    refuse_other_kinds(path)
    path = follow_link(path)
    parser.read_dict({**read_profiles(path), name: values})
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # of mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            parser.write(file)
        Path(written).replace(path)
    except OSError as error:
        raise CannotRun(f"{path} cannot be written ({error.strerror})") from None


def _make_parser() -> configparser.RawConfigParser:
    return configparser.RawConfigParser(default_section="", delimiters=("=",), comment_prefixes=("#",))
