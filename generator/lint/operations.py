"""Rules about servers, security, tags, parameters and responses of operations."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import SpecError
from generator.lint.description import PLACEHOLDER, Description, join_names
from generator.lint.rule import Rule
from generator.load import Node


def _servers(description: Description) -> Iterator[SpecError]:
    if not any(True for _ in description.root.each("servers")):
        yield description.root.fault("the description names no server", "add `servers`")
    for server in description.root.each("servers"):
        yield from _server(server)


def _server(server: Node) -> Iterator[SpecError]:
    place = server.get("url") or server
    url = server.text("url")
    if not url.startswith("https://"):
        yield place.fault(f"the server {url!r} is not reached by https", "write an address that begins with https://")
    if url.endswith("/"):
        yield place.fault("the server's address ends with a slash", "remove it; every path begins with one")
    known = {name for name, _ in server.fields("variables")}
    for name in PLACEHOLDER.findall(url):
        if name not in known:
            yield place.fault(f"the server's variable {name!r} is not described", "add it to `variables`")


def _security(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        place = operation.node if operation.node.has("security") else description.root
        if not any(requirement.value for requirement in place.each("security")):
            message = f"the operation {operation.id} asks for no credentials"
            blamed = operation.node.get("security") or operation.node
            yield blamed.fault(message, "add `security` to it or to the whole description")


def _security_names(description: Description) -> Iterator[SpecError]:
    known = {name for name, _ in description.components("securitySchemes")}
    for place in (description.root, *(operation.node for operation in description.operations)):
        for requirement in place.each("security"):
            for name, node in requirement.members():
                if name not in known:
                    yield node.fault(f"there is no security scheme {name!r}", f"known are: {join_names(known)}")


def _tags(description: Description) -> Iterator[SpecError]:
    known = {tag.text("name") for tag in description.root.each("tags")}
    for operation in description.operations:
        tags = operation.node.texts("tags")
        if len(tags) != 1:
            message = f"the operation {operation.id} has {len(tags)} tags"
            yield (operation.node.get("tags") or operation.node).fault(message, "give it one")
        for tag in tags:
            if tag not in known:
                yield operation.node["tags"].fault(
                    f"the tag {tag!r} is not described", f"known are: {join_names(known)}"
                )


def _unused_tags(description: Description) -> Iterator[SpecError]:
    used = {tag for operation in description.operations for tag in operation.node.texts("tags")}
    for tag in description.root.each("tags"):
        if tag.text("name") not in used:
            yield tag.fault(f"no operation has the tag {tag.text('name')!r}", "remove it")


def _path_parameters(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        names = PLACEHOLDER.findall(operation.path)
        for written in operation.listed_parameters():
            name = written.resolve().text("name")
            if written.resolve().text("in") == "path" and name not in names:
                hint = f"the path {operation.path} has: {join_names(names)}"
                yield written.fault(f"{operation.id} has a path parameter {name!r} that its path lacks", hint)


def _twice(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        for holder in (operation.item, operation.node):
            seen: set[tuple[str, str]] = set()
            for parameter in holder.each("parameters"):
                target = parameter.resolve()
                key = (target.text("name"), target.text("in"))
                if key in seen:
                    yield parameter.fault(f"the parameter {key[0]!r} stands here twice", "keep one of them")
                seen.add(key)


def _responses(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        place = operation.node.get("responses") or operation.node
        if not any(operation.responses("2")):
            yield place.fault(f"{operation.id} describes no success", "describe a status from 200 to 299")
        if not any(operation.responses("4")) and not any(operation.responses("default")):
            yield place.fault(f"{operation.id} describes no error", "describe at least one status from 400 to 499")


def _safe_bodies(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        body = operation.node.get("requestBody")
        if operation.method in ("get", "head") and body is not None:
            yield body.fault(f"a {operation.method.upper()} carries a body", "describe parameters of the query instead")


RULES = (
    Rule(
        name="server-url",
        asks="there is a server; its address is https, ends without a slash and its variables are described",
        check=_servers,
    ),
    Rule(name="security", asks="every operation asks for credentials", check=_security),
    Rule(name="security-name", asks="every security scheme that is asked for exists", check=_security_names),
    Rule(name="operation-tag", asks="every operation has exactly one tag, a described one", check=_tags),
    Rule(name="unused-tag", asks="every tag is used", check=_unused_tags),
    Rule(name="path-parameter", asks="every path parameter occurs in the path", check=_path_parameters),
    Rule(name="parameter-twice", asks="no parameter is listed twice", check=_twice),
    Rule(name="responses", asks="every operation describes a success and an error", check=_responses),
    Rule(name="safe-body", asks="GET and HEAD carry no body", check=_safe_bodies),
)
