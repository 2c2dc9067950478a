"""Earlier names of methods: they warn the line that calls them, do what the method does, and are typed as it is."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.client.descriptions import TEXT, build_object, describe_paths, generate_package, json_responses, run

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
PAGES = {"page": "page", "limit": "limit", "items": "books", "max_limit": 10}
HEADERS = {"item_count": "X-Items", "page_count": "X-Pages", "page": "X-Page", "limit": "X-Limit"}
NUMBER = {"type": "integer"}
STATES = {"field": "state", "success": ["done"], "failure": ["failed"], "pending": ["waiting"]}


def name(method: str, *formerly: str) -> dict[str, Any]:
    return {"resource": "books", "method": method, "formerly": list(formerly)}


def book_list(schema: dict[str, Any], method: str, earlier: str, **more: Any) -> dict[str, Any]:
    return {"operationId": method, "x-client": name(method, earlier), "responses": json_responses(schema), **more}


BOOK = build_object(title=TEXT)
BOOKS = {"type": "array", "items": BOOK}
ZIP = {
    "200": {"description": "It.", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
DESCRIPTION = describe_paths(
    {
        "/books": {
            "get": book_list(
                build_object(books=BOOKS),
                "search",
                "find",
                parameters=[{"name": one, "in": "query", "schema": NUMBER} for one in ("page", "limit")],
                **{"x-pagination": {**PAGES, "headers": HEADERS}},
            ),
            "post": {
                "operationId": "add",
                "x-client": name("add", "put", "import"),
                "requestBody": {"required": True, "content": {"application/json": {"schema": BOOK}}},
                "responses": json_responses(BOOK),
            },
        },
        "/titles": {"get": book_list(BOOKS, "titles", "names")},
        "/books/{id}/scan": {
            "parameters": [ID],
            "post": {
                "operationId": "startScan",
                "x-client": name("start_scan", "begin_scan"),
                "x-job": {"status_operation": "showScan", "download_operation": "fetchScan", **STATES},
                "responses": json_responses(build_object(state=TEXT)),
            },
            "get": {
                "operationId": "showScan",
                "x-client": {"resource": "books", "method": "show_scan"},
                "responses": json_responses(build_object(state=TEXT)),
            },
        },
        "/books/{id}/scan.zip": {
            "parameters": [ID],
            "get": {"operationId": "fetchScan", "x-client": name("fetch_scan", "load_scan"), "responses": ZIP},
        },
    }
)
START = """
import asyncio, base64, json, pathlib, sys, tempfile, warnings
import httpx2, procwise
archive = base64.b64decode(ARCHIVE)
paged = {"X-Items": "1", "X-Pages": "1", "X-Page": "1", "X-Limit": "10"}
def serve(request):
    if request.method == "POST":
        sent = {"state": "done"} if "scan" in request.url.path else json.loads(request.content)
        return httpx2.Response(200, json=sent)
    if request.url.path.endswith(".zip"):
        return httpx2.Response(200, content=archive, headers={"Content-Type": "application/zip"})
    books = [{"title": "Emma"}]
    return httpx2.Response(200, json=books if request.url.path == "/titles" else {"books": books}, headers=paged)
def warned(work):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        value = work()
    ours = [one for one in seen if issubclass(one.category, DeprecationWarning)]
    return value, [str(one.message) for one in ours], [one.filename for one in ours]
folder = pathlib.Path(tempfile.mkdtemp())
transport = httpx2.MockTransport(serve)
"""
SYNC = """
client = procwise.Client(base_url="https://x.example", http=httpx2.Client(transport=transport))
books = client.books
for work in (
    lambda: [one.title for one in books.find(limit=1)],
    lambda: books.put(title="Emma").title,
    lambda: books.import_(title="Emma").title,
    lambda: books.names()[0].title,
    lambda: books.begin_scan(7).download(folder / "a.zip").name,
    lambda: books.load_scan(7, folder / "b.zip", resume=True).name,
    lambda: books.with_raw_response.put(title="Emma").status,
    lambda: books.with_raw_response.load_scan(7, folder / "c.zip").status,
):
    print(*warned(work))
"""
ASYNC = """
async def main():
    client = procwise.AsyncClient(base_url="https://x.example", http=httpx2.AsyncClient(transport=transport))
    books = client.books
    async def pages():
        return [one.title async for one in books.find(limit=1)]
    async def items():
        return [one.title for one in await books.names()]
    async def job():
        return (await (await books.begin_scan(7)).download(folder / "a.zip")).name
    async def value():
        return (await books.put(title="Emma")).title
    async def file():
        return (await books.load_scan(7, folder / "b.zip")).name
    async def raw():
        return (await books.with_raw_response.put(title="Emma")).status
    for work in (pages, value, items, job, file, raw):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            value = await work()
        ours = [one for one in seen if issubclass(one.category, DeprecationWarning)]
        print(value, [str(one.message) for one in ours], [one.filename for one in ours])
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_package(DESCRIPTION, tmp_path_factory.mktemp("former"))


def expect(value: object, old: str, new: str) -> str:
    """What is printed of a call: its value, one warning that names the method of today, and the file that called."""
    return f"{value} ['books.{old} of procwise.v1 is called books.{new} now'] ['<string>']"


def start() -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("page.txt", "text")
    return f"ARCHIVE = {base64.b64encode(archive.getvalue())!r}\n{START}"


def test_an_earlier_name_warns_and_does_what_the_method_does(package: Path) -> None:
    assert run(start() + SYNC, package).splitlines() == [
        expect(["Emma"], "find", "search"),
        expect("Emma", "put", "add"),
        expect("Emma", "import_", "add"),
        expect("Emma", "names", "titles"),
        expect("a.zip", "begin_scan", "start_scan"),
        expect("b.zip", "load_scan", "fetch_scan"),
        expect(200, "put", "add"),
        expect(200, "load_scan", "fetch_scan"),
    ]


def test_so_does_one_that_is_awaited(package: Path) -> None:
    assert run(start() + ASYNC, package).splitlines() == [
        expect(["Emma"], "find", "search"),
        expect("Emma", "put", "add"),
        expect(["Emma"], "names", "titles"),
        expect("a.zip", "begin_scan", "start_scan"),
        expect("b.zip", "load_scan", "fetch_scan"),
        expect(200, "put", "add"),
    ]


def test_the_reference_has_both_names(package: Path) -> None:
    text = (package / "REFERENCE.md").read_text("utf-8")
    assert "client.books.search(" in text
    assert "client.books.find(" in text
    assert "The earlier name of `search`." in text


USES = """
from typing import assert_type
from procwise.v1 import AsyncClient, Client, models
def call(client: Client) -> None:
    assert_type(client.books.put(title="Emma"), models.AddResponse200)
    client.books.put(titel="Emma")
async def wait(client: AsyncClient) -> None:
    assert_type((await client.books.with_raw_response.put(title="Emma")).status, int)
"""


@pytest.mark.slow
def test_type_checkers_see_the_types_and_the_deprecation(package: Path, tmp_path: Path) -> None:
    (tmp_path / "uses.py").write_text(USES, "utf-8")
    options = ("--config-file=", "--strict", "--enable-error-code=deprecated", "--no-incremental", "--no-pretty")
    call = [sys.executable, "-m", "mypy", *options, "--python-executable", sys.executable, "uses.py"]
    environment = {**os.environ, "MYPYPATH": str(package)}
    done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    errors = [line for line in done.stdout.splitlines() if line.startswith("uses.py") and ": error:" in line]
    found = {(int(line.split(":")[1]), line.rpartition("[")[2]) for line in errors}
    assert found == {(5, "deprecated]"), (6, "deprecated]"), (6, "call-arg]"), (8, "deprecated]")}, done.stdout
