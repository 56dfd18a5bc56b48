"""The figures and targets of one indicator as facts. What takes time is said when it is asked for: a list of many
indicators judges the newest figure of each, not the thousands behind them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet

from kpis.figures import period_code
from kpis.models import Outturn, Reason, rule_of
from kpis.withholding import LETTER, SILENT, WORDS, Version, Withholding
from lambeth_plans.dashboards import facts
from lambeth_plans.periods import Period, of_row, year_before
from lambeth_plans.rag import Judgement, Rule, Standing, apart, cautions, judge, plain, with_unit

REASONS = dict(Reason.choices)
#: What two periods of one target have alike: not the period, nor who agreed it anew.
TARGET_SAID = slice(4, 10)
#: What a rule is made of: all but whose it is and the period.
RULE_SAID = slice(4, None)
MASK = {name: value for name, value in SILENT.items() if name != "value_as_stated"}


class FigureRow(NamedTuple):
    """An outturn as the database gives it, now or at a past moment."""

    id: int
    indicator_id: int
    period_kind: str
    period_start: date
    period_end: date
    value: Decimal | None
    reason: str
    status: str
    note: str
    numerator: Decimal | None
    denominator: Decimal | None
    version: int


class TargetRow(NamedTuple):
    """A target as the database gives it, now or at a past moment."""

    indicator_id: int
    period_kind: str
    period_start: date
    period_end: date
    value: Decimal | None
    value_as_stated: str
    lower: Decimal | None
    upper: Decimal | None
    amber: Decimal | None
    rule_kind: str
    standing: str
    agreed_by: str
    tolerance_standing: str


def tuples(rows: QuerySet, kind: type) -> Iterator[Any]:
    """Rows as FigureRow or TargetRow, without the cost of a model's instance each."""
    return map(kind._make, rows.values_list(*kind._fields))


def period_of_row(row: FigureRow | TargetRow) -> Period:
    return of_row(row.period_kind, row.period_start, row.period_end)


def figure_text(value: Decimal, unit: str, decimals: int) -> str:
    """A figure ready to print: its own decimals, at least as many as the indicator shows, and its unit."""
    whole, _, part = f"{value:,f}".partition(".")
    part = part.rstrip("0").ljust(decimals, "0")
    return with_unit(f"{whole}.{part}".removesuffix(".").replace("-", "−"), unit)


@dataclass(frozen=True)
class Figures:
    """The rows of one indicator, and what may be said of each. What is withheld is no figure here: nothing is judged
    by it, nor beside it."""

    indicator: Any
    rows: tuple[FigureRow, ...]  # oldest first
    targets: Mapping[Period, TargetRow]
    hidden: frozenset[int]  # the primary keys of those that are withheld

    @classmethod
    def of(
        cls,
        indicator: Any,
        held: Iterable[FigureRow],
        targets: Mapping[Period, TargetRow],
        withheld: Withholding,
    ) -> "Figures":
        rows, hidden = sorted(held, key=lambda row: (row.period_end, row.period_start)), set()
        if withheld.versions:
            for place, row in enumerate(rows):
                if _version(row) in withheld.versions:
                    hidden.add(row.id)
                    rows[place] = row._replace(**MASK, reason=Reason.SUPPRESSED.value)
        return cls(indicator, tuple(rows), targets, frozenset(hidden))

    @cached_property
    def outturns(self) -> tuple[facts.OutturnFact, ...]:
        return tuple(self._outturn(row) for row in self.rows)

    def _outturn(self, row: FigureRow) -> facts.OutturnFact:
        period = period_of_row(row)
        target = self.targets.get(period)
        is_band = target is not None and target.lower is not None and target.upper is not None
        return facts.OutturnFact(
            id=row.id,
            period=period,
            value=row.value,
            reason=row.reason,
            status=row.status,
            note=row.note,
            numerator=row.numerator,
            denominator=row.denominator,
            target=target.value if target else None,
            target_is_assumed=target is not None and target.standing == Standing.ASSUMED,
            band=(target.lower, target.upper) if is_band else None,
            version=row.version,
            is_withheld=row.id in self.hidden,
            says=self,
        )

    @cached_property
    def _values(self) -> dict[Period, Decimal | None]:
        return {period_of_row(row): row.value for row in self.rows}

    @cached_property
    def _rules(self) -> dict[tuple, Rule | None]:
        return {}

    def _rule(self, period: Period) -> Rule | None:
        """Made once for all periods of which the same is said."""
        target = self.targets.get(period)
        said = target[RULE_SAID] if target else ()
        if said not in self._rules:
            self._rules[said] = rule_of(self.indicator, target)
        return self._rules[said]

    # What a figure is asked for

    def text(self, outturn: facts.OutturnFact) -> str:
        if outturn.is_withheld:
            return LETTER
        return REASONS[outturn.reason] if outturn.value is None else self._text(outturn.value)

    def _text(self, value: Decimal) -> str:
        return figure_text(value, self.indicator.unit, self.indicator.decimals)

    def period_code(self, outturn: facts.OutturnFact) -> str:
        return period_code(outturn.period)

    def target_text(self, outturn: facts.OutturnFact) -> str:
        return self._target_text(self.targets.get(outturn.period))

    def judgement(self, outturn: facts.OutturnFact) -> Judgement:
        """What is wrong between an indicator and its rule is said in words: the other figures can still be read."""
        if outturn.is_withheld:
            return Judgement(None, WORDS)
        rule = self._rule(outturn.period)
        if outturn.value is not None and rule is None and self.targets:
            distance = self._apart(outturn)
            return Judgement(None, f"No target is stated for {outturn.period}, so no colour.{distance}")
        try:
            return judge(
                outturn.value,
                rule,
                unit=self.indicator.unit,
                provisional=outturn.status == Outturn.Status.PROVISIONAL,
                last_year=self._values.get(year_before(outturn.period)),
            )
        except ValueError as error:
            return Judgement(None, f"No colour, because the rule cannot judge it. {error}")

    def _apart(self, outturn: facts.OutturnFact) -> str:
        """The distance to the next target of the same kind of period, in words: a plan that states last year's figure
        and this year's target says how far there is to go, and nothing more."""
        period = outturn.period
        ahead = min((each for each in self.targets if each.kind is period.kind and each > period), default=None)
        target = self.targets[ahead] if ahead else None
        if target is None or target.value is None:
            return ""
        goal = f"the {ahead} target of {with_unit(plain(target.value), self.indicator.unit)}"
        return f" {apart(outturn.value, target.value, self.indicator.unit, goal)}"

    def cautions(self, outturn: facts.OutturnFact) -> tuple[str, ...]:
        """What to doubt about the target of a figure's period: months with one target and rule had it set together,
        so that the figure that tells whether it was easy is the last one before all of them."""
        kind, since = outturn.period.kind, self._set_since(outturn.period)
        earlier = [row.value for row in self.rows if row.period_kind == kind and row.period_start < since]
        before = next((value for value in reversed(earlier) if value is not None), None)
        try:
            return cautions(self._rule(outturn.period), before, self.indicator.unit)
        except ValueError:  # what is wrong with the rule is said by the judgement
            return ()

    def _set_since(self, period: Period) -> date:
        """The first day of the periods in a row, up to this one, that have the same target and rule."""
        alike = sorted(each for each in self.targets if each.kind is period.kind and each <= period)
        since, said = period.start, [tuple(self.targets[each][TARGET_SAID]) for each in alike]
        for place in range(len(alike) - 1, 0, -1):
            if said[place - 1] != said[place]:
                break
            since = alike[place - 1].start
        return since

    # Targets

    def target_facts(self, *, without_figure: bool = False, until: date | None = None) -> tuple[facts.TargetFact, ...]:
        """Oldest first; none that begins after `until`, and where asked for only of periods without a figure."""
        left_out = self._values if without_figure else ()
        return tuple(
            self._target(period)
            for period in sorted(self.targets.keys() - left_out)
            if until is None or period.start <= until
        )

    def _target(self, period: Period) -> facts.TargetFact:
        row = self.targets[period]
        printed = f"“{row.value_as_stated}”" if row.value_as_stated else "not stated"
        return facts.TargetFact(
            period=period,
            period_code=period_code(period),
            text=self._target_text(row) or printed,
            value=row.value,
            value_as_stated=row.value_as_stated,
            lower=row.lower,
            upper=row.upper,
            amber=row.amber,
            rule_kind=row.rule_kind,
            standing=row.standing,
            agreed_by=row.agreed_by,
            tolerance_standing=row.tolerance_standing,
        )

    def _target_text(self, target: TargetRow | None) -> str:
        if target is None:
            return ""
        if target.value is not None:
            return self._text(target.value)
        if target.lower is None or target.upper is None:
            return ""
        return f"{self._text(target.lower)} to {self._text(target.upper)}"


def _version(row: FigureRow) -> Version:
    return Version(row.indicator_id, "", row.period_kind, row.period_start, row.value, row.numerator, row.denominator)
