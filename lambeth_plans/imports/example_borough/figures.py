"""How the figures of an indicator ran: numbers by period, by chance that falls the same way every time."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from kpis.models import Indicator, Outturn, Reason
from lambeth_plans import periods
from lambeth_plans.imports.example_borough.chronicle import MONTHS_OF_OUTTURNS, Chronicle, dice
from lambeth_plans.imports.example_borough.measures import Measure
from lambeth_plans.periods import Period, PeriodKind

#: Days from the end of a period until its figures are in, where no other day is stated.
LAG_DAYS = 12
#: Days from the end of a year until its return is in, and until those of all areas are published.
RETURN_DAYS, COMPARED_DAYS = 75, 240
#: So many of the newest figures are the first ones that were written down here.
AS_EVER = 24
#: Counts up to this one are not told where a measure suppresses.
SMALL = 5


def periods_of(chronicle: Chronicle, measure: Measure) -> list[Period]:
    """The periods whose figures are in, oldest first."""
    behind = measure.years_behind
    if behind:
        return chronicle.last_periods(measure.kind, measure.count + behind, COMPARED_DAYS)[:-behind]
    return chronicle.last_periods(measure.kind, measure.count, lag_of(measure))


def lag_of(measure: Measure) -> int:
    return LAG_DAYS if measure.lag is None else measure.lag


def published(chronicle: Chronicle, measure: Measure, period: Period) -> date:
    """The day on which the figure of a period came in."""
    is_further_year = period.kind is PeriodKind.YEAR and measure.kind is not PeriodKind.YEAR
    lag = RETURN_DAYS if is_further_year else lag_of(measure)
    return max(period.end + timedelta(days=lag), chronicle.founded)


def series_of(chronicle: Chronicle, indicator: Indicator, measure: Measure) -> list[Outturn]:
    """All figures of an indicator, each kind of period oldest first."""
    return [*_series(indicator, measure, periods_of(chronicle, measure)), *_years(chronicle, indicator, measure)]


def part_of_year(period: Period) -> int:
    """The how-manieth quarter or month of its financial year a period is; 1 for any other kind."""
    months = (period.start.month - 4) % 12
    return {PeriodKind.MONTH: months + 1, PeriodKind.QUARTER: months // 3 + 1}.get(period.kind, 1)


def _series(indicator: Indicator, measure: Measure, its_periods: list[Period]) -> list[Outturn]:
    chance, earlier = dice(f"outturns of {indicator.key}"), dice(f"earlier outturns of {indicator.key}")
    reasons = {ago: (reason, note) for ago, reason, note in measure.without}
    notes = dict(measure.notes)
    series: list[Outturn] = []
    total = Decimal(0)
    for ago, period in zip(reversed(range(len(its_periods))), its_periods, strict=True):
        outturn = Outturn(indicator=indicator, period=period, status=Outturn.Status.FINAL, note=notes.get(ago, ""))
        _set_figure(outturn, measure, ago, chance if ago < AS_EVER else earlier)
        if measure.is_cumulative and measure.kind is not PeriodKind.TO_DATE:
            part = part_of_year(period)
            before = outturn.value * (part - 1) if not series else total
            total = outturn.value + (before if part > 1 else 0)
            outturn.value = total
        reason = reasons.get(ago)
        if measure.without_in and period.start.month == measure.without_in[0]:
            reason = measure.without_in[1:]
        if measure.suppresses and 0 < outturn.value <= SMALL:
            reason = (Reason.SUPPRESSED, "")
        if reason:
            outturn.value = outturn.numerator = outturn.denominator = None
            outturn.status = ""
            outturn.reason, outturn.note = reason
        series.append(outturn)
    return [outturn for ago, outturn in enumerate(reversed(series)) if ago not in measure.missing][::-1]


def _set_figure(outturn: Outturn, measure: Measure, ago: int, chance: Random) -> None:
    """The figure so many periods before the last one; the last one is not left to chance."""
    line = measure.line(ago)
    if outturn.period.kind is PeriodKind.MONTH:
        line += measure.season[outturn.period.start.month - 1]
    wobble = measure.wobble * chance.randint(-100, 100) / 100 if ago else Decimal(0)
    figure = measure.not_left_to_chance.get(ago, line + wobble)
    if measure.out_of is None:
        outturn.value = _rounded(figure, measure.decimals)
        return
    tenth = max(measure.out_of // 10, 1)
    denominator = Decimal(measure.out_of + chance.randint(-tenth, tenth))
    outturn.denominator = denominator
    outturn.numerator = _rounded(denominator * figure / 100, 0)
    outturn.value = share(outturn.numerator, denominator)


def _years(chronicle: Chronicle, indicator: Indicator, measure: Measure) -> list[Outturn]:
    """The yearly figures beside monthly ones: what the middle of the year was like."""
    chance = dice(f"years of {indicator.key}")
    newest = chronicle.last_periods(PeriodKind.MONTH, 1, lag_of(measure))[0].start
    found = []
    for year in chronicle.last_periods(PeriodKind.YEAR, measure.years, RETURN_DAYS):
        ago = (newest.year - year.start.year) * 12 + newest.month - 9
        about = measure.line(min(max(ago, 0), MONTHS_OF_OUTTURNS)) + measure.wobble * chance.randint(-30, 30) / 100
        value = _rounded(about, measure.decimals)
        found.append(Outturn(indicator=indicator, period=year, status=Outturn.Status.FINAL, value=value))
    return found


def share(numerator: Decimal, denominator: Decimal) -> Decimal:
    """A percentage to one decimal."""
    return _rounded(numerator * 100 / denominator, 1)


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def periods_to_aim_at(chronicle: Chronicle, measure: Measure, year: int) -> list[Period]:
    """The periods of a financial year for which its board agrees a target. Of months and quarters only the newest two
    years or so, the others were never given one."""
    if measure.kind is PeriodKind.TO_DATE:
        return [periods.to_date(date(year, 9, 30))]
    if measure.kind is PeriodKind.YEAR:
        return [periods.financial_year(year)]
    if measure.kind is PeriodKind.ACADEMIC_YEAR:
        return [periods.academic_year(year)]
    months = min(measure.count, AS_EVER) if measure.kind is PeriodKind.MONTH else AS_EVER
    first = chronicle.last_periods(PeriodKind.MONTH, months, LAG_DAYS)[0]
    whole_year = periods.financial_year(year)
    period, found = periods.holding(measure.kind, whole_year.start), []
    while period.start < whole_year.end:
        if period.start >= first.start:
            found.append(period)
        period = periods.following(period)
    return found
