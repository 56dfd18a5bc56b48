"""The savings on the monthly sheet of those who answer for them: what becomes of this year's plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.http import QueryDict

from finance.adding_up import PARTS, in_pounds
from finance.models import Saving, SavingYear
from finance.saving_forms import SavingOnSheet
from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.monthly import MonthlyRow, months_asked, prefix_of, typed_form
from lambeth_plans.periods import PeriodKind


@dataclass(eq=False)
class SavingRow(MonthlyRow):
    """A saving with the year that the sheet asks about; one that plans nothing for it asks for nothing. Two queries."""

    slug = "saving"
    heading = "Savings"
    template = "finance/_monthly_fields.html"
    page = "saving_detail"

    form: SavingOnSheet

    @classmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        this_year = periods.holding(PeriodKind.YEAR, today)
        last_year = periods.holding(PeriodKind.YEAR, this_year.start - timedelta(days=1))
        found = list(
            SavingYear.objects.filter(
                saving__in=Saving.objects.answerable_to(user).values("pk"),
                period_kind=PeriodKind.YEAR,
                period_start__in=(last_year.start, this_year.start),
            )
            .exclude(saving__plan__status__in=("closed", "superseded"))
            .select_related("saving__plan__council", "saving__owner")
            .order_by("saving__plan_id", "saving__order", "saving__key")
        )
        asked = months_asked((year.saving.plan for year in found), today)
        return [
            cls._row(year, asked[year.saving.plan_id][1], data)
            for year in found
            if year.period == periods.holding(PeriodKind.YEAR, asked[year.saving.plan_id][0].start)
        ]

    @classmethod
    def _row(cls, year: SavingYear, since: date, data: QueryDict | None) -> Self:
        form = typed_form(
            lambda posted, prefix: SavingOnSheet(posted, instance=year, prefix=prefix),
            prefix_of(cls.slug, year.saving, year.period),
            data,
        )
        is_done = bool(year.confirmed_date and year.confirmed_date >= since)
        return cls(year.saving, form, is_done=is_done)

    def save(self, by: User, today: date) -> str:
        year = self.form.instance
        year.confirmed_date = today
        history.save(year, by=by, reason=(year.status_reason or "Monthly update.")[:100])
        told = [f"{in_pounds(getattr(year, name))} {words}" for name, words in PARTS.items() if getattr(year, name)]
        return f"{year}: {', '.join(told) or 'updated'}."
