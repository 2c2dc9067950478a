"""Words that people search an operation by and that its page does not show: other verbs for what it does."""

from __future__ import annotations

from collections.abc import Mapping

from generator.ir import Operation

_VERBS: Mapping[str, str] = {
    "list": "list get find fetch search",
    "create": "create add new make register invite",
    "show": "show get view read",
    "update": "update edit change modify",
    "replace": "replace overwrite",
    "delete": "delete remove cancel",
}
_KINDS = {
    "add": "create",
    "assign": "create",
    "show": "show",
    "list": "list",
    **dict.fromkeys(("remove", "unassign", "destroy", "delete"), "delete"),
}


def search_words(operation: Operation) -> str:
    """Verbs and the name of the thing, for the search alone; nothing for what is deprecated, which is seldom meant.

    The verb of an action is the first word of its name, if the name begins with a verb: one that `_KINDS` knows, or
    the one that its title begins with too.
    """
    kind = "list" if operation.name == "list" else operation.kind
    verbs, things = _VERBS.get(kind, ""), [word.removesuffix("s") for word in operation.resource.split("_")]
    if not verbs:
        first, *things = operation.name.split("_")
        says_so = operation.summary.lower().startswith(f"{first} ")
        verbs = _VERBS[_KINDS[first]] if first in _KINDS else first if says_so else ""
    elif operation.body and operation.body.media_types[0].startswith("multipart/"):
        verbs = f"{verbs} upload file"
    return "" if operation.deprecated or not verbs else " ".join((verbs, *things))
