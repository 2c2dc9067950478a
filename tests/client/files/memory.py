"""How much more memory a process needs at its peak, to send and to receive a large file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SENDING = ("path", "file")
PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from procwise import AsyncClient, Client

mode, origin, folder, size = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
counting = {"token": "abcd", "secret_key": "k", "base_url": origin + "/count", "timeout": None}
sending = {**counting, "base_url": origin}
made = {"path": lambda path: path, "file": lambda path: open(path, "rb"), "bytes": Path.read_bytes}

def make(megabytes):
    path = folder / f"{megabytes}.bin"
    with path.open("wb") as file:
        file.truncate(megabytes << 20)
    return path

async def move_awaited(kind, megabytes):
    if kind == "download":
        async with AsyncClient(**sending) as client:
            return (await client.exams.download_documents_zip(megabytes, folder / "a.zip")).stat().st_size
    async with AsyncClient(**counting) as client:
        document = made[kind](make(megabytes))
        return (await client.attachments.create(17, document=document)).additional_properties["size"]

def move_waited(kind, megabytes):
    if kind == "download":
        with Client(**sending) as client:
            return client.exams.download_documents_zip(megabytes, folder / "a.zip").stat().st_size
    with Client(**counting) as client:
        return client.attachments.create(17, document=made[kind](make(megabytes))).additional_properties["size"]

def move(kind, megabytes):
    moved = asyncio.run(move_awaited(kind, megabytes)) if mode == "async" else move_waited(kind, megabytes)
    assert moved > megabytes << 20

def peak():  # of this process alone; getrusage also counts the one that started it
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024

kinds = ("path", "file", "download", "bytes")
for kind in kinds:
    move(kind, 0)  # loads what is loaded once
grown = {}
for kind in kinds:
    before = peak()
    move(kind, size)
    grown[kind] = peak() - before
print(json.dumps(grown))
"""


def measure_peaks(mode: str, origin: str, folder: Path, megabytes: int) -> dict[str, float]:
    """By how many MiB the peak grows for a file of that size: sent by its path, as a file, received, sent as bytes."""
    command = [sys.executable, "-c", PROGRAM, mode, origin, str(folder), str(megabytes)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    grown: dict[str, float] = json.loads(done.stdout)
    return grown
