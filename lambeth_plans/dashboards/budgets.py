"""The budget: its lines with totals that are computed here, what they are expected to come to, and amounts told in
words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import BudgetFigure, BudgetLine
from finance.reconciling import variance_words
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import Figure, LineChart, Step, Waterfall, line_chart, waterfall
from lambeth_plans.dashboards.facts import BudgetFigureFact, BudgetLineFact, BudgetMonitorFact
from lambeth_plans.dashboards.pages import about, plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import BUDGET_COLUMNS, Register, budget_total, reconcile
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period
from lambeth_plans.templatetags.plans import pounds

NOTHING = Decimal(0)
FUNDS = dict(BudgetLine.Fund.choices)


@dataclass(frozen=True)
class BudgetRow:
    """A line of the budget or a computed total. Income is taken away, so it is shown negative."""

    title: str
    amounts: tuple[Decimal, ...]
    line: BudgetLineFact | None = None
    division: str = ""

    @property
    def hint(self) -> str:
        """What its title does not say: another fund than the General Fund, and its division."""
        if self.line is None:
            return ""
        fund = "" if self.line.fund == BudgetLine.Fund.GENERAL else FUNDS[self.line.fund]
        return ", ".join(name for name in dict.fromkeys((fund, self.division)) if name and name != self.title)

    @property
    def cells(self) -> list[tuple[str, Decimal]]:
        return [(label, amount) for (_, label, _), amount in zip(BUDGET_COLUMNS, self.amounts, strict=True)]


@dataclass(frozen=True)
class Seen:
    """A line with the forecast that held in a month."""

    line: BudgetLineFact
    monitor: BudgetMonitorFact

    @property
    def name(self) -> str:
        fund = "" if self.line.fund == BudgetLine.Fund.GENERAL else f" ({FUNDS[self.line.fund]})"
        return self.line.title if self.line.title == FUNDS[self.line.fund] else f"{self.line.title}{fund}"


@dataclass(frozen=True)
class Outlook:
    """What the lines of a year are expected to come to, as it was seen in a month; lines without a forecast are not
    counted."""

    year: Period
    month: Period
    seen: tuple[Seen, ...]
    missing: tuple[BudgetLineFact, ...]

    @property
    def budget(self) -> Decimal:
        return sum((each.monitor.budget for each in self.seen), NOTHING)

    @property
    def forecast(self) -> Decimal:
        return sum((each.monitor.forecast for each in self.seen), NOTHING)

    @property
    def variance(self) -> Decimal:
        return self.forecast - self.budget

    @property
    def underspend(self) -> Decimal:
        return -self.variance

    @property
    def variance_words(self) -> str:
        return variance_words(self.variance)


def outlook_of(lines: Sequence[BudgetLineFact], month: Period | None = None) -> Outlook | None:
    """What the lines of one year are expected to come to in a month, the latest one where none is named; None where
    nothing had been forecast by then."""
    months = months_seen(lines)
    month = month or (months[-1] if months else None)
    if month is None:
        return None
    seen = [Seen(line, monitor) for line in lines if (monitor := line.seen_in(month))]
    missing = [line for line in lines if line.seen_in(month) is None]
    return Outlook(lines[0].period, month, tuple(seen), tuple(missing)) if seen else None


def months_seen(lines: Sequence[BudgetLineFact]) -> list[Period]:
    return sorted({monitor.month for line in lines for monitor in line.monitors})


@dataclass(frozen=True)
class YearOfBudget:
    """A year's lines, and what they are expected to come to where somebody has said so."""

    period: Period
    rows: list[BudgetRow]
    outlook: Outlook | None = None
    figure: Waterfall | None = None
    course: LineChart | None = None


@reads()
def budget(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    figures = figure_rows(state.budget_figures)
    context = plan_context(
        state,
        "budget",
        ("Budget", ""),
        columns=[label for _, label, _ in BUDGET_COLUMNS],
        years=[year_of_budget(state, period, lines) for period, lines in lines_by_year(state)],
        figures=figures,
        falls=figure_falls(state),
        notes=[
            *(about(line.title, note) for line in state.budget_lines for note in line.notes),
            *(about(row.figure.title, note) for row in figures for note in row.figure.notes),
        ],
        reconciliation=reconcile(state, Register.BUDGET, Register.BUDGET_FIGURES),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
    )
    return render(request, "dashboards/budget.html", context)


def lines_by_year(state: PlanState) -> list[tuple[Period, list[BudgetLineFact]]]:
    ordered = sorted(state.budget_lines, key=lambda line: line.period)
    return [(period, list(lines)) for period, lines in groupby(ordered, key=lambda line: line.period)]


def year_of_budget(state: PlanState, period: Period, lines: list[BudgetLineFact]) -> YearOfBudget:
    rows, outlook = budget_rows(lines, _divisions(state)), outlook_of(lines)
    if outlook is None:
        return YearOfBudget(period, rows)
    return YearOfBudget(period, rows, outlook, outlook_chart(state, outlook), course_chart(state, lines))


def _divisions(state: PlanState) -> dict[int, str]:
    return {pk: division.name for pk, division in state.divisions.items()}


def outlook_chart(state: PlanState, outlook: Outlook) -> Waterfall:
    """From the budget, line by line, to the forecast."""
    return waterfall(
        title=f"From the budget of {outlook.year} to the forecast of {outlook.month.long_label}",
        source=_source(state),
        start=Step("Budget", outlook.budget),
        steps=[Step(each.name, each.monitor.variance) for each in outlook.seen],
        end=Step("Forecast", outlook.forecast),
        show=_pounds,
    )


def course_chart(state: PlanState, lines: list[BudgetLineFact]) -> LineChart | None:
    """The forecast of all lines month by month, beside the budget; None for a single month. A month in which not every
    line had been forecast has no figure: its sum would be of something else."""
    outlooks = [outlook_of(lines, month) for month in months_seen(lines)]
    forecast = max(len(outlook.seen) for outlook in outlooks)
    if len(outlooks) < 2:
        return None
    figures = [
        Figure(
            str(outlook.month),
            outlook.forecast if len(outlook.seen) == forecast else None,
            outlook.budget if len(outlook.seen) == forecast else None,
            text="not every line had been forecast",
        )
        for outlook in outlooks
    ]
    return line_chart(
        title=f"What {outlooks[0].year} is expected to come to, month by month; the target is the budget",
        source=_source(state),
        figures=figures,
        heading="Forecast",
        show=_millions,
    )


def _source(state: PlanState) -> str:
    return state.plan.source_document or state.plan.title


def _pounds(amount: Decimal) -> str:
    return str(pounds(amount))


def _millions(amount: Decimal) -> str:
    """£m with two decimals, so that the words of a scale stay short."""
    return f"{'−' if amount < 0 else ''}£{abs(amount) / 1_000_000:.2f}m"


# Amounts told outside a budget table


@dataclass(frozen=True)
class FigureRow:
    """An amount told outside a budget table, so many steps under its whole."""

    figure: BudgetFigureFact
    depth: int


def figure_rows(figures: Sequence[BudgetFigureFact], depth: int = 0) -> list[FigureRow]:
    """Every whole with its parts below it."""
    return [row for each in figures for row in (FigureRow(each, depth), *figure_rows(each.parts, depth + 1))]


OVERSPEND, RESERVES = BudgetFigure.Kind.OVERSPEND.label, BudgetFigure.Kind.RESERVES.label


def figure_falls(state: PlanState) -> list[Waterfall]:
    """Every overspend that is told in parts, and every one that reserves were taken for."""
    wholes = [row.figure for row in figure_rows(state.budget_figures) if row.figure.kind == OVERSPEND]
    inner = {part.key for whole in wholes for part in whole.parts if _is_last_whole(part)}
    in_parts = [whole for whole in wholes if whole.parts and whole.key not in inner]
    reserves = [figure for figure in state.budget_figures if figure.kind == RESERVES]
    relieved = [(whole, drawn) for whole in wholes if not whole.parts and (drawn := _drawn_for(whole, reserves))]
    return [
        *(_parts_chart(state, whole) for whole in in_parts),
        *(_reserves_chart(state, whole, drawn) for whole, drawn in relieved),
    ]


def _is_last_whole(figure: BudgetFigureFact) -> bool:
    """Whether a figure has parts that have none themselves."""
    return bool(figure.parts) and not any(part.parts for part in figure.parts)


def _steps(whole: BudgetFigureFact) -> Iterator[Step]:
    """The parts of a whole; one whose own parts are the last stands in these, with what they leave over of it."""
    for part in whole.parts:
        if _is_last_whole(part) and part.parts_total is not None:
            yield from (Step(f"{each.title} ({part.title})", each.amount) for each in part.parts)
            if part.not_broken_down:
                yield Step(f"Not broken down ({part.title})", part.not_broken_down)
        else:
            yield Step(part.title, None if part.upper_amount is not None else part.amount)


def _parts_chart(state: PlanState, whole: BudgetFigureFact) -> Waterfall:
    name = f"{whole.title}, {whole.body}" if whole.body else whole.title
    return waterfall(
        title=f"{name}, in its parts",
        source=_source(state),
        start=None,
        steps=list(_steps(whole)),
        end=Step(whole.title, whole.amount),
        show=_pounds,
    )


def _drawn_for(whole: BudgetFigureFact, reserves: Sequence[BudgetFigureFact]) -> list[BudgetFigureFact]:
    """What was taken from reserves in the period of an overspend."""
    return [each for each in reserves if each.period_as_stated and each.period_as_stated == whole.period_as_stated]


def _reserves_chart(state: PlanState, whole: BudgetFigureFact, drawn: Sequence[BudgetFigureFact]) -> Waterfall:
    left = None if whole.amount is None else whole.amount - sum((each.amount or NOTHING for each in drawn), NOTHING)
    return waterfall(
        title=f"{whole.title} in {whole.period_as_stated}, and what came from reserves",
        source=_source(state),
        start=Step(whole.title, whole.amount),
        steps=[Step(each.title, None if each.amount is None else -each.amount) for each in drawn],
        end=Step("What is left of the overspend", left),
        show=_pounds,
    )


# The lines


def budget_rows(lines: list[BudgetLineFact], divisions: dict[int, str] | None = None) -> list[BudgetRow]:
    """General Fund lines and their total, then the other funds, then the grand total."""
    general = [line for line in lines if line.fund == BudgetLine.Fund.GENERAL]
    others = [line for line in lines if line.fund != BudgetLine.Fund.GENERAL]
    names = divisions or {}
    return [
        *(_budget_row(line.title, [line], line, names) for line in general),
        *([_budget_row("General Fund total", general)] if general else []),
        *(_budget_row(line.title, [line], line, names) for line in others),
        _budget_row("Grand total", lines),
    ]


def _budget_row(
    title: str, lines: list[BudgetLineFact], line: BudgetLineFact | None = None, divisions: dict[int, str] | None = None
) -> BudgetRow:
    amounts = ((budget_total(lines, measure), is_income) for measure, _, is_income in BUDGET_COLUMNS)
    signed = tuple(-amount if is_income else amount for amount, is_income in amounts)
    return BudgetRow(title, signed, line, (divisions or {}).get(line.division_id, "") if line else "")
