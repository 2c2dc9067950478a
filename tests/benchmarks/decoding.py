"""What it costs to decode a page, beside pydantic with equal models, and to import the client, beside httpx2."""

from __future__ import annotations

import compileall
import json
import os
import random
import resource
import subprocess
import sys
import time
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from statistics import median
from typing import Any

import pydantic

import procwise
from procwise import Unset
from procwise._codec.reading import Reading
from procwise._drift.counter import DeviationCounter
from procwise.v3 import models
from procwise.v3.api.exams import list_exams
from procwise.v3.api.student_sessions import list_student_sessions
from tests.benchmarks.rows import Row, on_one_processor

ITEMS, ROUNDS, STARTS = 300, 60, 20
DECODED_BAR, READ_BAR, IMPORT_BAR, CLIENT_BAR = 1.0, 1.3, 0.2, 1.1
PAGES: tuple[tuple[str, type[Any], Any], ...] = (
    ("students", models.Student, list_student_sessions),
    ("exams", models.Exam, list_exams),
)
STARTED = {
    "nothing": "",
    "httpx2": "import httpx2; httpx2.Client()",
    "import": "import procwise",
    "client": "from procwise import Client; Client(token='abcd', secret_key='k', base_url='http://localhost')",
}


def measure() -> Iterator[Row]:
    """The least CPU time of each, taken in turn."""
    for key, model, endpoint in PAGES:
        yield from _rows(key, model, endpoint)
    yield from _starts()


def _rows(key: str, model: type[Any], endpoint: Any) -> Iterator[Row]:
    content, touch = page(key, model), reader(model)
    equal = _create_model("Page", {key: types.GenericAlias(list, (equal_model(model, {}),))})
    decode = _decoder(content, key, endpoint)
    least = _least(
        {
            "ours": decode,
            "read": lambda: touch(decode()),
            "theirs": lambda: equal.model_validate_json(content),
        }
    )
    what, theirs = f"a page of {ITEMS} {key} decoded", least["theirs"]
    yield Row(f"{what}, beside pydantic", "CPU ms", least["ours"], theirs, bar=DECODED_BAR)
    yield Row(f"{what} and every member read, beside pydantic", "CPU ms", least["read"], theirs, bar=READ_BAR)


def page(key: str, model: type[Any]) -> bytes:
    """A page whose items have one unknown member each, and one an unknown value of an enum."""
    chance = random.Random(7)
    items = [{**_example(model, chance), "invented": number} for number in range(ITEMS)]
    items[ITEMS // 2]["status"] = "invented"
    return json.dumps({key: items}).encode()


def equal_model(model: Any, known: dict[Any, Any]) -> Any:
    """A pydantic model with the members of ours, unknown ones allowed."""
    if model not in known:
        hints = typing.get_type_hints(model)
        members = {
            field.name: (_equal_type(hints[field.name], known), None if _may_miss(hints[field.name]) else ...)
            for field in fields(model)
            if field.name != "additional_properties"
        }
        known[model] = _create_model(model.__name__, members)
    return known[model]


def _create_model(name: str, members: Mapping[str, Any]) -> Any:
    create: Any = pydantic.create_model  # its overloads take no names that are made at run time
    return create(name, __config__=_ALLOW, **members)


def reader(model: type[Any]) -> Callable[[Sequence[Any]], None]:
    """Code that reads every member of every item, as plain attributes."""
    names = [field.name for field in fields(model) if field.name != "additional_properties"]
    lines = "".join(f"\n        item.{name}" for name in names)
    scope: dict[str, Any] = {}
    exec(f"def touch(items):\n    for item in items:{lines}", scope)
    touch: Callable[[Sequence[Any]], None] = scope["touch"]
    return touch


_ALLOW = pydantic.ConfigDict(extra="allow")


def _decoder(content: bytes, key: str, endpoint: Any) -> Callable[[], Any]:
    counter = DeviationCounter("observe", str)

    def decode() -> Any:
        reading = Reading()
        value = getattr(endpoint._parse_response(200, content, reading), key)
        counter.record(key, reading.notes())
        return value

    assert len(decode()) == ITEMS
    assert len(counter.deviations()) == 2, counter.deviations()
    return decode


def _least(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """CPU milliseconds of each."""
    least = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = time.process_time_ns()
            work()
            least[name] = min(least[name], (time.process_time_ns() - began) / 1e6)
    return least


def _starts() -> Iterator[Row]:
    compileall.compile_dir(Path(procwise.__file__).parent, quiet=1)  # as an installation does; httpx2 is installed
    with on_one_processor():
        rounds = [
            {name: cpu_of_program(sys.executable, "-c", program) for name, program in STARTED.items()}
            for _ in range(STARTS)
        ]
    usual = {name: median(one[name] for one in rounds) for name in STARTED}
    ours = {name: value - usual["nothing"] for name, value in usual.items()}
    beside = "beside httpx2 with a client, the interpreter taken off"
    yield Row(f"import procwise, {beside}", "CPU ms", ours["import"], ours["httpx2"], bar=IMPORT_BAR)
    yield Row(f"a first client, {beside}", "CPU ms", ours["client"], ours["httpx2"], bar=CLIENT_BAR)


def cpu_of_program(*command: str | Path) -> float:
    """CPU milliseconds of a program from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)


def _may_miss(hint: Any) -> bool:
    return Unset in _alternatives(hint)


def _equal_type(hint: Any, known: dict[Any, Any]) -> Any:
    if typing.get_origin(hint) is list:
        return types.GenericAlias(list, (_equal_type(typing.get_args(hint)[0], known),))
    kinds = [one for one in _alternatives(hint) if one is not Unset]
    if len(kinds) > 1:
        return typing.Union[tuple(_equal_type(one, known) for one in kinds)]  # noqa: UP007  # made at run time
    return equal_model(kinds[0], known) if is_dataclass(kinds[0]) else kinds[0]


def _example(model: type[Any], chance: random.Random) -> dict[str, Any]:
    hints = typing.get_type_hints(model)
    return {
        field.name: _value(hints[field.name], chance)
        for field in fields(model)
        if field.name != "additional_properties" and not (_may_miss(hints[field.name]) and chance.random() < 0.5)
    }


def _value(hint: Any, chance: random.Random) -> Any:
    kinds = [one for one in _alternatives(hint) if one is not Unset]
    if type(None) in kinds and chance.random() < 0.4:
        return None
    kind = next(one for one in kinds if one is not type(None))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return chance.choice(list(kind)).value
    if kind is datetime:
        return (datetime(2026, 6, 15, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**7))).isoformat()
    made: dict[Any, Callable[[], Any]] = {
        int: lambda: chance.randrange(100_000),
        bool: lambda: chance.random() < 0.5,
        float: lambda: chance.random() * 100,
        str: lambda: "x" * chance.randrange(3, 30),
    }
    return made[kind]() if kind in made else [] if typing.get_origin(kind) is list else None
