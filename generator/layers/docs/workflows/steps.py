"""The steps of an Arazzo workflow: the example request of each operation, with the ids that earlier steps made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.ir import Api, Frozen, Job, Operation, Parameter, Resource, thaw
from generator.layers.docs.prose import one_line
from generator.layers.docs.samples import Sample, sample

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_SECONDS_BETWEEN = 2
_TRIES = 300


def name_for_arazzo(name: str) -> str:
    """The name with nothing in it but what Arazzo allows."""
    return _NOT_IN_NAMES.sub("_", name)


def find_creators(api: Api, resource: Resource) -> tuple[Operation, ...]:
    """The operations that create an object of the resource, those of the objects that it belongs to first."""
    return tuple(dict.fromkeys(_creators(api, resource, ())))


def _creators(api: Api, resource: Resource, within: tuple[str, ...]) -> Iterator[Operation]:
    creator = api.operation(resource.creator)
    above = [
        *(parent.resource for parent in creator.parents),
        *_find_references(creator, sample(api, creator)).values(),
    ]
    for name in above:
        if name and name not in (*within, resource.name) and api.resource(name).creator:
            yield from _creators(api, api.resource(name), (*within, resource.name))
    yield creator


def _find_references(operation: Operation, values: Sample) -> Mapping[str, str]:
    """The members of the example request that name objects, and the resource of each."""
    sent = {*values.query, *(values.body if isinstance(values.body, Mapping) else ())}
    return {one.name: one.resource for one in operation.references if one.resource and one.name in sent}


class Steps:
    """The steps of one workflow, as they are added: what they ask for, and which of them create something."""

    def __init__(self, api: Api) -> None:
        self.inputs: dict[str, Mapping[str, object]] = {}
        self.outputs: list[str] = []
        self._api = api
        self._made: dict[str, str] = {}  # the step that created an object of that resource
        self._jobs = {one.job.status_operation: one.job for one in api.operations if one.job is not None}

    def add(self, operation: Operation) -> Mapping[str, object]:
        """The operation as the next step."""
        values = sample(self._api, operation)
        parameters = [*self._path(operation), *self._query(operation, values)]
        job = self._jobs.get(operation.id)
        return {
            "stepId": name_for_arazzo(operation.id),
            "description": one_line(operation.summary or operation.id)
            + (f", as {operation.role}" * bool(operation.role)),
            "operationId": operation.id,
            **({"parameters": parameters} if parameters else {}),
            **self._body(operation, values),
            "successCriteria": [
                {"condition": f"$statusCode == {operation.success.status}"},
                *_success_conditions(operation, job),
            ],
            **({"onFailure": list(_job_actions(operation, job))} if job else {}),
            **self._identity(operation),
        }

    def _path(self, operation: Operation) -> Iterator[Mapping[str, object]]:
        above = {parent.placeholder: parent.resource for parent in operation.parents}
        for parameter in operation.in_("path"):
            own = operation.resource if parameter.name == operation.item else ""
            value = self._id(above.get(parameter.name) or own, parameter)
            yield {"name": parameter.name, "in": "path", "value": value}

    def _id(self, resource: str, parameter: Parameter) -> str:
        """The id of the object that an earlier step created, or else an input of the workflow."""
        if resource in self._made:
            return f"$steps.{self._made[resource]}.outputs.id"
        known = next((one.reference for one in self._api.resources if one.name == resource), parameter.name)
        name = name_for_arazzo(known)
        self.inputs.setdefault(name, _input_schema(parameter))
        return f"$inputs.{name}"

    def _query(self, operation: Operation, values: Sample) -> Iterator[Mapping[str, object]]:
        for name, value in self._with_ids(operation, values.query, values).items():
            yield {"name": name, "in": "query", "value": value}

    def _body(self, operation: Operation, values: Sample) -> Mapping[str, object]:
        if operation.body is None or values.body is None:
            return {}
        members = values.body if isinstance(values.body, Mapping) else None
        payload = thaw(values.body) if members is None else self._with_ids(operation, members, values)
        return {"requestBody": {"contentType": operation.body.media_types[0], "payload": payload}}

    def _with_ids(self, operation: Operation, members: Mapping[str, Frozen], values: Sample) -> Mapping[str, object]:
        made = {name: self._made.get(resource) for name, resource in _find_references(operation, values).items()}
        return {
            name: f"$steps.{made[name]}.outputs.id" if made.get(name) else thaw(value)
            for name, value in members.items()
        }

    def _identity(self, operation: Operation) -> Mapping[str, object]:
        """The id of what the step creates."""
        resource = next((one for one in self._api.resources if operation.id in one.creators), None)
        if resource is None:
            return {}
        name = name_for_arazzo(operation.id)
        self._made[resource.name] = name
        self.outputs.append(name)
        return {"outputs": {"id": _body_pointer(operation.wrapper, resource.identity)}}


def _input_schema(parameter: Parameter) -> Mapping[str, object]:
    schema = parameter.schema.canonical
    described = {"description": one_line(parameter.description)} if parameter.description else {}
    return {**({"type": schema.types[0]} if schema.types else {}), **described}


def _success_conditions(operation: Operation, job: Job | None) -> Iterator[Mapping[str, str]]:
    if job is not None:
        yield {"condition": _is_one_of(operation, job, job.success)}


def _job_actions(operation: Operation, job: Job) -> Iterator[Mapping[str, object]]:
    """Ask again while the job has not ended; anything else ends the workflow."""
    yield {
        "name": "wait",
        "type": "retry",
        "retryAfter": _SECONDS_BETWEEN,
        "retryLimit": _TRIES,
        "criteria": [{"condition": _is_one_of(operation, job, (*job.pending, *job.idle))}],
    }
    yield {"name": "giveUp", "type": "end"}


def _is_one_of(operation: Operation, job: Job, words: Iterable[str]) -> str:
    field = _body_pointer(operation.wrapper, job.field)
    quoted = ("'" + word.replace("'", "''") + "'" for word in words)
    return " || ".join(f"{field} == {word}" for word in quoted)


def _body_pointer(*names: str) -> str:
    """The runtime expression of a member of the response."""
    return "$response.body#" + "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names if name)
