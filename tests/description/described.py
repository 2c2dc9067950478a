"""The bundled documents, for tests that look at what is written rather than at the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.load import Document

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Written:
    """An operation as written, references not followed."""

    api: str
    method: str
    path: str
    value: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.api} {self.value['operationId']}"


class Bundle:
    """One bundled document."""

    def __init__(self, document: Document) -> None:
        self.name = document.name
        self.content: dict[str, Any] = document.content

    def resolve(self, value: Any) -> Any:
        """What a reference leads to, or the value itself."""
        while isinstance(value, dict) and "$ref" in value:
            kind, name = value["$ref"].split("/")[-2:]
            value = self.content["components"][kind][name]
        return value

    def operations(self) -> Iterator[Written]:
        for path, item in self.content["paths"].items():
            yield from (Written(self.name, method, path, item[method]) for method in METHODS if method in item)
