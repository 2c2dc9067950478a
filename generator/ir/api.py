"""The versions of the API, with their token and their signing scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.ir.frozen import Frozen
from generator.ir.operations import Operation, SecurityScheme
from generator.ir.values import Schema, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The static token: the header it travels in and the header value's format."""

    scheme: str
    header: str
    format: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """The signed clock reading: `unit` is `ms` or `s`; accepted `window_seconds` either way."""

    parameter: str
    unit: str
    window_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """The signed one-time number: `type` is `integer` or `string`."""

    parameter: str
    type: str
    unique_for_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The signing scheme as data: the value of `x-signing`, clause by clause."""

    scheme: str
    parameter: str
    algorithm: str
    digest: str
    key_encoding: str
    sources: tuple[str, ...]
    exclude: tuple[str, ...]
    order: str
    pair: str
    separator: str
    values: str
    encoding: str
    timestamp: Timestamp
    nonce: Nonce
    files: str
    send: str
    accept: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A base URL, possibly with `{variables}`."""

    url: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """A stable word for the reason of a refusal, and the statuses it comes with.

    `member` is the member of the answer that tells it, empty where the catalogue stands on no
    member; `hint` is what the caller can do, empty where that is not said.
    """

    code: str
    member: str
    statuses: tuple[int, ...]
    meaning: str
    hint: str
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One version of the API. `name` is its folder's name, such as `v3`; `file` its first file.

    `webhooks` are the requests that the API sends by itself; the `path` of each is its name.
    """

    name: str
    file: str
    title: str
    version: str
    description: str
    accept: str
    deprecated: bool
    servers: tuple[Server, ...]
    base_path: str
    token: Token | None
    signing: Signing | None
    security_schemes: tuple[SecurityScheme, ...]
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]
    errors: tuple[ErrorCode, ...]
    document: Mapping[str, Frozen]
    webhooks: tuple[Operation, ...] = ()

    def schema(self, name: str) -> Schema:
        """The component schema of that name; KeyError where there is none."""
        for schema in self.schemas:
            if schema.name == name:
                return schema
        raise KeyError(name)

    def resolve(self, schema: Schema) -> Schema:
        """The schema itself, or the component it refers to."""
        while schema.reference:
            schema = self.schema(schema.reference)
        return schema

    def operation(self, operation_id: str) -> Operation:
        """The operation of that id; KeyError where there is none."""
        for operation in self.operations:
            if operation.id == operation_id:
                return operation
        raise KeyError(operation_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All that is rendered in one run: the names of the packages and the versions of the API."""

    client: str
    sandbox: str
    conformance: str
    version: str
    apis: tuple[Api, ...]

    @property
    def current(self) -> Api:
        """The version that the client exports by default: the last that is not deprecated."""
        return max(self.apis, key=lambda api: (not api.deprecated, self.apis.index(api)))
