"""Two states of the API to classified changes and the version to publish. Knows the model alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.diff.apis import difference, gathered
from generator.diff.change import Change, Difference, Finding, bump_of
from generator.diff.responses import error_changes
from generator.diff.rules import RULES, SEVERITIES, VALUE_RULES, Severity
from generator.ir import Api, Project

__all__ = [
    "RULES",
    "SEVERITIES",
    "VALUE_RULES",
    "Change",
    "Difference",
    "Severity",
    "bump_of",
    "differences",
]


def differences(old: Project, new: Project) -> tuple[Difference, ...]:
    """What changed in each version of the API; two lone versions belong together, whatever they are called."""
    return tuple(_differences(old, new))


def _differences(old: Project, new: Project) -> Iterator[Difference]:
    before = {api.name: api for api in old.apis}
    if len(old.apis) == len(new.apis) == 1:
        before = {new.apis[0].name: old.apis[0]}
    for api in new.apis:
        earlier = before.pop(api.name, None)
        if earlier is None:
            yield _whole(api, "added", old="", new=api.version)
            continue
        found = difference(earlier, api)
        if api is new.current:
            errors = gathered(api.name, "errors", error_changes(old, new))
            found = replace(found, changes=errors + found.changes)
        yield found
    for api in before.values():
        yield _whole(api, "removed", old=api.version, new="")


def _whole(api: Api, kind: str, *, old: str, new: str) -> Difference:
    finding = Finding(rule=f"api-{kind}", path="", sentence=f"this version of the API is {kind}")
    return Difference(api=api.name, old=old, new=new, changes=gathered(api.name, "api", [finding]))
