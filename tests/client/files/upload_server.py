"""A server that takes uploads through a socket and reports what arrived: python -m tests.client.files.upload_server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

ROOT = Path(__file__).parents[3]
ATTACHMENT = {"id": 31, "placeholder": "1_file"}


@contextmanager
def serve() -> Iterator[str]:
    """The server in a process of its own; its URL."""
    command = [sys.executable, "-m", "tests.client.files.upload_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


async def parse_form(request: Request) -> JSONResponse:
    """What the form holds, as a part of the attachment in the response."""
    parts = []
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                digest = hashlib.sha256(await value.read()).hexdigest()
                parts.append([name, value.filename, value.content_type, value.size, digest])
            else:
                parts.append([name, value])
    seen = {"parts": parts, "query": dict(request.query_params), "headers": dict(request.headers)}
    return JSONResponse({"attachment": {**ATTACHMENT, **seen}}, 201)


async def count_bytes(request: Request) -> JSONResponse:
    """How many bytes arrived, without keeping any."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return JSONResponse({"attachment": {**ATTACHMENT, "size": size}}, 201)


@cache
def _archive(folder: str, size: int) -> Path:
    path = Path(folder) / f"{size}.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("answer.bin", "w", force_zip64=True) as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    return path


async def send_archive(request: Request) -> FileResponse:
    """An archive of that many MiB."""
    path = _archive(request.app.state.folder, request.path_params["exam_id"] << 20)
    return FileResponse(path, media_type="application/zip")


async def refuse(_: Request) -> JSONResponse:
    """A response before the body is read."""
    return JSONResponse({"error": "Too much.", "code": "too_large"}, 422, headers={"Connection": "close"})


def main() -> None:
    """Serve on a free port, and print the base URL first."""
    path = "/api/v3/exams/{exam_id}/attachments"
    routes = [
        Route(path, parse_form, methods=["POST"]),
        Route("/count" + path, count_bytes, methods=["POST"]),
        Route("/refuse" + path, refuse, methods=["POST"]),
        Route("/api/v3/exams/{exam_id:int}/download_exam_documents_zip", send_archive),
    ]
    application = Starlette(routes=routes)
    listening = socket.create_server(("127.0.0.1", 0))
    print(json.dumps(f"http://127.0.0.1:{listening.getsockname()[1]}"), flush=True)
    server = uvicorn.Server(uvicorn.Config(application, log_level="error"))
    with tempfile.TemporaryDirectory() as application.state.folder:
        asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main()
