"""The workbench of any scheme, in a browser: pages that are generated from a description of each published one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.signing.explanation.requests import explain_request
from generator.signing.language import SigningScheme, read_scheme
from generator.signing.messages import Request, read_claims, request_of, sign_request
from generator.signing.messages.evaluation import message_of
from generator.signing.messages.sign import prepare_context
from tests.docs.browser_signer import line_of
from tests.shared import generate, share_folder
from tests.signing.published import FOLDER, NAMES, Vector, value_of, vectors_of

VERSIONS = {name.replace("-", ""): name for name in NAMES}
PAGE = """<!doctype html><script src="docs/reference/assets/reference.js"></script>
<div class="op-workbench" data-operation=""></div>"""
GIVEN = {"access_key": "ada", "secret_key": "bWFkZS11cC1zZWNyZXQh", "token": "a-token", "passphrase": "p w"}
SETTINGS = {"region": "north", "service": "shelf"}
IN_BROWSER = [
    ("awssigv4", "addbook", "2026-07-31T10:03:04Z", "%Y%m%dT%H%M%SZ", ""),
    ("oauth1", "addbook", "1785492184", "unix-s", "n-1"),
    ("coinbaseexchange", "findbook", "1785492184", "unix-s", ""),
    ("flickrlegacy", "findbook", "", "", ""),
    ("stripe", "deliveries", "1785492184", "unix-s", ""),
]


def generate_docs(folder: Path) -> None:
    for version, name in VERSIONS.items():
        (folder / "spec" / version).mkdir(parents=True)
        text = (FOLDER / name / "openapi.yaml").read_text("utf-8")
        (folder / "spec" / version / "openapi.yaml").write_text(text, "utf-8")
    generate(folder / "spec", folder, "docs")
    (folder / "page.html").write_text(PAGE, "utf-8")


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return share_folder(tmp_path_factory, "docs-of-all-schemes", generate_docs)


@pytest.fixture(scope="module")
def data(docs: Path) -> dict[str, Any]:
    text = (docs / "docs/reference/assets/workbench-data.js").read_text("utf-8")
    found: dict[str, Any] = json.loads(text.partition("globalThis.procwiseWorkbench = ")[2].strip().rstrip(";"))
    return found


@pytest.fixture
def tab(tab: Any, docs: Path) -> Any:
    tab.goto((docs / "page.html").as_uri())
    tab.wait_for_selector(".op-canonical li")
    return tab


@pytest.mark.parametrize(("version", "name"), VERSIONS.items(), ids=VERSIONS)
def test_the_workbench_has_every_scheme(version: str, name: str, data: dict[str, Any]) -> None:
    value = value_of(name)
    named = version if value.get("direction", "request") == "request" else f"{version}, deliveries (Signature)"
    found = data["versions"][named]
    assert json.loads(found["value"]) == value
    scheme = read_scheme(value)
    assert {one["name"] for one in found["credentials"]} <= scheme.credentials.keys()
    assert "secret_key" in {one["name"] for one in found["credentials"]}
    assert {one["name"] for one in found["settings"]} == {*scheme.settings}
    operations = [one for one in data["operations"].values() if one["version"] == named]
    assert len(operations) == (1 if named != version else 2)
    assert all(one["title"] and one["method"] in ("GET", "POST") for one in operations)


SIGN = """async ([cases]) => {
  const { readScheme, signRequest } = procwiseSigner;
  const { requestOf, urlOf } = procwiseRequest;
  const found = [];
  for (const [value, wire, method, url, headers, body, inputs] of cases) {
    const request = requestOf(method, url, headers, body);
    const { signature, request: signed } = await signRequest(readScheme(value), { ...request, path: wire }, inputs);
    found.push([signature, urlOf(signed), signed.headers]);
  }
  return found;
}"""


def _case(vector: Vector) -> list[Any]:
    given = vector.inputs
    inputs = {"credentials": vector.credentials, "settings": given["settings"], "nowMs": given["now_ms"]}
    request = vector.request
    return [
        json.dumps(vector.value),
        request.path,
        request.method,
        request.url,
        request.headers,
        request.body.decode(),
        {**inputs, "nonce": given["nonce"], "timestamp": given["timestamp"]},
    ]


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_all_published_vectors_in_the_browser(tab: Any) -> None:
    vectors = [vector for name in NAMES for vector in vectors_of(name)]
    found = tab.evaluate(SIGN, [[_case(vector) for vector in vectors]])
    assert [signature for signature, _, _ in found] == [vector.signature for vector in vectors]
    for vector, (_, url, headers) in zip(vectors, found, strict=True):
        request = request_of(vector.request.method, url, [(name, value) for name, value in headers])
        assert {name: request.header(name) for name in vector.sent} == {name: [v] for name, v in vector.sent.items()}


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("version", "operation", "moment", "format_", "nonce"), IN_BROWSER)
def test_the_workbench_signs_as_the_client(
    version: str, operation: str, moment: str, format_: str, nonce: str, tab: Any, data: dict[str, Any]
) -> None:
    wanted = next(n for n in data["operations"] if n.startswith(f"{version}/") and operation in n.replace("_", ""))
    tab.select_option("[name=operation]", wanted)
    timestamp = re.sub("[-:]", "", moment) if "%" in format_ else moment
    fill(tab, {**GIVEN, **{f"setting-{name}": text for name, text in SETTINGS.items()}})
    fill(tab, {"timestamp": timestamp, "nonce": nonce})
    tab.wait_for_function("/^[0-9A-Za-z+/=_-]{20,}$/.test(document.querySelector('.op-signature').textContent)")
    scheme = read_scheme(value_of(VERSIONS[version]))
    request, expected = sign_as_client(scheme, data["operations"][wanted], data, timestamp, nonce)
    assert tab.inner_text(".op-signature") == read_claims(scheme, request).signatures[0]
    assert tab.evaluate("document.querySelector('.op-base').textContent") == expected
    program = tab.inner_text(".op-program")
    for name, value in request.headers:
        assert f"-H '{name}: {value}'" in program
    assert f"'{request.url}'" in program
    tab.fill("[name=pasted]", expected.replace(expected[5], "~", 1))
    tab.click("text=Find the mistake")
    tab.wait_for_selector(".op-verdict mark")
    assert tab.inner_text(".op-verdict mark >> nth=1") == "~"
    weak = replace(scheme, hash="sha1" if scheme.hash != "sha1" else "md5")
    careless, _ = sign_as_client(weak, data["operations"][wanted], data, timestamp, nonce)
    tab.fill("[name=pasted]", read_claims(weak, careless).signatures[0])
    tab.click("text=Find the mistake")
    assert f"{weak.hash} instead of" in tab.inner_text(".op-verdict .op-cause")
    tab.fill("[name=pasted]", line_of(careless))
    tab.click("text=Find the mistake")
    tab.wait_for_selector(".op-verdict pre")
    given = {key: text for key, text in GIVEN.items() if key in scheme.credentials}
    known = {key: SETTINGS[key] for key in scheme.settings if key in SETTINGS}
    assert tab.inner_text(".op-verdict .op-cause") == explain_request(scheme, careless, given, settings=known).cause
    tab.fill("[name=pasted]", line_of(request))
    tab.click("text=Find the mistake")
    tab.wait_for_selector(".op-verdict pre")
    assert "The signature fits these parameters" in tab.inner_text(".op-verdict")


def fill(tab: Any, values: Mapping[str, str]) -> None:
    """Fill in what the page asks for."""
    for name, text in values.items():
        field = tab.locator(f"[name={name.replace('_', '-')}]")
        if text and field.count() and field.is_visible():
            field.fill(text)


def sign_as_client(
    scheme: SigningScheme, operation: dict[str, Any], data: dict[str, Any], timestamp: str, nonce: str
) -> tuple[Request, str]:
    """The example request, signed by the client, and its message."""
    version = data["versions"][operation["version"]]
    query = "&".join(f"{key}={value}" for key, value in operation["query"].items())
    url = version["base"] + operation["path"] + (f"?{query}" if query else "")
    headers = [(key, value) for key, value in version["headers"]]
    headers += [("Content-Type", operation["media"])] if operation["media"] else []
    request = request_of(operation["method"], url, headers, operation["body"])
    settings = {key: SETTINGS[key] for key in scheme.settings if key in SETTINGS}
    inputs: dict[str, Any] = {"settings": settings, "now_ms": 1785492184000, "nonce": nonce, "timestamp": timestamp}
    given = {key: text for key, text in GIVEN.items() if key in scheme.credentials}
    message = message_of(prepare_context(scheme, request, given, **inputs)).decode()
    return sign_request(scheme, request, given, **inputs), message
