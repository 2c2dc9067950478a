"""The server that takes uploads, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client.files.upload_server import serve


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    with serve() as url:
        yield url
