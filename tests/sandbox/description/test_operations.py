"""What is answered is what the description says; what it describes has behaviour."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import pytest

from procwise_sandbox.errors import SandboxError
from procwise_sandbox.loading import load_description
from procwise_sandbox.resources.handlers import handlers
from procwise_sandbox.server.application import build
from procwise_sandbox.settings.options import Options

OPERATIONS = [(api, operation) for api in load_description().apis for operation in api.operations]


def test_an_operation_without_handler_stops_the_start() -> None:
    api = load_description().apis[-1]
    odd = replace(api.operations[0], method="POST", path="/exams/{id}/fold", name="fold", kind="action", item="id")
    description = replace(
        load_description(), apis=(*load_description().apis[:-1], replace(api, operations=(*api.operations, odd)))
    )
    with pytest.raises(
        SandboxError, match=r"no behaviour for described operations: v3 POST /exams/\{id\}/fold \(attachments.fold\)"
    ):
        build(description, Options())


def test_every_described_operation_has_a_handler() -> None:
    from procwise_sandbox.resources.handlers import create_resources

    result = handlers(load_description(), create_resources(load_description(), Mock(), Mock(), Mock()))
    assert result.keys() == {(api.name, operation.id) for api, operation in OPERATIONS}
