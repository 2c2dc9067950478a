"""Signatures and first sentences of definitions, as a reader wants them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from generator.layers.client.reference.modules import Found, Modules

_SENTENCE = re.compile(r"(.+?\.)(?=\s|$)", re.DOTALL)
_WIDEST = 88


def sentence(docstring: str | None) -> str:
    """The first sentence of a docstring on one line."""
    text = " ".join((docstring or "").split("\n\n")[0].split())
    found = _SENTENCE.match(text)
    return found[1] if found else text


def describe(modules: Modules, found: Found) -> str:
    """The first sentence of a definition, of its nearest base if it has none itself."""
    for one in modules.bases(found):
        if isinstance(one.node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            text := ast.get_docstring(one.node)
        ):
            return sentence(text)
    return ""


def signature(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """How a function is called, without `self`, on one line or with an argument on each."""
    result = f" -> {_text(node.returns)}" if node.returns is not None and node.name != "__init__" else ""
    start = f"{'await ' if _is_awaited(node) else ''}{name}"
    return _wrap(start, list(_arguments(node.args)), result)


def _is_awaited(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a call is awaited; an async generator is iterated over."""
    return isinstance(node, ast.AsyncFunctionDef) and not any(isinstance(part, ast.Yield) for part in ast.walk(node))


def _arguments(arguments: ast.arguments) -> Iterator[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(arguments.defaults)), *arguments.defaults]
    for argument, default in zip(positional, defaults, strict=True):
        if argument.arg not in ("self", "cls"):
            yield _argument(argument.arg, argument.annotation, default)
    if arguments.vararg is not None or arguments.kwonlyargs:
        yield f"*{_argument(arguments.vararg.arg, arguments.vararg.annotation, None)}" if arguments.vararg else "*"
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _argument(argument.arg, argument.annotation, default)
    if arguments.kwarg is not None:
        yield f"**{_argument(arguments.kwarg.arg, arguments.kwarg.annotation, None)}"


def _argument(name: str, annotation: ast.expr | None, default: ast.expr | None) -> str:
    """An argument with its type and default; that it may be left out is said by its default UNSET alone."""
    kind = f": {_text(annotation)}" if annotation is not None else ""
    if default is None:
        return f"{name}{kind}"
    text = _text(default)
    return f"{name}{kind.removesuffix(' | Unset') if text == 'UNSET' else kind} = {text}"


def _text(node: ast.expr) -> str:
    """The expression, with double quotes around texts."""
    text = ast.unparse(node)
    return text if '"' in text else text.replace("'", '"')


def class_signature(modules: Modules, found: Found, name: str) -> str:
    """How a class is made: its `__init__`, or its fields if it is a dataclass; empty if nobody makes it by hand."""
    for one in modules.bases(found):
        assert isinstance(one.node, ast.ClassDef)  # noqa: S101  # bases of a class are classes
        init = next((node for node in functions(one.node) if node.name == "__init__"), None)
        if init is not None:
            return _replace_constants(signature(name, init), modules.tree(one.path))
        if any("dataclass" in ast.unparse(decorator) for decorator in one.node.decorator_list):
            keywords_only = any("kw_only=True" in ast.unparse(decorator) for decorator in one.node.decorator_list)
            return _wrap(name, [*["*"] * keywords_only, *_fields(one.node)], "")
        if any(ast.unparse(base) == "TypedDict" for base in one.node.bases):
            return _wrap(name, ["*", *_fields(one.node)], "")
    return ""


def _replace_constants(text: str, tree: ast.Module) -> str:
    """The text with the values of private constants, which are defaults, in place of their names."""
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id.startswith("_") and isinstance(value, ast.expr):
            written = f"= {_text(value)}".replace("\\", "\\\\")
            text = re.sub(rf"= {re.escape(target.id)}\b", written, text)
    return text


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """The fields of a dataclass or a typed dictionary, with their defaults."""
    for child in node.body:
        if isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name) and child.target.id[0] != "_":
            yield _argument(child.target.id, child.annotation, _default(child.value))


def _default(value: ast.expr | None) -> ast.expr | None:
    """The default of a field, that of `field(...)` without its other settings."""
    if not isinstance(value, ast.Call) or ast.unparse(value.func) != "field":
        return value
    given = {keyword.arg: keyword.value for keyword in value.keywords}
    factory = given.get("default_factory")
    return ast.Call(func=factory, args=[], keywords=[]) if factory is not None else given.get("default")


def functions(node: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods of a class, and its properties."""
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is read without a call."""
    return any(ast.unparse(decorator) in ("property", "cached_property") for decorator in node.decorator_list)


def _wrap(start: str, parts: list[str], result: str) -> str:
    line = f"{start}({', '.join(parts)}){result}"
    if len(line) <= _WIDEST:
        return line
    return "\n".join((f"{start}(", *(f"    {part}," for part in parts), f"){result}"))
