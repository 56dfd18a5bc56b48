"""The indicators of the plan, the targets agreed each April, and their figures as they came in."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import Activity
from kpis.models import Indicator, IndicatorCode, Outturn, PlanIndicator, Rebase, Target, normalised_code
from lambeth_plans import periods
from lambeth_plans.accounts.models import Officer
from lambeth_plans.imports.example_borough.care_measures import CARE
from lambeth_plans.imports.example_borough.chronicle import Chronicle, working_day
from lambeth_plans.imports.example_borough.comparators import make_comparators
from lambeth_plans.imports.example_borough.figures import (
    AS_EVER,
    LAG_DAYS,
    part_of_year,
    periods_of,
    periods_to_aim_at,
    published,
    series_of,
    share,
)
from lambeth_plans.imports.example_borough.first_measures import FIRST
from lambeth_plans.imports.example_borough.learning_measures import LEARNING
from lambeth_plans.imports.example_borough.measures import Aim, Measure
from lambeth_plans.imports.example_borough.running_measures import RUNNING
from lambeth_plans.imports.example_borough.safety_measures import SAFETY
from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.rag import Standing
from objectives.models import BoroughGoal, Objective, Plan

MEASURES = (*FIRST, *SAFETY, *CARE, *LEARNING, *RUNNING)
BOARD = "Performance Board"
AGREEMENT = "agreed by the performance board, April {}"


@dataclass(frozen=True)
class Measured:
    """An indicator, what is said of it, and the day from which there is such an indicator."""

    indicator: Indicator
    measure: Measure
    since: date


def make_indicators(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    goals: dict[str, BoroughGoal],
    officers: dict[str, Officer],
    activities: dict[str, Activity],
) -> None:
    measured = [_measured(chronicle, plan, number, measure) for number, measure in enumerate(MEASURES, start=1)]
    _write_by_day(chronicle, [(each.since, each.indicator) for each in measured])
    codes = [(each.since, _code(each.indicator, each.indicator.key.upper())) for each in measured]
    _write_by_day(chronicle, codes)
    for order, each in enumerate(measured, start=1):
        measure = each.measure
        place = PlanIndicator(
            plan=plan,
            indicator=each.indicator,
            key=each.indicator.key,
            order=order,
            code=each.indicator.key.upper(),
            title=measure.title,
            group=objectives[measure.objective - 1].title,
            objective=objectives[measure.objective - 1],
            goal=goals[measure.goal],
            owner=officers[measure.owner],
        )
        aimed_at_it = [activities[f"eba{number:02d}"] for number in measure.activities]
        chronicle.write(place, max(chronicle.drafted, each.since), activities=aimed_at_it)
    _agree_targets(chronicle, measured)
    outturns = _publish_outturns(chronicle, measured)
    make_comparators(chronicle, plan.council, [(each.indicator, each.measure) for each in measured], outturns)
    _write_by_day(chronicle, [(rebase.decided_date, rebase) for rebase in _rebases(chronicle, measured)])
    _look_at_the_data(chronicle, measured)


def _write_by_day(chronicle: Chronicle, rows: list[tuple[date, Indicator | IndicatorCode | Target | Rebase]]) -> None:
    by_day = defaultdict(list)
    for day, row in rows:
        by_day[day].append(row)
    for day in sorted(by_day):
        chronicle.write_all(by_day[day], day)


def _measured(chronicle: Chronicle, plan: Plan, number: int, measure: Measure) -> Measured:
    is_new = measure.kind is PeriodKind.MONTH and measure.count < AS_EVER
    since = periods_of(chronicle, measure)[0].start if is_new else chronicle.founded
    agreed = measure.polarity is not None and measure.standing is Standing.AGREED
    indicator = Indicator(
        council=plan.council,
        key=f"eb{number:02d}",
        title=measure.title,
        definition=measure.definition,
        unit=measure.unit,
        decimals=measure.decimals,
        polarity=measure.polarity.value if measure.polarity else "",
        polarity_standing=measure.standing.value if measure.polarity else "",
        polarity_agreed_by=AGREEMENT.format(chronicle.founded.year) if agreed else "",
        frequency=measure.frequency or "",
        data_due_lag_days=measure.lag,
        source=measure.source,
        counts_people=measure.counts_people,
        is_cumulative=measure.is_cumulative,
        why_it_matters=measure.why,
        numerator_is=measure.counted,
        denominator_is=measure.out_of_what,
        steady_gap=measure.steady_gap,
        is_screened=measure.is_screened,
    )
    return Measured(indicator, measure, since)


def _code(indicator: Indicator, code: str) -> IndicatorCode:
    return IndicatorCode(council=indicator.council, indicator=indicator, code=code, normalised=normalised_code(code))


def _agree_targets(chronicle: Chronicle, measured: list[Measured]) -> None:
    """Each April the board agrees the targets of the year's periods; those of a new indicator when it begins."""
    first_year = periods.financial_year_start(chronicle.last_periods(PeriodKind.MONTH, AS_EVER, LAG_DAYS)[0].start)
    rows = []
    for year in range(chronicle.founded.year, chronicle.year + 1):
        for each in measured:
            agreed_on = max(date(year, 4, 15), each.since)
            if each.measure.aim and chronicle.is_past(agreed_on):
                further = max(year - first_year, 0)
                rows += [
                    (agreed_on, _target(each, each.measure.aim, period, further))
                    for period in periods_to_aim_at(chronicle, each.measure, year)
                ]
    _write_by_day(chronicle, rows)


def _target(each: Measured, aim: Aim, period: Period, further: int) -> Target:
    """The aim as it stands in the `further`-th year; what counts up through the year has its aim counted up."""
    parts = part_of_year(period) if each.measure.is_cumulative else 1
    return Target(
        indicator=each.indicator,
        period=period,
        value=None if aim.value is None else (aim.value + aim.harder_by * further) * parts,
        amber=aim.amber,
        lower=aim.lower,
        upper=aim.upper,
        rule_kind=aim.kind.value,
        standing=Standing.AGREED.value,
        agreed_by=AGREEMENT.format(periods.financial_year_start(period.start)),
        tolerance_standing=aim.tolerance.value if aim.tolerance else "",
    )


def _publish_outturns(chronicle: Chronicle, measured: list[Measured]) -> list[Outturn]:
    """Day by day, as the figures came in; a provisional one is settled when the next one comes. All of them."""
    comes, settles = defaultdict(list), defaultdict(list)
    for each in measured:
        series = series_of(chronicle, each.indicator, each.measure)
        for outturn in series:
            comes[published(chronicle, each.measure, outturn.period)].append(outturn)
        if each.measure.settles:
            alike = [outturn for outturn in series if outturn.period.kind is each.measure.kind]
            for outturn, following in zip(alike, [*alike[1:], None], strict=True):
                outturn.status = Outturn.Status.PROVISIONAL
                if following:
                    settles[published(chronicle, each.measure, following.period)].append(outturn)
    found = []
    for day in sorted(comes):
        for outturn in settles[day]:
            outturn.status = Outturn.Status.FINAL
            outturn.numerator += 1
            outturn.value = share(outturn.numerator, outturn.denominator)
        chronicle.change_all(settles[day], day)
        found += chronicle.write_all(comes[day], day)
    return found


def _rebases(chronicle: Chronicle, measured: list[Measured]) -> Iterator[Rebase]:
    """Decided when three figures showed that something had changed for good."""
    for each in measured:
        its_periods = periods_of(chronicle, each.measure)
        for start in each.measure.new_starts:
            yield Rebase(
                indicator=each.indicator,
                period=its_periods[-1 - start.ago],
                reason=start.reason,
                decided_by=BOARD,
                decided_date=published(chronicle, each.measure, its_periods[1 - start.ago]),
            )


def _look_at_the_data(chronicle: Chronicle, measured: list[Measured]) -> None:
    """The quality of the data of some indicators has been looked at, longer or shorter ago."""
    by_months_ago = defaultdict(list)
    for each in measured:
        if each.measure.checked is not None:
            by_months_ago[each.measure.checked].append(each.indicator)
    for months_ago, indicators in sorted(by_months_ago.items(), reverse=True):
        on = working_day(chronicle.month(-months_ago).start + timedelta(days=13))
        for indicator in indicators:
            indicator.last_checked_date = on
        chronicle.change_all(indicators, on)
