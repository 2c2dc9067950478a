"""The description as the generator reads it, and its documents as they are bundled."""

from __future__ import annotations

import pytest

from generator.ir import Project
from generator.load import Document
from tests.description.described import Bundle, Written
from tests.spec import read_documents, read_project


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    return read_documents()


@pytest.fixture(scope="session")
def project() -> Project:
    return read_project()


@pytest.fixture(scope="session")
def bundles(documents: tuple[Document, ...]) -> tuple[Bundle, ...]:
    return tuple(map(Bundle, documents))


@pytest.fixture(scope="session")
def operations(bundles: tuple[Bundle, ...]) -> tuple[tuple[Bundle, Written], ...]:
    return tuple((bundle, operation) for bundle in bundles for operation in bundle.operations())
