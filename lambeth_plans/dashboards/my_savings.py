"""The savings on the monthly sheet of those who answer for them: what becomes of this year's plan."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.http import QueryDict

from finance.adding_up import PARTS, in_pounds
from finance.models import Saving, SavingYear
from finance.saving_forms import SavingYearForm
from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.monthly import MonthlyRow, prefix_of, typed_form
from lambeth_plans.history import entry_model
from lambeth_plans.periods import PeriodKind


@dataclass(eq=False)
class SavingRow(MonthlyRow):
    """A saving with the year that holds today; one that plans nothing for it asks for nothing. Two queries."""

    slug = "saving"
    heading = "Savings"
    template = "finance/_monthly_fields.html"
    page = "saving_detail"

    form: SavingYearForm

    @classmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        this_year = periods.holding(PeriodKind.YEAR, today)
        years = (
            SavingYear.objects.filter(
                saving__in=Saving.objects.answerable_to(user).values("pk"),
                period_kind=PeriodKind.YEAR,
                period_start=this_year.start,
            )
            .exclude(saving__plan__status__in=("closed", "superseded"))
            .select_related("saving__plan__council", "saving__owner")
            .order_by("saving__plan_id", "saving__order", "saving__key")
        )
        found = list(years)
        updated = set(
            entry_model(SavingYear)
            ._default_manager.filter(
                id__in=[year.pk for year in found],
                history_type="~",
                history_date__date__gte=today.replace(day=1),
                history_date__date__lte=today,
            )
            .values_list("id", flat=True)
        )

        def row(year: SavingYear) -> SavingRow:
            form = typed_form(
                lambda posted, prefix: SavingYearForm(posted, instance=year, prefix=prefix, on_a_sheet=True),
                prefix_of(cls.slug, year.saving),
                data,
            )
            return cls(year.saving, form, is_done=year.pk in updated)

        return [row(year) for year in found]

    def save(self, by: User, today: date) -> str:
        year = self.form.instance
        history.save(year, by=by, reason=(year.status_reason or "Monthly update.")[:100])
        told = [f"{in_pounds(getattr(year, name))} {words}" for name, words in PARTS.items() if getattr(year, name)]
        return f"{year}: {', '.join(told) or 'updated'}."
