"""The flows of OAuth: where tokens are fetched, and which scopes there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.diff.change import Finding
from generator.diff.texts import join_words, was
from generator.ir import Frozen


def flow_changes(scheme: str, old: Frozen, new: Frozen) -> Iterator[Finding]:
    """Flows, addresses and scopes that came, went or changed."""
    before, after = (side if isinstance(side, Mapping) else {} for side in (old, new))
    for name in dict.fromkeys((*before, *after)):
        path = f"{scheme} {name}"
        if name not in after:
            yield Finding(rule="security-flow-removed", path=path, sentence="the flow is gone")
        elif name not in before:
            yield Finding(rule="security-flow-added", path=path, sentence="the flow is new")
        else:
            yield from _flow(path, before[name], after[name])


def _flow(path: str, old: Frozen, new: Frozen) -> Iterator[Finding]:
    before, after = (side if isinstance(side, Mapping) else {} for side in (old, new))
    for key in ("authorizationUrl", "tokenUrl", "refreshUrl"):
        if before.get(key) != after.get(key):
            sentence = f"{key} is {was(str(before.get(key) or ''), str(after.get(key) or ''))}"
            yield Finding(rule="security-flow-changed", path=path, sentence=sentence)
    left, right = (side.get("scopes") or {} for side in (before, after))
    if gone := [one for one in left if one not in right]:
        yield Finding(rule="security-scope-removed", path=path, sentence=f"scopes that are gone: {join_words(gone)}")
    if come := [one for one in right if one not in left]:
        yield Finding(rule="security-scope-added", path=path, sentence=f"scopes that are new: {join_words(come)}")
