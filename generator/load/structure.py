"""Whether a document has the structure that OpenAPI says: what is around the schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsonschema.exceptions import ValidationError
from openapi_spec_validator.schemas import openapi_v30_schema_validator, openapi_v31_schema_validator

from generator.errors import SpecError, first_line
from generator.load.document import Document, Pointer
from generator.load.places import WEBHOOKS

_ROOTS = frozenset(("openapi", "info", "servers", "paths", *WEBHOOKS, "components", "security", "tags", "externalDocs"))
_UNEXPECTED = re.compile(r"properties are not allowed \('([^']*)'")


def check_structure(document: Document, version: str) -> Iterator[SpecError]:
    """The faults of what is around the schemas, as the schema of OpenAPI sees them.

    The rest of openapi-spec-validator, which walks the document, finds what `checking` finds with its place.
    """
    validator = openapi_v31_schema_validator if version.startswith("3.1.") else openapi_v30_schema_validator
    for error in validator.iter_errors(document.content):
        pointer = tuple(str(part) if not isinstance(part, int) else part for part in error.absolute_path)
        if not pointer or pointer[0] in _ROOTS:  # others are schemas, which are checked by themselves
            yield from _structural(document, pointer, error)


def _structural(document: Document, pointer: Pointer, error: ValidationError) -> Iterator[SpecError]:
    if error.validator == "unevaluatedProperties":
        return  # the same fault again, at the object around it
    unexpected = _UNEXPECTED.search(error.message)
    blamed = (*pointer, unexpected[1]) if unexpected else pointer
    yield document.fault(blamed, first_line(error.message), "see the OpenAPI specification for this object")
