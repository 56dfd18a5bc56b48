"""What budgets are expected to come to: each fund alone, in a year and in each division.

The General Fund and the Dedicated Schools Grant are never added to one variance: what one leaves over does not pay for
the other. A line that nobody has forecast is named and in no forecast; it never counts as nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.models import BudgetLine
from finance.reconciling import is_outturn, variance_words
from lambeth_plans.charts import Figure, LineChart, Step, Waterfall, line_chart, waterfall
from lambeth_plans.dashboards.budget_figures import shown_pounds, source_of
from lambeth_plans.dashboards.facts import BudgetLineFact, BudgetMonitorFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period

NOTHING = Decimal(0)
FUNDS = dict(BudgetLine.Fund.choices)


@dataclass(frozen=True)
class Seen:
    """A line with the forecast that held in a month."""

    line: BudgetLineFact
    monitor: BudgetMonitorFact

    @property
    def name(self) -> str:
        return _name_of(self.line)

    @property
    def is_outturn(self) -> bool:
        """Whether it was stated after the line's year had ended."""
        return is_outturn(self.monitor.month, self.line.period)

    def when_words(self, month: Period) -> str:
        """What it is and when it was told, where that is not the forecast of `month`; else empty."""
        told = self.monitor.month
        if self.is_outturn:
            return f"outturn, stated in {told.long_label}"
        return f"last forecast in {told.long_label}" if told != month else ""


def _name_of(line: BudgetLineFact) -> str:
    """Its title, with another fund than the General Fund."""
    fund = "" if line.fund == BudgetLine.Fund.GENERAL else f" ({FUNDS[line.fund]})"
    return line.title if line.title == FUNDS[line.fund] else f"{line.title}{fund}"


@dataclass(frozen=True)
class FundOutlook:
    """Lines of one fund and one year, and what they are expected to come to, as it was seen in a month.

    `whole_budget` is of all of them, `budget` of those that somebody has forecast, and `forecast` is compared with this
    one; None for both where nobody has forecast any. `missing` are the lines without a forecast.
    """

    name: str  # of the fund
    month: Period | None
    seen: tuple[Seen, ...]
    missing: tuple[BudgetLineFact, ...]

    @property
    def whole_budget(self) -> Decimal:
        return (self.budget or NOTHING) + sum((line.net_expenditure for line in self.missing), NOTHING)

    @property
    def budget(self) -> Decimal | None:
        return sum((each.monitor.budget for each in self.seen), NOTHING) if self.seen else None

    @property
    def forecast(self) -> Decimal | None:
        return sum((each.monitor.forecast for each in self.seen), NOTHING) if self.seen else None

    @property
    def variance(self) -> Decimal | None:
        return self.forecast - self.budget if self.seen else None

    @property
    def underspend(self) -> Decimal | None:
        return -self.variance if self.seen else None

    @property
    def variance_words(self) -> str:
        return variance_words(self.variance) if self.seen else ""

    @property
    def is_in_part(self) -> bool:
        """Whether some of its lines have been forecast and some have not."""
        return bool(self.seen and self.missing)

    @property
    def missing_names(self) -> str:
        return ", ".join(line.title for line in self.missing)


def funds_of(lines: Iterable[BudgetLineFact], month: Period | None) -> tuple[FundOutlook, ...]:
    """Each fund that lines of one year are of, as it was seen in a month; with none, nobody has forecast anything."""
    found = []
    for fund, name in FUNDS.items():
        of_fund = [line for line in lines if line.fund == fund]
        monitors = [line.seen_in(month) if month else None for line in of_fund]
        pairs = list(zip(of_fund, monitors, strict=True))
        seen = tuple(Seen(line, monitor) for line, monitor in pairs if monitor)
        missing = tuple(line for line, monitor in pairs if monitor is None)
        if of_fund:
            found.append(FundOutlook(name, month, seen, missing))
    return tuple(found)


@dataclass(frozen=True)
class Outlook:
    """What the lines of a year are expected to come to, as it was seen in a month. There is no sum of both funds."""

    year: Period
    month: Period
    funds: tuple[FundOutlook, ...]

    @property
    def by_fund(self) -> tuple[FundOutlook, ...]:
        """Each fund of which a line has been forecast."""
        return tuple(each for each in self.funds if each.seen)

    @property
    def seen(self) -> tuple[Seen, ...]:
        return tuple(seen for each in self.funds for seen in each.seen)

    @property
    def seen_when(self) -> tuple[tuple[Seen, str], ...]:
        return tuple((each, each.when_words(self.month)) for each in self.seen)

    @property
    def missing(self) -> tuple[BudgetLineFact, ...]:
        return tuple(line for each in self.funds for line in each.missing)

    @property
    def is_outturn(self) -> bool:
        """Whether every line that is told was told after its year had ended."""
        return all(each.is_outturn for each in self.seen)

    @property
    def noun(self) -> str:
        return "outturn" if self.is_outturn else "forecast"

    @property
    def heading(self) -> str:
        return f"What {self.year} {'came to' if self.is_outturn else 'is expected to come to'}"

    @property
    def seen_words(self) -> str:
        """ "seen in October 2026"; of an outturn "stated by June 2026"."""
        return f"{'stated by' if self.is_outturn else 'seen in'} {self.month.long_label}"

    @property
    def is_of_both(self) -> bool:
        return len(self.by_fund) > 1

    @property
    def not_counted(self) -> str:
        """Which lines are in no sum, in a sentence; empty where all are."""
        names = ", ".join(_name_of(line) for line in self.missing)
        return f"Not counted, because nobody has forecast it: {names}." if names else ""


def outlook_of(lines: Sequence[BudgetLineFact], month: Period | None = None) -> Outlook | None:
    """What the lines of one year are expected to come to in a month, the latest one where none is named; None where
    nothing had been forecast by then."""
    months = months_seen(lines)
    month = month or (months[-1] if months else None)
    if month is None:
        return None
    outlook = Outlook(lines[0].period, month, funds_of(lines, month))
    return outlook if outlook.seen else None


def months_seen(lines: Sequence[BudgetLineFact]) -> list[Period]:
    return sorted({monitor.month for line in lines for monitor in line.monitors})


# Divisions


@dataclass(frozen=True)
class DivisionBudget:
    """The lines of a division in a year, each fund alone."""

    name: str
    funds: tuple[FundOutlook, ...]


def by_division(
    lines: Sequence[BudgetLineFact], divisions: Mapping[int, str], month: Period | None
) -> list[DivisionBudget]:
    """In the order of `divisions` (primary key to name), what has none last. Nothing where no line has one."""
    if not any(line.division_id for line in lines):
        return []
    names = [*divisions.items(), (None, "Division not stated")]
    found = (
        DivisionBudget(name, funds_of([line for line in lines if line.division_id == pk], month)) for pk, name in names
    )
    return [each for each in found if each.funds]


# Charts


def outlook_charts(state: PlanState, outlook: Outlook) -> list[Waterfall]:
    """From the budget, line by line, to the forecast; each fund has its own."""
    return [
        waterfall(
            title=(
                f"From the budget of {outlook.year} to the {outlook.noun} "
                f"{'stated by' if outlook.is_outturn else 'of'} {outlook.month.long_label}"
                f"{_of_fund(each, outlook.is_of_both)}"
            ),
            source=source_of(state),
            start=Step("Budget", each.budget),
            steps=[Step(seen.name, seen.monitor.variance) for seen in each.seen],
            end=Step(outlook.noun.capitalize(), each.forecast),
            show=shown_pounds,
        )
        for each in outlook.by_fund
    ]


def course_charts(state: PlanState, lines: Sequence[BudgetLineFact]) -> list[LineChart]:
    """The forecast of each fund month by month, beside its budget; none for a single month."""
    funds = {fund: [line for line in lines if line.fund == fund and line.monitors] for fund in FUNDS}
    there = [of_fund for of_fund in funds.values() if of_fund]
    courses = (_course(state, of_fund, is_one_of_both=len(there) > 1) for of_fund in there)
    return [course for course in courses if course]


def _course(state: PlanState, lines: Sequence[BudgetLineFact], *, is_one_of_both: bool) -> LineChart | None:
    """A month in which not every line had been forecast has no figure: its sum would be of something else."""
    outlooks = [outlook_of(lines, month).by_fund[0] for month in months_seen(lines)]
    if len(outlooks) < 2:
        return None
    forecast = max(len(outlook.seen) for outlook in outlooks)
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
        title=(
            f"What {lines[0].period} is expected to come to, month by month{_of_fund(outlooks[-1], is_one_of_both)}; "
            "the target is the budget"
        ),
        source=source_of(state),
        figures=figures,
        heading="Forecast",
        show=_millions,
    )


def _of_fund(outlook: FundOutlook, is_one_of_both: bool) -> str:
    return f", {outlook.name}" if is_one_of_both else ""


def _millions(amount: Decimal) -> str:
    """£m with two decimals, so that the words of a scale stay short."""
    return f"{'−' if amount < 0 else ''}£{abs(amount) / 1_000_000:.2f}m"
