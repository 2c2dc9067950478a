"""Members of objects that came, went, or became required or optional."""

from __future__ import annotations

from generator.diff.change import Finding
from generator.diff.where import Found, Where
from generator.ir import Property


def member_removal(where: Where, member: Property) -> Finding:
    """A member that went."""
    kind = "required" if member.required else "optional"
    if where.direction == "request":
        return where.build_finding("request-property-removed", f"the {kind} member is gone")
    return where.build_finding(f"response-{kind}-property-removed", f"the {kind} member is gone")


def member_addition(where: Where, member: Property, closed: bool) -> Finding:
    """A member that came; `closed` is about the object before."""
    kind = "required" if member.required else "optional"
    if where.direction == "request":
        return where.build_finding(f"new-{kind}-request-property", f"the {kind} member is new")
    rule = "response-property-added-to-closed" if closed else f"response-{kind}-property-added"
    return where.build_finding(rule, f"the {kind} member is new")


def requirement(where: Where, old: Property, new: Property) -> Found:
    """A member that became required or optional."""
    if old.required != new.required:
        word = "required" if new.required else "optional"
        yield where.build_finding(f"{where.direction}-property-became-{word}", f"the member is {word} now")
