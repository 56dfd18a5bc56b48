"""The contracts register."""

from functools import cached_property

from finance.ending import ending_on
from finance.models import Contract, Supplier
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine


class Contracts(Spine):
    @cached_property
    def contracts(self) -> tuple[facts.ContractFact, ...]:
        """One query (two at a past moment), and the links, officers and notes."""
        rows = self._plan_rows(Contract)
        if self.at is None:
            suppliers = {row.supplier_id: row.supplier for row in rows if row.supplier_id}
        else:
            suppliers = {row.id: row for row in self._rows(Supplier, council_id=self.plan.council_id)}
        unknown, processes = Supplier(), dict(Contract.Process.choices)
        return tuple(
            facts.ContractFact(
                id=row.id,
                key=row.key,
                ref=row.ref,
                title=row.title,
                supplier=suppliers.get(row.supplier_id, unknown).name or row.supplier_as_stated,
                annual_value=row.annual_value,
                annual_value_as_stated=row.annual_value_as_stated,
                start_date=row.start_date,
                start_date_as_stated=row.start_date_as_stated,
                end_date=row.end_date,
                end_date_as_stated=row.end_date_as_stated,
                review_date=row.review_date,
                review_date_as_stated=row.review_date_as_stated,
                notice_months=row.notice_months,
                notice_date=row.notice_date,
                notice_date_as_stated=row.notice_date_as_stated,
                extension_options=row.extension_options,
                latest_end_date=row.latest_end_date,
                is_still_in_use=row.is_still_in_use,
                total_value=row.total_value,
                total_value_as_stated=row.total_value_as_stated,
                irrecoverable_vat=row.irrecoverable_vat,
                process=processes.get(row.process, ""),
                description=row.description,
                supplier_is_small_or_medium=suppliers.get(row.supplier_id, unknown).is_small_or_medium,
                supplier_is_voluntary_or_community=suppliers.get(row.supplier_id, unknown).is_voluntary_or_community,
                supplier_registration_number=suppliers.get(row.supplier_id, unknown).registration_number,
                director=self.officers.get(row.director_id),
                further_directors=self._known(self.officers, self.linked(Contract, "further_directors", row.id)),
                director_as_stated=row.director_as_stated,
                division_id=row.division_id,
                note=row.note,
                has_started=not row.start_date or row.start_date.earliest <= self.as_of,
                ending=ending_on(self.as_of, row.end_date, row.notice_date, row.notice_months),
                days_left=(row.end_date.latest - self.as_of).days if row.end_date else None,
                is_of_closed_plan=self.plan.is_closed,
                notes=self._notes("contract", row.key),
                version=row.version,
            )
            for row in rows
        )
