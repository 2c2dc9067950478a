"""How an example of one set of parameters is signed: each parameter, the text that is signed, and the signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.ir import Api, Frozen, Operation, Signing
from generator.layers.docs.prose import literal
from generator.layers.docs.samples import Block, Sample, files
from generator.signing import scheme_of

KEY = "YOUR_SECRET_KEY"
MOMENT = 1_781_514_000_000
NONCE = 7_265_301_948

_PLACES = {"path": "from the path", "query": "from the query", "body": "from the body"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedValue:
    """One parameter that is signed, and where its value comes from."""

    name: str
    value: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedExample:
    """The example request with its signature, made with the key that is shown."""

    values: tuple[SignedValue, ...]
    base: Block
    algorithm: str
    key: str
    signature: str
    excluded: str


def sign_example(api: Api, operation: Operation, values: Sample) -> SignedExample | None:
    """The signature of the example; None for an operation without one."""
    signing = api.signing
    if signing is None or not operation.signed:
        return None
    scheme = scheme_of(signing)
    places = _places(signing, operation, values)
    params = scheme.stamp(scheme.merge(**places), now_ms=MOMENT, nonce=NONCE)
    pairs = scheme.pairs(params)
    base = scheme.joined(pairs)
    return SignedExample(
        values=tuple(SignedValue(name=literal(n), value=literal(v), place=_place(n, places)) for n, v in pairs),
        base=Block("text", base),
        algorithm=f"{signing.algorithm.upper()} as {signing.digest}",
        key=literal(KEY),
        signature=literal(scheme.digest_of(base, KEY)),
        excluded=literal(signing.parameter),
    )


def _places(signing: Signing, operation: Operation, values: Sample) -> Mapping[str, Mapping[str, Frozen]]:
    """The example's values by place, without files if the scheme leaves them out."""
    unsigned = files(operation) if signing.files == "excluded" else frozenset()
    body = values.body if isinstance(values.body, Mapping) else {}
    return {
        "path": values.path,
        "query": values.query,
        "body": {name: value for name, value in body.items() if name not in unsigned},
    }


def _place(name: str, places: Mapping[str, Mapping[str, Frozen]]) -> str:
    found = next((_PLACES[place] for place, members in places.items() if name in members), "")
    return found or "new for every request"
