"""The example program of the package's README, from the operations of the description."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir import Project
from generator.layers.client.methods import Method
from generator.layers.client.resources import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A program: each line is a statement inside `with Client() as client:`."""

    lines: tuple[str, ...]
    error: str


def example(project: Project, current: tuple[Resource, ...]) -> Example:
    """The first list, the first show and the first job of the current version."""
    calls = [(resource.name, one) for resource in current for one in resource.methods]
    writers = {"pages": _list_lines, "job": _job_lines}
    lines: list[str] = []
    for kind, write in writers.items():
        first = next(((name, one) for name, one in calls if one.kind == kind and _is_simple(one)), None)
        lines += write(*first) if first else []
    show = next(((name, one) for name, one in calls if one.kind == "value" and one.path and _is_simple(one)), None)
    lines += [f"print(client.{show[0]}.{show[1].name}({_ids(show[1])}))"] if show else []
    return Example(lines=tuple(lines) or ("print(client)",), error=f"{project.client}.ProcwiseError")


def _is_simple(one: Method) -> bool:
    return all(argument.annotation == "int" for argument in one.path) and not any(a.required for a in one.others)


def _list_lines(resource: str, one: Method) -> list[str]:
    return [f"for item in client.{resource}.{one.name}({_ids(one)}):", "    print(item)"]


def _job_lines(resource: str, one: Method) -> list[str]:
    return [f"job = client.{resource}.{one.name}({_ids(one)})", 'job.wait(timeout=600).download("result.zip")']


def _ids(one: Method) -> str:
    return ", ".join("17" for _ in one.path)
