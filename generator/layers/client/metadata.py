"""What the package index shows beside the name of the package: topics, and links to where the facts come from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.ir import Api, Project

CLASSIFIERS = (
    "Development Status :: 4 - Beta",
    "Environment :: Console",
    "Framework :: AsyncIO",
    "Intended Audience :: Developers",
    "Operating System :: OS Independent",
    "Topic :: Internet :: WWW/HTTP",
    "Topic :: Software Development :: Libraries :: Python Modules",
    "Typing :: Typed",
)


def list_links(project: Project) -> Iterator[tuple[str, str]]:
    """For each version, the place that the pages of its operations have in common."""
    for api in project.apis:
        pages = [page.split("/") for page in _list_pages(api)]
        place = "/".join(os.path.commonprefix(pages))  # noqa: RUF071  # of lists, so part by part
        if urlsplit(place).netloc:
            yield f"Documentation of API {api.name}"[:32], place


def _list_pages(api: Api) -> Iterator[str]:
    for operation in api.operations:
        pages = operation.source.pages if operation.source else ()
        yield from (page for page in pages if page.startswith("https://"))
