"""A server that takes uploads through a socket and tells what came: python -m tests.client.files.upload_server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ATTACHMENT = {"id": 31, "placeholder": "1_file"}


async def parse_form(request: Request) -> JSONResponse:
    """What the form holds, as a part of the attachment that is answered."""
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


async def refuse(_: Request) -> JSONResponse:
    """An answer before the body is read."""
    return JSONResponse({"error": "Too much.", "code": "too_large"}, 422, headers={"Connection": "close"})


def main() -> None:
    """Serve on a free port, and print the base URL first."""
    path = "/api/v3/exams/{exam_id}/attachments"
    routes = [
        Route(path, parse_form, methods=["POST"]),
        Route("/count" + path, count_bytes, methods=["POST"]),
        Route("/refuse" + path, refuse, methods=["POST"]),
    ]
    listening = socket.create_server(("127.0.0.1", 0))
    print(json.dumps(f"http://127.0.0.1:{listening.getsockname()[1]}"), flush=True)
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error"))
    asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main()
