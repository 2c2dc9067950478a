"""A description is data: nothing of it is ever executed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client.descriptions import generate_package, run
from tests.client.hostile import hostile

IMPORT_ALL = """
import importlib, pkgutil, procwise
modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(procwise.__path__, "procwise.")]
for module in modules:
    help_text = [value.__doc__ for value in vars(module).values() if isinstance(value, type)]
client = procwise.Client(token="aaaa", base_url="https://evil.example")
resource = next(name for name, value in vars(type(client)).items() if type(value).__name__ == "cached_property")
print(len(modules), getattr(client, resource))
"""


def test_nothing_of_a_hostile_description_runs(tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    package = generate_package(hostile(sentinel), tmp_path / "out")
    printed = run(IMPORT_ALL, package)
    assert int(printed.split()[0]) > 20
    assert not sentinel.exists()


@pytest.mark.slow
def test_hostile_names_are_sent_as_they_are(tmp_path: Path) -> None:
    package = generate_package(hostile(tmp_path / "sentinel"), tmp_path / "out")
    printed = run(SEND, package)
    assert "/a%2Fb/" in printed
    assert "b\\n__import__" in printed
    assert "'to_dict': 'kept'" in printed
    assert not (tmp_path / "sentinel").exists()


SEND = """
import httpx2, json, procwise
seen = []
def serve(request):
    seen.append(request)
    return httpx2.Response(200, json={"to_dict": "kept"})
http = httpx2.Client(transport=httpx2.MockTransport(serve))
client = procwise.Client(token="aaaa", base_url="https://evil.example", http=http)
name = next(name for name, value in vars(type(client)).items() if type(value).__name__ == "cached_property")
resource = getattr(client, name)
method = next(name for name in dir(resource) if name.startswith("show"))
import inspect
parameters = inspect.signature(getattr(resource, method)).parameters.values()
arguments = [one.name for one in parameters if one.kind is not one.VAR_KEYWORD]
values = {name: "x" for name in arguments[1:] if name not in ("datetime", "self_")}
response = getattr(resource, method)("a/b", **values)
print(seen[0].url.raw_path.decode(), json.loads(seen[0].content), response.to_dict())
"""
