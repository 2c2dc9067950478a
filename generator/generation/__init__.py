"""From descriptions to files on the disk: one run or, while they are edited, one after the other."""

from generator.generation.run import Order, Outcome, generate
from generator.generation.summary import list_drift, list_warnings, summarize
from generator.generation.watching import keep_generated

__all__ = ["Order", "Outcome", "generate", "keep_generated", "list_drift", "list_warnings", "summarize"]
