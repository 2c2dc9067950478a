"""The words of a name, which openapi-python-client takes apart letter by letter wherever the name occurs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from openapi_python_client import strings


@contextmanager
def remembered_words() -> Iterator[None]:
    """Let each name be taken apart once."""
    sanitize, split_words = strings.sanitize, strings.split_words
    strings.sanitize, strings.split_words = cache(sanitize), cache(split_words)
    try:
        yield
    finally:
        strings.sanitize, strings.split_words = sanitize, split_words
