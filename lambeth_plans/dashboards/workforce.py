"""Who works in the directorate: each snapshot with its bands, added up beside the headcount that is printed; and how
the figures move from one snapshot to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import WorkforceBand
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import BarRow, Bars, Figure, LineChart, bar_chart, line_chart
from lambeth_plans.dashboards.facts import WorkforceFact
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import Register, reconcile
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import month_of

Kind = WorkforceBand.Kind


@dataclass(frozen=True)
class Snapshot:
    fact: WorkforceFact
    figure: Bars | None

    @property
    def sum_in_words(self) -> str:
        """ "Grade bands and other 427 + agency staff 146 + apprentices 5 = 578"."""
        parts = (
            ("grade bands and other", self.fact.of_kind(Kind.GRADE, Kind.OTHER)),
            ("agency staff", self.fact.of_kind(Kind.AGENCY)),
            ("apprentices", self.fact.of_kind(Kind.APPRENTICE)),
        )
        words = " + ".join(f"{label} {number:,}" for label, number in parts if number)
        return f"{words[:1].upper()}{words[1:]} = {self.fact.counted:,}"


@reads()
def workforce(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "workforce",
        ("Workforce", ""),
        snapshots=[Snapshot(fact, _chart(fact, state)) for fact in state.workforce],
        courses=courses(state),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        reconciliation=reconcile(state, Register.WORKFORCE),
    )
    return render(request, "dashboards/workforce.html", context)


def courses(state: PlanState) -> list[LineChart]:
    """The figures that more than one snapshot states, as lines over time, the oldest first."""
    snapshots = sorted(state.workforce, key=lambda fact: fact.snapshot_date.iso)
    teams = dict.fromkeys(each.team for fact in snapshots for each in fact.caseloads)
    lines = [
        _course("Headcount", state, snapshots, [_decimal(fact.headcount) for fact in snapshots]),
        _course("Agency staff, percent of the headcount", state, snapshots, [fact.agency_share for fact in snapshots]),
        _course("Apprentices", state, snapshots, [_apprentices(fact) for fact in snapshots]),
        _course(
            "Average days lost through sickness", state, snapshots, [fact.average_sickness_days for fact in snapshots]
        ),
        _course("Turnover, percent", state, snapshots, [fact.turnover for fact in snapshots]),
    ]
    for team in teams:
        found = [fact.caseload_of(team) for fact in snapshots]
        actual, target = ([getattr(each, name, None) for each in found] for name in ("actual", "target"))
        lines.append(_course(f"Cases for each worker, {team}", state, snapshots, actual, target))
    return [line for line in lines if line]


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _apprentices(fact: WorkforceFact) -> Decimal | None:
    has_any = any(band.kind == Kind.APPRENTICE for band in fact.bands)
    return Decimal(fact.of_kind(Kind.APPRENTICE)) if has_any else None


def _course(
    title: str,
    state: PlanState,
    snapshots: Sequence[WorkforceFact],
    values: Sequence[Decimal | None],
    targets: Sequence[Decimal | None] = (),
) -> LineChart | None:
    if sum(value is not None for value in values) < 2:
        return None
    aims = targets or [None] * len(values)
    return line_chart(
        title=title,
        source=state.plan.source_document or state.plan.title,
        figures=[
            Figure(label, value, target, text="not stated")
            for label, value, target in zip(labels_of(snapshots), values, aims, strict=True)
        ],
        heading=title,
    )


def labels_of(snapshots: Sequence[WorkforceFact]) -> list[str]:
    """The month of each, which a phone has room for; the whole dates where two are of one month."""
    dates = [fact.snapshot_date for fact in snapshots]
    months = [str(day) if day.precision == "year" else str(month_of(day.earliest)) for day in dates]
    return months if len(set(months)) == len(months) else [str(day) for day in dates]


def _chart(fact: WorkforceFact, state: PlanState) -> Bars | None:
    if not fact.bands:
        return None
    return bar_chart(
        title=f"People by band, {fact.snapshot_date}",
        source=state.plan.source_document or state.plan.title,
        rows=[BarRow(band.label, Decimal(band.number)) for band in fact.bands],
        heading="People",
    )
