"""Tags of versions, conditions on them, and addresses of what was created, as RFC 9110 has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.datastructures import Headers

from tests.conformance.conftest import USERS, command
from tests.conformance.foreign.pantry import Pantry
from tests.conformance.foreign.test_no_false_alarms import describe, share_packages
from tests.conformance.servers.model_server import serve

CONDITIONS = ("--operations", "jars*", "--include-check", "MOD-11[4-7]")


class Careless(Pantry):
    """Reads no condition, but for that any of them gets 304; has one tag for all versions, and another address."""

    def tag(self, jar: Mapping[str, Any]) -> str:
        return f'"{jar["jarId"]}"'

    def is_excluded(self, jar: Mapping[str, Any], headers: Headers) -> bool:
        return "if-none-match" in headers

    def locate(self, jar: Mapping[str, Any]) -> str:
        return f"/glasses/{jar['jarId']}"


class Untagged(Pantry):
    """Writes tags without quotes, that no condition names."""

    def tag(self, jar: Mapping[str, Any]) -> str:
        return super().tag(jar).strip('"')

    def is_excluded(self, jar: Mapping[str, Any], headers: Headers) -> bool:
        return False


@pytest.mark.slow
def test_versions_are_held_to_what_is_described(tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = share_packages(tmp_path_factory, "pantry", "form")
    scheme: Mapping[str, Any] = describe("pantry", "form")["components"]["securitySchemes"]["Seal"]["x-signing"]
    found = {}
    for kind in (Careless, Untagged):
        with serve(kind(USERS, scheme)) as url:
            outcome = command(packages, tmp_path_factory.mktemp("run"))(url, *CONDITIONS)
        found[kind] = {(one["id"], one["level"]) for one in outcome.findings}
    tags, refused = ("MOD-114 jarsRead", "SHOULD"), ("MOD-116 jarsChange", "MUST")
    assert found[Careless] == {tags, ("MOD-115 jarsRead", "MUST"), refused, ("MOD-117 jarsCreate", "SHOULD")}
    assert found[Untagged] == {tags, ("MOD-115 jarsRead", "SHOULD"), refused}
