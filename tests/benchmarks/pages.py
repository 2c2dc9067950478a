"""What Lighthouse makes of the site's pages, beside Redoc and Scalar of the same description, over 127.0.0.1 with gzip.

A slower processor is simulated by measuring this one: other work on the machine lowers every number.
"""

from __future__ import annotations

import functools
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.benchmarks.rows import Row
from tests.docs.built_site import build
from tests.docs.machines.lighthouse_runs import ROOT, audit, read_score

ROUNDS = 5
PAGES = {"create an exam": "reference/v3/exams/create/", "home": "", "workbench": "reference/workbench/"}
BARS = {"desktop": 95, "phone": 90}
SCALAR = "@scalar/api-reference@1.76.0"
SCALAR_PAGE = """<!doctype html><html lang="en"><head><title>API</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><script id="api-reference" data-url="v3.json"></script><script src="scalar.js"></script></body></html>"""
_COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".xml")
_REDOC = re.compile(r"https://[\w./-]+/redoc/v([\d.]+)/bundles/redoc\.standalone\.js")


def measure() -> Iterator[Row]:
    """The points missing of 100, the median of some runs: beside those that the bar allows, and beside others."""
    if shutil.which("npm") is None or shutil.which("chromium") is None:
        print("left out: Lighthouse needs the packages npm and chromium", file=sys.stderr)
        return
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder, _serve(Path(folder)) as address:
        build(ROOT / "mkdocs.yml", Path(folder) / "site")
        others = _build_others(Path(folder))
        for device, bar in BARS.items():
            scores = {name: _score(f"{address}site/{path}", device) for name, path in PAGES.items()}
            for name, score in scores.items():
                what = f"Lighthouse on a {device}, {name}: {score} of 100, beside the bar of {bar}"
                yield Row(what, "points missing", 100 - score, 100 - bar, bar=1.0)
            for name, path in others.items():
                theirs = _score(address + path, device)
                what = f"Lighthouse on a {device}, create an exam, beside {name} with {theirs} of 100"
                yield Row(what, "points missing", 100 - scores["create an exam"], max(100 - theirs, 0.5))


def _score(url: str, device: str) -> int:
    runs = [audit(url, "performance", desktop=device == "desktop") for _ in range(ROUNDS)]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    scores = [read_score(run, "performance") for run in runs]
    print(f"{url} on a {device}: {scores}; load of the machine {load}", file=sys.stderr)
    return int(statistics.median(scores))


def _build_others(folder: Path) -> Mapping[str, str]:
    """The pages that Redoc and Scalar make of the same description, with their scripts beside them."""
    shutil.copy(ROOT / "generated/openapi/v3.json", folder)
    redoc = folder / "redoc.html"
    call = [ROOT / "node_modules/.bin/redocly", "build-docs", folder / "v3.json", "--output", redoc]
    subprocess.run(call, check=True, capture_output=True, cwd=folder)
    page = redoc.read_text("utf-8")
    version = next(iter(_REDOC.findall(page)))
    redoc.write_text(re.sub(r' integrity="[^"]*"', "", _REDOC.sub("./redoc.js", page)), "utf-8")
    _fetch(folder, f"redoc@{version}", "bundles/redoc.standalone.js", "redoc.js")
    _fetch(folder, SCALAR, "dist/browser/standalone.js", "scalar.js")
    (folder / "scalar.html").write_text(SCALAR_PAGE, "utf-8")
    return {f"Redoc {version}": "redoc.html", f"Scalar {SCALAR.rpartition('@')[2]}": "scalar.html"}


def _fetch(folder: Path, package: str, path: str, name: str) -> None:
    """One file of an npm package."""
    call = ["npm", "pack", "--silent", "--pack-destination", folder, package]
    packed = subprocess.run(call, check=True, capture_output=True, text=True, cwd=folder).stdout.split()[-1]
    with tarfile.open(folder / packed) as archive:
        content = archive.extractfile(f"package/{path}")
        assert content is not None
        (folder / name).write_bytes(content.read())


class _Compressing(SimpleHTTPRequestHandler):
    """Sends files as a public server does: texts with gzip, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        is_text = path.suffix in _COMPRESSED
        content = _compress(path) if is_text else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@functools.cache
def _compress(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Compressing, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
