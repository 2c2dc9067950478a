"""The dataclasses of the generator and of the client: values that nobody changes, whose fields are passed by name."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cached_property
from types import ModuleType
from typing import Any

import pytest

import generator
import procwise

GATHERING = {"procwise._codec.reading.Note", "procwise._codec.reading.Reading"}  # filled while a response is read
LEFT_OUT = (".runtime", ".__main__", ".models")  # copied into procwise; a program; objects that callers may change


def data_classes(package: ModuleType) -> Iterator[Any]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not any(part in found.name for part in LEFT_OUT):
            classes = vars(importlib.import_module(found.name)).values()
            yield from (
                one
                for one in classes
                if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == found.name
            )


def full_name(one: Any) -> str:
    return f"{one.__module__}.{one.__qualname__}"


CLASSES = [*data_classes(generator), *data_classes(procwise)]


def test_the_classes_are_found() -> None:
    names = {one.__name__ for one in CLASSES}
    assert {"Api", "ModelView", "Operation", "SignedRequest", "Scheme"} <= names


@pytest.mark.parametrize("one", CLASSES, ids=full_name)
def test_data_classes_are_frozen_and_slotted(one: Any) -> None:
    assert one.__dataclass_params__.frozen == (full_name(one) not in GATHERING)
    assert "__slots__" in vars(one) or any(isinstance(value, cached_property) for value in vars(one).values())


@pytest.mark.parametrize("one", CLASSES, ids=full_name)
def test_many_fields_are_passed_by_name(one: Any) -> None:
    positional = [field.name for field in dataclasses.fields(one) if not field.kw_only]
    assert len(positional) <= 5
