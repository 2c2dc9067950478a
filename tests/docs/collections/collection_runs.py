"""Collections, run by the programs that they are for."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PROGRAMS = ROOT / "node_modules/.bin"
LONGEST = 900.0  # seconds; all requests take a minute


def install_programs() -> None:
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=ROOT, check=True, capture_output=True)


@contextmanager
def record_requests() -> Iterator[list[tuple[str, str, int]]]:
    """The operation, the verdict about the signature and the status of each request, as the sandbox logs them."""
    found: list[tuple[str, str, int]] = []

    class Log(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            facts: dict[str, Any] = getattr(record, "facts", {})
            if facts.get("operation"):
                found.append((facts["operation"], facts["verdict"], facts["status"]))

    log, logger = Log(), logging.getLogger("procwise_sandbox")
    level = logger.level
    logger.addHandler(log)
    logger.setLevel(logging.INFO)
    yield found
    logger.removeHandler(log)
    logger.setLevel(level)


@contextmanager
def record_everything() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The address of a server that takes everything, and what it received."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append({"method": self.command, "target": self.path, "headers": dict(self.headers), "body": body})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = take  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def add_resets(folder: Path, version: str, address: str, admin_key: str) -> None:
    """Let the collections of a version put the sandbox back to its demo data after each request."""
    call = {"url": f"{address}/admin/reset", "method": "POST"}
    headers = {"Authorization": f"Bearer {admin_key}"}
    path = folder / f"{version}.postman_collection.json"
    collection = json.loads(path.read_text("utf-8"))
    script = f"pm.sendRequest({json.dumps({**call, 'header': headers})}, () => {{}});"
    collection["event"].append({"listen": "test", "script": {"type": "text/javascript", "exec": [script]}})
    path.write_text(json.dumps(collection), "utf-8")
    with (folder / f"bruno-{version}/collection.bru").open("a", encoding="utf-8") as written:
        sent = json.dumps({**call, "headers": headers})
        written.write(f"\nscript:post-response {{\n  await bru.sendRequest({sent});\n}}\n")


def run_newman(collection: Path, variables: Mapping[str, str], report: Path, *folders: str) -> list[tuple[str, int]]:
    """The names and statuses of all requests of a Postman collection, or of some of its folders."""
    call = [str(PROGRAMS / "newman"), "run", str(collection), "--working-dir", str(report.parent)]
    call += [word for name in folders for word in ("--folder", name)]
    call += [word for name, value in variables.items() for word in ("--env-var", f"{name}={value}")]
    done = _run([*call, "-r", "json", "--reporter-json-export", str(report)], report.parent)
    executions = json.loads(report.read_text("utf-8"))["run"]["executions"]
    assert not any(one.get("prerequestScript", [{}])[0].get("error") for one in executions), done.stdout
    return [(one["item"]["name"], one["response"]["code"]) for one in executions]


def run_bruno(folder: Path, variables: Mapping[str, str], report: Path, *paths: str) -> list[tuple[str, int]]:
    """The names and statuses of all requests of a Bruno collection, or of some of its files."""
    call = [str(PROGRAMS / "bru"), "run", *paths, *([] if paths else ["-r"]), "--reporter-json", str(report)]
    call += [word for name, value in variables.items() for word in ("--env-var", f"{name}={value}")]
    done = _run(call, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(report.read_text("utf-8"))[0]["results"]
    return [(one["name"], one["response"]["status"]) for one in results]


def _run(call: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False, timeout=LONGEST)
