"""The names of a plan's records across all registers, where a page needs the names alone."""

from functools import cached_property

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from activities.models import Activity
from finance.models import BudgetLine, Contract, Saving, WorkforceSnapshot
from kpis.models import PlanIndicator
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine
from objectives.models import DataQualityNote, Objective, Section
from risks.models import Risk

Kind = DataQualityNote.RecordKind

#: What a data-quality note may be about: the kind of record, its model and the column with its reference.
NAMED_KINDS = (
    (Kind.OBJECTIVE, Objective, "ref"),
    (Kind.ACTIVITY, Activity, "ref"),
    (Kind.INDICATOR, PlanIndicator, "code"),
    (Kind.RISK, Risk, "ref"),
    (Kind.SAVING, Saving, "ref"),
    (Kind.CONTRACT, Contract, "ref"),
    (Kind.BUDGET_LINE, BudgetLine, ""),
    (Kind.WORKFORCE, WorkforceSnapshot, ""),
    (Kind.SECTION, Section, ""),
)


class Names(Spine):
    @cached_property
    def record_names(self) -> dict[tuple[str, str], facts.NameFact]:
        """(kind, key) → the name of that record. One query for all kinds."""
        queries = [
            self._rows(model, plan_id=self.plan.pk).values_list(
                Value(kind.value, output_field=CharField()),
                F("key"),
                # One type for all of them: PostgreSQL does not join columns of different ones.
                Cast(F(ref) if ref else Value(""), CharField(max_length=60)),
                Cast("title", CharField(max_length=700)),
            )
            for kind, model, ref in NAMED_KINDS
        ]
        rows = queries[0].union(*queries[1:], all=True)
        return {(kind, key): facts.NameFact(key, ref, title) for kind, key, ref, title in rows}
