"""The names that the templates need."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """The project's names: `imports` are import packages, `distribution` the name to install."""

    name: str
    distribution: str
    client: str
    requirement: str
    version: str
    apis: tuple[str, ...]
    current: str
    title: str


def package_view(project: Project) -> PackageView:
    """The project's names as the templates need them."""
    return PackageView(
        name=project.conformance,
        distribution=project.conformance.replace("_", "-"),
        client=project.client,
        requirement=f"{project.client.replace('_', '-')}=={project.version}",
        version=project.version,
        apis=tuple(api.name for api in project.apis),
        current=project.current.name,
        title=project.current.title,
    )
