"""Rules about our own extensions. Each is asked only where a description uses the extension at all."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from generator.errors import SpecError
from generator.ir import is_address
from generator.lint.description import Description, Operation, join_names, members, schemas, types
from generator.lint.rule import Rule
from generator.load import Node

_SECRETS = frozenset(("token", "tokens", "secret", "secrets", "password", "passwords"))
_SECRET_ENDS = ("api_key", "secret_key", "private_key", "pin_code")
_PERSONAL_ENDS = ("email", "email_address", "phone", "phone_number")


def _sources(description: Description) -> Iterator[SpecError]:
    if not description.uses("x-source"):
        return
    kinds = {"operation": "operation", "parameter": "parameter", "response": "response"}
    kinds |= {"header": "response header", "securityScheme": "security scheme"}
    for what, word in kinds.items():
        for node in description.find_all(what):
            yield from _check_source(node, word)
    for name, node in description.properties():
        yield from _check_source(node, f"property {name!r}")


def _check_source(node: Node, what: str) -> Iterator[SpecError]:
    if not node.has("x-source"):
        yield node.fault(f"the {what} does not say where it is known from", "add x-source")


def _pages(description: Description) -> Iterator[SpecError]:
    for node in description.list_keyword_objects():
        said = node.get("x-source")
        if said is None:
            continue
        if said.text("confidence") == "documented" and not said.texts("pages"):
            yield said.fault("a documented fact names no page", "name the page, or call the fact inferred")


def _titles(description: Description) -> Iterator[SpecError]:
    if not description.uses("x-source-titles"):
        return
    titles = {entry.text("page") for entry in description.root.each("x-source-titles")}
    for node in description.list_keyword_objects():
        said = node.get("x-source")
        if said is None:
            continue
        for page in said.texts("pages"):
            if page not in titles and not is_address(page):
                yield said.fault(
                    f"readers do not learn what the page {page!r} is", "give it a title in x-source-titles"
                )


def _clients(description: Description) -> Iterator[SpecError]:
    yield from _require_extension(description, "x-client", "does not say where it stands in the client")


def _retries(description: Description) -> Iterator[SpecError]:
    yield from _require_extension(description, "x-retry", "does not say whether it may be repeated")


def _require_extension(description: Description, extension: str, message: str) -> Iterator[SpecError]:
    for operation in description.operations if description.uses(extension) else ():
        if not operation.node.has(extension):
            yield operation.node.fault(f"the operation {operation.id} {message}", f"add {extension}")


def _matches(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        retry = operation.node.get("x-retry")
        known = _sent_names(operation)
        for name in retry.texts("match") if retry is not None else ():
            if name not in known:
                hint = f"the body has: {join_names(known)}"
                yield operation.node["x-retry"].fault(f"x-retry matches by {name!r}, which is not sent", hint)


def _sent_names(operation: Operation) -> set[str]:
    body = operation.body()
    envelope = body.text("x-envelope") if body is not None else ""
    names: set[str] = set()
    for schema in schemas(body):
        known = members(schema)
        names |= set(members(known[envelope]) if envelope in known else known)
    return names


def _successors_of_members(description: Description) -> Iterator[SpecError]:
    """A member's successor is what the operation takes or shows that is named, or one that replaces another."""
    replacing = _find_successors(description)
    for name, node in description.properties():
        if not node.has("x-replaced-by") or not replacing:
            continue
        said = node["x-replaced-by"]
        operation, _, wanted = str(said.value).rpartition(" ")
        named = [other[operation] for other in description.ids.values() if operation in other]
        if not any({*wanted.split(".")} <= _names_of(successor) for successor in (named if operation else replacing)):
            where = f"{operation} has no" if operation else "no successor of an operation has a"
            yield said.fault(
                f"the successor of {name!r} is not there: {where} {wanted!r}", "write what it is called now"
            )


def _find_successors(description: Description) -> list[Node]:
    """The operations that replace one of this description, in those of the run."""
    pairs = (operation.node.text("x-replaced-by").rpartition(" ")[::2] for operation in description.operations)
    known = [(description.ids.get(api or description.document.name, {}), name) for api, name in pairs]
    return [operations[name] for operations, name in known if name in operations]


def _names_of(operation: Node) -> set[str]:
    node = Operation("", "", operation, operation)
    sent = _sent_names(node) | {parameter.resolve().text("name") for parameter in node.listed_parameters()}
    return sent.union(*(_shown_names(response) for _, response in node.responses("2")))


def _shown_names(response: Node) -> set[str]:
    """The names of all fields of a response, at any depth."""
    names: set[str] = set()
    waiting, met = [*schemas(response)], set[object]()
    while waiting:
        schema = waiting.pop().resolve()
        if schema.pointer not in met:
            met.add(schema.pointer)
            names |= {*members(schema)}
            waiting += [inner for part in schema.parts() for inner in _inner(part)]
    return names


def _inner(schema: Node) -> Iterator[Node]:
    yield from (node for _, node in schema.fields("properties"))
    yield from (schema[word] for word in ("items", "additionalProperties") if isinstance(schema.get(word), Node))
    for word in ("anyOf", "oneOf"):
        yield from schema.each(word)


def _workflow(description: Description) -> Iterator[SpecError]:
    known = description.ids[description.document.name]
    for step in description.root.each("x-workflow"):
        if step.value not in known:
            near = get_close_matches(str(step.value), known, 1)
            hint = f"did you mean {near[0]}?" if near else "write an operationId of this description"
            yield step.fault(f"x-workflow names {step.value!r}, which is no operation", hint)


def _successors(description: Description) -> Iterator[SpecError]:
    for operation in description.operations if description.uses("x-replaced-by") else ():
        said = operation.node.get("x-replaced-by")
        if said is not None:
            yield from _successor(description, operation, said)
        elif operation.node.flag("deprecated"):
            hint = "add x-replaced-by with an operationId, or with `none: ` and the reason"
            yield operation.node.fault(f"the deprecated operation {operation.id} names no successor", hint)


def _successor(description: Description, operation: Operation, said: Node) -> Iterator[SpecError]:
    if not operation.node.flag("deprecated"):
        yield said.fault(f"{operation.id} has a successor but is not deprecated", "add `deprecated: true`")
    text = str(said.value)
    if text.startswith("none: "):
        return
    version, _, name = text.rpartition(" ")
    version = version or description.document.name
    if version not in description.ids and len(description.ids) == 1:
        return  # the other version is not part of this run
    successor = description.ids.get(version, {}).get(name)
    if successor is None:
        yield said.fault(f"the successor {text!r} is not there", "write VERSION operationId, or operationId")
    elif successor.flag("deprecated"):
        yield said.fault(f"the successor {text!r} is deprecated itself", "name the operation that stays")


def _secrets(description: Description) -> Iterator[SpecError]:
    if description.uses("x-secret"):
        for name, node, schema in _named_schemas(description):
            looks = bool(_SECRETS & set(name.split("_"))) or name.endswith(_SECRET_ENDS)
            if looks and _textual(schema) and not node.has("x-secret"):
                yield node.fault(f"{name!r} looks like a secret", "add `x-secret: true`")


def _personal(description: Description) -> Iterator[SpecError]:
    if description.uses("x-pii"):
        for name, node, schema in _named_schemas(description):
            if name.endswith(_PERSONAL_ENDS) and _textual(schema) and not node.has("x-pii"):
                yield node.fault(f"{name!r} looks like personal data", "add `x-pii: true`")


def _named_schemas(description: Description) -> Iterator[tuple[str, Node, Node]]:
    """Properties and parameters: name, node and schema."""
    for name, node in description.properties():
        yield name, node, node.resolve()
    for parameter in description.find_all("parameter"):
        yield parameter.text("name"), parameter, (parameter.get("schema") or parameter).resolve()


def _textual(schema: Node) -> bool:
    said = types(schema)
    return not said or bool(said & {"string", "array"})


RULES = (
    Rule(
        name="source",
        asks="operations, parameters, properties, responses, headers and security schemes have `x-source`",
        check=_sources,
    ),
    Rule(name="source-page", asks="an `x-source` that says `documented` names a page", check=_pages),
    Rule(
        name="source-title",
        asks="every page of an `x-source` is an address or has a title, if the description has `x-source-titles`",
        check=_titles,
    ),
    Rule(name="client", asks="every operation has `x-client`", check=_clients),
    Rule(name="retry", asks="every operation has `x-retry`", check=_retries),
    Rule(name="retry-match", asks="the fields that `x-retry` matches by are part of the body", check=_matches),
    Rule(
        name="successor",
        asks="every deprecated operation, and no other, has `x-replaced-by`: an operation that stays, or `none:`",
        check=_successors,
    ),
    Rule(
        name="successor-member",
        asks="the `x-replaced-by` of a member names what the successor of an operation takes or shows",
        check=_successors_of_members,
    ),
    Rule(name="workflow", asks="every step of `x-workflow` is an operation", check=_workflow),
    Rule(name="secret", asks="properties and parameters named like a secret have `x-secret`", check=_secrets),
    Rule(name="personal", asks="e-mail addresses and telephone numbers have `x-pii`", check=_personal),
)
