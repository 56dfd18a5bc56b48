"""What changed in a plan lately: who, when, what and why, read from the history in one query over all its records."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import CharField, DateTimeField, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.urls import reverse

from activities.models import Activity, EvidenceFile, ProgressUpdate
from finance.models import BudgetFigure
from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.dashboards.parts.spine import measured_in
from lambeth_plans.dashboards.reporting import UpdateLine, update_lines
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.told import REFS, TITLES, TOLD, TOLD_OF, Told
from lambeth_plans.dashboards.trail import closed_words, sentence_of, withheld_words
from lambeth_plans.history import Versioned
from lambeth_plans.moments import held_by
from objectives.models import Finding, Plan


@dataclass(frozen=True)
class Change:
    """One change in words. `label` and `url` lead to the record it belongs to; a removed one has no page."""

    when: datetime
    who: str
    label: str
    title: str
    url: str
    sentence: str
    reason: str


class ExactDecoder(json.JSONDecoder):
    """Figures come back as they are stored, not as floating-point numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parse_float=Decimal, **kwargs)


EXACT = JSONField(decoder=ExactDecoder)


class ExactObject(JSONObject):
    output_field = EXACT


def changes(state: PlanState, *, days: int, limit: int, offset: int = 0) -> tuple[list[Change], bool]:
    """The newest changes of the last `days` days before the moment shown, and whether there are older ones.

    What stood in the plan from its first moment was published, not changed, and is left out; so is a row of history
    in which a reader would miss nothing. Two queries: which changes are the newest of all registers, and what these
    say; what a change names (reports, officers, objectives, goals) is read with the state's own parts where one does.
    """
    since = state.moment - timedelta(days=days)
    plan = entries_of(Plan).filter(id=state.plan.pk).order_by("history_id")
    begun = Subquery(plan.values("history_date")[:1])
    newest = _union(_newest(state, told, since, begun) for told in TOLD)[offset : offset + limit + 1]
    found = [(told_as, history_id) for told_as, history_id, _ in newest]
    rows = _rows(state, found[:limit])
    return list(_in_words(state, rows)), len(found) > limit


def _union(queries: Iterable[QuerySet]) -> QuerySet:
    """Several registers' changes, the newest first."""
    first, *others = queries
    return first.union(*others, all=True).order_by("-history_date", "told_as", "-history_id")


@cache
def history_model(model: type[Versioned]) -> type:
    """The model of a history table; simple-history builds a manager each time it is asked through `history`."""
    return model.history.model


def entries_of(model: type[Versioned]) -> Any:
    return history_model(model)._default_manager


def _newest(state: PlanState, told: Told, since: datetime, begun: Subquery) -> QuerySet:
    """Which changes of a register are new: its label, the row of history, the moment."""
    return (
        entries_of(told.model)
        .filter(_of_plan(state, told), held_by(told.model, state.moment), history_date__gte=since)
        .exclude(history_type="+", history_date__lte=begun)
        .annotate(told_as=Value(told.label, output_field=CharField()))
        .order_by()
        .values_list("told_as", "history_id", "history_date")
    )


def _rows(state: PlanState, found: list[tuple[str, int]]) -> list[dict]:
    """What some rows of history say, in their order. One query over the registers they belong to."""
    chosen: dict[str, list[int]] = defaultdict(list)
    for told_as, history_id in found:
        chosen[told_as].append(history_id)
    queries = [_saying(state, TOLD_OF[told_as]).filter(pk__in=pks) for told_as, pks in chosen.items()]
    return list(_union(queries)) if queries else []


def _saying(state: PlanState, told: Told) -> QuerySet:
    """A register's rows of history with the values a sentence may speak of, now and before, and what they belong to."""
    entries = entries_of(told.model)
    return (
        entries.annotate(
            told_as=Value(told.label, output_field=CharField()),
            now_values=_values(told.model),
            before_values=_before(told, entries),
            record_named=_record(state, told),
        )
        .order_by()
        .values(
            "told_as",
            "history_id",
            "history_date",
            "history_type",
            "actor",
            "history_change_reason",
            "now_values",
            "before_values",
            "record_named",
        )
    )


def _of_plan(state: PlanState, told: Told) -> Q:
    if told.model is Plan:
        return Q(id=state.plan.pk)
    if told.owner is None:
        return Q(plan_id=state.plan.pk)
    if told.owner is PlanIndicator:
        return Q(**{f"{told.link}__in": measured_in(state.plan, state.at)})
    return Q(**{f"{told.link.removesuffix('_id')}__plan_id": state.plan.pk})


def _told_fields(model: type[Versioned]) -> list:
    """The columns a sentence may speak of; moments in time are told by the history itself."""
    return [column for column in history_model(model).tracked_fields if not isinstance(column, DateTimeField)]


def _values(model: type[Versioned]) -> ExactObject:
    columns = {column.attname: F(column.attname) for column in _told_fields(model)}
    return ExactObject(**columns, links=F("links"))


def _before(told: Told, entries: Any) -> Any:
    """The record before this change; for a new one of a series, the one before it there."""
    same = entries.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    before = Subquery(same.values(told_before=_values(told.model))[:1], output_field=EXACT)
    if not told.follows:
        return before
    *alike, order = told.follows
    conditions = {column: OuterRef(column) for column in alike}
    earlier = entries.filter(**conditions, **{f"{order}__lt": OuterRef(order)}).order_by(f"-{order}", "-history_id")
    return Coalesce(before, Subquery(earlier.values(told_before=_values(told.model))[:1], output_field=EXACT))


def _record(state: PlanState, told: Told) -> Any:
    """Key, reference and title of the record a change belongs to."""
    if told.model is Plan:
        return ExactObject(key=F("slug"), ref=Cast(Value(""), CharField(max_length=1)), title=F("title"))
    if told.owner is None:
        return _naming(told.model)
    rows = history.rows(told.owner, state.at).filter(plan_id=state.plan.pk)
    match = {"indicator_id" if told.owner is PlanIndicator else "id": OuterRef(told.link)}
    return Subquery(rows.filter(**match).order_by().values(told_record=_naming(told.owner))[:1], output_field=EXACT)


def _naming(model: type[Versioned]) -> ExactObject:
    columns = {column.name for column in model._meta.concrete_fields}
    ref = REFS.get(model, "ref")
    figures = {"unit": F("indicator__unit"), "decimals": F("indicator__decimals")} if model is PlanIndicator else {}
    return ExactObject(
        key=F("key"),
        ref=F(ref) if ref in columns else Cast(Value(""), CharField(max_length=1)),
        title=F(TITLES.get(model, "title")),
        **figures,
    )


class RecordNames(Mapping):
    """Which part of the state names what a column points at; read only when a change speaks of it."""

    #: A part of the state by its name, or a model of which the names alone are read.
    PARTS: dict[str, str | type[Versioned]] = {
        "owner": "officers",
        "author": "officers",
        "director": "officers",
        "further_owners": "officers",
        "further_directors": "officers",
        "lead_members": "officers",
        "objective": "objectives",
        "parent": "objectives",
        "objectives": "objectives",
        "further_objectives": "objectives",
        "goal": "goals",
        "goals": "goals",
        "further_goals": "goals",
        "officer": "officers",
        "activity": Activity,
        "activities": Activity,
        "see_also": Activity,
    }
    #: Columns that share a name with one above and point at something else: that they changed is all that is told.
    UNNAMED = {(Finding, "parent"), (BudgetFigure, "parent")}

    def __init__(self, state: PlanState, model: type[Versioned]) -> None:
        self.state = state
        self.model = model

    def __getitem__(self, name: str) -> dict[int, Any]:
        part = self.PARTS[name]
        return getattr(self.state, part) if isinstance(part, str) else self.state.names(part)

    def __contains__(self, name: object) -> bool:
        return name in self.PARTS and (self.model, name) not in self.UNNAMED

    def __iter__(self) -> Iterator[str]:
        return iter(self.PARTS)

    def __len__(self) -> int:
        return len(self.PARTS)


@dataclass
class Reports:
    """The reports of a plan by their primary key, and the moments at which each activity was reported on."""

    lines: dict[int, UpdateLine] = field(default_factory=dict)
    moments: set[tuple[int, datetime]] = field(default_factory=set)

    @classmethod
    def of(cls, state: PlanState) -> "Reports":
        reports = cls()
        for activity, updates in state.updates.items():
            reports.lines.update({line.update.id: line for line in update_lines(updates)})
            reports.moments.update((activity, update.reported_at) for update in updates)
        return reports


def _in_words(state: PlanState, rows: list[dict]) -> Iterator[Change]:
    reports = None
    for entry in rows:
        told = TOLD_OF[entry["told_as"]]
        row, earlier = (_instance(told.model, entry[which]) for which in ("now_values", "before_values"))
        row.history_type = entry["history_type"]
        reason, who = entry["history_change_reason"] or "", entry["actor"]
        if row.history_type == "+" and state.withheld.hides(earlier):
            earlier = None  # the period before is not told of beside this one
        is_hidden = state.withheld.hides(row) or state.withheld.hides(earlier)
        if told.model in (Activity, ProgressUpdate):
            reports = reports or Reports.of(state)
        if is_hidden:
            sentence, reason = withheld_words(row, told.name(row)), ""
        elif told.model is EvidenceFile and not state.opens_file(row.id):
            sentence, reason = closed_words(row, told.name(row)), ""
        elif told.model is ProgressUpdate and (line := reports.lines.get(row.id)):
            sentence, reason, who = line.sentence, line.reason, line.update.reported_by_name
        elif told.model is Activity and earlier and (row.id, entry["history_date"]) in reports.moments:
            continue  # told by the report that made it
        elif row.history_type == "+":
            sentence = _added(told, row, earlier, entry["record_named"])
        else:
            sentence = sentence_of(row, earlier, told.name(row), told.model, RecordNames(state, told.model))
        if sentence:
            yield _change(state, told, entry, who, sentence, reason)


def _added(told: Told, row: Any, earlier: Any, record: dict | None) -> str:
    if told.added and record:
        return told.added(row, earlier, record)
    return f"{told.name(row)} was added." if told.name(row) else "Added to the plan."


def _instance(model: type[Versioned], values: dict | None) -> Any:
    """A history row of the model with these values, as the database would have given it."""
    if values is None:
        return None
    links = values["links"]
    columns = {column.attname: column.to_python(values[column.attname]) for column in _told_fields(model)}
    # SQLite keeps JSON as text, so that it comes as text inside of JSON.
    return history_model(model)(**columns, links=json.loads(links) if isinstance(links, str) else links)


def _change(state: PlanState, told: Told, entry: dict, who: str, sentence: str, reason: str) -> Change:
    record = entry["record_named"] or {"key": "", "ref": "", "title": ""}
    key = [record["key"]] if told.page.endswith("_detail") else []
    is_gone = told.owner is None and entry["history_type"] == "-"
    url = "" if is_gone or key == [""] else reverse(told.page, args=[state.plan.slug, *key])
    title = record["title"] if record["ref"] else ""
    return Change(entry["history_date"], who, record["ref"] or record["title"], title, url, sentence, reason)
