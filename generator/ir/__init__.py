"""The model that every layer is rendered from: built once, immutable, knowing no layer.

All classes are frozen, slotted and keyword-only, and hold tuples; `Frozen` values are JSON
data made read-only. A schema that occurs by `$ref` is a `Schema` with `reference` set, and
`Schema.resolve` leads to the component, so recursive schemas stay finite.
"""

from .api import Api, ErrorCode, Nonce, Project, Server, SignatureScheme, Signing, Timestamp, Token
from .closed_sets import (
    APPLIES,
    COLUMN_TYPES,
    CONFIDENCES,
    JSON_TYPES,
    LOCATIONS,
    METHODS,
    OPERATORS,
    RETRY_POLICIES,
    SECURITY_TYPES,
    Confidence,
    JsonType,
    Kind,
    Location,
    Method,
)
from .frozen import Frozen, freeze, thaw
from .messages import Body, Content, Parameter, Response
from .operations import Column, Filter, Job, Operation, Pagination, Retry, SecurityScheme
from .resources import Parent, Reference, Resource
from .values import Example, Property, Schema, Source, SourceTitle, Tag, is_address

__all__ = [
    "APPLIES",
    "COLUMN_TYPES",
    "CONFIDENCES",
    "JSON_TYPES",
    "LOCATIONS",
    "METHODS",
    "OPERATORS",
    "RETRY_POLICIES",
    "SECURITY_TYPES",
    "Api",
    "Body",
    "Column",
    "Confidence",
    "Content",
    "ErrorCode",
    "Example",
    "Filter",
    "Frozen",
    "Job",
    "JsonType",
    "Kind",
    "Location",
    "Method",
    "Nonce",
    "Operation",
    "Pagination",
    "Parameter",
    "Parent",
    "Project",
    "Property",
    "Reference",
    "Resource",
    "Response",
    "Retry",
    "Schema",
    "SecurityScheme",
    "Server",
    "SignatureScheme",
    "Signing",
    "Source",
    "SourceTitle",
    "Tag",
    "Timestamp",
    "Token",
    "freeze",
    "is_address",
    "thaw",
]
