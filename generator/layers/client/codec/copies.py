"""Copies of endpoints, which openapi-python-client makes three times each.

It copies them with every model that they lead to, which takes most of its time on descriptions whose objects have no
names. Only the lists of an endpoint are changed afterwards, so copies of these are enough.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from openapi_python_client.parser.openapi import Endpoint


@contextmanager
def shallow_copies() -> Iterator[None]:
    """Let copies of endpoints share what is in their lists."""
    Endpoint.__deepcopy__ = _copy_endpoint  # type: ignore[attr-defined]  # Python's own protocol; the class leaves it out
    try:
        yield
    finally:
        del Endpoint.__deepcopy__  # type: ignore[attr-defined]


def _copy_endpoint(endpoint: Endpoint, _: dict[int, object]) -> Endpoint:
    copied = copy.copy(endpoint)
    for name, value in vars(endpoint).items():
        if isinstance(value, list | set):
            setattr(copied, name, copy.copy(value))
    copied.responses = copy.copy(endpoint.responses)
    copied.responses.patterns = list(endpoint.responses.patterns)
    return copied
