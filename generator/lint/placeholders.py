"""Rules about what was left in while writing: example hosts, and texts that are still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.errors import SpecError
from generator.lint.description import Description
from generator.lint.rule import Rule
from generator.load import Node

_HOST = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|local|acme\.com|domain\.com|host)$"
    r"|^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+)$"
    r"|(?:^|[.-])(?:your|my)-?(?:api|app|company|domain|host|organi[sz]ation|server|site)\b",
    re.IGNORECASE,
)
_UNWRITTEN = re.compile(
    r"\b(?:TODO|FIXME|TBD|TBA|TBC|XXX+|WIP)\b|\blorem ipsum\b|\?\?\?"
    r"|<(?:insert|your|description|todo)[^>]*>|\[(?:insert|your|description|todo)[^\]]*\]"
    r"|\bto be (?:written|done|defined|documented|added|described|completed)\b"
    r"|\b(?:coming soon|not (?:yet )?documented yet)\b"
    r"|\b(?:insert|add|write|put) (?:a )?(?:description|text|summary) here\b|\bfill (?:this )?in later\b"
    r"|^\s*(?:description|summary|text|string|none|n/?a|\.+|-+)\.?\s*$",
    re.IGNORECASE,
)
_UNTITLED = re.compile(
    r"^(?:untitled|title|(?:my|your|sample|example|new|swagger|open ?api|an?) ?(?:api|title)?|api)$", re.IGNORECASE
)
_ADDRESSES = ("url", "termsOfService", "authorizationUrl", "tokenUrl", "refreshUrl", "openIdConnectUrl")


def _hosts(description: Description) -> Iterator[SpecError]:
    for node in description.list_keyword_objects():
        for key in _ADDRESSES:
            place = node.get(key)
            if place is not None and isinstance(place.value, str):
                yield from _host(place, _hostname(place.value, node))
        if (email := node.get("email")) is not None and isinstance(email.value, str):
            yield from _host(email, email.value.rpartition("@")[2])


def _hostname(address: str, server: Node) -> str:
    for name, variable in server.fields("variables"):
        address = address.replace(f"{{{name}}}", variable.text("default"))
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # no address at all: another rule's
        return ""


def _host(place: Node, host: str) -> Iterator[SpecError]:
    if _HOST.search(host):
        yield place.fault(f"{host} is the host of an example", "write the real address")


def _texts(description: Description) -> Iterator[SpecError]:
    for node in description.list_keyword_objects():
        for key in ("description", "summary"):
            place = node.get(key)
            if place is not None and isinstance(place.value, str) and (met := _UNWRITTEN.search(place.value)):
                said = met[0].strip() or "nothing"
                yield place.fault(f"the {key} is still to be written: {said!r}", "write it, or leave it out")
    title = description.root["info"].get("title")
    if title is not None and _UNTITLED.search(str(title.value).strip()):
        yield title.fault(f"the title {title.value!r} names no API", "write what the API is called")


RULES = (
    Rule(name="example-host", asks="no address leads to the host of an example, or to one's own machine", check=_hosts),
    Rule(name="unwritten-text", asks="no title, summary or description is still to be written", check=_texts),
)
