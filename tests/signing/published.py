"""The published schemes: a folder each, with a description that has the value, and the vendor's own vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.ir import Api, thaw
from generator.load import load
from generator.lower import lower
from generator.signing.language import SigningScheme, read_scheme
from generator.signing.language.clock import read_moment
from generator.signing.messages import Request, request_of

FOLDER = Path(__file__).parent / "schemes"
NAMES = tuple(sorted(path.name for path in FOLDER.iterdir()))
UNSEEN, VENDORS, TRIALS = (
    Path(__file__).parent / name for name in ("unseen.yaml", "vendors.yaml", "trials/values.yaml")
)


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # PyYAML may lack libyaml
    """YAML without dates: a timestamp is the text that it is."""


_Plain.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def api_of(name: str) -> Api:
    """The lowered description of a published scheme."""
    return lower(load([FOLDER / name])).current


def value_of(name: str) -> dict[str, Any]:
    """The value of `x-signing`, as it went through the whole reading of a description."""
    (scheme,) = api_of(name).signature_schemes
    value = thaw(scheme.value)
    assert isinstance(value, dict)
    return value


@cache
def unseen_values() -> dict[str, dict[str, Any]]:
    """Values that were written from the language page alone, by name."""
    values: dict[str, dict[str, Any]] = yaml.safe_load(UNSEEN.read_text("utf-8"))
    return values


@cache
def vendor_values() -> dict[str, dict[str, Any]]:
    """Values of more public schemes, by name."""
    values: dict[str, dict[str, Any]] = yaml.safe_load(VENDORS.read_text("utf-8"))
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One published example. `sent` are headers that were published as they are sent."""

    name: str
    value: dict[str, Any]
    scheme: SigningScheme
    request: Request
    inputs: dict[str, Any]
    credentials: dict[str, str]
    base_string: str | None
    signature: str
    sent: dict[str, str]


@cache
def vectors_of(name: str) -> list[Vector]:
    """All vectors of a published scheme."""
    read = yaml.load((FOLDER / name / "vectors.yaml").read_text("utf-8"), _Plain)
    value = value_of(name)
    return [_vector(value, one) for one in read["vectors"]]


def _vector(value: dict[str, Any], one: dict[str, Any]) -> Vector:
    variant, given, sent = one.get("variant", {}), one["given"], one["request"]
    changed = {**value, **({"algorithm": variant["algorithm"]} if "algorithm" in variant else {})}
    for old, new in variant.get("rename", {}).items():
        changed = yaml.load(yaml.safe_dump(changed).replace(f"{old}:", f"{new}:"), _Plain)
    scheme = read_scheme(changed)
    request = request_of(sent["method"], sent["url"], sent.get("headers", {}), sent.get("body", ""))
    text = given.get("timestamp", "")
    moment = read_moment(scheme.timestamp.format, text) if scheme.timestamp else 0
    assert moment is not None
    assert "clock" not in given or not scheme.timestamp or moment == given["clock"] * 1000
    return Vector(
        name=one["name"],
        value=changed,
        scheme=scheme,
        request=replace(request, path=sent["path"]) if "path" in sent else request,
        inputs={
            "settings": {**given.get("settings", {}), **given.get("fields", {})},
            "now_ms": moment,
            "nonce": given.get("nonce", ""),
            "timestamp": text,
        },
        credentials={"access_key": "", **given["credentials"]},
        base_string=one.get("base_string"),
        signature=one["signature"],
        sent=one.get("sent", {}),
    )


@cache
def trial_values() -> dict[str, dict[str, Any]]:
    """Values of public schemes that nobody had thought of when the language was made, by name."""
    values: dict[str, dict[str, Any]] = yaml.safe_load(TRIALS.read_text("utf-8"))
    return values
