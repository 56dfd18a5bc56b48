"""Indicators, their codes, places in plans, targets and outturns."""

from datetime import date
from decimal import Decimal

import factory

from kpis.models import (
    Benchmark,
    ComparatorGroup,
    Indicator,
    IndicatorCode,
    Outturn,
    PlanIndicator,
    Rebase,
    RelatedIndicator,
    Target,
    normalised_code,
)
from lambeth_plans.rag import Polarity, RuleKind, Standing
from tests.factories.accounts import CouncilFactory
from tests.factories.objectives import PlanRecordFactory
from tests.factories.record import RecordFactory, this_month, this_year


class IndicatorFactory(RecordFactory):
    """A percentage where higher is better, as the document states; give `polarity=""` and its standing for others."""

    class Meta:
        model = Indicator

    council = factory.SubFactory(CouncilFactory)
    key = factory.Sequence("indicator-{}".format)
    title = factory.Sequence("Indicator title {}".format)
    unit = Indicator.Unit.PERCENT
    decimals = 1
    polarity = Polarity.HIGHER.value
    polarity_standing = factory.LazyAttribute(lambda indicator: Standing.STATED.value if indicator.polarity else "")
    frequency = Indicator.Frequency.MONTH


class IndicatorCodeFactory(RecordFactory):
    class Meta:
        model = IndicatorCode

    indicator = factory.SubFactory(IndicatorFactory)
    council = factory.SelfAttribute("indicator.council")
    code = factory.Sequence("IN.{}".format)
    normalised = factory.LazyAttribute(lambda code: normalised_code(code.code))


class PlanIndicatorFactory(PlanRecordFactory):
    """An indicator's place in a plan. Its code is printed there; IndicatorCodeFactory makes it known to imports."""

    class Meta:
        model = PlanIndicator

    indicator = factory.SubFactory(IndicatorFactory, council=factory.SelfAttribute("..plan.council"))
    key = factory.SelfAttribute("indicator.key")
    code = factory.Sequence("IN.{}".format)
    title = factory.SelfAttribute("indicator.title")


class RelatedIndicatorFactory(RecordFactory):
    class Meta:
        model = RelatedIndicator

    indicator = factory.SubFactory(IndicatorFactory)
    other = factory.SubFactory(IndicatorFactory, council=factory.SelfAttribute("..indicator.council"))
    reason = "They only sound alike: one is a ratio, the other a percentage."


class ComparatorGroupFactory(RecordFactory):
    class Meta:
        model = ComparatorGroup

    council = factory.SubFactory(CouncilFactory)
    key = factory.Sequence("group-{}".format)
    name = factory.Sequence("Group {}".format)


class BenchmarkFactory(RecordFactory):
    """Another area's 80 for this financial year. With a `reason` it has no value."""

    class Meta:
        model = Benchmark

    indicator = factory.SubFactory(IndicatorFactory)
    area = factory.Sequence("Area {}".format)
    period = factory.LazyFunction(this_year)
    reason = ""
    value = factory.LazyAttribute(lambda benchmark: None if benchmark.reason else Decimal(80))


class TargetFactory(RecordFactory):
    """90 with an amber tolerance of 5 points, for this financial year, as stated."""

    class Meta:
        model = Target

    indicator = factory.SubFactory(IndicatorFactory)
    period = factory.LazyFunction(this_year)
    value = Decimal(90)
    amber = Decimal(5)
    rule_kind = RuleKind.POINTS.value


class OutturnFactory(RecordFactory):
    """92.5 for this month, final. With a `reason` it has no value."""

    class Meta:
        model = Outturn

    indicator = factory.SubFactory(IndicatorFactory)
    period = factory.LazyFunction(this_month)
    reason = ""
    value = factory.LazyAttribute(lambda outturn: None if outturn.reason else Decimal("92.5"))
    status = factory.LazyAttribute(lambda outturn: "" if outturn.reason else Outturn.Status.FINAL)


class RebaseFactory(RecordFactory):
    """The chart starts anew in this month."""

    class Meta:
        model = Rebase

    indicator = factory.SubFactory(IndicatorFactory)
    period = factory.LazyFunction(this_month)
    reason = "The recording changed."
    decided_by = "Performance board"
    decided_date = date(2026, 4, 1)
