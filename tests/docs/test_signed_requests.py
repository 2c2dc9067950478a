"""How a whole request is signed, step by step, on the page of its operation: of each scheme that signs requests."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.layers.docs.samples import example_request, sample
from generator.layers.docs.signed.parameters import MOMENT
from generator.layers.docs.signed.whole_requests import trace_example
from generator.signing.language import SigningScheme, read_scheme
from generator.signing.messages import SignatureRefused, request_of, verify_request
from generator.signing.messages.steps import SigningSteps, Step
from generator.signing.transforms import encode
from tests.shared import generate, share_folder
from tests.signing.published import FOLDER, NAMES, api_of, unseen_values, value_of

SIGNING = tuple(name for name in NAMES if value_of(name).get("direction", "request") == "request")
OPERATIONS = [(name, operation.id) for name in SIGNING for operation in api_of(name).operations if operation.signed]
UNSEEN = {name: value for name, value in unseen_values().items() if value.get("direction") != "delivery"}
REQUEST = request_of("POST", "https://a.example/x?b=2&a=1", {"Content-Type": "application/json"}, '{"title": "K"}')


def check_steps(scheme: SigningScheme, inputs: dict[str, str], steps: SigningSteps) -> None:
    """The steps lead to a request that a verifier takes, and refuses with another secret."""
    given = {name: inputs.get(name, "") for name in scheme.credentials}
    known = {name: text for name, text in inputs.items() if name in scheme.settings}
    verify_request(scheme, steps.request, given, settings=known, now_ms=MOMENT)
    with pytest.raises(SignatureRefused):
        verify_request(scheme, steps.request, {**given, "secret_key": "b3RoZXI="}, settings=known, now_ms=MOMENT)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_the_steps_are_those_of_an_accepted_request(name: str, operation: str) -> None:
    api, scheme = api_of(name), read_scheme(value_of(name))
    (wanted,) = (one for one in api.operations if one.id == operation)
    inputs, steps = trace_example(scheme, example_request(api, wanted, sample(api, wanted)))
    check_steps(scheme, dict(inputs), steps)


@pytest.mark.parametrize("name", UNSEEN)
def test_the_steps_of_other_schemes(name: str) -> None:
    scheme = read_scheme(UNSEEN[name])
    inputs, steps = trace_example(scheme, REQUEST)
    check_steps(scheme, dict(inputs), steps)


def walk(step: Step) -> Iterator[Step]:
    yield step
    for inner in step.inner:
        yield from walk(inner)


def generate_pages(folder: Path) -> None:
    for name in ("aws-sigv4", "coinbase-exchange"):
        version = name.replace("-", "")
        (folder / "spec" / version).mkdir(parents=True)
        (folder / "spec" / version / "openapi.yaml").write_text(
            (FOLDER / name / "openapi.yaml").read_text("utf-8"), "utf-8"
        )
    generate(folder / "spec", folder, "docs")


@pytest.mark.parametrize("name", ["aws-sigv4", "coinbase-exchange"])
@pytest.mark.parametrize("page", ["books/add_book.md", "index.md"])
def test_the_page_shows_each_step(name: str, page: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = share_folder(tmp_path_factory, "docs-of-signed-requests", generate_pages)
    api, scheme = api_of(name), read_scheme(value_of(name))
    operation = next(one for one in api.operations if (one.id == "addBook") == page.startswith("books"))
    _, steps = trace_example(scheme, example_request(api, operation, sample(api, operation)))
    text = (folder / "docs/reference" / name.replace("-", "") / page).read_text("utf-8")
    shown = re.search(r'<details class="op-signing".*?</details>', text, re.DOTALL)
    assert shown is not None
    message, sent = re.findall(r"```+ \w+\n(.*?)\n```", shown[0], re.DOTALL)
    assert message.replace("↵\n", "\n").encode() == encode(steps.message.value)
    assert message.count("↵") == encode(steps.message.value).count(b"\n")
    for header, value in steps.request.headers:
        assert f"\n{header}: {value}" in sent
    words = html.unescape(re.sub("<[^>]+>", "", shown[0]))
    for step in walk(steps.message):
        assert step is steps.message or json.dumps(encode(step.value).decode())[1:-1] in words
    assert steps.mac.hex() in words
    assert steps.signature in words
