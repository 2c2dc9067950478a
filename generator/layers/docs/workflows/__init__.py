"""Arazzo documents: which operations follow one another, and what each takes from those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from generator.ir import Api, Operation, Resource
from generator.layers.docs.prose import one_line
from generator.layers.docs.workflows.steps import Steps, find_creators, name_for_arazzo

FOLDER = "workflows"
DESCRIPTIONS = "../../descriptions"  # where the site has them, seen from this folder

_ABOUT = (
    "Which operations follow one another. The description named below says how each request is signed; Arazzo has no "
    "word for that, so that a program that runs these workflows needs a signer of its own."
)


def workflows(api: Api) -> Iterator[tuple[str, str]]:
    """The Arazzo document of a version: its path below the reference, and its text; nothing if nothing has an order."""
    found = [*_order_of_work(api), *_creations(api), *_jobs(api)]
    if not found:
        return
    document = {
        "arazzo": "1.0.1",
        "info": {"title": one_line(f"{api.title} {api.name}"), "version": api.version, "description": _ABOUT},
        "sourceDescriptions": [
            {"name": name_for_arazzo(api.name), "url": f"{DESCRIPTIONS}/{api.name}.yaml", "type": "openapi"}
        ],
        "workflows": found,
    }
    yield f"{FOLDER}/{api.name}.arazzo.yaml", yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def _order_of_work(api: Api) -> Iterator[Mapping[str, object]]:
    """All that the description names, in its order."""
    known = {operation.id: operation for operation in api.operations}
    named = [known[name] for name in api.workflow if name in known]
    if named:
        yield _workflow(api, "orderOfWork", "The usual order of work", named)


def _creations(api: Api) -> Iterator[Mapping[str, object]]:
    """For each kind of object: create what it belongs to, create it, and read it."""
    for resource in api.resources:
        if resource.creator and resource.shower:
            steps = [*find_creators(api, resource), api.operation(resource.shower)]
            yield _workflow(api, f"create_{resource.name}", _say_creation(api, resource), steps)


def _say_creation(api: Api, resource: Resource) -> str:
    names = [one_line(one.summary or one.id) for one in find_creators(api, resource)]
    later = [name[:1].lower() + name[1:] for name in names[1:]]
    return ", then ".join((*names[:1], *later, "read it"))


def _jobs(api: Api) -> Iterator[Mapping[str, object]]:
    """For each background job: start it, ask for its status until it is done, and fetch its result."""
    for operation in api.operations:
        if operation.job is not None:
            following = (operation.job.status_operation, operation.job.download_operation)
            steps = [operation, *(api.operation(name) for name in following)]
            summary = f"{one_line(operation.summary or operation.id)}, wait for it, fetch it"
            yield _workflow(api, f"job_{operation.id}", summary, steps)


def _workflow(api: Api, name: str, summary: str, operations: Sequence[Operation]) -> Mapping[str, object]:
    steps = Steps(api)
    written = [steps.add(operation) for operation in operations]
    inputs = {"type": "object", "properties": steps.inputs, "required": list(steps.inputs)}
    return {
        "workflowId": name_for_arazzo(name),
        "summary": summary,
        **({"inputs": inputs} if steps.inputs else {}),
        "steps": written,
        **_outputs(steps.outputs),
    }


def _outputs(names: Iterable[str]) -> Mapping[str, object]:
    outputs = {f"{name}_id": f"$steps.{name}.outputs.id" for name in names}
    return {"outputs": outputs} if outputs else {}
