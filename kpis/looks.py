"""What a reader should notice of a new figure: its rating before and after, and whether it is unlike the others."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from kpis.held import RAW_VALUE, FigureFacts, Place, RawFigure, decimal_of, place_of
from kpis.models import Indicator, Outturn, Target, rule_of
from kpis.unusual import FEW, unusual
from lambeth_plans.accounts.models import Council
from lambeth_plans.rag import Rule, rate


class _Series:
    """The held values of one indicator and kind of period by first day, as the database gives them."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._ends: tuple[list, list] | None = None

    @property
    def ends(self) -> tuple[list, list]:
        """The two lowest values and the two highest ones, the outer ones first."""
        if self._ends is None:
            in_size = sorted(self.values.values())
            self._ends = in_size[:2], in_size[:-3:-1]
        return self._ends

    def unusual(self, value: Decimal, first_day: str, unit: str) -> str:
        """As `unusual` says of the others; a value among them is told at once, without counting them all again."""
        own = self.values.get(first_day)
        if len(self.values) - (own is not None) < FEW:
            return ""
        least, most = (ends[1] if own == ends[0] else ends[0] for ends in self.ends)
        if least <= value <= most:  # SQLite's binary numbers may miss by a hair: then all is counted
            return ""
        others = [decimal_of(held) for at, held in sorted(self.values.items()) if at != first_day]
        return unusual(value, others, unit)


class Looks:
    """Asks for the targets of some periods in one query; `held` are the figures that the file is held against."""

    def __init__(self, council: Council, held: Mapping[Place, RawFigure], moving: Collection[Place]) -> None:
        days = [first_day for *_, first_day in moving]
        targets = Target.objects.filter(indicator__council=council)
        if days:
            targets = targets.filter(period_start__gte=min(days), period_start__lte=max(days))
        self.targets = {place_of(target): target for target in (targets if days else ())}
        self.rules: dict[Place, Rule | None] = {}
        self.series: dict[tuple[int, str], _Series] = {place[:2]: _Series() for place in moving}
        for (indicator, kind, first_day), figure in held.items():
            value = figure[RAW_VALUE]
            if value is not None and (indicator, kind) in self.series:
                self.series[indicator, kind].values[first_day] = value

    def unusual(self, place: Place, value: Decimal | None, unit: str) -> str:
        """A sentence where a value is unlike the indicator's others, else nothing."""
        series = self.series.get(place[:2])
        return series.unusual(value, place[2], unit) if series and value is not None else ""

    def ratings(self, indicator: Indicator, place: Place, old: FigureFacts, new: FigureFacts) -> tuple[str, str]:
        """How both are rated by the target of the period (values of Rag), "" for no colour."""
        if place not in self.targets:
            return "", ""
        if place not in self.rules:
            self.rules[place] = rule_of(indicator, self.targets[place])
        rule = self.rules[place]
        last_year = self._last_year(place)
        return _rated(old, rule, last_year), _rated(new, rule, last_year)

    def _last_year(self, place: Place) -> Decimal | None:
        """The held figure of the same period a year before."""
        year, rest = place[2].split("-", 1)
        series = self.series.get(place[:2])
        held = series.values.get(f"{int(year) - 1}-{rest}") if series else None
        return None if held is None else decimal_of(held)


def _rated(facts: FigureFacts, rule: Rule | None, last_year: Decimal | None) -> str:
    try:
        provisional = facts.status == Outturn.Status.PROVISIONAL
        rag = rate(facts.value, rule, provisional=provisional, last_year=last_year)
    except ValueError:  # a rule that cannot judge is told on the indicator's page
        return ""
    return rag.value if rag else ""
