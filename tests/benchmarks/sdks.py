"""What other SDKs take for a typed call and for a first client, in an environment of their own."""

from __future__ import annotations

import json
import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import sdk_calls
from tests.benchmarks.calls import serve
from tests.benchmarks.decoding import cpu_of_program
from tests.benchmarks.generator import BIN, ROOT, run
from tests.benchmarks.rows import Row

FOLDER = ROOT / ".venv/sdks"
PYTHON = FOLDER / "bin/python"
PROGRAM = Path(sdk_calls.__file__)
REQUIREMENTS = Path(__file__).with_name("sdks.txt")
STARTS = 10
MEMBERS = {
    "openai": {"id": "17", "object": "model", "created": 1, "owned_by": "nobody"},
    "mistralai": {"id": "17", "object": "model", "capabilities": {}, "type": "base"},
    "boto3": {"Name": "17", "SecretString": "made up"},
}


def measure() -> Iterator[Row]:
    """Each beside a plain call, and a plain client, of the HTTP library in the same environment."""
    make_environment()
    least = {name: min(cpu_of_program(PYTHON, *command) for _ in range(STARTS)) for name, command in _starts().items()}
    httpx2 = least["httpx2"] - least["nothing"]
    for name in sdk_calls.SDKS:
        members = json.dumps(MEMBERS.get(name, {}))
        with serve(members) as url, serve(members) as plain:
            output = subprocess.run(
                [PYTHON, PROGRAM, name, url, plain, FOLDER], check=True, capture_output=True, text=True
            ).stdout
        yield Row(f"{name}: a typed call / httpx2.get(url).json()", "µs", *json.loads(output))
        yield Row(
            f"{name}: a first client, beside httpx2 with a client", "CPU ms", least[name] - least["nothing"], httpx2
        )


def make_environment() -> None:
    """The SDKs, and the code of a bare openapi-python-client, once for each list of versions."""
    ready = FOLDER / "requirements.txt"
    if ready.exists() and ready.read_text() == REQUIREMENTS.read_text():
        return
    venv.create(FOLDER, with_pip=True, clear=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS)
    described = ROOT / "generated/openapi/v3.json"
    run(
        BIN / "openapi-python-client",
        "generate",
        "--meta",
        "none",
        "--path",
        described,
        "--output-path",
        FOLDER / "bare",
    )
    ready.write_text(REQUIREMENTS.read_text())


def _starts() -> dict[str, tuple[str | Path, ...]]:
    started = {name: (PROGRAM, name, "start", "", FOLDER) for name in sdk_calls.SDKS}
    return {"nothing": ("-c", ""), "httpx2": ("-c", "import httpx2; httpx2.Client()"), **started}
