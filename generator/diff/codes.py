"""The codes of errors: which there are, when they come, what is said about them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.change import Finding
from generator.diff.texts import json_text
from generator.ir import Api, ErrorCode


def code_changes(old: Api, new: Api) -> Iterator[Finding]:
    """What changed in the error catalogue."""
    before, after = ({one.code: one for one in api.errors} for api in (old, new))
    for kind, codes, others in (("removed", before, after), ("added", after, before)):
        for code in codes:
            if code not in others:
                yield Finding(rule=f"error-code-{kind}", path=code, sentence=f"the code is {kind}")
    for code in before.keys() & after.keys():
        yield from _code(before[code], after[code])


def _code(old: ErrorCode, new: ErrorCode) -> Iterator[Finding]:
    if (old.statuses, old.member) != (new.statuses, new.member):
        sentence = (
            f"it comes with {json_text(new.statuses)} in {new.member}, was {json_text(old.statuses)} in {old.member}"
        )
        yield Finding(rule="error-code-moved", path=old.code, sentence=sentence)
    if (old.meaning, old.hint) != (new.meaning, new.hint):
        yield Finding(rule="error-code-explained", path=old.code, sentence="what is said about it differs")
