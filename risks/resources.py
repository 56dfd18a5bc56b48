"""Which sheets of a plan's workbook hold risks, their scores, and the matrix they are scored on."""

from lambeth_plans.accounts.record_sheets import sheet_of
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep

RISKS = sheet_of(Risk, "Risks")
SCORES = sheet_of(RiskScore, "Risk scores")
MITIGATIONS = sheet_of(Mitigation, "Mitigations")
MATRICES = sheet_of(RiskMatrix, "Risk matrices")
STEPS = sheet_of(RiskStep, "Risk steps")
BANDS = sheet_of(RiskBand, "Risk bands", headings={"rag": "Rating"})
