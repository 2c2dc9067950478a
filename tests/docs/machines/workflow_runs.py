"""A small runner of Arazzo workflows, which signs what it sends; of the language it knows what these documents use."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.sandbox.sandbox_calls import Caller, Reply

LONGEST = 300.0  # seconds that a job may take


def resolve_pointer(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return value


@dataclass
class Run:
    """One run of a workflow: the operations of its description, who calls, what is given, what steps put out."""

    operations: Mapping[str, tuple[str, str]]
    caller: Caller
    inputs: Mapping[str, Any]
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def evaluate(self, expression: Any) -> Any:
        """The value of a runtime expression; anything else is its own value."""
        if not isinstance(expression, str) or not expression.startswith("$"):
            return expression
        if expression.startswith("$inputs."):
            return self.inputs[expression.removeprefix("$inputs.")]
        _, step, word, name = expression.split(".")
        assert word == "outputs"
        return self.outputs[step][name]

    def run(self, workflow: Mapping[str, Any]) -> dict[str, Any]:
        """Every step in turn; what the workflow puts out."""
        for step in workflow["steps"]:
            reply = self.succeed(step)
            self.outputs[step["stepId"]] = {
                name: resolve_pointer(reply.json, expression.removeprefix("$response.body#"))
                for name, expression in step.get("outputs", {}).items()
            }
        return {name: self.evaluate(expression) for name, expression in workflow.get("outputs", {}).items()}

    def succeed(self, step: Mapping[str, Any]) -> Reply:
        """The reply that meets the criteria; a step is repeated as its actions say."""
        end = time.monotonic() + LONGEST
        while True:
            reply = self.send(step)
            if all(meets(one["condition"], reply) for one in step["successCriteria"]):
                return reply
            action = next(
                one
                for one in step.get("onFailure", [{"type": "end"}])
                if all(meets(criterion["condition"], reply) for criterion in one.get("criteria", []))
            )
            assert action["type"] == "retry", (step["stepId"], reply.status, reply.content)
            assert time.monotonic() < end
            time.sleep(0.01)

    def send(self, step: Mapping[str, Any]) -> Reply:
        method, path = self.operations[step["operationId"]]
        given: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
        for parameter in step.get("parameters", []):
            given[parameter["in"]][parameter["name"]] = self.evaluate(parameter["value"])
        body = step.get("requestBody")
        payload = {name: self.evaluate(value) for name, value in body["payload"].items()} if body else None
        if body and body["contentType"] == "multipart/form-data":
            assert payload is not None
            return self.caller.upload(path, "notes.txt", payload["document"].encode(), **given["path"])
        return self.caller.call(method, path, payload, query=given["query"], **given["path"])


def meets(condition: str, reply: Reply) -> bool:
    """Whether one of the comparisons joined by `||` holds."""
    return any(holds(*part.split(" == "), reply) for part in condition.split(" || "))  # type: ignore[misc]


def holds(left: str, right: str, reply: Reply) -> bool:
    if left == "$statusCode":
        return reply.status == int(right)
    assert left.startswith("$response.body#/")
    assert right[0] == right[-1] == "'"
    return bool(resolve_pointer(reply.json, left.removeprefix("$response.body#")) == right[1:-1].replace("''", "'"))
