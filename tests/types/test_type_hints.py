"""`typing.get_type_hints` works on everything that users can reach."""

from __future__ import annotations

import functools
import importlib
import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any

ROOTS = ("procwise", "procwise.errors", "procwise.jobs", "procwise.pages", "procwise.signing")
VERSIONS = ("procwise.v1", "procwise.v3")


def find_public_names(module: types.ModuleType) -> Iterator[Any]:
    for name in module.__all__:
        found = getattr(module, name)
        if isinstance(found, types.ModuleType):
            yield from find_public_names(found)
        else:
            yield found


def find_members(kind: type) -> Iterator[Any]:
    """The methods and properties of a class, inherited ones too; private ones but for those of Python."""
    for name in dir(kind):
        member = inspect.getattr_static(kind, name)
        if name.startswith("_") and not name.endswith("__"):
            continue
        if isinstance(member, property):
            yield from filter(None, (member.fget, member.fset))
        elif isinstance(member, functools.cached_property):
            yield member.func
        elif isinstance(member, staticmethod | classmethod):
            yield member.__func__
        elif isinstance(member, types.FunctionType):
            yield member


def find_classes(annotation: Any) -> Iterator[Any]:
    """The classes of the client within an annotation."""
    for part in typing.get_args(annotation):
        yield from find_classes(part)
    origin = typing.get_origin(annotation) or annotation
    if isinstance(origin, type) and origin.__module__.startswith("procwise"):
        yield origin


def resolve_all() -> tuple[set[str], list[str]]:
    """What public names lead to by the types of results and arguments, and which types are not found."""
    modules = [importlib.import_module(name) for name in (*ROOTS, *VERSIONS)]
    waiting = [one for module in modules for one in (module, *find_public_names(module))]
    reached: set[int] = set()
    names: set[str] = set()
    faults: list[str] = []
    while waiting:
        one = waiting.pop()
        if id(one) in reached or not isinstance(one, type | types.FunctionType | types.ModuleType):
            continue
        reached.add(id(one))
        name = f"{getattr(one, '__module__', '')}.{getattr(one, '__qualname__', one.__name__)}"
        names.add(name)
        try:
            hints = typing.get_type_hints(one, include_extras=True)
        except NameError as error:
            faults.append(f"{name}: {error}")
            continue
        if name.endswith(".__init__"):  # of classes that users do not make themselves, it takes private ones
            continue
        waiting += [kind for part, hint in hints.items() if part[0] != "_" for kind in find_classes(hint)]
        if isinstance(one, type) and one.__module__.startswith("procwise"):
            waiting += find_members(one)
    return names, faults


def test_all_type_hints_are_found() -> None:
    reached, faults = resolve_all()
    assert faults == []
    for part in (
        "procwise.v3.client.Client",
        "procwise.v3.resources.exams.AsyncExams.create",
        "procwise.v1.resources.exams.Exams.list",
        "procwise.v3.models.exam.Exam",
        "procwise.signing.v3.sign_request",
        "procwise.signing.v1.verify_request",
        "procwise.signing.messages.request.Request",
        "procwise._lists.pager.AsyncPager.pages",
        "procwise._jobs.job.Job.wait",
        "procwise._errors.exceptions.APIStatusError.__init__",
        "procwise._files.upload.Upload.__init__",
    ):
        assert part in reached
    assert len(reached) > 1000
