"""The model that every layer is rendered from: built once, immutable, knowing no layer.

All classes are frozen, slotted and keyword-only, and hold tuples; `Frozen` values are JSON
data made read-only. A schema that occurs by `$ref` is a `Schema` with `reference` set and
is looked up with `Api.schema`, so recursive schemas stay finite.
"""

from generator.ir.api import Api, ErrorCode, Nonce, Project, Server, SignatureScheme, Signing, Timestamp, Token
from generator.ir.frozen import Frozen, freeze, thaw
from generator.ir.operations import (
    Body,
    Column,
    Content,
    Filter,
    Job,
    Operation,
    Pagination,
    Parameter,
    Response,
    Retry,
    SecurityScheme,
)
from generator.ir.values import Example, Property, Schema, Source

__all__ = [
    "Api",
    "Body",
    "Column",
    "Content",
    "ErrorCode",
    "Example",
    "Filter",
    "Frozen",
    "Job",
    "Nonce",
    "Operation",
    "Pagination",
    "Parameter",
    "Project",
    "Property",
    "Response",
    "Retry",
    "Schema",
    "SecurityScheme",
    "Server",
    "SignatureScheme",
    "Signing",
    "Source",
    "Timestamp",
    "Token",
    "freeze",
    "thaw",
]
