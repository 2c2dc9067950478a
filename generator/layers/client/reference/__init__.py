"""The reference of the client's public names as Markdown, read from the modules that are rendered."""

from .page import reference

__all__ = ["reference"]
