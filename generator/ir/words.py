"""The closed sets of the model: a word that is none of these is a fault of the description, or an error of types."""

from __future__ import annotations

from typing import Literal, get_args

Confidence = Literal["documented", "inferred"]
Location = Literal["path", "query", "header", "cookie"]
RetryPolicy = Literal["safe", "never", "verify"]
ColumnType = Literal["string", "integer", "boolean", "date-time"]
Operator = Literal["eq", "gt", "gte", "lt", "lte"]
Order = Literal["name-bytes", "name-codepoints", "as-sent"]
Unit = Literal["ms", "s"]
NonceType = Literal["integer", "string"]
SigningPlace = Literal["query", "body"]
Applies = Literal["", "body", "download", "no-operation", "path", "required", "signed"]
Kind = Literal["list", "show", "create", "update", "replace", "delete", "toggle", "action"]

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
LOCATIONS: tuple[Location, ...] = get_args(Location)
RETRY_POLICIES: tuple[RetryPolicy, ...] = get_args(RetryPolicy)
COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
APPLIES: tuple[Applies, ...] = get_args(Applies)
OPERATORS: tuple[Operator, ...] = get_args(Operator)
