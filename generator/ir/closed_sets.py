"""The closed sets of the model: a word that is none of these is a fault of the description, or an error of types."""

from __future__ import annotations

from typing import Literal, get_args

Confidence = Literal["documented", "inferred"]
Location = Literal["path", "query", "header", "cookie"]
RetryPolicy = Literal["safe", "never", "verify"]
ColumnType = Literal["string", "integer", "boolean", "date-time"]
Operator = Literal["eq", "gt", "gte", "lt", "lte"]
Order = Literal["name-bytes", "name-codepoints", "as-sent"]
JsonType = Literal["string", "integer", "number", "boolean", "object", "array"]
Method = Literal["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]
Algorithm = Literal["hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512"]
DigestForm = Literal["hex-lower", "hex-upper", "base64", "base64url"]
KeyEncoding = Literal["utf-8", "ascii", "latin-1"]
ValueText = Literal["ruby-text", "json", "form-encoded", "percent-encoded", "plain"]
SecurityType = Literal["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]
Unit = Literal["ms", "s"]
NonceType = Literal["integer", "string"]
SigningSource = Literal["path", "query", "body"]
SigningPlace = Literal["query", "body"]
Applies = Literal["", "body", "download", "no-operation", "path", "required", "signed"]
Kind = Literal["list", "show", "create", "update", "replace", "delete", "toggle", "action"]

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
LOCATIONS: tuple[Location, ...] = get_args(Location)
RETRY_POLICIES: tuple[RetryPolicy, ...] = get_args(RetryPolicy)
COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
APPLIES: tuple[Applies, ...] = get_args(Applies)
OPERATORS: tuple[Operator, ...] = get_args(Operator)
JSON_TYPES: tuple[JsonType, ...] = get_args(JsonType)
METHODS: tuple[Method, ...] = get_args(Method)
SECURITY_TYPES: tuple[SecurityType, ...] = get_args(SecurityType)
