"""The description of this toolkit, read once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.ir import Api, Project
from generator.load import Document, load
from generator.lower import lower

SPEC = Path(__file__).parents[1] / "spec"


@cache
def read_documents() -> tuple[Document, ...]:
    """The documents as they are written, bundled."""
    return tuple(load([SPEC]))


@cache
def read_project() -> Project:
    """What the layers are written from."""
    return lower(read_documents())


def read_apis() -> dict[str, Api]:
    """Its versions by name."""
    return {api.name: api for api in read_project().apis}
