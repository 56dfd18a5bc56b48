"""Indicators, their places in plans, their targets, outturns and benchmarks."""

from kpis.models.benchmarks import Benchmark, ComparatorGroup
from kpis.models.figures import FigureQuerySet, Outturn, Reason, Rebase, Target, rule_of
from kpis.models.indicators import STANDINGS, Indicator, IndicatorCode, PlanIndicator, RelatedIndicator, normalised_code

__all__ = [
    "STANDINGS",
    "Benchmark",
    "ComparatorGroup",
    "FigureQuerySet",
    "Indicator",
    "IndicatorCode",
    "Outturn",
    "PlanIndicator",
    "Reason",
    "Rebase",
    "RelatedIndicator",
    "Target",
    "normalised_code",
    "rule_of",
]
