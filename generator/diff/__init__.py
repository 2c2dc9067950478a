"""Two states of the API to classified changes and the version to publish. Knows the model alone."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.apis import compare_apis
from generator.diff.change import Bump, Change, Finding, bump_of
from generator.diff.changes import Changes
from generator.diff.difference import Difference
from generator.diff.groups import Group, Spot
from generator.diff.rules import RULES, VALUE_RULES, Policy, Severity, Vocabulary
from generator.diff.side import State, Unbuilt
from generator.diff.version import BUMPS, Version, gravest
from generator.ir import Api

__all__ = [
    "BUMPS",
    "RULES",
    "VALUE_RULES",
    "Bump",
    "Change",
    "Difference",
    "Group",
    "Policy",
    "Severity",
    "Spot",
    "State",
    "Unbuilt",
    "Version",
    "Vocabulary",
    "bump_of",
    "differences",
    "gravest",
]


def differences(old: State, new: State, policy: Policy = Policy.STRICT) -> tuple[Difference, ...]:
    """What changed in each version of the API; two lone versions belong together, whatever they are called."""
    return tuple(_differences(old, new, policy))


def _differences(old: State, new: State, policy: Policy) -> Iterator[Difference]:
    before = {api.name: api for api in old.project.apis}
    if len(before) == len(new.project.apis) == 1:
        before = {new.project.apis[0].name: old.project.apis[0]}
    for api in new.project.apis:
        earlier = before.pop(api.name, None)
        if earlier is None:
            yield _whole(api, "added", policy, old="", new=api.version)
        else:
            yield compare_apis(earlier, api, policy, old.surfaces.get(earlier.name), new.surfaces.get(api.name))
    for api in before.values():
        yield _whole(api, "removed", policy, old=api.version, new="")


def _whole(api: Api, kind: str, policy: Policy, *, old: str, new: str) -> Difference:
    found = Changes(api.name, policy)
    found.add("api", [Finding(rule=f"api-{kind}", path="", sentence=f"this version of the API is {kind}")])
    return Difference(api=api.name, old=old, new=new, changes=found.by_severity())
