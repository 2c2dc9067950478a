"""What makes calls with a client that is open in this process, and therefore is not pickled."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from .exceptions import InvalidArgument


class BoundToClient:
    """Refuses to be pickled with a sentence that says what to pass on instead; copies use the same client."""

    _instead: ClassVar[str]

    def __reduce__(self) -> NoReturn:
        raise InvalidArgument(
            f"a value of type {type(self).__name__} makes its calls with an open client, so it is not pickled"
            f" ({self._instead})"
        )

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def __deepcopy__(self, _known: dict[int, Any]) -> Self:
        return self.__copy__()
