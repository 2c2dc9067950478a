"""Earlier names of methods, kept until the next major version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.diff.python.surface import MethodKind
from generator.layers.client.flavors import Flavor
from generator.layers.client.methods import Method

_DOWNLOAD = ("progress: OnProgress | None = None", "cancel: Cancel | None = None", "resume: bool = False")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """An earlier name of a method; `notice` is the warning for its callers."""

    name: str
    notice: str
    method: Method

    @property
    def is_download(self) -> bool:
        """Whether the method saves a file."""
        return self.method.kind == "file"

    @property
    def places(self) -> tuple[str, ...]:
        """The declarations of what the method takes by position, besides the values in the path."""
        return ("to: str | PathLike[str]",) if self.is_download else ()

    @property
    def settings(self) -> tuple[str, ...]:
        """The declarations of what it takes by name, besides the arguments of the operation."""
        return _DOWNLOAD if self.is_download else ()

    @property
    def passed(self) -> tuple[str, ...]:
        """Both, as they are passed on."""
        positions = [declaration.partition(":")[0] for declaration in self.places]
        names = [declaration.partition(":")[0] for declaration in self.settings]
        return (*positions, *(f"{name}={name}" for name in names))

    def is_awaited(self, flavor: Flavor) -> bool:
        """Whether the method of that class is awaited; lists are made at once, and awaited later."""
        return bool(flavor.wait) and self.method.kind not in ("pages", "items")

    def result(self, flavor: Flavor) -> str:
        """The type of what the method of that class returns."""
        kinds: dict[MethodKind, str] = {
            "value": self.method.result,
            "pages": f"{flavor.prefix}Pager[{self.method.item}]",
            "items": f"{flavor.list}[{self.method.item}]",
            "file": "Path",
            "job": f"{flavor.prefix}Job[{self.method.result}]",
        }
        return kinds[self.method.kind]


def list_aliases(resource: str, package: str, methods: Sequence[Method]) -> Iterator[Alias]:
    """The earlier names of the methods of a resource."""
    for method in methods:
        for name in method.formerly:
            notice = f"{resource}.{name} of {package} is called {resource}.{method.name} now"
            yield Alias(name=name, notice=notice, method=method)
