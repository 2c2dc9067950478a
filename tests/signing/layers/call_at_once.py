"""A program: two calls at the same time, by a scheme whose nonces must increase; the second overtakes the first.

Input is a version; output, as JSON, is the status of each response in the order in which they came.
"""

from __future__ import annotations

import asyncio
import importlib
import json

import httpx2

import procwise_sandbox
from tests.signing.layers.call_sandbox import URL, Server


class SlowRoad(Server):
    """The sandbox, at which the first request arrives after the second."""

    def __init__(self, app: object) -> None:
        super().__init__(app=app)
        self.later, self.statuses, self.requests = asyncio.Event(), list[int](), 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        if self.requests == 1:
            await self.later.wait()
        response = await super().handle_async_request(request)
        self.statuses.append(response.status_code)
        self.later.set()
        return response


async def main() -> None:
    """Print the statuses as one line."""
    application = procwise_sandbox.app(page=False)
    road, own = SlowRoad(application), application.state.credentials["demo"]
    client = importlib.import_module(f"procwise.{json.loads(input())}").AsyncClient(
        token=own.token,
        secret_key=own.secret_key,
        base_url=URL,
        max_retries=0,
        http=httpx2.AsyncClient(transport=road),
    )
    await asyncio.gather(client.books.find(title="Kidnapped"), client.books.find(title="Catriona"))
    print(json.dumps(road.statuses))


if __name__ == "__main__":
    asyncio.run(main())
