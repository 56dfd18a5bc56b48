"""Which changes of a plan are told: every model with a trail, where its record is seen, and in which words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.models import Activity, Evidence, EvidenceFile, Output, ProgressUpdate
from finance.models import (
    BudgetFigure,
    BudgetLine,
    BudgetMonitor,
    Contract,
    PrintedTotal,
    Saving,
    SavingYear,
    TeamCaseload,
    WorkforceBand,
    WorkforceSnapshot,
)
from kpis.models import Benchmark, Indicator, Outturn, PlanIndicator, Rebase, RelatedIndicator, Target
from lambeth_plans.dashboards.parts.indicators import figure_text
from lambeth_plans.dashboards.parts.spine import period_of
from lambeth_plans.history import Versioned
from lambeth_plans.rag import plain
from objectives.models import (
    Achievement,
    Consultation,
    DataQualityNote,
    Event,
    Finding,
    Milestone,
    Objective,
    Plan,
    Section,
    Source,
)
from risks.models import Mitigation, Risk, RiskScore


@dataclass(frozen=True)
class Told:
    """How the changes of one model are told.

    `page` is where its record is seen; `owner` the model of that record where it is another one, found by `link`.
    `name` gives what a sentence calls the row, `added` the whole sentence for a new one; `follows` are the columns
    that make a series, the last one its order, where a new row is told beside the one before it.
    """

    model: type[Versioned]
    page: str
    owner: type[Versioned] | None = None
    link: str = ""
    name: Callable[[Any], str] = lambda row: ""
    added: Callable[[Any, Any, dict], str] | None = None
    follows: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def named(self) -> type[Versioned]:
        return self.owner or self.model


def _added_figure(row: Any, earlier: Any, record: dict) -> str:
    figure = _figure(row, record)
    after = f", after {_figure(earlier, record)} for {period_of(earlier)}" if earlier else ""
    return f"{figure} for {period_of(row)}{after}."


def _figure(row: Any, record: dict) -> str:
    return row.get_reason_display() if row.value is None else figure_text(row.value, record["unit"], record["decimals"])


def _added_target(row: Any, earlier: Any, record: dict) -> str:
    target = "a band" if row.value is None else figure_text(row.value, record["unit"], record["decimals"])
    return f"Target for {period_of(row)}: {target}."


def _added_benchmark(row: Any, earlier: Any, record: dict) -> str:
    return f"{row.area}, {period_of(row)}: {_figure(row, record)}."


def _added_score(row: Any, earlier: Any, record: dict) -> str:
    was = f"{earlier.score} → " if earlier else ""
    return f"{row.get_kind_display()} score {was}{row.score}."


def _added_forecast(row: Any, earlier: Any, record: dict) -> str:
    after = f", after £{plain(earlier.forecast)} in {period_of(earlier)}" if earlier else ""
    return f"Forecast of {period_of(row)}: £{plain(row.forecast)}{after}."


TOLD = (
    Told(Plan, "plan_dashboard"),
    Told(Objective, "objective_detail"),
    Told(Activity, "activity_detail"),
    Told(ProgressUpdate, "activity_detail", Activity, "activity_id"),
    Told(Output, "activity_detail", Activity, "activity_id", name=lambda row: f"Output “{row.title}”"),
    Told(Source, "finding_list"),
    Told(Finding, "finding_detail"),
    Told(Evidence, "evidence_detail"),
    # Its name may say what is in it, so it goes by its number.
    Told(EvidenceFile, "evidence_detail", Evidence, "evidence_id", name=lambda row: f"File {row.number}"),
    Told(PlanIndicator, "indicator_detail"),
    Told(Indicator, "indicator_detail", PlanIndicator, "id"),
    Told(
        Outturn,
        "indicator_detail",
        PlanIndicator,
        "indicator_id",
        name=lambda row: str(period_of(row)),
        added=_added_figure,
        follows=("indicator_id", "period_kind", "period_start"),
    ),
    Told(
        Target,
        "indicator_detail",
        PlanIndicator,
        "indicator_id",
        name=lambda row: f"Target for {period_of(row)}",
        added=_added_target,
    ),
    Told(
        Benchmark,
        "indicator_detail",
        PlanIndicator,
        "indicator_id",
        name=lambda row: f"{row.area}, {period_of(row)}",
        added=_added_benchmark,
    ),
    Told(
        Rebase,
        "indicator_detail",
        PlanIndicator,
        "indicator_id",
        name=lambda row: f"Chart from {period_of(row)} on",
        added=lambda row, earlier, record: f"The chart starts anew with {period_of(row)}: {row.reason}",
    ),
    Told(RelatedIndicator, "indicator_detail", PlanIndicator, "indicator_id", name=lambda row: "A related indicator"),
    Told(Risk, "risk_detail"),
    Told(
        RiskScore,
        "risk_detail",
        Risk,
        "risk_id",
        name=lambda row: f"{row.get_kind_display()} score",
        added=_added_score,
        follows=("risk_id", "kind", "scored_date"),
    ),
    Told(Mitigation, "risk_detail", Risk, "risk_id", name=lambda row: f"Mitigation “{row.text}”"),
    Told(Saving, "saving_detail"),
    Told(SavingYear, "saving_detail", Saving, "saving_id", name=lambda row: str(period_of(row))),
    Told(Contract, "contract_detail"),
    Told(BudgetLine, "budget"),
    Told(
        BudgetMonitor,
        "budget",
        BudgetLine,
        "line_id",
        name=lambda row: f"Forecast of {period_of(row)}",
        added=_added_forecast,
        follows=("line_id", "period_start"),
    ),
    Told(BudgetFigure, "budget"),
    Told(PrintedTotal, "data_quality", name=lambda row: "Printed total"),
    Told(WorkforceSnapshot, "workforce"),
    Told(WorkforceBand, "workforce", WorkforceSnapshot, "snapshot_id", name=lambda row: row.label),
    Told(TeamCaseload, "workforce", WorkforceSnapshot, "snapshot_id", name=lambda row: f"Caseload of {row.team}"),
    Told(Section, "narrative"),
    Told(Achievement, "narrative"),
    Told(Event, "narrative"),
    Told(Milestone, "narrative"),
    Told(Consultation, "narrative"),
    Told(DataQualityNote, "data_quality", name=lambda row: "Data-quality note"),
)
TOLD_OF = {told.label: told for told in TOLD}

#: The column that names a record of a model, where it is not its title.
TITLES = {Achievement: "claim", Consultation: "name", DataQualityNote: "field", PrintedTotal: "label"}
REFS = {PlanIndicator: "code"}
