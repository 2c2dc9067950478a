"""The signing workbench, in a browser: it signs as the client does, and names the mistakes that `explain` names."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from generator.load import load
from generator.lower import lower
from generator.signing import Scheme, scheme_of
from generator.signing.explanation import explain
from generator.signing.explanation.attempts import RefusedRequest
from generator.signing.explanation.report import list_attempts
from procwise_sandbox import running

pytestmark = pytest.mark.needs("chromium")
KEY = "sandbox-secret-0123456789"

REFUSED = [
    '{"id": 17, "name": "José & co", "on": true, "off": false, "no": null, "list": [1, 2], "price": 12.50, "nonce": 7}',
    '{"id": 17, "words": ["a", "é", null], "in": [{"a": 1.0}], "email": " A+b@c.example ", "timestamp": 1}',
    '{"a": "x€y", "b": "", "c": [], "d": "e\\u0301", "big": 12345678901234567890123, "f": 1e22, "g": "0012.50"}',
    '{"page": 1, "timestamp": 1527500365052, "nonce": 7}',
    json.dumps({"id": 1, "filter": '{"a":{"eq":"é/😀 \\u00e9"},"b":[],"c":[1,{"d":{}}]}', "nonce": 7, "timestamp": 1}),
    json.dumps(
        {"t": "R&D <x> \"a b+c d\" 'é' &lt; €😀 " + bytes(range(160, 256)).decode("latin-1"), "l": ["é&", 1, True]}
    ),
    json.dumps({"id": 1, "sort": '[ {"a" :\n"\\u00e9\\ud83d\\ude00\\/\\u0041\\ud83d"} ]', "x": "[a]", "nonce": 7}),
]
ATTEMPTS = """async ([text, key, options]) => {
  const { describe, attempts } = procwiseMistakes;
  const request = describe(procwiseWorkbench.versions.v3.scheme, procwiseSigning.parseJson(text), key, options);
  const found = [];
  for (const { cause, text: own, bytes, key: other = key, scheme = request.scheme } of attempts(request)) {
    found.push([cause, await procwiseSigning.digest(scheme, bytes ?? own, other)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def scheme(root: Path) -> Scheme:
    signing = lower(load([root / "spec"])).current.signing
    assert signing is not None
    return scheme_of(signing)


def open_workbench(tab: Any, address: str) -> Any:
    tab.goto(f"{address}reference/workbench/")
    tab.wait_for_selector(".op-canonical li")
    return tab


@pytest.mark.slow
def test_the_shared_vectors(tab: Any, address: str, root: Path) -> None:
    vectors = json.loads((root / "tests/signing/vectors.json").read_text(encoding="utf-8"))["vectors"]
    given = [[json.dumps(vector["params"]), vector["secret"]] for vector in vectors]
    signed = open_workbench(tab, address).evaluate(
        """async (given) => {
          const { parseJson, pairsOf, join, digest } = procwiseSigning;
          const { scheme } = procwiseWorkbench.versions.v3;
          return Promise.all(given.map(async ([text, key]) => {
            const base = join(scheme, pairsOf(scheme, parseJson(text)));
            return [base, await digest(scheme, base, key)];
          }));
        }""",
        given,
    )
    assert signed == [[vector["base_string"], vector["signature"]] for vector in vectors]


@pytest.mark.slow
def test_the_catalogue_is_that_of_explain(tab: Any, address: str, scheme: Scheme) -> None:
    open_workbench(tab, address)
    for text in REFUSED:
        params = json.loads(text)
        names = [*params]
        sent = {"path": names[:1], "query": names[1:3], "body": names[3:-1]}
        options = {**sent, "names": ["exam_id", "id_"], "token": "a-token", "overridden": {names[0]: "99"}}
        refused = RefusedRequest(
            scheme=scheme,
            params=params,
            pairs=scheme.pairs(params),
            base_string=scheme.base_string(params),
            secret_key=KEY,
            **options,  # type: ignore[arg-type]  # lists in place of tuples
        )
        attempts = list_attempts(refused)
        expected = [[cause if isinstance(cause, str) else cause(), signature] for cause, signature in attempts]
        found = tab.evaluate(ATTEMPTS, [text, KEY, {**options, "overridden": [[names[0], "99"]]}])
        assert found == expected, text
        assert len(found) > 60


def curl_of(signature: str) -> str:
    query = f"timestamp=1527500365052&nonce=7&signature={signature}"
    body = json.dumps({"name": "Ada's exam", "type": "demo", "use_duration": True})
    quoted = body.replace("'", "'\\''")
    return f"curl -X POST 'https://demo.example/api/v3/exams?{query}' \\\n -H 'Accept: x' -d '{quoted}'"


@pytest.mark.slow
def test_a_refused_curl_line_gets_the_verdict_of_explain(tab: Any, address: str, scheme: Scheme) -> None:
    query = {"timestamp": "1527500365052", "nonce": "7"}
    body = {"name": "Ada's exam", "type": "demo", "use_duration": True}
    params: dict[str, object] = {**query, **body}
    base = scheme.base_string(params)
    as_sent = "?".join(f"{name}={'true' if value is True else value}" for name, value in params.items())
    mistakes = [base.replace("true", "True"), base.replace("?", "&"), scheme.base_string(query), as_sent]
    right = scheme.digest_of(base, KEY)
    refused = [*(scheme.digest_of(text, KEY) for text in mistakes), scheme.digest_of(base, f"{KEY}\n")]
    refused += [right[:40], f"{right}ab", hashlib.sha256(base.encode()).hexdigest()]
    open_workbench(tab, address)
    tab.fill("[name=secret-key]", KEY)
    for signature in refused:
        tab.fill("[name=pasted]", curl_of(signature))
        tab.click("text=Find the mistake")
        expected = explain(scheme, params, KEY, signature=signature, query=[*query], body=[*body]).cause
        assert expected
        assert tab.inner_text(".op-cause") == expected
    tab.fill("[name=pasted]", curl_of(scheme.digest_of(base, KEY)))
    tab.click("text=Find the mistake")
    assert "The signature fits these parameters" in tab.inner_text(".op-verdict")


@pytest.mark.slow
def test_a_bare_signature_asks_for_the_key_and_then_names_the_mistake(tab: Any, address: str, scheme: Scheme) -> None:
    tab.goto(f"{address}reference/v3/exams/show/#check-my-signature")
    tab.wait_for_selector(".op-canonical li")
    tab.fill("[name=path-id]", "17")
    tab.fill("[name=timestamp]", "1527500365052")
    tab.fill("[name=nonce]", "7")
    tab.fill("[name=pasted]", scheme.digest_of("nonce=7?timestamp=1527500365052", KEY))
    tab.click("text=Find the mistake")
    assert "fill in the parameters and the secret key" in tab.inner_text(".op-verdict")
    tab.fill("[name=secret-key]", KEY)
    tab.click("text=Find the mistake")
    assert tab.inner_text(".op-cause") == "the ids in the path were not signed"
    expected = scheme.sign({"id": "17", "timestamp": 1527500365052, "nonce": "7"}, KEY)
    assert tab.inner_text(".op-signature") == expected
    assert f"signature={expected}" in tab.inner_text(".op-program")
    tab.fill("[name=pasted]", "id=17&nonce=7&timestamp=1527500365052")
    tab.click("text=Find the mistake")
    assert tab.inner_text(".op-cause") == "the pairs were joined by '&' instead of '?'"
    pasted = "id=17&nonce=7&timestamp=1527500365052"
    said = explain(scheme, {"id": 17, "nonce": 7, "timestamp": 1527500365052}, theirs=pasted).parts
    assert tab.inner_text(".op-verdict p >> nth=0") == said
    assert said.startswith("your base string differs from the correct one at character 6: '&nonce=7")
    assert tab.inner_text(".op-verdict mark >> nth=0") == "?"
    assert tab.inner_text(".op-verdict mark >> nth=1") == "&"


@pytest.mark.slow
def test_typing_sends_nothing_and_leaves_nothing(tab: Any, address: str) -> None:
    open_workbench(tab, address)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.fill("[name=secret-key]", "a-planted-secret-key")
    tab.fill("[name=token]", "a-planted-token")
    tab.select_option("[name=operation]", "v3/exams/show")
    tab.fill("[name=path-id]", "18")
    tab.wait_for_function("document.querySelector('.op-program').textContent.includes('/exams/18?')")
    stored = tab.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert asked == []
    assert "planted" not in stored
    tab.reload()
    tab.wait_for_selector(".op-canonical li")
    assert tab.input_value("[name=secret-key]") == ""


@pytest.mark.slow
def test_from_a_file_it_signs_and_names_the_command_for_the_sandbox(tab: Any, site: Path) -> None:
    tab.goto((site / "reference/v3/exams/create/index.html").as_uri())
    tab.click("summary:has-text('Check my signature')")
    tab.wait_for_selector(".op-canonical li")
    tab.fill("[name=secret-key]", KEY)
    tab.wait_for_function("document.querySelector('.op-signature').textContent.length === 64")
    assert "procwise-sandbox --cors null" in tab.inner_text(".op-bench")


@pytest.mark.slow
def test_a_request_goes_to_the_local_sandbox(tab: Any, address: str) -> None:
    with running() as sandbox:
        open_workbench(tab, address)
        tab.select_option("[name=operation]", "v3/exams/list")
        tab.fill("[name=secret-key]", sandbox.secret_key)
        tab.fill("[name=token]", sandbox.token)
        tab.fill(".op-bench [name=query]", "limit=2")
        tab.fill("[name=server]", sandbox.base_url.partition("/api/")[0])
        tab.wait_for_function("document.querySelector('.op-signature').textContent.length === 64")
        tab.press("button:has-text('Send to the local')", "Enter")
        tab.wait_for_function("document.querySelector('.op-reply').textContent.startsWith('200')")
        assert '"exams"' in tab.inner_text(".op-reply")
        nonces = [tab.input_value("[name=nonce]"), send_again(tab, "200"), send_again(tab, "200")]
        assert len({*nonces}) == 3
        tab.fill("[name=nonce]", "7")  # what was typed is sent
        assert [send_again(tab, "200"), send_again(tab, "403")] == ["7", "7"]
        assert "nonce_used" in tab.inner_text(".op-reply")
        tab.fill("[name=nonce]", "8")
        tab.fill("[name=timestamp]", "1527500365052")
        assert send_again(tab, "403") == "8"
        assert "timestamp_outside_window" in tab.inner_text(".op-reply")


def send_again(tab: Any, status: str) -> str:
    """Send what is filled in once more; the nonce that was sent."""
    tab.evaluate("document.querySelector('.op-reply').textContent = ''")
    tab.press("button:has-text('Send to the local')", "Enter")
    tab.wait_for_function("status => document.querySelector('.op-reply').textContent.startsWith(status)", arg=status)
    return str(tab.input_value("[name=nonce]"))


@pytest.mark.slow
def test_the_back_button_brings_a_working_workbench(tab: Any, address: str) -> None:
    open_workbench(tab, address)
    tab.goto(f"{address}reference/v3/exams/show/")
    tab.go_back()
    tab.wait_for_selector(".op-canonical li")
    tab.fill("[name=secret-key]", KEY)
    tab.wait_for_function("document.querySelector('.op-signature').textContent.length === 64")
