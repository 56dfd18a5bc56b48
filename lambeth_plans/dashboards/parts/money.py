"""Savings; totals are computed here and nowhere stored."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from finance.models import PrintedTotal, Saving, SavingYear
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.facts.money import stated_sum
from lambeth_plans.dashboards.parts.spine import Spine, period_of
from lambeth_plans.periods import Period
from lambeth_plans.rag import SavingStatus


class Money(Spine):
    @cached_property
    def _saving_years(self) -> dict[int, tuple[facts.SavingYearFact, ...]]:
        """Saving → its years in order. One query."""
        years = defaultdict(list)
        for row in self._rows(SavingYear, saving__plan_id=self.plan.pk):
            years[row.saving_id].append(
                facts.SavingYearFact(
                    period=period_of(row),
                    planned=row.planned,
                    planned_as_stated=row.planned_as_stated,
                    delivered=row.delivered,
                    delivered_as_stated=row.delivered_as_stated,
                    forecast=row.forecast,
                    slipped=row.slipped,
                    undeliverable=row.undeliverable,
                    over_delivered=row.over_delivered,
                    slipped_to=row.slipped_to,
                    mitigated_by=row.mitigated_by,
                    status=SavingStatus(row.status) if row.status else None,
                    status_reason=row.status_reason,
                    version=row.version,
                )
            )
        return {pk: tuple(sorted(found, key=lambda year: year.period)) for pk, found in years.items()}

    @cached_property
    def saving_amounts(self) -> dict[str, facts.SavingAmounts]:
        """Saving key → its amounts alone, for sums that need no owner. Two queries, shared with `savings`."""
        return {
            row.key: facts.SavingAmounts(
                row.base_budget,
                {year.period: year.planned for year in self._saving_years.get(row.id, ()) if year.planned is not None},
                {
                    year.period: year.delivered
                    for year in self._saving_years.get(row.id, ())
                    if year.delivered is not None
                },
            )
            for row in self._plan_rows(Saving)
        }

    @cached_property
    def savings(self) -> tuple[facts.SavingFact, ...]:
        """Two queries (savings, years), and the officers and notes."""
        kinds, recurrences = dict(Saving.Kind.choices), dict(Saving.Recurrence.choices)
        return tuple(
            facts.SavingFact(
                id=row.id,
                key=row.key,
                ref=row.ref,
                title=row.title,
                kind=row.kind,
                kind_words=kinds.get(row.kind, ""),
                recurrence_words=recurrences.get(row.recurrence, ""),
                base_budget=row.base_budget,
                base_budget_as_stated=row.base_budget_as_stated,
                details=row.details,
                investment_made=row.investment_made,
                investment_made_as_stated=row.investment_made_as_stated,
                investment_needed=row.investment_needed,
                investment_needed_as_stated=row.investment_needed_as_stated,
                owner=self.officers.get(row.owner_id),
                division_id=row.division_id,
                years=self._saving_years.get(row.id, ()),
                notes=self._notes("saving", row.key),
                version=row.version,
            )
            for row in self._plan_rows(Saving)
        )

    @cached_property
    def saving_years(self) -> tuple[Period, ...]:
        """The years for which any saving states an amount, in order."""
        return tuple(sorted({year.period for saving in self.savings for year in saving.years}))

    @cached_property
    def cash_savings(self) -> tuple[facts.SavingFact, ...]:
        """All but cost avoidance, which is never added to cash; one that does not say what it is counts as cash."""
        return tuple(saving for saving in self.savings if not saving.is_cost_avoidance)

    @cached_property
    def costs_avoided(self) -> tuple[facts.SavingFact, ...]:
        return tuple(saving for saving in self.savings if saving.is_cost_avoidance)

    @property
    def savings_planned(self) -> Decimal | None:
        """Without cost avoidance."""
        return stated_sum(saving.planned_total for saving in self.cash_savings)

    @property
    def savings_base(self) -> Decimal | None:
        """What the cash savings are taken from: without cost avoidance, as `savings_planned` is."""
        return stated_sum(saving.base_budget for saving in self.cash_savings)

    @cached_property
    def printed_totals(self) -> tuple[facts.PrintedTotalFact, ...]:
        """One query."""
        return tuple(
            facts.PrintedTotalFact(
                row.key, row.register, row.record_key, row.measure, row.label, row.amount, row.amount_as_stated
            )
            for row in self._plan_rows(PrintedTotal)
        )
