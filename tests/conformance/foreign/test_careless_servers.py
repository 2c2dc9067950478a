"""Decimals, null, errors without their headers, links without end, and nonces that wrong signatures use up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.conformance.conftest import USERS, command
from tests.conformance.foreign.errors import Refused
from tests.conformance.foreign.pantry import Pantry
from tests.conformance.foreign.test_no_false_alarms import describe, share_packages
from tests.conformance.foreign.vault import Vault, read_authorization
from tests.conformance.servers.model_server import serve

RECENT = "MOD-004,MOD-010,MOD-036,MOD-096"


class Careless(Pantry):
    """Stores whole numbers, does not clear notes, has another page behind every page, and leaves headers out."""

    def post_jars(self, *, user: str, members: dict[str, Any], **more: Any) -> Response:
        whole = {name: int(value) if isinstance(value, float) else value for name, value in members.items()}
        return super().post_jars(user=user, members=whole, **more)

    def patch_jar(self, *, ids: dict[str, str], members: dict[str, Any], **more: Any) -> Response:
        note = self.jars[ids["jarId"]].get("note")
        response = super().patch_jar(ids=ids, members=members, **more)
        if members.get("note", note) is None and note is not None:
            self.jars[ids["jarId"]]["note"] = note
        return response

    def get_jars(self, *, user: str, query: dict[str, str], **more: Any) -> Response:
        response = super().get_jars(user=user, query=query, **more)
        last = [name for name in self.jars if self.owners[name] == user][-1:]
        for name in last:
            response.headers.setdefault("next-cursor", name)
        return response

    def describe_error(self, refused: Refused) -> dict[str, str]:
        return refused.headers


class Burning(Vault):
    """Notes a nonce before it looks at the signature."""

    def verify(self, request: Request, body: bytes) -> str:
        user, _, once, _ = read_authorization(request)
        try:
            return super().verify(request, body)
        finally:
            self.used.add((user, once))


@pytest.mark.slow
def test_a_careless_server_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = share_packages(tmp_path_factory, "pantry", "form")
    scheme: Mapping[str, Any] = describe("pantry", "form")["components"]["securitySchemes"]["Seal"]["x-signing"]
    with serve(Careless(USERS, scheme)) as url:
        options = ("--operations", "jars*", "--include-check", RECENT)
        outcome = command(packages, tmp_path_factory.mktemp("run"))(url, *options)
    found = {(one["id"], one["level"]) for one in outcome.findings}
    expected = {("MOD-004 jarsCreate", "MUST"), ("MOD-010 jarsChange", "SHOULD"), ("MOD-096 jarsRead", "MUST")}
    assert found >= expected | {("MOD-036 jarsIndex", "SHOULD")}
    assert {one.split()[0] for one, _ in found} == {*RECENT.split(",")}


@pytest.mark.slow
def test_a_nonce_that_a_wrong_signature_uses_up_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = share_packages(tmp_path_factory, "vault", "authorization")
    found = []
    for server in (Vault(USERS), Burning(USERS)):
        with serve(server) as url:
            options = ("--operations", "ListDeposits", "--include-check", "REQ-041")
            outcome = command(packages, tmp_path_factory.mktemp("run"))(url, *options)
        found.append({(one["id"], one["level"]) for one in outcome.findings})
    assert found == [set(), {("REQ-041 ListDeposits", "SHOULD")}]
