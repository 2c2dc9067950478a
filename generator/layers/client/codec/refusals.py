"""What openapi-python-client cannot take, told with the place in the description."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openapi_python_client.parser.errors import GeneratorError

from generator.errors import SpecError, SpecErrors
from generator.ir import Api, Operation, Schema

_OBJECT = re.compile(r"<openapi_python_client\S+ object at \w+> ?")  # where it prints a wrapper, not the text in it
_HINT = "openapi-python-client, which writes the models, cannot take it: write this part another way"


def refused(api: Api, errors: Iterable[GeneratorError]) -> SpecErrors:
    """Its errors as faults: at the operation or component that each one names, else at the head of the file."""
    return SpecErrors(_fault(api, error) for error in errors)


def at(place: Operation | Schema, message: str, hint: str) -> SpecError:
    """A fault at an operation or a component."""
    return SpecError(file=place.file, line=place.line, pointer="", message=message, hint=hint)


def at_head(api: Api, message: str, hint: str = _HINT) -> SpecError:
    """A fault of the whole description."""
    return SpecError(file=api.file, line=1, pointer="", message=message, hint=hint)


def _fault(api: Api, error: GeneratorError) -> SpecError:
    told = _told(error.header, error.detail)
    for operation in api.operations:
        head = " ".join(f"{operation.method.upper()} {operation.path} within".split())
        if head in told:
            return at(operation, f"{operation.id}: {_told(error.detail) or told}", _HINT)
    for schema in api.schemas:
        if f"/components/schemas/{schema.name} " in f"{told} ".replace(":", " "):
            return at(schema, told, _HINT)
    return at_head(api, told)


def _told(*texts: str | None) -> str:
    return _OBJECT.sub("", " ".join(" ".join(filter(None, texts)).split()))
