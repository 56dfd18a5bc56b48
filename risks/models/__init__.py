"""Risk matrices, risks, their dated scores, and what is done about them."""

from risks.models.matrix import RiskBand, RiskMatrix, RiskStep
from risks.models.risk import Mitigation, Risk
from risks.models.scores import ImpossibleScore, RiskScore

__all__ = ["ImpossibleScore", "Mitigation", "Risk", "RiskBand", "RiskMatrix", "RiskScore", "RiskStep"]
