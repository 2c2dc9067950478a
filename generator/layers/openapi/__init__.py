"""The bundled descriptions as JSON and YAML: the smallest layer, and the one to read first."""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml

from generator.ir import Project, thaw
from generator.tree import File

OUTPUT = "generated/openapi"


def render(project: Project) -> Iterator[File]:
    """One file of each kind for each version."""
    for api in project.apis:
        content = thaw(api.document)
        yield File(f"{OUTPUT}/{api.name}.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")
        yield File(
            f"{OUTPUT}/{api.name}.yaml",
            yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120),
        )


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # PyYAML is built with or without libyaml
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # PyYAML's own signature
        return True
