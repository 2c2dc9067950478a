"""Why a signature was refused: every cause that is named was shown by signing once more with that mistake."""

from .report import DIFFERENCES, MASK, USUAL_CAUSES, Explanation, explain

__all__ = ["DIFFERENCES", "MASK", "USUAL_CAUSES", "Explanation", "explain"]
