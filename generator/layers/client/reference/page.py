"""The page: classes and functions, exceptions, types of lists and jobs, signatures, and the methods of operations."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from generator.ir import Api, Operation, Project
from generator.layers.client.reference.definitions import (
    class_signature,
    describe,
    functions,
    is_property,
    sentence,
    signature,
)
from generator.layers.client.reference.modules import Found, Modules
from generator.tree import File


def reference(project: Project, files: Sequence[File], package: str) -> str:
    """The page of a rendered package."""
    modules = Modules(files, package)
    name, current = project.client, project.current
    names = modules.public_names("__init__.py")
    exceptions = modules.public_names("errors.py")
    general = [one for one in names if one not in exceptions]
    parts = [
        f"# Python reference\n\n{_INTRODUCTION.format(name)}",
        f"## Names of `{name}`",
        *_entries(modules, "__init__.py", general),
        "## Exceptions",
        "\n".join(_exceptions(modules, exceptions)),
    ]
    for module, path in ((f"{name}.pages", "pages.py"), (f"{name}.jobs", "jobs.py")):
        own = [one for one in modules.public_names(path) if one not in names]
        parts += [f"## Names of `{module}`", *_entries(modules, path, own, are_made=False)]
    if current.signature_schemes:
        path = "signing/__init__.py"
        parts += [f"## Names of `{name}.signing`", *_entries(modules, path, modules.public_names(path))]
    parts += [f"## Methods of `{name}.Client`", _ANY_CALL, *_operations(modules, current)]
    return "\n\n".join(part for part in parts if part) + "\n"


_INTRODUCTION = (
    "The public names of the package `{}`, with the signature and the first sentence of each. What is not listed is "
    "private."
)
_ANY_CALL = (
    "`AsyncClient` has the same methods, awaited. Each takes the options of `CallOptions`, which are left out here. "
    "Besides the exceptions that are listed, any call may raise `ConnectionFailed`, `TimedOut`, `InvalidArgument`, "
    "`ServerError`, `TooManyRequestsError` and `UnexpectedAnswer`."
)


def _entries(modules: Modules, path: str, names: Sequence[str], *, are_made: bool = True) -> Iterator[str]:
    """The names of a module; `are_made` says that callers make the objects of its classes themselves."""
    for name in names:
        found = modules.find(path, name)
        if found is None or (isinstance(found.node, ast.Assign | ast.AnnAssign) and name.isupper() and name != "UNSET"):
            continue
        yield f"### `{name}`"
        if isinstance(found.node, ast.ClassDef):
            yield _code(class_signature(modules, found, name)) if are_made else ""
            yield describe(modules, found)
            yield "\n".join(_members(modules, found))
        elif isinstance(found.node, ast.Assign | ast.AnnAssign):
            yield _code(ast.unparse(found.node))
        else:
            yield _code(signature(name, found.node))
            yield describe(modules, found)


def _members(modules: Modules, found: Found) -> Iterator[str]:
    """The public methods and properties of a class, those of the nearest base first."""
    shown: set[str] = set()
    for one in modules.bases(found):
        assert isinstance(one.node, ast.ClassDef)  # noqa: S101  # bases of a class are classes
        for node in functions(one.node):
            text = ast.get_docstring(node)
            if node.name in shown or node.name.startswith("_") or text is None:
                continue
            shown.add(node.name)
            call = node.name if is_property(node) else " ".join(signature(node.name, node).split())
            yield f"- `{call.replace('( ', '(').replace(', )', ')')}`: {sentence(text)}"


def _exceptions(modules: Modules, names: Sequence[str]) -> Iterator[str]:
    yield "| Exception | Is a | Means |\n|---|---|---|"
    for name in names:
        found = modules.find("errors.py", name)
        if found is not None and isinstance(found.node, ast.ClassDef):
            parents = ", ".join(f"`{ast.unparse(base)}`" for base in found.node.bases)
            yield f"| `{name}` | {parents} | {describe(modules, found)} |"


def _operations(modules: Modules, api: Api) -> Iterator[str]:
    """Each resource of a version, as the client has it."""
    client = modules.find(f"{api.name}/client.py", "Client")
    by_name = {(operation.resource, operation.name): operation for operation in api.operations}
    errors = _classes_by_status(modules)
    for resource in functions(client.node) if client is not None and isinstance(client.node, ast.ClassDef) else ():
        yield f"### `client.{resource.name}`"
        kind = ast.unparse(resource.returns).rpartition(".")[2] if resource.returns else ""
        found = modules.find(f"{api.name}/resources/__init__.py", kind)
        for node in functions(found.node) if found is not None and isinstance(found.node, ast.ClassDef) else ():
            text = ast.get_docstring(node)
            if node.name.startswith("_") or is_property(node) or text is None:
                continue
            yield _code(signature(f"client.{resource.name}.{node.name}", _without_options(node)))
            operation = by_name.get((resource.name, node.name))
            yield sentence(text) + _list_raised(operation, errors)


def _classes_by_status(modules: Modules) -> dict[int, str]:
    """The exceptions of `errors.BY_STATUS`, by status."""
    found = modules.find("errors.py", "BY_STATUS")
    value = found.node.value if found is not None and isinstance(found.node, ast.Assign | ast.AnnAssign) else None
    pairs = zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
    return {ast.literal_eval(key): ast.unparse(one) for key, one in pairs if key is not None}


def _list_raised(operation: Operation | None, errors: Mapping[int, str]) -> str:
    statuses = sorted({response.status for response in operation.errors} & errors.keys()) if operation else ()
    return f" Raises {', '.join(f'`{errors[status]}`' for status in statuses)}." if statuses else ""


def _without_options(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.FunctionDef | ast.AsyncFunctionDef:
    node.args.kwarg = None
    return node


def _code(text: str) -> str:
    return f"```python\n{text}\n```" if text else ""
