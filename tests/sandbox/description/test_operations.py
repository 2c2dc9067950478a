"""Every described operation has behaviour of its own."""

from __future__ import annotations

from unittest.mock import Mock

from procwise_sandbox.loading import load_description
from procwise_sandbox.resources.handlers import create_resources, handlers, operations_without_handler


def test_no_described_operation_sends_its_example_alone() -> None:
    description = load_description()
    by_operation = handlers(description, create_resources(description, Mock(), Mock(), Mock()))
    assert by_operation.keys() == {(api.name, one.id) for api in description.apis for one in api.operations}
    assert operations_without_handler(description, by_operation) == []
