"""A typed call and a first client of other SDKs: run in an environment that has them, once for each SDK.

Takes the SDK's name, the URL of a server of its own, that of one for the plain call, and a folder
with the code of a bare openapi-python-client; prints the CPU microseconds of the call and of the plain one.
With the word `start` in place of the URLs it only makes a client.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

ROUNDS, CALLS = 60, 20


def openai(url: str) -> Callable[[], object]:
    client = importlib.import_module("openai").OpenAI(api_key="made-up", base_url=url)
    return lambda: client.models.retrieve("17")


def mistralai(url: str) -> Callable[[], object]:
    client = importlib.import_module("mistralai.client").Mistral(api_key="made-up", server_url=url)
    return lambda: client.models.retrieve(model_id="17")


def boto3(url: str) -> Callable[[], object]:
    """Signed with AWS Signature Version 4."""
    keys = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
    client = importlib.import_module("boto3").client("secretsmanager", endpoint_url=url, region_name="x", **keys)
    return lambda: client.get_secret_value(SecretId="17")


def bare(url: str) -> Callable[[], object]:
    package = importlib.import_module("bare")
    client = package.AuthenticatedClient(base_url=url, token="made-up")
    endpoint: Any = importlib.import_module("bare.api.exams.show_exam")
    return lambda: endpoint.sync(17, client=client)


SDKS: dict[str, Callable[[str], Callable[[], object]]] = {
    "openai": openai,
    "mistralai": mistralai,
    "boto3": boto3,
    "bare openapi-python-client": bare,
}


def main(name: str, url: str, plain_url: str = "", folder: str = "") -> None:
    sys.path.insert(0, folder)
    if url == "start":
        SDKS[name]("http://127.0.0.1:1")
        return
    call = SDKS[name](url)
    assert call() is not None
    client = importlib.import_module("httpx2").Client()
    plain = lambda: client.get(f"{plain_url}/api/v3/exams/17").json()  # noqa: E731
    times = [(_time(call), _time(plain)) for _ in range(ROUNDS)]
    json.dump([min(column) * 1e6 for column in zip(*times, strict=True)], sys.stdout)


def _time(work: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(CALLS):
        work()
    return (time.process_time() - started) / CALLS


if __name__ == "__main__":
    main(*sys.argv[1:])
