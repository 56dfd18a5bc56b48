"""Indicators as the pages about them read them, made without a database."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from kpis.benchmarks import Comparison
from lambeth_plans import periods
from lambeth_plans.dashboards.analysis import analyse, due_dates
from lambeth_plans.dashboards.facts import IndicatorFact, OutturnFact
from lambeth_plans.dashboards.indicator_lines import IndicatorLine
from lambeth_plans.rag import Polarity, Rule, RuleKind, judge

FIRST = periods.month(2025, 4)
CALM = (80, 82, 81, 83, 80, 82, 81, 82, 80, 81, 83, 82)


@dataclass(frozen=True)
class Said:
    """What is said of a figure in percent."""

    polarity: str

    def text(self, outturn):
        return "Suppressed" if outturn.value is None else f"{outturn.value}%"

    def period_code(self, outturn):
        return ""

    def target_text(self, outturn):
        return "" if outturn.target is None else f"{outturn.target}%"

    def judgement(self, outturn):
        aim = outturn.target
        rule = None if aim is None else Rule(RuleKind.POINTS, Polarity(self.polarity), aim, Decimal(5))
        return judge(outturn.value, rule, unit="%", provisional=outturn.status == "provisional")

    def cautions(self, outturn):
        return ()


def outturn(period, value, target=None, polarity="higher", provisional=False):
    return OutturnFact(
        id=0,
        period=period,
        value=None if value is None else Decimal(value),
        reason="suppressed" if value is None else "",
        status="provisional" if provisional else "final",
        note="",
        numerator=None,
        denominator=None,
        target=None if target is None else Decimal(target),
        target_is_assumed=False,
        band=None,
        version=1,
        is_withheld=False,
        says=Said(polarity),
    )


def indicator_of(values, *, targets=(), polarity="higher", provisional=(), **fields) -> IndicatorFact:
    """Monthly figures from April 2025; "-" is a month without a row. `targets` are those of the last months."""
    period, outturns = FIRST, []
    aims = [None] * (len(values) - len(targets)) + list(targets)
    for number, (value, target) in enumerate(zip(values, aims, strict=True)):
        if value != "-":
            outturns.append(outturn(period, value, target, polarity, provisional=number in provisional))
        period = periods.following(period)
    stated = dict.fromkeys(IndicatorFact.__dataclass_fields__, "") | dict.fromkeys(
        ("counts_people", "is_cumulative", "last_checked_date", "steady_gap", "objective", "goal", "owner")
    )
    own = {"id": 1, "place_id": 1, "key": "k1", "code": "K1", "title": "Visits", "unit": "%", "decimals": 1}
    own |= {"polarity": polarity, "polarity_standing": "stated" if polarity else "", "frequency": "month"}
    own |= {"data_due_lag_days": 10, "is_screened": True, "targets_ahead": (), "notes": ()}
    return IndicatorFact(**(stated | own | fields | {"outturns": tuple(outturns)}))


def line_of(values, *, on=None, number=0, **fields) -> IndicatorLine:
    """The line of an indicator; `on` is the day it is read, by default just after its newest figure was due."""
    indicator = indicator_of(values, **fields)
    if on is None:
        on = indicator.latest.period.end + timedelta(days=10) if indicator.latest else FIRST.end
    return IndicatorLine(indicator, analyse(indicator), due_dates([indicator], on)[0], number)


def ranked(period, quartile) -> Comparison:
    return Comparison("Neighbours", "2024", period, None, rank=quartile, of=4, quartile=quartile)
