"""What a page is told about a plan: frozen, ready to print, and the same for a plan now or at a past moment.

Nothing here reads the database. Optional values are None or empty where the document does not state them; templates
then say "not stated".
"""

from lambeth_plans.dashboards.facts.activities import ActivityFact, ObjectiveRag, UpdateFact
from lambeth_plans.dashboards.facts.indicators import IndicatorFact, OutturnFact
from lambeth_plans.dashboards.facts.money import (
    BudgetLineFact,
    ContractFact,
    ContractStatus,
    PrintedTotalFact,
    SavingAmounts,
    SavingFact,
    SavingYearFact,
    WorkforceBandFact,
    WorkforceFact,
)
from lambeth_plans.dashboards.facts.narrative import AchievementFact, EventFact, SectionFact
from lambeth_plans.dashboards.facts.risks import MitigationFact, RiskFact, ScoreFact
from lambeth_plans.dashboards.facts.spine import DivisionFact, GoalFact, NameFact, NoteFact, ObjectiveFact, OfficerFact

__all__ = [
    "AchievementFact",
    "ActivityFact",
    "BudgetLineFact",
    "ContractFact",
    "ContractStatus",
    "DivisionFact",
    "EventFact",
    "GoalFact",
    "IndicatorFact",
    "MitigationFact",
    "NameFact",
    "NoteFact",
    "ObjectiveFact",
    "ObjectiveRag",
    "OfficerFact",
    "OutturnFact",
    "PrintedTotalFact",
    "RiskFact",
    "SavingAmounts",
    "SavingFact",
    "SavingYearFact",
    "ScoreFact",
    "SectionFact",
    "UpdateFact",
    "WorkforceBandFact",
    "WorkforceFact",
]
