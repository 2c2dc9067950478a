"""What a description says of lists, numbers and constants, of what is left out, of methods and of whole requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest
import yaml
from starlette.requests import Request
from starlette.responses import Response

from tests.conformance.conftest import USERS, command
from tests.conformance.foreign.pantry import DESCRIPTION, Pantry
from tests.conformance.foreign.test_no_false_alarms import describe, share_packages
from tests.conformance.foreign.vault import Vault
from tests.conformance.servers.model_server import serve

MUST, SHOULD = "MUST", "SHOULD"


class Lax(Pantry):
    """Checks its schemas without some keywords."""

    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        components = drop_keywords(yaml.safe_load(DESCRIPTION.read_text("utf-8"))["components"], self.without)
        schema = {"$ref": "#/components/schemas/NewJar", "components": components}
        self.schemas["NewJar"] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def drop_keywords(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {name: drop_keywords(one, names) for name, one in value.items() if name not in names}
    return [drop_keywords(one, names) for one in value] if isinstance(value, list) else value


class Repeating(Lax):
    without = ("uniqueItems", "multipleOf")


class Counting(Lax):
    without = ("minItems", "maxItems")


class Inconstant(Lax):
    without = ("const",)


class Emptied(Pantry):
    """A DELETE of all jars empties the pantry of the user."""

    def answer(self, request: Request, body: bytes) -> Response:
        if request.method == "DELETE" and self.find_place(request)[0] == "jars":
            user = self.verify(request, self.read_query(request), {}, {})
            for name in [name for name in self.jars if self.owners[name] == user]:
                del self.jars[name]
            return Response(status_code=204)
        return super().answer(request, body)


class Keeping(Vault):
    """A PUT keeps what it leaves out."""

    def replace(self, deposit: dict[str, Any], sent: dict[str, Any]) -> None:
        deposit.update(sent)


class Roomless(Vault):
    """Signs as if no room were named."""

    def read_room(self, request: Request) -> str:
        return ""


FOUND: Mapping[type[Pantry], tuple[str, set[tuple[str, str]]]] = {
    Repeating: ("MOD-09[2-8]", {("MOD-098 jarsCreate", MUST)}),
    Counting: ("MOD-09[2-8]", {("MOD-093 jarsCreate", MUST)}),
    Inconstant: ("MOD-09[2-8]", {("MOD-092 jarsCreate", MUST), ("MOD-094 jarsCreate", SHOULD)}),
    Emptied: ("MOD-110", {("MOD-110 jarsIndex", SHOULD)}),
}


@pytest.mark.slow
def test_rules_of_schemas_and_undescribed_methods(tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = share_packages(tmp_path_factory, "pantry", "form")
    scheme: Mapping[str, Any] = describe("pantry", "form")["components"]["securitySchemes"]["Seal"]["x-signing"]
    found = {}
    for kind, (checks, _) in FOUND.items():
        with serve(kind(USERS, scheme)) as url:
            options = ("--operations", "jars*", "--include-check", checks)
            outcome = command(packages, tmp_path_factory.mktemp("run"))(url, *options)
        found[kind] = {(one["id"], one["level"]) for one in outcome.findings}
    assert found == {kind: ids for kind, (_, ids) in FOUND.items()}


@pytest.mark.slow
def test_what_is_left_out_is_removed_or_has_its_default(tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = share_packages(tmp_path_factory, "vault", "authorization")
    found = []
    for server in (Vault(USERS), Keeping(USERS), Vault(USERS, usual_worth=0)):
        with serve(server) as url:
            outcome = command(packages, tmp_path_factory.mktemp("run"))(url, "--include-check", "MOD-02[56]")
        found.append({(one["id"], one["level"]) for one in outcome.findings})
    assert found == [set(), {("MOD-025 ReplaceDeposit", SHOULD)}, {("MOD-026 Deposit", SHOULD)}]


@pytest.mark.slow
def test_whole_requests_just_beyond_the_window_and_with_another_header(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    packages = share_packages(tmp_path_factory, "vault", "headers")
    options = ("--operations", "ListDeposits", "--include-check", "REQ-03*,REQ-071")
    found = []
    for server in (Vault(USERS, True), Vault(USERS, True, patience=300.0), Roomless(USERS, True)):
        with serve(server) as url:
            outcome = command(packages, tmp_path_factory.mktemp("run"))(url, *options)
        found.append({(one["id"], one["level"]) for one in outcome.findings})
    wide = {(f"REQ-{number} ListDeposits", SHOULD) for number in ("032", "033")}
    assert found == [set(), wide, {("REQ-071 ListDeposits", MUST)}]
