"""The documented error statuses of all versions as classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.ir import Project, Response
from generator.layers.client.docstrings import wrap
from generator.names import distinct, pascal


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status and its class."""

    status: int
    name: str
    description: str

    @property
    def parent(self) -> str:
        """The general class that it belongs to."""
        if self.status == 429:
            return "TooManyRequestsError"
        return "ServerError" if self.status >= 500 else "APIStatusError"


def statuses(project: Project, taken: Sequence[str]) -> tuple[Status, ...]:
    """One class for each status, with the name and description of the current version if it has the status."""
    by_status: dict[int, Response] = {}
    for api in sorted(project.apis, key=lambda one: one is not project.current):
        for operation in api.operations:
            for response in operation.errors:
                by_status.setdefault(response.status, response)
    ordered = [by_status[status] for status in sorted(by_status)]
    names = distinct((*taken, *(pascal(response.name).removesuffix("Error") + "Error" for response in ordered)))
    return tuple(
        Status(status=response.status, name=name, description=_describe(response))
        for response, name in zip(ordered, names[len(taken) :], strict=True)
    )


def _describe(response: Response) -> str:
    text = " ".join(f"{response.status}: {response.description or response.name}".split())
    return wrap(text)
