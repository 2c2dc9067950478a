"""The nonces of requests that were accepted: which came before, and from whom."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

from ...api import Api
from ..judge import Observed
from .verification import Signature

MOST_KEPT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier request with the nonce; no place if there was none. `is_same` says that it was the very same one."""

    place: str = ""
    is_same: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    place: str
    began: float | None
    ended: float | None
    request: bytes
    accepted: bool


class NonceMemory:
    """The last nonces, each with the request that had it; old ones are forgotten."""

    def __init__(self, api: Api) -> None:
        scheme, whole = api.scheme, api.request_scheme if api.scheme is None else None
        nonce = whole.nonce if whole is not None else None
        self.applies = scheme is not None or nonce is not None
        self._is_increasing = nonce is not None and nonce.type == "increasing"
        self.unique_for_seconds = (
            scheme.unique_for_seconds if scheme is not None else nonce.unique_for_seconds if nonce is not None else 0
        )
        self._uses: OrderedDict[bytes, _Use] = OrderedDict()
        self._largest: OrderedDict[str, tuple[int, _Use]] = OrderedDict()
        self.repeated = 0

    def note(self, observed: Observed, signature: Signature) -> None:
        """Keep the nonce of a request; one that was accepted is not replaced by one that was refused."""
        if not signature.nonce or not self.applies:
            return
        key, use = _key_of(signature), _describe_use(observed)
        known = self._uses.get(key)
        if known is None or not known.accepted:
            self._uses[key] = use
        self._uses.move_to_end(key)
        if len(self._uses) > MOST_KEPT:
            self._uses.popitem(last=False)
        if self._is_increasing and observed.succeeded and _is_number(signature.nonce):
            largest = self._largest.get(signature.identity, (-1, use))[0]
            if int(signature.nonce) > largest:
                self._largest[signature.identity] = (int(signature.nonce), use)
            if len(self._largest) > MOST_KEPT:
                self._largest.popitem(last=False)

    def has(self, signature: Signature) -> bool:
        """Whether a request with this nonce was seen before."""
        return bool(signature.nonce) and _key_of(signature) in self._uses

    def find_replayed(self, observed: Observed, signature: Signature) -> Earlier | None:
        """The accepted request that had the nonce before; None if the recording only has one request twice."""
        known, now = self._uses.get(_key_of(signature)), _describe_use(observed)
        if known is not None and known.accepted:
            if known.request == now.request and known.began == now.began and now.began is not None:
                self.repeated += 1
                return None
            if not self._is_forgotten(known, now):
                return Earlier(place=known.place, is_same=known.request == now.request)
        if self._is_increasing and _is_number(signature.nonce):
            largest, use = self._largest.get(signature.identity, (-1, now))
            is_behind = use.ended is not None and now.began is not None and use.ended <= now.began
            if int(signature.nonce) <= largest and is_behind:
                return Earlier(place=use.place)
        return Earlier()

    def _is_forgotten(self, known: _Use, now: _Use) -> bool:
        if not self.unique_for_seconds or known.ended is None or now.began is None:
            return False
        return now.began - known.ended > self.unique_for_seconds


def _key_of(signature: Signature) -> bytes:
    text = f"{signature.identity}\0{signature.nonce}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _describe_use(observed: Observed) -> _Use:
    recorded = observed.recorded
    text = f"{recorded.method} {recorded.url}".encode("utf-8", "surrogatepass") + (recorded.body or b"")
    return _Use(
        place=recorded.place,
        began=recorded.began,
        ended=recorded.ended,
        request=blake2b(text, digest_size=12).digest(),
        accepted=observed.succeeded,
    )


def _is_number(nonce: str) -> bool:
    return nonce.isascii() and nonce.isdecimal() and len(nonce) < 40
