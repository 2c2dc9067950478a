"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from generator.errors import SpecError

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Subject]):
    """A house rule: its name, what it asks for, and the function that finds what does not follow it."""

    name: str
    asks: str
    check: Callable[[Subject], Iterable[SpecError]]
