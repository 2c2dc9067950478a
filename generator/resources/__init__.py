"""What operations are about, and which belong together: worked out from their paths, once for all layers."""

from generator.resources.graph import connect
from generator.resources.regrouping import regroup

__all__ = ["connect", "regroup"]
