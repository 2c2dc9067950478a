"""What the generator costs for descriptions of up to two thousand operations, and openapi-generator beside it."""

from __future__ import annotations

import importlib.util
import json
import math
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks.copies import count_operations, multiply
from tests.benchmarks.generator import BIN, ROOT, cpu_of, run
from tests.benchmarks.rows import Row

COPIES = (1, 4, 16, 31)  # of v3: from 65 to 2,015 operations
COMPARED = 16  # of them: 1,040 operations
LAYERS = {"the client": ("--layer", "client"), "all layers": ()}
OF_OPENAPI_GENERATOR = {"the client": 0.8, "all layers": 1.5}
_LINEAR = 1.2


def measure() -> Iterator[Row]:
    """CPU seconds for each further operation, from size to size; and both programs for a thousand operations."""
    original = json.loads((ROOT / "generated/openapi/v3.json").read_text(encoding="utf-8"))
    original.pop("x-generated")
    documents = {copies: multiply(original, copies) for copies in COPIES}
    counts = {copies: count_operations(document) for copies, document in documents.items()}
    theirs = measure_openapi_generator(documents[COMPARED])
    for what, layers in LAYERS.items():
        works = {copies: partial(generate, documents[copies], layers) for copies in COPIES}
        spent = {copies: cpu_of(work) for copies, work in works.items()}
        spent[COMPARED] = min(spent[COMPARED], cpu_of(works[COMPARED]))  # it stands in every row
        steps = list(pairwise(COPIES))
        for (low, high), (_, highest) in pairwise(steps):
            before = (spent[high] - spent[low]) / (counts[high] - counts[low])
            after = (spent[highest] - spent[high]) / (counts[highest] - counts[high])
            name = f"{what}, an operation from {counts[high]} to {counts[highest]}, beside one from {counts[low]}"
            yield Row(name, "CPU ms", after * 1000, before * 1000, bar=_LINEAR)
        name = f"{what} of {counts[COMPARED]} operations, beside openapi-generator's Python client"
        missing = " (not at hand: pip install openapi-generator-cli, and Java)" if math.isnan(theirs) else ""
        yield Row(name + missing, "CPU s", spent[COMPARED], theirs, bar=OF_OPENAPI_GENERATOR[what])


def generate(document: dict[str, Any], layers: tuple[str, ...], folder: Path) -> None:
    """These layers of the description, with the house rules that every run looks at."""
    run(BIN / "procwise-toolkit", "generate", "--spec", write(document, folder), "--out", folder / "out", *layers)


def measure_openapi_generator(document: dict[str, Any]) -> float:
    """CPU seconds of its Python generator; no number if it or Java is missing."""
    found = importlib.util.find_spec("openapi_generator_cli")
    java = shutil.which("java")
    if found is None or found.origin is None or java is None:
        return math.nan
    jar = Path(found.origin).with_name("openapi-generator.jar")

    def work(folder: Path) -> None:
        run(java, "-jar", jar, "generate", "-g", "python", "-i", write(document, folder), "-o", folder / "out")

    return cpu_of(work)


def write(document: dict[str, Any], folder: Path) -> Path:
    """The description as a file in the folder."""
    path = folder / "many.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
