"""Records for tests, one factory per model, each written through the history as every record is.

Every factory takes `by=` (default: the product's own user), `because=` (the reason in the history), `at=` (when it
holds from), and many-to-many links as lists: `ActivityFactory(owner=officer, further_owners=[other], by=director)`.
Whatever has a period takes it as text or as a Period: `OutturnFactory(period="Apr 2020", value=Decimal("92.5"))`.
"""

from tests.factories.accounts import (
    PASSWORD,
    ApiTokenFactory,
    BoardFactory,
    CouncilFactory,
    DivisionFactory,
    OfficerFactory,
    UserFactory,
)
from tests.factories.activities import ActivityFactory, EvidenceFactory, OutputFactory, ProgressUpdateFactory
from tests.factories.cycles import (
    MeetingFactory,
    PublicationFactory,
    ReminderDigestFactory,
    ReminderFactory,
    ReportingRoundFactory,
)
from tests.factories.finance import (
    BudgetFigureFactory,
    BudgetLineFactory,
    ContractFactory,
    PrintedTotalFactory,
    SavingFactory,
    SavingYearFactory,
    SupplierFactory,
    WorkforceBandFactory,
    WorkforceSnapshotFactory,
)
from tests.factories.imports import ColumnMappingFactory, ImportBatchFactory
from tests.factories.kpis import (
    BenchmarkFactory,
    ComparatorGroupFactory,
    IndicatorCodeFactory,
    IndicatorFactory,
    OutturnFactory,
    PlanIndicatorFactory,
    RebaseFactory,
    RelatedIndicatorFactory,
    TargetFactory,
)
from tests.factories.objectives import (
    AchievementFactory,
    BoroughGoalFactory,
    ConsultationFactory,
    DataQualityNoteFactory,
    EventFactory,
    FindingFactory,
    MilestoneFactory,
    ObjectiveFactory,
    PlanFactory,
    SectionFactory,
    SourceFactory,
)
from tests.factories.record import written_by
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
    "ApiTokenFactory",
    "BenchmarkFactory",
    "BoardFactory",
    "BoroughGoalFactory",
    "BudgetFigureFactory",
    "BudgetLineFactory",
    "ColumnMappingFactory",
    "ComparatorGroupFactory",
    "ConsultationFactory",
    "ContractFactory",
    "CouncilFactory",
    "DataQualityNoteFactory",
    "DivisionFactory",
    "EventFactory",
    "EvidenceFactory",
    "FindingFactory",
    "ImportBatchFactory",
    "IndicatorCodeFactory",
    "IndicatorFactory",
    "MeetingFactory",
    "MilestoneFactory",
    "MitigationFactory",
    "ObjectiveFactory",
    "OfficerFactory",
    "OutputFactory",
    "OutturnFactory",
    "PlanFactory",
    "PlanIndicatorFactory",
    "PrintedTotalFactory",
    "ProgressUpdateFactory",
    "PublicationFactory",
    "RebaseFactory",
    "RelatedIndicatorFactory",
    "ReminderDigestFactory",
    "ReminderFactory",
    "ReportingRoundFactory",
    "RiskBandFactory",
    "RiskFactory",
    "RiskMatrixFactory",
    "RiskScoreFactory",
    "RiskStepFactory",
    "SavingFactory",
    "SavingYearFactory",
    "SectionFactory",
    "SourceFactory",
    "SupplierFactory",
    "TargetFactory",
    "UserFactory",
    "WorkforceBandFactory",
    "WorkforceSnapshotFactory",
    "written_by",
]
