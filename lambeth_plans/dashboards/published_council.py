"""The people and boards of a council as its latest publication has them, for those who see no drafts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast

from activities.models import Activity, ProgressUpdate
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Board, Council, Division, Officer, User
from lambeth_plans.dashboards.as_at import record_as
from lambeth_plans.dashboards.finder import union
from lambeth_plans.dashboards.published import published_states
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag
from lambeth_plans.together import read_together
from objectives.models import Consultation, Plan, Section
from risks.models import Risk


@dataclass(frozen=True)
class Naming:
    """How records of a plan name officers: a column with one, and links to others."""

    title: str
    model: type[Model]
    page: str
    column: str
    links: tuple[str, ...] = ()
    ref: str = "ref"
    name: str = "title"


#: As the page of an officer shows them.
NAMINGS = (
    Naming("Activities", Activity, "activity_detail", "owner_id", ("further_owners",)),
    Naming("Activities as lead member", Activity, "activity_detail", "", ("lead_members",)),
    Naming("Indicators", PlanIndicator, "indicator_detail", "owner_id", ref="code"),
    Naming("Risks", Risk, "risk_detail", "owner_id"),
    Naming("Savings", Saving, "saving_detail", "owner_id"),
    Naming("Contracts", Contract, "contract_detail", "director_id", ("further_directors",)),
    Naming("Wrote", Section, "narrative", "author_id"),
    Naming("Was consulted on", Consultation, "narrative", "officer_id", ref="", name=""),
)


@dataclass(frozen=True)
class Named:
    """A record of a plan that names officers."""

    register: str
    plan: Plan
    pk: int
    key: str
    ref: str
    title: str
    officers: frozenset[int]


class PublishedCouncil:
    """Nothing is read until it is asked for; then each part takes one query."""

    def __init__(self, user: User, council: Council) -> None:
        self.user, self.council = user, council

    @cached_property
    def states(self) -> list[PlanState]:
        """The published plans of the council, the newest plan first. Two queries."""
        found = published_states(self.user, plan__council=self.council)
        return sorted(found, key=lambda state: (-state.plan.start_date.toordinal(), state.plan.title))

    @property
    def moment(self) -> datetime | None:
        """That of the council's latest publication; None where nothing is published."""
        return max((state.at for state in self.states), default=None)

    @cached_property
    def _read(self) -> tuple[dict[int, Division], dict[int, Officer], dict[int, Board]]:
        """Divisions, officers and boards with what they point at. One query."""
        if self.moment is None:
            return {}, {}, {}
        kinds = (Division, Officer, Board)
        rows = read_together(*(history.rows(each, self.moment).filter(council_id=self.council.pk) for each in kinds))
        divisions, officers, boards = (
            {row.id: record_as(model, row) for row in found} for model, found in zip(kinds, rows, strict=True)
        )
        for record in (*divisions.values(), *officers.values(), *boards.values()):
            record._state.fields_cache["council"] = self.council
        for division in divisions.values():
            _point(division, "director", officers)
        for officer in officers.values():
            _point(officer, "division", divisions)
        for board in boards.values():
            _point(board, "chair", officers)
        _link(officers, "deputies", officers, rows[1], back="deputises_for")
        _link(boards, "members", officers, rows[2])
        _link(boards, "reports_to", boards, rows[2], back="reported_by")
        for board in boards.values():
            board._prefetched_objects_cache["plans"] = [
                state.plan for state in self.states if board.pk in state.plan.links_then.get("boards", ())
            ]
        return divisions, officers, boards

    @property
    def divisions(self) -> list[Division]:
        return sorted(self._read[0].values(), key=lambda division: (division.order, division.name))

    @property
    def officers(self) -> list[Officer]:
        """Those who are there first, then those who have left."""
        officers = self._read[1].values()
        return sorted(officers, key=lambda officer: (officer.left_date is not None, officer.kind, officer.name))

    @property
    def boards(self) -> list[Board]:
        return sorted(self._read[2].values(), key=lambda board: (board.order, board.name))

    @cached_property
    def named(self) -> list[Named]:
        """Every record that names an officer, register by register and plan by plan. One query."""
        if not self.states:
            return []
        plans = {state.plan.pk: state.plan for state in self.states}
        rows = union(_question(naming, state) for naming in NAMINGS for state in self.states)
        found = [
            Named(title, plans[plan], pk, key, ref, name or plans[plan].title, _officers(NAMING_OF[title], who, links))
            for title, plan, pk, key, ref, name, who, links, _ in sorted(rows, key=lambda row: (row[8], row[3]))
        ]
        return [each for each in found if each.officers]

    def reporting_to(self, board: Board) -> list[tuple[PlanState, list[Activity]]]:
        """The activities whose outputs report to a board, plan by plan. One query for all plans."""
        if not self.states:
            return []
        columns = ("plan_id", "order", "key", "ref", "title", "links")
        rows = union(
            history.rows(Activity, state.at).filter(plan_id=state.plan.pk).order_by().values_list(*columns)
            for state in self.states
        )
        found: dict[int, list[Activity]] = {}
        for plan, _, key, ref, title, links in sorted(rows, key=lambda row: row[:3]):
            if board.pk in links.get("boards", ()):
                found.setdefault(plan, []).append(Activity(plan_id=plan, key=key, ref=ref, title=title))
        return [(state, found[state.plan.pk]) for state in self.states if state.plan.pk in found]

    @cached_property
    def ratings(self) -> dict[int, Rag]:
        """Activity → its latest rating. One query."""
        return latest_ratings(self.states)


def latest_ratings(states: list[PlanState]) -> dict[int, Rag]:
    """Activity → its latest rating as each plan was published last. One query for all plans."""
    if not states:
        return {}
    rows = union(
        history.rows(ProgressUpdate, state.at)
        .filter(activity__plan_id=state.plan.pk)
        .order_by()
        .values_list("activity_id", "period_start", "revision", "rag")
        for state in states
    )
    return {activity: Rag(rag) for activity, _, _, rag in sorted(rows, key=lambda row: row[:3])}


def activities_of(states: list[PlanState]) -> list[tuple[int, int]]:
    """Every activity with its plan, by their primary keys. One query for all plans."""
    if not states:
        return []
    return list(
        union(
            history.rows(Activity, state.at).filter(plan_id=state.plan.pk).order_by().values_list("id", "plan_id")
            for state in states
        )
    )


NAMING_OF = {naming.title: naming for naming in NAMINGS}


def _question(naming: Naming, state: PlanState) -> QuerySet:
    return (
        history.rows(naming.model, state.at)
        .filter(plan_id=state.plan.pk)
        .order_by()
        .values_list(
            Value(naming.title, CharField()),
            "plan_id",
            "id",
            "key",
            Cast(F(naming.ref) if naming.ref else Value(""), CharField(max_length=60)),
            Cast(F(naming.name) if naming.name else Value(""), CharField(max_length=700)),
            F(naming.column) if naming.column else Cast(Value(None), BigIntegerField()),
            "links",
            "order",
        )
    )


def _officers(naming: Naming, who: int | None, links: dict[str, list[int]]) -> frozenset[int]:
    return frozenset([who] if who else []) | {pk for name in naming.links for pk in links.get(name, ())}


def _point(record: Any, name: str, known: dict[int, Any]) -> None:
    """Lets a foreign key lead to the record as it was published; to nothing where it was not."""
    record._state.fields_cache[name] = known.get(getattr(record, f"{name}_id"))


def _link(records: dict[int, Any], name: str, known: dict[int, Any], rows: list[Any], back: str = "") -> None:
    """Lets a many-to-many field lead to the records it led to when it was published, and `back` from these."""
    for record in records.values():
        record.__dict__.setdefault("_prefetched_objects_cache", {}).update({name: []} | ({back: []} if back else {}))
    for row in rows:
        for linked in (known[pk] for pk in row.links.get(name, ()) if pk in known):
            records[row.id]._prefetched_objects_cache[name].append(linked)
            if back:
                linked._prefetched_objects_cache[back].append(records[row.id])
