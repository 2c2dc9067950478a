"""The command, and small descriptions, as the tests of the generator have them."""

from tests.generator.conftest import small, toolkit, write

__all__ = ["small", "toolkit", "write"]
