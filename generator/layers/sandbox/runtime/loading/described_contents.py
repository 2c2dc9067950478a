"""What responses may hold, and contents that fit: those of examples, or else made of what is described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema_rs import Draft202012Validator

from procwise_sandbox.description import thaw

from ..api import Api, Operation
from .schema_values import ValueMaker, compile_schema, read_schemas, schema_registry

_MESSAGES = ("error", "message", "msg", "detail", "description", "title", "reason")


class DescribedContents:
    """What the responses of one version hold; each is compiled when it is asked for."""

    def __init__(self, api: Api) -> None:
        self._schemas = read_schemas(api.validators)
        self._registry = schema_registry(self._schemas)
        self._maker = ValueMaker(self._schemas, self._registry)
        self._validators: dict[tuple[str, int], Draft202012Validator | None] = {}
        self._examples: dict[tuple[str, int], object] = {}

    def fits(self, operation: Operation, status: int, content: object) -> bool:
        """Whether a response may hold this; anything, if its content is not described."""
        key = operation.id, status
        if key not in self._validators:
            schema = self._schema(operation, status)
            self._validators[key] = None if schema is None else compile_schema(schema, self._registry)
        validator = self._validators[key]
        return validator is None or validator.is_valid(content)

    def example(self, operation: Operation) -> object:
        """The content of a success: an example that fits, or a value that is made from the schema."""
        status = operation.success.status
        if (operation.id, status) not in self._examples:
            self._examples[operation.id, status] = self._make_example(operation, status)
        return self._examples[operation.id, status]

    def fit_error(self, operation: Operation, status: int, content: Mapping[str, object]) -> object:
        """The content of an error: as it is if the description allows it, else with what is described in it."""
        if self.fits(operation, status, content):
            return content
        key = operation.id, status
        if key not in self._examples:
            self._examples[key] = self._maker.make_value(self._schema(operation, status))
        made = self._examples[key]
        if not isinstance(made, dict):
            return made
        name = next((one for one in _MESSAGES if isinstance(made.get(one), str)), "")
        said = {**made, name: content["error"]} if name else made
        forms: tuple[object, ...] = ({**content, **said}, said, {**content, **made})
        return next((one for one in forms if self.fits(operation, status, one)), made)

    def _make_example(self, operation: Operation, status: int) -> object:
        known = [thaw(example.value) for example in operation.success.examples]
        schema = self._schema(operation, status)
        fitting = (value for value in known if self.fits(operation, status, value))
        made = next(iter(known), None) if schema is None else self._maker.make_value(schema)
        return next(fitting, made)

    def _schema(self, operation: Operation, status: int) -> Any:
        return self._schemas.get("responses", {}).get(operation.id, {}).get(str(status))
