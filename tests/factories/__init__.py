"""Records for tests, one factory per model, each written through the history as every record is.

Every factory takes `by=` (default: the product's own user), `because=` (the reason in the history), `at=` (when it
holds from), and many-to-many links as lists: `ActivityFactory(owner=officer, further_owners=[other], by=director)`.
Whatever has a period takes it as text or as a Period: `OutturnFactory(period="Apr 2020", value=Decimal("92.5"))`.
"""

from tests.factories.accounts import PASSWORD, CouncilFactory, DivisionFactory, OfficerFactory, UserFactory
from tests.factories.activities import ActivityFactory, ProgressUpdateFactory
from tests.factories.finance import (
    BudgetLineFactory,
    ContractFactory,
    PrintedTotalFactory,
    SavingFactory,
    SavingYearFactory,
    SupplierFactory,
    WorkforceBandFactory,
    WorkforceSnapshotFactory,
)
from tests.factories.imports import ImportBatchFactory
from tests.factories.kpis import (
    IndicatorCodeFactory,
    IndicatorFactory,
    OutturnFactory,
    PlanIndicatorFactory,
    TargetFactory,
)
from tests.factories.objectives import (
    AchievementFactory,
    BoroughGoalFactory,
    DataQualityNoteFactory,
    EventFactory,
    ObjectiveFactory,
    PlanFactory,
    SectionFactory,
)
from tests.factories.risks import (
    MitigationFactory,
    RiskBandFactory,
    RiskFactory,
    RiskMatrixFactory,
    RiskScoreFactory,
    RiskStepFactory,
)

__all__ = [
    "PASSWORD",
    "AchievementFactory",
    "ActivityFactory",
    "BoroughGoalFactory",
    "BudgetLineFactory",
    "ContractFactory",
    "CouncilFactory",
    "DataQualityNoteFactory",
    "DivisionFactory",
    "EventFactory",
    "ImportBatchFactory",
    "IndicatorCodeFactory",
    "IndicatorFactory",
    "MitigationFactory",
    "ObjectiveFactory",
    "OfficerFactory",
    "OutturnFactory",
    "PlanFactory",
    "PlanIndicatorFactory",
    "PrintedTotalFactory",
    "ProgressUpdateFactory",
    "RiskBandFactory",
    "RiskFactory",
    "RiskMatrixFactory",
    "RiskScoreFactory",
    "RiskStepFactory",
    "SavingFactory",
    "SavingYearFactory",
    "SectionFactory",
    "SupplierFactory",
    "TargetFactory",
    "UserFactory",
    "WorkforceBandFactory",
    "WorkforceSnapshotFactory",
]
