"""The example request as a call of the Python client."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from generator.ir import Api, Frozen, Operation, Project
from generator.layers.docs.prose import comment_text
from generator.layers.docs.samples import MULTIPART, Block, Sample, files, is_file
from generator.names import snake

_WIDEST = 72  # characters that the column beside the text shows


def python(project: Project, api: Api, operation: Operation, values: Sample) -> Block:
    """A program that makes the example request; the client takes its credentials from the environment."""
    module = project.client if api is project.current else f"{project.client}.{api.name}"
    before, after = _frame(api, operation)
    call = _call(operation, list(_arguments(api, operation, values)), len(before))
    lines = (f"from {module} import Client", "", "with Client() as client:", f"    {before}{call}{after}")
    return Block("python", "\n".join(lines))


def program(project: Project, api: Api, operation: Operation, values: Sample) -> Block:
    """The same with a comment that says what it needs, and whose credentials."""
    call = python(project, api, operation, values)
    role = f" of a {comment_text(operation.role)}" if operation.role else ""
    needs = (
        f"# Needs the package {project.client}, and in the environment PROCWISE_BASE_URL,",
        f"# PROCWISE_TOKEN and PROCWISE_SECRET_KEY{role}.",
    )
    return Block(call.language, "\n".join((*needs, call.text)))


def _frame(api: Api, operation: Operation) -> tuple[str, str]:
    """What the program does with the result, before and after the call."""
    if operation.pagination:
        return "for item in ", ":\n        print(item)"
    if is_file(api, operation):
        return "path = ", "\n    print(path)"
    if operation.job:
        return "job = ", '\n    job.wait(timeout=600).download("result.zip")'
    return "answer = ", "\n    print(answer)"


def _arguments(api: Api, operation: Operation, values: Sample) -> Iterator[str]:
    yield from (_literal(value) for value in values.path.values())
    if is_file(api, operation):
        yield '"result.zip"'
    if isinstance(values.body, Mapping):
        uploads = files(operation) if _is_form(operation) else frozenset()
        for name, value in values.body.items():
            yield f"{snake(name)}={_bytes(value) if name in uploads else _literal(value)}"
    page = operation.pagination.page if operation.pagination else ""
    for name, value in values.query.items():
        if name != page:
            yield f"{snake(name)}={_literal(_parse_json_text(operation, name, value))}"


def _is_form(operation: Operation) -> bool:
    return operation.body is not None and operation.body.media_types[0].startswith(MULTIPART)


def _bytes(value: Frozen) -> str:
    """The example of a file; a plain text would be taken for its path."""
    text = str(value)
    return f"b{_literal(text)}" if text.isascii() else f"{_literal(text)}.encode()"


def _parse_json_text(operation: Operation, name: str, value: Frozen) -> Frozen:
    """The client takes filter and sort as data; the description shows them as JSON text."""
    if operation.filter is None or name not in (operation.filter.filter, operation.filter.sort):
        return value
    try:
        return json.loads(str(value))
    except ValueError:
        return value


def _call(operation: Operation, arguments: list[str], indent: int) -> str:
    function = f"client.{operation.resource}.{operation.name}"
    line = f"{function}({', '.join(arguments)})"
    if indent + len(line) + 5 <= _WIDEST:
        return line
    return "\n".join((f"{function}(", *(f"        {argument}," for argument in arguments), "    )"))


def _literal(value: Frozen) -> str:
    """A Python literal, with double quotes where that needs no escape."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    text = repr(value)
    plain = isinstance(value, str) and not {"'", '"'} & {*value}
    return f'"{text[1:-1]}"' if plain else text
