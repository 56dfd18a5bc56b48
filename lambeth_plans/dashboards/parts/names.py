"""The names of a plan's records across all registers, where a page needs the names alone."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from activities.models import Activity, Evidence, Output
from finance.models import BudgetFigure, BudgetLine, Contract, PrintedTotal, Saving, WorkforceSnapshot
from kpis.models import PlanIndicator
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine, natural_order
from objectives.models import (
    Achievement,
    Consultation,
    DataQualityNote,
    Event,
    Finding,
    Milestone,
    Objective,
    Section,
    Source,
)
from risks.models import Risk

Kind = DataQualityNote.RecordKind

#: What a data-quality note may be about: the kind of record, its model and the columns with its reference and title.
NAMED_KINDS = (
    (Kind.OBJECTIVE, Objective, "ref", "title"),
    (Kind.ACTIVITY, Activity, "ref", "title"),
    (Kind.INDICATOR, PlanIndicator, "code", "title"),
    (Kind.RISK, Risk, "ref", "title"),
    (Kind.SAVING, Saving, "ref", "title"),
    (Kind.CONTRACT, Contract, "ref", "title"),
    (Kind.BUDGET_LINE, BudgetLine, "", "title"),
    (Kind.WORKFORCE, WorkforceSnapshot, "", "title"),
    (Kind.SECTION, Section, "ref", "title"),
    (Kind.ACHIEVEMENT, Achievement, "", "claim"),
    (Kind.EVENT, Event, "", "title"),
    (Kind.MILESTONE, Milestone, "ref", "title"),
    (Kind.SOURCE, Source, "", "title"),
    (Kind.FINDING, Finding, "ref", "title"),
    (Kind.OUTPUT, Output, "", "title"),
    (Kind.EVIDENCE, Evidence, "", "title"),
    (Kind.CONSULTATION, Consultation, "", "name"),
    (Kind.BUDGET_FIGURE, BudgetFigure, "", "title"),
    (Kind.PRINTED_TOTAL, PrintedTotal, "", "label"),
)


class Names(Spine):
    @cached_property
    def _named(self) -> tuple[tuple[str, int, facts.NameFact], ...]:
        """Kind, primary key and name of every record of the plan. One query for all kinds."""
        queries = [
            self._rows(model, plan_id=self.plan.pk).values_list(
                Value(kind.value, output_field=CharField()),
                F("id"),
                F("key"),
                # One type for all of them: PostgreSQL does not join columns of different ones.
                Cast(F(ref) if ref else Value(""), CharField(max_length=60)),
                Cast(title, CharField(max_length=700)),
                F("order"),
            )
            for kind, model, ref, title in NAMED_KINDS
        ]
        rows = sorted(queries[0].union(*queries[1:], all=True), key=lambda row: (row[5], natural_order(row[2])))
        return tuple((kind, pk, facts.NameFact(key, ref, title)) for kind, pk, key, ref, title, _ in rows)

    @cached_property
    def record_names(self) -> dict[tuple[str, str], facts.NameFact]:
        """(kind, key) → the name of that record. One query for all kinds."""
        return {(kind, name.key): name for kind, _, name in self._named}

    def named(self, kind: str, pks: Iterable[int]) -> list[facts.NameFact]:
        """The names of some records of a kind, in the order of their register; shares the query of `record_names`."""
        chosen = set(pks)
        return [name for each, pk, name in self._named if each == kind and pk in chosen]

    def names_by_id(self, kind: str) -> dict[int, facts.NameFact]:
        """Primary key → name, for every record of a kind; shares the query of `record_names`."""
        return {pk: name for each, pk, name in self._named if each == kind}
