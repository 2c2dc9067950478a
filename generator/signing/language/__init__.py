"""The language of `x-signing`: what a value says, as typed data, or what is wrong with it."""

from .checks import used_names
from .model import SigningScheme
from .problems import Problem, SchemeError
from .schemes import inspect_scheme, is_short, lengthen, read_scheme, shorten
from .unused import unused_clauses

__all__ = [
    "Problem",
    "SchemeError",
    "SigningScheme",
    "inspect_scheme",
    "is_short",
    "lengthen",
    "read_scheme",
    "shorten",
    "unused_clauses",
    "used_names",
]
