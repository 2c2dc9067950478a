"""Rules about lists, their pages, filters and envelopes, and about background jobs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import SpecError
from generator.lint.description import Description, Operation, join_names, members, required_names, schemas, types
from generator.lint.rule import Rule
from generator.load import Node

_FORMS = {"date-time": "string"}


def _response(operation: Operation) -> Node | None:
    return next((response for _, response in operation.responses("2")), None)


def _list_schema(operation: Operation) -> Node | None:
    """The schema of what the first success sends, out of its envelope."""
    response = _response(operation)
    if response is None:
        return None
    schema = next(schemas(response), None)
    if schema is None or not response.text("x-envelope"):
        return schema
    inner = members(schema).get(response.text("x-envelope"))
    return inner.resolve() if inner is not None else None


def _decisions(description: Description) -> Iterator[SpecError]:
    for operation in description.operations if description.uses("x-pagination") else ():
        schema = _list_schema(operation)
        is_list = operation.method == "get" and schema is not None and "array" in types(schema)
        if is_list and not operation.node.has("x-pagination"):
            hint = "add x-pagination, or `x-pagination: none`"
            yield operation.node.fault(f"the list {operation.id} does not say how it is paged", hint)


def _parameters(description: Description) -> Iterator[SpecError]:
    for extension, keys in {"x-pagination": ("page", "limit"), "x-filter": ("filter", "sort")}.items():
        for operation in description.operations:
            known, said = operation.query(), operation.node.get(extension)
            for key in keys if said is not None else ():
                if said is not None and said.has(key) and said.text(key) not in known:
                    message = f"{extension} names the query parameter {said.text(key)!r}, which is not described"
                    yield said[key].fault(message, f"{operation.id} has: {join_names(known)}")


def _headers(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        said = operation.node.get("x-pagination")
        response = _response(operation)
        known = {name for name, _ in response.fields("headers")} if response is not None else set()
        for _, name in said.fields("headers") if said is not None else ():
            if name.value not in known:
                message = f"x-pagination names the header {name.value!r}, which the response lacks"
                yield name.fault(message, f"the response has: {join_names(known)}")


def _items(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        said, response = operation.node.get("x-pagination"), _response(operation)
        if said is None or response is None or not said.has("items"):
            continue
        item = next((members(schema).get(said.text("items")) for schema in schemas(response)), None)
        if item is None or "array" not in types(item.resolve()):
            message = f"x-pagination finds the items under {said.text('items')!r}, which is no array of the response"
            yield said["items"].fault(message, "name the property that holds the items")


def _columns(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        said, schema = operation.node.get("x-filter"), _list_schema(operation)
        items = schema.get("items") if schema is not None else None
        if said is None or items is None:
            continue
        known = members(items)
        columns = [(column.text("name"), column, column.text("type")) for column in said.each("columns")]
        for name, place, kind in [*columns, *((str(name.value), name, "") for name in said.each("sortable"))]:
            yield from _column(name, place, kind, known)


def _column(name: str, place: Node, kind: str, known: dict[str, Node]) -> Iterator[SpecError]:
    if name not in known:
        yield place.fault(f"x-filter has the column {name!r}, which the items lack", f"they have: {join_names(known)}")
        return
    said = types(known[name].resolve())
    if kind and said and _FORMS.get(kind, kind) not in said:
        yield place.fault(f"x-filter calls {name!r} a {kind}, the items say {join_names(said - {'null'})}", "mend one")


def _envelopes(description: Description) -> Iterator[SpecError]:
    for part in description.find_all("response", "requestBody"):
        envelope = part.text("x-envelope")
        for schema in schemas(part) if envelope else ():
            if envelope not in required_names(schema):
                hint = f"it requires: {join_names(required_names(schema))}"
                yield part["x-envelope"].fault(f"the schema does not require the envelope {envelope!r}", hint)


def _jobs(description: Description) -> Iterator[SpecError]:
    by_id = {operation.id: operation for operation in description.operations}
    for operation in description.operations:
        job = operation.node.get("x-job")
        status = by_id.get(job.text("status_operation")) if job is not None else None
        response = _response(status) if status is not None else None
        schema = next(schemas(response), None)
        if job is not None and schema is not None:
            yield from _job(job, members(schema))


def _job(job: Node, known: dict[str, Node]) -> Iterator[SpecError]:
    field = job.text("field")
    if field not in known:
        yield job["field"].fault(f"the status has no property {field!r}", f"it has: {join_names(known)}")
        return
    values = set(known[field].resolve().texts("enum"))
    said = [node for key in ("success", "failure", "pending", "idle") for node in job.each(key)]
    for node in said:
        if node.value not in values:
            yield node.fault(f"{field} is never {node.value!r}", f"it is one of: {join_names(values)}")
    for missing in sorted(values - {str(node.value) for node in said}):
        yield job.fault(f"x-job does not say what the state {missing!r} means", "put it into one of its lists")


RULES = (
    Rule(name="pagination", asks="every list has `x-pagination`, or says `none`", check=_decisions),
    Rule(
        name="list-parameters",
        asks="the query parameters that `x-pagination` and `x-filter` name are described",
        check=_parameters,
    ),
    Rule(name="pagination-headers", asks="the headers that `x-pagination` names are described", check=_headers),
    Rule(name="pagination-items", asks="`x-pagination` finds an array under its item key", check=_items),
    Rule(name="filter-column", asks="the columns of `x-filter` are properties of the items", check=_columns),
    Rule(name="envelope", asks="an `x-envelope` is required by the schema that it wraps", check=_envelopes),
    Rule(name="job", asks="`x-job` sorts every value of the status, and no other", check=_jobs),
)
