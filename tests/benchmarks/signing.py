"""What a signature costs, beside one that is written by hand for this API alone."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping

from procwise.v3.signing import sign
from tests.benchmarks.rows import Row

BAR, ROUNDS, SIGNATURES = 1.8, 60, 200
KEY = "k" * 43
PARAMS: Mapping[str, object] = {
    "name": "Organic chemistry, second sitting",
    "type": "record_review",
    "duration_minutes": 75,
    "use_duration": True,
    "start_time": "2030-01-01T09:00:00.000+00:00",
    "page": "1",
    "timestamp": 1785492184567,
    "nonce": 8_123_456_789,
}


def measure() -> Iterator[Row]:
    """The least CPU time of each, taken in turn."""
    assert sign(PARAMS, KEY) == _sign_by_hand(PARAMS, KEY)
    works: tuple[Callable[[], object], ...] = (lambda: sign(PARAMS, KEY), lambda: _sign_by_hand(PARAMS, KEY))
    least = [min(times) for times in zip(*(map(_time, works) for _ in range(ROUNDS)), strict=True)]
    yield Row("a signature of 8 parameters / the same by hand", "µs", least[0] * 1e6, least[1] * 1e6, BAR)


def _sign_by_hand(params: Mapping[str, object], key: str) -> str:
    """As a program would do it that knows one scheme, and texts, numbers and booleans."""
    texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in params.items()}
    message = "?".join(f"{name}={texts[name]}" for name in sorted(texts))
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()


def _time(work: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(SIGNATURES):
        work()
    return (time.process_time() - started) / SIGNATURES
