"""`UNSET`: the value of what was not passed, or did not come."""

from __future__ import annotations

from typing import Literal


class Unset:
    """The type of `UNSET`. There is one such value, also after copying and pickling."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET = Unset()
