"""Whether a document has the structure that OpenAPI says: what is around the schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsonschema.exceptions import ValidationError
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from openapi_spec_validator.validation.keywords import KeywordValidator

from generator.errors import SpecError, first_line
from generator.load.document import Document, Pointer
from generator.load.places import WEBHOOKS

_ROOTS = frozenset(("openapi", "info", "servers", "paths", *WEBHOOKS, "components", "security", "tags", "externalDocs"))
_UNEXPECTED = re.compile(r"properties are not allowed \('([^']*)'")


class _Elsewhere(KeywordValidator):
    def __call__(self, *_: object, **__: object) -> Iterator[ValidationError]:
        yield from ()


class _Frame(OpenAPIV31SpecValidator):
    """What is around the schemas: these are checked by themselves, with their places and many times faster."""

    keyword_validators = {**OpenAPIV31SpecValidator.keyword_validators, "schema": _Elsewhere}  # noqa: RUF012  # the library's own attribute


def check_structure(document: Document, version: str) -> Iterator[SpecError]:
    """The faults of what is around the schemas, as openapi-spec-validator sees them."""
    validator = _Frame if version.startswith("3.1.") else OpenAPIV30SpecValidator
    try:
        errors = list(validator(document.content).iter_errors())
    except Exception as broken:  # noqa: BLE001  # the validator itself trips over some broken documents
        yield document.fault((), f"not a valid OpenAPI document: {broken}", "compare it with the OpenAPI specification")
        return
    for error in errors:
        pointer = tuple(str(part) if not isinstance(part, int) else part for part in error.absolute_path)
        if not pointer or pointer[0] in _ROOTS:  # others are schemas, which are checked by themselves
            yield from _structural(document, pointer, error)


def _structural(document: Document, pointer: Pointer, error: ValidationError) -> Iterator[SpecError]:
    if not isinstance(error, OpenAPIValidationError) or not error.validator:
        return  # operation ids and path parameters: found again below, with their places
    if not pointer and error.instance is not document.content:
        return  # defaults: found again below, with their places
    if error.validator == "unevaluatedProperties":
        return  # the same fault again, at the object around it
    unexpected = _UNEXPECTED.search(error.message)
    blamed = (*pointer, unexpected[1]) if unexpected else pointer
    yield document.fault(blamed, first_line(error.message), "see the OpenAPI specification for this object")
