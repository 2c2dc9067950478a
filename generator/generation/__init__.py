"""From descriptions to files on the disk: one run, and what it says of itself."""

from generator.generation.run import Order, Outcome, generate
from generator.generation.summary import list_warnings, summarize

__all__ = ["Order", "Outcome", "generate", "list_warnings", "summarize"]
