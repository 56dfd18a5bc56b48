"""The indicators with 24 monthly outturns and the targets agreed each April."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from activities.models import Activity
from kpis.models import Indicator, IndicatorCode, Outturn, PlanIndicator, Target, normalised_code
from lambeth_plans import periods
from lambeth_plans.accounts.models import Officer
from lambeth_plans.imports.example_borough.chronicle import MONTHS_OF_OUTTURNS, Chronicle, dice, shifted
from lambeth_plans.imports.example_borough.measures import MEASURES, Aim, Measure
from lambeth_plans.periods import Period
from lambeth_plans.rag import Standing
from objectives.models import BoroughGoal, Objective, Plan

#: Days from the end of a month until its figures are in.
LAG_DAYS = 12
AGREEMENT = "agreed by the performance board, April {}"


def make_indicators(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    goals: dict[str, BoroughGoal],
    officers: dict[str, Officer],
    activities: dict[str, Activity],
) -> None:
    indicators = [_indicator(chronicle, plan, number, measure) for number, measure in enumerate(MEASURES, start=1)]
    chronicle.write_all(indicators, chronicle.founded)
    codes = [
        IndicatorCode(council=plan.council, indicator=indicator, code=code, normalised=normalised_code(code))
        for indicator in indicators
        for code in [indicator.key.upper()]
    ]
    chronicle.write_all(codes, chronicle.founded)
    for order, (indicator, measure) in enumerate(zip(indicators, MEASURES, strict=True), start=1):
        place = PlanIndicator(
            plan=plan,
            indicator=indicator,
            key=indicator.key,
            order=order,
            code=indicator.key.upper(),
            title=measure.title,
            group=objectives[measure.objective - 1].title,
            objective=objectives[measure.objective - 1],
            goal=goals[measure.goal],
            owner=officers[measure.owner],
        )
        measured = [activities[f"eba{number:02d}"] for number in measure.activities]
        chronicle.write(place, chronicle.drafted, activities=measured)
    months = outturn_months(chronicle)
    _agree_targets(chronicle, indicators, months[0])
    _publish_outturns(chronicle, indicators, months)


def outturn_months(chronicle: Chronicle) -> list[Period]:
    """The last 24 months whose figures are in, oldest first."""
    last = next(
        month
        for month in (chronicle.month(-1), chronicle.month(-2))
        if chronicle.is_past(month.end + timedelta(days=LAG_DAYS))
    )
    return [shifted(last, -ago) for ago in reversed(range(MONTHS_OF_OUTTURNS))]


def _indicator(chronicle: Chronicle, plan: Plan, number: int, measure: Measure) -> Indicator:
    agreed = measure.standing is Standing.AGREED
    return Indicator(
        council=plan.council,
        key=f"eb{number:02d}",
        title=measure.title,
        definition=measure.definition,
        unit=measure.unit,
        decimals=measure.decimals,
        polarity=measure.polarity.value,
        polarity_standing=measure.standing.value,
        polarity_agreed_by=AGREEMENT.format(chronicle.founded.year) if agreed else "",
        frequency=Indicator.Frequency.MONTH,
        data_due_lag_days=LAG_DAYS,
        source=measure.source,
        counts_people=measure.counts_people,
    )


def _agree_targets(chronicle: Chronicle, indicators: list[Indicator], first: Period) -> None:
    """Each April the board agrees the targets of the year's months."""
    first_year = periods.financial_year_start(first.start)
    for further, year in enumerate(range(first_year, chronicle.year + 1)):
        agreed_on = date(year, 4, 15)
        months = [shifted(periods.month(year, 4), count) for count in range(12)]
        targets = [
            _target(indicator, measure.aim, month, further)
            for indicator, measure in zip(indicators, MEASURES, strict=True)
            for month in months
            if measure.aim and month >= first
        ]
        if chronicle.is_past(agreed_on):
            chronicle.write_all(targets, agreed_on)


def _target(indicator: Indicator, aim: Aim, month: Period, further: int) -> Target:
    """The aim as it stands in the `further`-th year; harder means higher in every measure that gets harder."""
    return Target(
        indicator=indicator,
        period=month,
        value=None if aim.value is None else aim.value + aim.harder_by * further,
        amber=aim.amber,
        lower=aim.lower,
        upper=aim.upper,
        rule_kind=aim.kind.value,
        standing=Standing.AGREED.value,
        agreed_by=AGREEMENT.format(periods.financial_year_start(month.start)),
    )


def _publish_outturns(chronicle: Chronicle, indicators: list[Indicator], months: list[Period]) -> None:
    """Month by month, as the figures came in; a provisional one is settled a month later."""
    by_month: dict[Period, list[Outturn]] = defaultdict(list)
    for indicator, measure in zip(indicators, MEASURES, strict=True):
        for outturn in _series(indicator, measure, months):
            by_month[outturn.period].append(outturn)
            if measure.settles:
                outturn.status = Outturn.Status.PROVISIONAL
    provisional: list[Outturn] = []
    for month in months:
        on = month.end + timedelta(days=LAG_DAYS)
        for outturn in provisional:
            outturn.status = Outturn.Status.FINAL
            outturn.numerator += 1
            outturn.value = _share(outturn.numerator, outturn.denominator)
        chronicle.change_all(provisional, on)
        published = chronicle.write_all(by_month[month], on)
        provisional = [outturn for outturn in published if outturn.status == Outturn.Status.PROVISIONAL]


def _series(indicator: Indicator, measure: Measure, months: list[Period]) -> list[Outturn]:
    chance = dice(f"outturns of {indicator.key}")
    reasons = {ago: (reason, note) for ago, reason, note in measure.without}
    series = []
    for ago, month in zip(reversed(range(len(months))), months, strict=True):
        outturn = Outturn(indicator=indicator, period=month, status=Outturn.Status.FINAL)
        _set_figure(outturn, measure, ago, chance)
        reason = reasons.get(ago)
        if measure.without_in and month.start.month == measure.without_in[0]:
            reason = measure.without_in[1:]
        if reason:
            outturn.value = outturn.numerator = outturn.denominator = None
            outturn.status = ""
            outturn.reason, outturn.note = reason
        if ago not in measure.missing:
            series.append(outturn)
    return series


def _set_figure(outturn: Outturn, measure: Measure, ago: int, chance: Random) -> None:
    """The figure so many months before the last one; the last one is not left to chance."""
    line = measure.last + (measure.first - measure.last) * ago / (MONTHS_OF_OUTTURNS - 1)
    wobble = measure.wobble * chance.randint(-100, 100) / 100 if ago else Decimal(0)
    if measure.out_of is None:
        outturn.value = (line + wobble).quantize(Decimal(1).scaleb(-measure.decimals), ROUND_HALF_UP)
        return
    tenth = max(measure.out_of // 10, 1)
    denominator = Decimal(measure.out_of + chance.randint(-tenth, tenth))
    outturn.denominator = denominator
    outturn.numerator = (denominator * (line + wobble) / 100).quantize(Decimal(1), ROUND_HALF_UP)
    outturn.value = _share(outturn.numerator, denominator)


def _share(numerator: Decimal, denominator: Decimal) -> Decimal:
    """A percentage to one decimal."""
    return (numerator * 100 / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
