"""The modules of the rendered package as syntax trees, and where a public name is defined."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.tree import File

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True)
class Found:
    """A definition and the path of its module."""

    path: str
    node: Definition


class Modules:
    """The modules of a package by their paths, such as `v3/client.py`."""

    def __init__(self, files: Sequence[File], package: str) -> None:
        own = [file for file in files if file.path.startswith(f"{package}/") and file.path.endswith(".py")]
        self._texts = {file.path.removeprefix(f"{package}/"): file.text for file in own}
        self._trees: dict[str, ast.Module] = {}

    def tree(self, path: str) -> ast.Module:
        """The module at this path."""
        if path not in self._trees:
            self._trees[path] = ast.parse(self._texts[path])
        return self._trees[path]

    def public_names(self, path: str) -> tuple[str, ...]:
        """What `__all__` of a module lists."""
        for node in self.tree(path).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                return tuple(ast.literal_eval(node.value))
        return ()

    def find(self, path: str, name: str) -> Found | None:
        """Where a name is defined, imports followed; None for a module or a name of another package."""
        for node in _statements(self.tree(path)):
            if isinstance(node, ast.ImportFrom):
                original = next((one.name for one in node.names if (one.asname or one.name) == name), None)
                target = self._module(path, node) if original is not None else None
                if original is not None:
                    return self.find(target, original) if target is not None else None
            elif name in _names_of(node):
                return Found(path, node) if isinstance(node, Definition) else None
        return None

    def bases(self, found: Found) -> Iterator[Found]:
        """The class and those that it inherits from in this package, the nearest first."""
        yield found
        for base in found.node.bases if isinstance(found.node, ast.ClassDef) else ():
            inherited = self.find(found.path, ast.unparse(base).partition("[")[0])
            if inherited is not None:
                yield from self.bases(inherited)

    def _module(self, path: str, node: ast.ImportFrom) -> str | None:
        """The path of the module that is imported from."""
        folder = posixpath.dirname(path)
        for _ in range(max(node.level - 1, 0)):
            folder = posixpath.dirname(folder)
        stem = posixpath.join(folder, *(node.module or "").split("."))
        paths = (f"{stem}.py", posixpath.join(stem, "__init__.py")) if node.level and node.module else ()
        return next((one for one in paths if one in self._texts), None)


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a module, with those that only type checkers read."""
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body
        else:
            yield node


def _names_of(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return (node.name,)
    if isinstance(node, ast.Assign):
        return tuple(ast.unparse(target) for target in node.targets)
    return (ast.unparse(node.target),) if isinstance(node, ast.AnnAssign) else ()
