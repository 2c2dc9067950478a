"""What openapi-python-client cannot read, with its place in the description."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openapi_python_client.parser.errors import GeneratorError

from generator.errors import SpecError, SpecErrors
from generator.ir import Api, Operation, Schema

_OBJECT = re.compile(r"<openapi_python_client\S+ object at \w+> ?")  # it prints a wrapper in place of the text in it
_HINT = "openapi-python-client, which writes the models, cannot take it: write this part another way"


def faults_of(api: Api, errors: Iterable[GeneratorError]) -> SpecErrors:
    """Errors of openapi-python-client as faults, at the operation or component that each one names."""
    return SpecErrors(_fault(api, error) for error in errors)


def fault_at(place: Operation | Schema, message: str, hint: str) -> SpecError:
    """A fault at an operation or a component."""
    return SpecError(file=place.file, line=place.line, pointer="", message=message, hint=hint)


def fault_at_head(api: Api, message: str, hint: str = _HINT) -> SpecError:
    """A fault of the whole description."""
    return SpecError(file=api.file, line=1, pointer="", message=message, hint=hint)


def _fault(api: Api, error: GeneratorError) -> SpecError:
    text = _clean_text(error.header, error.detail)
    for operation in api.operations:
        head = " ".join(f"{operation.method.upper()} {operation.path} within".split())
        if head in text:
            return fault_at(operation, f"{operation.id}: {_clean_text(error.detail) or text}", _HINT)
    for schema in api.schemas:
        if f"/components/schemas/{schema.name} " in f"{text} ".replace(":", " "):
            return fault_at(schema, text, _HINT)
    return fault_at_head(api, text)


def _clean_text(*texts: str | None) -> str:
    return _OBJECT.sub("", " ".join(" ".join(filter(None, texts)).split()))
