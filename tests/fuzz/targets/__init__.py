"""What is fuzzed: each module has one `TARGET`; the name of the module is that of the target."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.fuzz.target import Target

NAMES = tuple(sorted(module.name for module in iter_modules(__path__)))


def load_target(name: str) -> Target:
    """The target of that name."""
    target: Target = import_module(f"{__name__}.{name}").TARGET
    return target
