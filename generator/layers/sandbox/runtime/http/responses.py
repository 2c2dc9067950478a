"""JSON answers, written by an encoder that is made once."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse

_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Json(JSONResponse):
    """As Starlette's, which makes an encoder for each answer: 5 us."""

    def render(self, content: Any) -> bytes:
        return _encoded(content).encode()
