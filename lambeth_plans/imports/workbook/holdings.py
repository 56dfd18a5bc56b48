"""What we hold of a plan and its council, sheet by sheet, as a workbook's rows say it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from kpis.models import Indicator, PlanIndicator
from kpis.withholding import NOTHING, Withholding
from lambeth_plans import history
from lambeth_plans.accounts.models import Council
from lambeth_plans.accounts.record_sheets import RecordSheet, Values
from lambeth_plans.history import Versioned
from lambeth_plans.imports.workbook.sheets import SHEETS, scope_of
from objectives.models import BoroughGoal, Plan, PlanRecord


@dataclass
class Held:
    """The records of one sheet by primary key, their many-to-many links, and what tells them apart."""

    sheet: type[RecordSheet]
    records: dict[int, Versioned]
    links: dict[int, dict[str, list[int]]]
    identities: dict[int, tuple[Any, ...]] = field(default_factory=dict)


class Holdings:
    """A plan's records and its council's, in a number of queries that does not depend on theirs.

    `council` or `plan` None: there is none yet. Of figures, of which a council may hold far more than a plan needs,
    only those of the plan's indicators are read, and those of `measures` (keys). What is `withheld` of them is not
    said.
    """

    def __init__(
        self,
        council: Council | None,
        plan: Plan | None,
        *,
        measures: Sequence[str] = (),
        withheld: Withholding = NOTHING,
    ) -> None:
        self.council, self.plan, self.measures = council, plan, measures
        self.by_model: dict[type[models.Model], Held] = {}
        self.names: dict[type[models.Model], dict[int, str]] = {}
        #: What links lead to outside this plan or council.
        self.strangers: dict[type[models.Model], dict[int, Versioned]] = defaultdict(dict)
        self._found: dict[type[models.Model], dict[tuple[Any, ...], int]] = {}
        self._named: dict[type[models.Model], dict[str, int]] = {}
        for sheet in SHEETS:
            records = {record.pk: withheld.shown(record) for record in self._rows(sheet)}
            self.by_model[sheet.model] = Held(sheet, records, history.current_links(sheet.model, list(records)))
        for sheet in sorted(SHEETS, key=lambda sheet: sheet.parent() is not None):  # parents first
            self._name(self.by_model[sheet.model])
        self._name_strangers()

    def _rows(self, sheet: type[RecordSheet]) -> models.QuerySet | list[Versioned]:
        if sheet.model is Council:
            return [self.council] if self.council else []
        if self.council is None:
            return []
        path = scope_of(sheet.model)
        if path.endswith("plan"):
            return sheet.model._default_manager.filter(**{path: self.plan}).order_by("pk") if self.plan else []
        rows = sheet.model._default_manager.filter(**{path: self.council}).order_by("pk")
        if sheet.is_series:
            of_plan = PlanIndicator.objects.filter(plan=self.plan).values("indicator")
            wanted = Q()
            for name in _measures_of(sheet):
                wanted |= Q(**{f"{name}__in": of_plan}) | Q(**{f"{name}__key__in": self.measures})
            rows = rows.filter(wanted)
        return rows

    def _name(self, held: Held) -> None:
        """Finds what tells each record apart; the parents of a record must be named already."""
        sheet = held.sheet
        for pk, record in held.records.items():
            values = {
                name: self.names[sheet.fields[name].links_to][getattr(record, f"{name}_id")]
                if sheet.fields[name].links_to
                else getattr(record, name)
                for name in sheet.identity
            }
            held.identities[pk] = sheet.identity_of(values)
        self.names[sheet.model] = {pk: sheet.name_of(identity) for pk, identity in held.identities.items()}

    def _name_strangers(self) -> None:
        """Names what a link leads to outside this plan or council: "other-plan/ka1"."""
        missing = defaultdict(set)
        for held in self.by_model.values():
            for name, column in held.sheet.fields.items():
                if column.links_to:
                    known = self.names[column.links_to]
                    for pk in held.records:
                        missing[column.links_to].update(set(self.targets(held, pk, name)) - known.keys())
        for model, pks in missing.items():
            if pks:
                holder = "plan" if issubclass(model, PlanRecord) else "council"
                for record in model._default_manager.filter(pk__in=pks).select_related(holder):
                    self.strangers[model][record.pk] = record
                    self.names[model][record.pk] = f"{getattr(record, holder).slug}/{record.key}"

    def targets(self, held: Held, pk: int, name: str) -> list[int]:
        if held.sheet.fields[name].is_many:
            return held.links[pk].get(name, [])
        target = getattr(held.records[pk], f"{name}_id")
        return [target] if target else []

    def found_in(self, model: type[models.Model]) -> dict[tuple[Any, ...], int]:
        """The primary keys of a model's records by what tells them apart."""
        if model not in self._found:
            self._found[model] = {identity: pk for pk, identity in self.by_model[model].identities.items()}
        return self._found[model]

    def pk_of(self, model: type[models.Model], name: str) -> int | None:
        """The primary key of a record by the name that other sheets use."""
        if model not in self._named:
            self._named[model] = {name: pk for pk, name in self.names[model].items()}
        return self._named[model].get(name)

    def values_of(self, held: Held, pk: int) -> Values:
        return held.sheet.values_of(held.records[pk], self.names, held.links[pk])

    def position_of(self, held: Held, pk: int) -> tuple[Any, ...]:
        """Where a record's row stands: below its parent's, then in the order of its own sheet."""
        sheet = held.sheet
        telling = [
            name for name in (*sheet.identity, *({"order"} & sheet.fields.keys())) if not sheet.fields[name].links_to
        ]
        own = sheet.place({name: getattr(held.records[pk], name) for name in telling})
        parent = sheet.parent()
        if parent is None:
            return own
        return (*self.position_of(self.by_model[parent], self.targets(held, pk, sheet.identity[0])[0]), own)

    def included(self) -> dict[type[models.Model], set[int]]:
        """The primary keys of what a plan's workbook shows: its own records, the figures of its measures, and of the
        council's records those it refers to, with what these refer to. Of a borough plan, whole editions."""
        if self.plan is None:
            return {model: set() for model in self.by_model}
        return _Inclusion(self).found


def _measures_of(sheet: type[RecordSheet]) -> list[str]:
    """The columns of a sheet's identity that name a measure."""
    return [name for name in sheet.identity if sheet.fields[name].links_to is Indicator]


class _Inclusion:
    """Follows every link from a plan's records to the records of its council."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.found: dict[type[models.Model], set[int]] = {model: set() for model in holdings.by_model}
        self.waiting: list[tuple[type[models.Model], int]] = []
        self.children = self._children()
        self._take(Council, [holdings.council.pk])
        self._take(Plan, [holdings.plan.pk])
        for model, held in holdings.by_model.items():
            if model not in (Council, Plan) and scope_of(model).endswith("plan"):
                self._take(model, held.records)
        self._take_series()
        self._take_editions({holdings.plan.goals_edition} - {""})
        self._follow()

    def _take(self, model: type[models.Model], pks: Iterable[int]) -> None:
        new = set(pks) & self.holdings.by_model[model].records.keys() - self.found[model]
        self.found[model] |= new
        self.waiting += [(model, pk) for pk in new]

    def _take_series(self) -> None:
        places = self.holdings.by_model[PlanIndicator].records.values()
        placed = {place.indicator_id for place in places}
        for model, held in self.holdings.by_model.items():
            if held.sheet.is_series:
                ends = [f"{name}_id" for name in _measures_of(held.sheet)]
                rows = held.records.items()
                self._take(model, [pk for pk, row in rows if any(getattr(row, end) in placed for end in ends)])

    def _take_editions(self, editions: set[str]) -> None:
        goals = self.holdings.by_model[BoroughGoal].records.items()
        self._take(BoroughGoal, [pk for pk, goal in goals if goal.edition in editions])

    def _children(self) -> dict[tuple[type[models.Model], int], list[tuple[type[models.Model], int]]]:
        """What belongs to a record of the council, by that: the codes of a measure, the steps of a matrix."""
        found = defaultdict(list)
        for model, held in self.holdings.by_model.items():
            parent = held.sheet.parent()
            if parent and not held.sheet.is_series:
                for pk, record in held.records.items():
                    found[parent, getattr(record, f"{held.sheet.identity[0]}_id")].append((model, pk))
        return found

    def _follow(self) -> None:
        while self.waiting:
            model, pk = self.waiting.pop()
            held = self.holdings.by_model[model]
            for name, column in held.sheet.fields.items():
                if column.links_to:
                    self._take(column.links_to, self.holdings.targets(held, pk, name))
            for child, child_pk in self.children[model, pk]:
                self._take(child, [child_pk])
            if model is BoroughGoal:
                self._take_editions({held.records[pk].edition})
