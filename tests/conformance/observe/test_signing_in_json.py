"""A recording of requests whose signature lies in an object of the JSON body."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from generator.signing.language import read_scheme
from generator.signing.messages import request_of, sign_request
from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import Seen, mitmproxy, write_har
from tests.shared import generate, share_folder
from tests.signing.published import FOLDER, unseen_values

BEGAN = 1_785_492_184.0
BOOK = {"title": "Emma"}
KEYS = {"PROCWISE_TOKEN": "ada", "PROCWISE_SECRET_KEY": "made-up-secret"}


@pytest.fixture
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def fill(folder: Path) -> None:
        description = yaml.safe_load((FOLDER / "coinbase-exchange" / "openapi.yaml").read_text("utf-8"))
        description["components"]["securitySchemes"]["Signature"]["x-signing"] = unseen_values()["deepmember"]
        (folder / "spec").mkdir()
        (folder / "spec" / "openapi.yaml").write_text(yaml.safe_dump(description, sort_keys=False), "utf-8")
        generate(folder / "spec", folder, "client", "conformance")

    return share_folder(tmp_path_factory, "deepmember", fill) / "generated"


@pytest.mark.slow
def test_members_of_the_signature_are_described_and_those_beside_it_are_not(
    observe: Observe, packages: Path, tmp_path: Path
) -> None:
    def see(members: dict[str, str]) -> Seen:
        url, headers = "https://api.shelf.example/books", {"Content-Type": "application/json"}
        request = request_of("POST", url, headers, json.dumps(members))
        given = {"access_key": "ada", "secret_key": "made-up-secret"}
        signed = sign_request(read_scheme(unseen_values()["deepmember"]), request, given, now_ms=int(BEGAN * 1000))
        content = json.dumps(BOOK).encode()
        return Seen("POST", url, headers, signed.body, answered=headers, content=content, began=BEGAN)

    for name, members, undescribed in (("fine", BOOK, False), ("other", {**BOOK, "colour": "red"}, True)):
        outcome = observe(write_har(tmp_path / f"{name}.har", [mitmproxy(see(members))]), packages=packages, **KEYS)
        assert outcome.code == 0, outcome.output
        said = [one["observed"] for one in outcome.report["results"] if "nobody described" in one["observed"]]
        assert bool(said) is undescribed, said
