"""Any file as a description: it is loaded and lowered, or refused with faults that name a place in it."""

from __future__ import annotations

import math
import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import patch

from generator.errors import SpecErrors, ToolkitError
from generator.load import load, reading
from generator.lower import lower
from tests.fuzz.target import CORPUS, Target, WrongResult

_OTHER = "other.yaml"  # a file beside the description, for its references


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-description-")) / "v9"
    folder.mkdir()
    (folder / _OTHER).write_bytes((CORPUS / "description" / "thing.yaml").read_bytes())
    return folder


def run_input(data: bytes) -> None:
    """Loads and lowers the description."""
    root = _folder() / "openapi.yaml"
    root.write_bytes(data)
    try:
        lower(load([root]))
    except SpecErrors as error:
        for fault in error.faults:
            if fault.line < 1 or not fault.message or not fault.hint or "\n" in str(fault):
                raise WrongResult(f"a fault that helps nobody: {fault!r}") from None
        raise


TARGET = Target(
    name="description",
    run=run_input,
    declared=(ToolkitError,),
    tokens=(
        *(b"$ref: ", b"'#/components/schemas/Thing'", b"other.yaml", b"'#'", b"allOf: [", b"oneOf: [", b"anyOf: ["),
        *(b"items: ", b"properties: ", b"type: ", b"enum: ", b"default: ", b"example: ", b"required: ", b"format: "),
        *(b"null", b"[]", b"{}", b"''", b"1e400", b"-1", b"0.5", b"true", b"&a ", b"*a", b"!!binary ", b"? ", b"- "),
        *(b"x-retry: ", b"x-job: ", b"x-client: ", b"x-signing: ", b"x-resource: ", b"x-list: ", b"parameters: "),
        *(b"requestBody: ", b"responses: ", b"content: ", b"schema: ", b"discriminator: ", b"nullable: true", b"\xff"),
    ),
    plant_bug=lambda: patch.dict(reading._SCALARS, {f"{reading._YAML}float": lambda text: math.floor(float(text))}),
)
