"""What lets people find an operation: words that its page does not show, other verbs for what it does, and its rank."""

from __future__ import annotations

from collections.abc import Mapping

from generator.ir import Api, Operation
from generator.layers.docs.page_paths import BOOST

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


def boost(api: Api, operation: Operation) -> float:
    """How far up the search shows the page: it leaves "get" out of "get exam", so lists and shows are first."""
    listed, shown = operation.filter is not None, operation.kind == "show" and not operation.deprecated
    return BOOST[operation.deprecated or api.deprecated] + 0.3 * listed + 0.1 * shown


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
