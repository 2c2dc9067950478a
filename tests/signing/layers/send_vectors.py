"""A program: the clients generated from the vectors send their requests, and verify their deliveries.

Calls come on standard input as JSON, and what was sent, or why nothing was, goes to standard output.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from typing import Any
from unittest import mock

import httpx2

ANOTHER_KEY = "bm90IHRoaXMgb25l"


def send(call: dict[str, Any]) -> dict[str, Any]:
    """The request that the client sends at the moment and with the nonce of the vector."""
    seen: list[httpx2.Request] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(204)

    package = importlib.import_module(f"procwise.{call['version']}")
    with (
        httpx2.Client(transport=httpx2.MockTransport(serve)) as http,
        mock.patch("time.time_ns", return_value=call["now_ms"] * 10**6),
        mock.patch("procwise._calls.whole_signing.make_nonce", return_value=call["nonce"]),
    ):
        secret_key, token = call["credentials"].pop("secret_key"), call["credentials"].get("token", "")
        client = package.Client(
            token=token,
            secret_key=secret_key,
            base_url=call["origin"],
            credentials=call["credentials"],
            settings=call["settings"],
            http=http,
        )
        client.vectors.send(**_arguments(client.vectors.send, call))
    (request,) = seen
    return {
        "method": request.method,
        "url": str(request.url),
        "headers": [(name.decode(), value.decode()) for name, value in request.headers.raw],
        "body": request.content.decode(),
    }


def _arguments(method: Any, call: dict[str, Any]) -> dict[str, Any]:
    """The values by the names that Python has for them: they come in the order of the description."""
    body = {"body": call["body"].encode()} if call["body"] else {}
    names = [name for name in inspect.signature(method).parameters if name not in ("body", "call_options")]
    return {**dict(zip(names, call["values"], strict=True)), **body}


def verify(call: dict[str, Any]) -> dict[str, Any]:
    """Whether the client takes the delivery, and whether it does with another secret key."""
    signing = importlib.import_module(f"procwise.{call['version']}.signing")
    messages = importlib.import_module("procwise.signing.messages")
    verdicts = []
    request = messages.request_of("POST", call["url"], call["headers"], call["body"])
    for secret_key in (call["credentials"]["secret_key"], ANOTHER_KEY):
        try:
            signing.verify(request, secret_key, now_ms=call["now_ms"])
            verdicts.append("verified")
        except messages.SignatureRefused as refused:
            verdicts.append(refused.reason)
    return {"verdicts": verdicts}


def main() -> None:
    """Do all calls; one that fails gives its error."""
    responses = []
    for call in json.load(sys.stdin):
        try:
            responses.append(verify(call) if call["delivered"] else send(call))
        except Exception as error:  # noqa: BLE001  # what cannot be sent is listed with its error
            responses.append({"error": f"{type(error).__name__}: {error}"})
    print(json.dumps(responses))


if __name__ == "__main__":
    main()
