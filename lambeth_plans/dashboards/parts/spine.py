"""What every part of a plan's state stands on: reading rows now or at a past moment, links, and the spine."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import F, QuerySet

from activities.models import Activity, Evidence
from finance.models import Contract, Saving
from kpis.models import Indicator, PlanIndicator, RelatedIndicator
from kpis.withholding import NOTHING, Withholding, withheld_of_plan
from lambeth_plans import history, links
from lambeth_plans.accounts.models import Division, Officer
from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards import facts
from lambeth_plans.periods import Period, of_row
from lambeth_plans.together import read_together
from objectives.models import BoroughGoal, DataQualityNote, Objective, Plan
from risks.models import Risk

#: What is read together with a row of the plan, in the same query.
JOINED = {PlanIndicator: ("indicator",), Contract: ("supplier",), Risk: ("matrix",)}
#: The titles of what a row links, read with it.
NAMED = {RelatedIndicator: {"indicator_title": F("indicator__title"), "other_title": F("other__title")}}
#: The plan's models whose many-to-many links a page may follow; read together in one query.
LINKED_MODELS = (Activity, Objective, PlanIndicator, Risk, Saving, Contract, Evidence)


def natural_order(ref: str) -> tuple:
    """References as people sort them: 1.10 after 1.9, CSKA09 before CSKA10."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", ref))


def period_of(row) -> Period:
    return of_row(row.period_kind, row.period_start, row.period_end)


def measured_in(plan: Plan, at: datetime | None) -> QuerySet:
    """The indicators that have, or had at a moment, a place in the plan, as a sub-query.

    One that was removed altogether is left out: only its own row says that it counts people, so that without it nothing
    could be withheld.
    """
    places = history.rows(PlanIndicator, at).filter(plan_id=plan.pk).order_by()
    if at is not None:
        places = places.filter(indicator_id__in=Indicator.objects.order_by().values("pk"))
    return places.values("indicator_id")


@dataclass(frozen=True)
class Spine:
    """How rows are read. `as_of` is the day dates are judged by: the day shown, or the last day of a closed plan.
    Who does not see small counts is shown what `withheld` leaves of figures, now and at any moment. With `around`, the
    key of an indicator, only this one and those related to it are read of the plan's indicators (not at a past moment).
    `publications` are those of the plan so far where a publication is shown: the last one. Who does not see drafts is
    always shown one, the latest there is now where `shows_latest`.
    """

    plan: Plan
    at: datetime | None
    as_of: date
    sees_small_counts: bool = True
    around: str = ""
    publications: tuple[Publication, ...] = ()
    sees_drafts: bool = True
    shows_latest: bool = False

    @cached_property
    def withheld(self) -> Withholding:
        """No query for who sees small counts, else one, and where anything is withheld one more."""
        return NOTHING if self.sees_small_counts else withheld_of_plan(self.plan.pk)

    def _rows(self, model, *joined: str, **conditions):
        """Rows now, with what they point at joined, or history rows, which carry their own columns only."""
        rows = history.rows(model, self.at).filter(**conditions).order_by()
        return rows.select_related(*joined) if self.at is None and joined else rows

    @cached_property
    def _read(self) -> dict:
        return {}

    @cached_property
    def _ahead(self) -> dict[type, list]:
        return {}

    def read_ahead(self, *models: type) -> None:
        """Reads the rows of several models in one query, instead of one for each when its part is asked for."""
        self._ahead.update(zip(models, read_together(*map(self._question, models)), strict=True))

    def _question(self, model):
        """The rows of a model that belong to the plan, or else to its council."""
        names = {field.name for field in model._meta.concrete_fields}
        if "plan" in names:
            rows = self._rows(model, *JOINED.get(model, ()), plan_id=self.plan.pk)
            return rows.with_outputs_done(on=self.as_of) if model is Activity and self.at is None else rows
        if "council" in names:
            return self._rows(model, council_id=self.plan.council_id)
        if "activity" in names:
            return self._rows(model, activity__plan_id=self.plan.pk)
        rows = self._rows(model, indicator__council_id=self.plan.council_id)
        return rows.annotate(**NAMED.get(model, {})) if self.at is None else rows

    def _all(self, model) -> list:
        """As `_question` asks; what was read ahead is not read again."""
        return self._ahead[model] if model in self._ahead else list(self._question(model))

    def _plan_rows(self, model) -> list:
        """The plan's rows of a model in its order. One query, once."""
        if model not in self._read:
            rows = self._all(model)
            self._read[model] = sorted(rows, key=lambda row: (row.order, natural_order(row.key)))
        return self._read[model]

    @cached_property
    def _links(self) -> dict[tuple[type, str, int], tuple[int, ...]]:
        """(model, field, record) → linked records, for every many-to-many field of the plan. One query; at a past
        moment the history rows carry their links."""
        found: dict[tuple[type, str, int], list[int]] = defaultdict(list)
        if self.at is not None:
            for model in LINKED_MODELS:
                for row in self._plan_rows(model):
                    found.update({(model, name, row.id): pks for name, pks in row.links.items()})
            return {record: tuple(pks) for record, pks in found.items()}
        labels = {model._meta.label: model for model in LINKED_MODELS}
        for label, name, source_pk, target_pk in links.links_of_plan(LINKED_MODELS, self.plan.pk):
            found[labels[label], name, source_pk].append(target_pk)
        return {record: tuple(pks) for record, pks in found.items()}

    def _links_of(self, model: type, rows: list) -> dict[int, dict[str, list[int]]]:
        """Record → its links by field, for rows outside the plan's own registers. One query now; at a past moment
        the history rows carry them."""
        if self.at is None:
            return history.current_links(model, [row.id for row in rows])
        names = [field.name for field in history.link_fields(model)]
        return {row.id: {**{name: [] for name in names}, **row.links} for row in rows}

    def names(self, model: type) -> dict[int, "facts.NameFact"]:
        """Every row of a model of the plan by its name alone, in order. One query, shared with the model's own part."""
        return {
            row.id: facts.NameFact(row.key, getattr(row, "ref", "") or getattr(row, "code", ""), row.title)
            for row in self._plan_rows(model)
        }

    def column(self, model: type, name: str) -> dict[int, object]:
        """One column of every row of a model of the plan; shares the query of `names`."""
        return {row.id: getattr(row, name) for row in self._plan_rows(model)}

    def linked(self, model: type, name: str, pk: int) -> tuple[int, ...]:
        """The primary keys a record's many-to-many field points at: `linked(Risk, "objectives", risk.id)`."""
        return self._links.get((model, name, pk), ())

    @cached_property
    def _links_back(self) -> dict[tuple[type, str, int], set[int]]:
        """(model, field, linked record) → the records whose many-to-many field points at it."""
        found = defaultdict(set)
        for (model, name, source), targets in self._links.items():
            for target in targets:
                found[model, name, target].add(source)
        return found

    def linking(self, model: type, name: str, pk: int) -> set[int]:
        """The records whose many-to-many field points at one: `linking(Risk, "objectives", objective.id)`."""
        return self._links_back.get((model, name, pk), set())

    @cached_property
    def officers(self) -> dict[int, facts.OfficerFact]:
        """One query."""
        return {
            row.id: facts.OfficerFact(row.id, row.key, row.name, row.post, row.kind, row.division_id, row.left_date)
            for row in self._all(Officer)
        }

    @cached_property
    def divisions(self) -> dict[int, facts.DivisionFact]:
        """One query, and the officers."""
        rows = sorted(self._rows(Division, council_id=self.plan.council_id), key=lambda row: (row.order, row.name))
        return {
            row.id: facts.DivisionFact(row.id, row.key, row.name, row.purpose, self.officers.get(row.director_id))
            for row in rows
        }

    @cached_property
    def goals(self) -> dict[int, facts.GoalFact]:
        """One query: pillars, goals, values and ambitions, in the order of the borough plan."""
        kinds = dict(BoroughGoal.Kind.choices)
        rows = sorted(self._all(BoroughGoal), key=lambda row: (row.order, row.key))
        return {
            row.id: facts.GoalFact(
                row.id,
                row.key,
                row.kind,
                f"{kinds[row.kind]} {row.number}" if row.number else row.title,
                row.title if row.number else "",
                row.parent_id,
                row.edition,
            )
            for row in rows
        }

    @cached_property
    def objectives(self) -> dict[int, facts.ObjectiveFact]:
        """One query."""
        return {
            row.id: facts.ObjectiveFact(
                row.id,
                row.key,
                row.ref,
                row.title,
                row.parent_id,
                row.goals_as_stated,
                row.rationale,
                row.how_we_will_know,
                self.plan.level_word(is_outer=row.parent_id is None),
            )
            for row in self._plan_rows(Objective)
        }

    @cached_property
    def objective_goals(self) -> dict[int, tuple[facts.GoalFact, ...]]:
        """Objective → its goals: the links, the goals and the objectives."""
        return {pk: self._known(self.goals, self.linked(Objective, "goals", pk)) for pk in self.objectives}

    @cached_property
    def notes(self) -> dict[tuple[str, str], tuple[facts.NoteFact, ...]]:
        """(kind, key) → the data-quality notes of that record. One query, and for a note about an indicator what is
        withheld."""
        return {record: self._notes(*record) for record in self._note_rows}

    @cached_property
    def _note_rows(self) -> dict[tuple[str, str], list]:
        found = defaultdict(list)
        for row in self._plan_rows(DataQualityNote):
            found[row.record_kind, row.record_key].append(row)
        return dict(found)

    def _notes(self, kind: str, key: str) -> tuple[facts.NoteFact, ...]:
        """Those on one record; only for an indicator it is asked what is withheld."""
        rows = self._note_rows.get((kind, key), ())
        shown = map(self.withheld.shown, rows) if rows and kind == "indicator" else rows
        return tuple(
            facts.NoteFact(row.record_kind, row.record_key, row.field, row.printed, row.understood, row.why)
            for row in shown
        )

    @staticmethod
    def _known(known: dict, pks) -> tuple:
        """The known ones among some primary keys, in the order of `known`."""
        chosen = set(pks)
        return tuple(fact for pk, fact in known.items() if pk in chosen) if chosen else ()
