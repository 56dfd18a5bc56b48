"""What a page is told about a plan: frozen, ready to print, and the same for a plan now or at a past moment.

Nothing here reads the database. Optional values are None or empty where the document does not state them; templates
then say "not stated".
"""

from lambeth_plans.dashboards.facts.activities import ActivityFact, ObjectiveRag, UpdateFact
from lambeth_plans.dashboards.facts.budgets import BudgetFigureFact, BudgetLineFact, BudgetMonitorFact
from lambeth_plans.dashboards.facts.challenge import DisagreementFact
from lambeth_plans.dashboards.facts.contracts import ContractFact, ContractStatus
from lambeth_plans.dashboards.facts.findings import EvidenceFact, EvidenceFileFact, FindingFact, OutputFact, SourceFact
from lambeth_plans.dashboards.facts.indicators import (
    BenchmarkFact,
    ComparatorGroupFact,
    IndicatorFact,
    OutturnFact,
    RebaseFact,
    RelatedFact,
    TargetFact,
)
from lambeth_plans.dashboards.facts.money import (
    PrintedTotalFact,
    SavingAmounts,
    SavingFact,
    SavingYearFact,
)
from lambeth_plans.dashboards.facts.narrative import (
    AchievementFact,
    BoardFact,
    ConsultationFact,
    EventFact,
    MilestoneFact,
    SectionFact,
)
from lambeth_plans.dashboards.facts.risks import (
    AnswerFact,
    BandFact,
    MatrixFact,
    MitigationFact,
    RiskFact,
    RiskOfAnother,
    ScoreFact,
    StepFact,
)
from lambeth_plans.dashboards.facts.spine import DivisionFact, GoalFact, NameFact, NoteFact, ObjectiveFact, OfficerFact
from lambeth_plans.dashboards.facts.workforce import CaseloadFact, WorkforceBandFact, WorkforceFact

__all__ = [
    "AchievementFact",
    "ActivityFact",
    "AnswerFact",
    "BandFact",
    "BenchmarkFact",
    "BoardFact",
    "BudgetFigureFact",
    "BudgetLineFact",
    "BudgetMonitorFact",
    "CaseloadFact",
    "ComparatorGroupFact",
    "ConsultationFact",
    "ContractFact",
    "ContractStatus",
    "DisagreementFact",
    "DivisionFact",
    "EventFact",
    "EvidenceFact",
    "EvidenceFileFact",
    "FindingFact",
    "GoalFact",
    "IndicatorFact",
    "MatrixFact",
    "MilestoneFact",
    "MitigationFact",
    "NameFact",
    "NoteFact",
    "ObjectiveFact",
    "ObjectiveRag",
    "OfficerFact",
    "OutputFact",
    "OutturnFact",
    "PrintedTotalFact",
    "RebaseFact",
    "RelatedFact",
    "RiskFact",
    "RiskOfAnother",
    "SavingAmounts",
    "SavingFact",
    "SavingYearFact",
    "ScoreFact",
    "SectionFact",
    "SourceFact",
    "StepFact",
    "TargetFact",
    "UpdateFact",
    "WorkforceBandFact",
    "WorkforceFact",
]
