"""Why a signature was refused: every cause that is named was shown by signing once more with that mistake."""

from .report import MASK, USUAL_CAUSES, Explanation, explain

__all__ = ["MASK", "USUAL_CAUSES", "Explanation", "explain"]
