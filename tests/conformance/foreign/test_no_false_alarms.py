"""Two honest servers of other vendors get no finding of any level, whatever the scheme and their manners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.conftest import USERS, Outcome, command
from tests.conformance.foreign.pantry import Pantry
from tests.conformance.foreign.variants import PANTRY_MANNERS, PANTRY_SCHEMES, VAULT_SCHEMES, change_scheme
from tests.conformance.foreign.vault import Vault
from tests.conformance.servers.model_server import serve
from tests.proofs import FULL
from tests.shared import generate, share_folder

HERE = Path(__file__).parent
SECOND = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
SCHEMES = {"pantry": ("Seal", PANTRY_SCHEMES), "vault": ("Sealed", VAULT_SCHEMES)}
# What has two readings, what belongs to another operation, and what is not shown, listed or found any more.
QUICK = ("--include-check", "SIG-05*,SIG-10[2-7],SIG-15*,MOD-002,MOD-014,MOD-02[0-2],MOD-042")
RUNS = [("pantry", "json", 1), ("pantry", "plain", 2), ("vault", "authorization", 3)]
LARGE_NUMBERS = {(f"SIG-{number}", "ADVISORY") for number in (224, 225, 226)}


def describe(vendor: str, variant: str) -> dict[str, Any]:
    """The description of a vendor with that value of the scheme."""
    document: dict[str, Any] = yaml.safe_load((HERE / f"{vendor}.yaml").read_text("utf-8"))
    name, variants = SCHEMES[vendor]
    scheme = document["components"]["securitySchemes"][name]
    scheme["x-signing"] = change_scheme(scheme["x-signing"], variants[variant])
    return document


def list_long_runs() -> list[tuple[str, str, int]]:
    """Twenty seeds of each vendor, with each value of its scheme in turn."""
    turns = {vendor: tuple(variants) for vendor, (_, variants) in SCHEMES.items()}
    return [(vendor, turn[seed % len(turn)], seed) for seed in range(1, 21) for vendor, turn in turns.items()]


@contextmanager
def serve_vendor(vendor: str, variant: str, manner: Mapping[str, int]) -> Iterator[tuple[str, Pantry | Vault]]:
    """An honest server of that vendor."""
    scheme = describe(vendor, variant)["components"]["securitySchemes"][SCHEMES[vendor][0]]["x-signing"]
    server = Pantry(USERS, scheme, **manner) if vendor == "pantry" else Vault(USERS, variant == "headers")
    with serve(server) as url:
        yield url, server


def share_packages(factory: pytest.TempPathFactory, vendor: str, variant: str) -> Path:
    """The packages that are generated from that description."""

    def fill(folder: Path) -> None:
        (folder / vendor).mkdir()
        text = yaml.safe_dump(describe(vendor, variant), sort_keys=False)
        (folder / vendor / "openapi.yaml").write_text(text, "utf-8")
        generate(folder / vendor, folder, "client", "conformance")

    return share_folder(factory, f"{vendor}-{variant}", fill) / "generated"


def run_against(
    factory: pytest.TempPathFactory, vendor: str, variant: str, manner: Mapping[str, int], *options: str
) -> tuple[Outcome, Pantry | Vault]:
    """A run of the suite of that description."""
    packages = share_packages(factory, vendor, variant)
    with serve_vendor(vendor, variant, manner) as (url, server):
        return command(packages, factory.mktemp("run"))(url, *SECOND, *options), server


@pytest.mark.slow
def test_nothing_is_found_in_what_a_description_leaves_open(tmp_path_factory: pytest.TempPathFactory) -> None:
    outcome, server = run_against(tmp_path_factory, "pantry", "form", PANTRY_MANNERS[0], *QUICK)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output + outcome.errors
    assert outcome.report["summary"]["passed"] > 30
    assert isinstance(server, Pantry)
    assert not server.jars


@pytest.mark.slow
@pytest.mark.parametrize(("vendor", "variant", "seed"), list_long_runs() if FULL else RUNS)
def test_nothing_is_found(tmp_path_factory: pytest.TempPathFactory, vendor: str, variant: str, seed: int) -> None:
    """Each operation succeeds, and everything is removed; that numbers are read as doubles is no more than a hint."""
    few, number = ("--seed", str(seed), "--max-examples", "5"), seed + seed // len(PANTRY_MANNERS)
    manner = PANTRY_MANNERS[number % len(PANTRY_MANNERS)]  # each with each value of the scheme in turn
    outcome, server = run_against(tmp_path_factory, vendor, variant, manner, *few)
    signs_bodies = vendor == "pantry" and variant != "narrow"
    hints = LARGE_NUMBERS if signs_bodies and manner.get("doubles") else set()
    found = {(one["id"].partition(" ")[0], one["level"]) for one in outcome.findings}
    assert (outcome.code, found) == (0, hints), outcome.output + outcome.errors
    assert [one["operation"] for one in outcome.report["coverage"] if not one["exercised"]] == []
    assert not (server.jars if isinstance(server, Pantry) else server.deposits)
    assert outcome.report["notes"] == []
