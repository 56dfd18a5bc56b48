"""Rolling a plan forward into its next year: what goes on is copied into a new draft, the old plan stays untouched."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, OuterRef, Subquery

from activities.models import Activity, Output, ProgressUpdate
from finance.models import Contract, Saving, SavingYear
from kpis.models import PlanIndicator, Target
from lambeth_plans import history, periods
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.history import Versioned
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag, RuleKind
from objectives.models import Finding, Milestone, Objective, Plan, PlanRecord, Source
from risks.models import Mitigation, Risk, RiskScore

#: What is carried over or retired one by one, in the order in which it is asked for.
KINDS: dict[str, tuple[type[PlanRecord], str, str]] = {
    "activity": (Activity, "activity", "activities"),
    "indicator": (PlanIndicator, "indicator", "indicators"),
    "risk": (Risk, "risk", "risks"),
    "saving": (Saving, "saving", "savings"),
    "contract": (Contract, "contract", "contracts"),
}
#: Of a plan's own columns, what belongs to one document and not to the next.
OF_ONE_DOCUMENT = (
    "edition",
    "source_document",
    "status_as_stated",
    "updated_by_as_stated",
    "approved_by_as_stated",
    "implementation_as_stated",
)


@dataclass(frozen=True)
class Candidate:
    """A record that may be carried over. `why` says in words why it should not be, if it should not."""

    kind: str
    record: PlanRecord
    why: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.record.key}"

    @property
    def name(self) -> str:
        ref = getattr(self.record, "ref", "") or getattr(self.record, "code", "")
        return f"{ref} {self.record.title}".strip()

    @property
    def is_open(self) -> bool:
        return not self.why


def candidates(plan: Plan) -> list[Candidate]:
    """Everything that may be carried over, kind by kind in the order of the plan. One query for each kind."""
    found = []
    for kind, (model, _, _) in KINDS.items():
        rows = model.objects.filter(plan=plan).order_by("order", "key")
        if model is Activity:
            latest = ProgressUpdate.objects.filter(activity=OuterRef("pk")).order_by("-period_start", "-revision")
            rows = rows.annotate(latest_rag=Subquery(latest.values("rag")[:1]))
        if model is Saving:
            last = SavingYear.objects.filter(saving=OuterRef("pk")).order_by("-period_end")
            rows = rows.annotate(last_day=Subquery(last.values("period_end")[:1]))
        if model is PlanIndicator:
            rows = rows.select_related("indicator")
        found += [Candidate(kind, row, _why_not(row, plan)) for row in rows]
    return found


def _why_not(row: PlanRecord, plan: Plan) -> str:
    if isinstance(row, Activity) and row.latest_rag and Rag(row.latest_rag) is Rag.BLUE:
        return Rag.BLUE.word
    if isinstance(row, Saving) and row.last_day and row.last_day <= plan.end_date:
        return "no amount after this plan"
    if isinstance(row, Contract) and row.end_date and row.end_date.latest <= plan.end_date and not row.is_still_in_use:
        return f"ends {row.end_date}"
    return ""


def fingerprint(found: Iterable[Candidate]) -> str:
    """Tells whether anything was added or changed since a page was opened."""
    lines = "\n".join(f"{candidate.key}/{candidate.record.version}" for candidate in found)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def target_period(start_date: date) -> Period:
    """The year that new targets are for: the financial year the new plan begins in."""
    return periods.financial_year(periods.financial_year_start(start_date))


def next_dates(plan: Plan) -> tuple[date, date]:
    """The days after the plan, for as long as it ran."""
    start = plan.end_date + timedelta(days=1)
    years = max(1, round((plan.end_date - plan.start_date).days / 365))
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return start, start.replace(year=start.year + years, day=day) - timedelta(days=1)


@transaction.atomic
def roll_forward(
    *,
    plan: Plan,
    slug: str,
    title: str,
    start_date: date,
    end_date: date,
    carry: Iterable[str],
    targets: Mapping[str, Decimal],
    by: User,
    reason: str,
) -> Plan:
    """Makes the next plan, a draft that follows this one, of what `carry` names ("activity/ka1"): the rest is retired.

    Objectives, findings with their sources, and dated commitments that are still to come go along in any case; so do
    the outputs that are not done, the mitigations and the latest scores of what is carried. Keys stay as they are, and
    an activity keeps its original due date. `targets` are new ones by the key of the indicator.

    Raises PermissionDenied for a council that `by` does not belong to, and IntegrityError where the address is taken.
    Nothing of the old plan is written.
    """
    if not Council.objects.visible_to(by).filter(pk=plan.council_id).exists():
        raise PermissionDenied("Only plans of one's own councils can be rolled forward.")
    old = Plan.objects.select_for_update().get(pk=plan.pk)
    new = _copy(old, slug=slug, title=title, start_date=start_date, end_date=end_date, status=Plan.Status.DRAFT)
    new.follows, new.published_date, new.review_date = old, None, None
    for name in OF_ONE_DOCUMENT:
        setattr(new, name, "")
    links = {"divisions": old.divisions.all(), "boards": old.boards.all()}
    history.save(new, by=by, reason=reason, links=links)
    _Rolling(old, new, frozenset(carry), partial(history.save, by=by, reason=reason)).everything(targets)
    return new


def _copy(record: Versioned, **changes: object) -> Versioned:
    """A new record with the same columns, not saved."""
    columns = {
        column.attname: getattr(record, column.attname)
        for column in record._meta.concrete_fields
        if not column.primary_key and column.name != "version"
    }
    copied = type(record)(**columns)
    for name, value in changes.items():
        setattr(copied, name, value)
    return copied


@dataclass
class _Rolling:
    """One roll forward under way: what was copied to what."""

    old: Plan
    new: Plan
    carry: frozenset[str]
    save: partial
    copies: dict[tuple[type[Model], int], Model] = field(default_factory=dict)

    def everything(self, targets: Mapping[str, Decimal]) -> None:
        for objective in self._parents_first(Objective):
            self._add(objective, ("parent",), {"goals": list(objective.goals.all())})
        for source in self._rows(Source):
            self._add(source, ("event",))
        for finding in self._parents_first(Finding):
            self._add(finding, ("source", "parent"))
        self._activities()
        for output in self._rows(Output):
            if output.done_date is None and self._copied(Activity, output.activity_id):
                self._add(output, ("activity",))
        for milestone in self._rows(Milestone):
            if milestone.due_date is None or milestone.due_date.latest >= self.new.start_date:
                self._add(milestone, ("event", "objective"))
        self._indicators(targets)
        self._money()
        self._risks()

    def _rows(self, model: type[PlanRecord]) -> list:
        return list(model._default_manager.filter(plan=self.old).order_by("order", "key"))

    def _chosen(self, kind: str) -> list:
        return [row for row in self._rows(KINDS[kind][0]) if f"{kind}/{row.key}" in self.carry]

    def _parents_first(self, model: type[PlanRecord]) -> list:
        rows = self._rows(model)
        children: dict[int | None, list] = {}
        for row in rows:
            children.setdefault(row.parent_id, []).append(row)
        ordered, waiting = [], list(children.get(None, []))
        while waiting:
            row = waiting.pop(0)
            ordered.append(row)
            waiting += children.get(row.pk, [])
        return ordered

    def _copied(self, model: type[Model], pk: int | None) -> Model | None:
        return self.copies.get((model, pk))

    def _add(self, record: PlanRecord, own: tuple[str, ...] = (), links: Mapping | None = None, **changes) -> Model:
        """Copies a record. `own` are its columns that point into the plan: they point to the copies, or to nothing."""
        copied = _copy(record, plan=self.new, **changes)
        for name in own:
            related = record._meta.get_field(name).related_model
            setattr(copied, name, self._copied(related, getattr(record, f"{name}_id")))
        self.copies[type(record), record.pk] = self.save(copied, links=dict(links or {}))
        return copied

    def _links(self, record: PlanRecord, *own: str) -> dict[str, list]:
        """The record's links: those of `own` into the plan lead to the copies, where there are any."""
        found = {}
        for linked in history.link_fields(type(record)):
            there = list(getattr(record, linked.name).all())
            if linked.name in own:
                there = [copy for each in there if (copy := self._copied(type(each), each.pk))]
            found[linked.name] = there
        return found

    def _activities(self) -> None:
        chosen = self._chosen("activity")
        seen = {pk: links["see_also"] for pk, links in history.current_links(Activity, [a.pk for a in chosen]).items()}
        own = ("further_objectives", "findings", "sources", "see_also")
        for activity in _targets_first(chosen, seen):
            links = self._links(activity, *own)
            self._add(activity, ("objective",), links, last_reported_at=None, stage_as_stated="")
        # Only those that see each other in a circle have not all of their links yet.
        for activity in chosen:
            copied = self._copied(Activity, activity.pk)
            self.save(copied, links={"see_also": self._links(activity, "see_also")["see_also"]})

    def _indicators(self, targets: Mapping[str, Decimal]) -> None:
        period = target_period(self.new.start_date)
        for place in self._chosen("indicator"):
            self._add(place, ("objective",), self._links(place, "activities"), commentary="")
            if place.key in targets:
                self.save(_target(place, period, targets[place.key]))

    def _risks(self) -> None:
        for risk in self._chosen("risk"):
            copied = self._add(risk, (), self._links(risk, "objectives", "indicators", "savings", "contracts"))
            for kind in RiskScore.Kind.values:
                score = RiskScore.objects.filter(risk=risk, kind=kind).order_by("scored_date").last()
                if score:
                    self.save(_copy(score, risk=copied))
            for mitigation in Mitigation.objects.filter(risk=risk).order_by("order"):
                self.save(_copy(mitigation, risk=copied, activity=self._copied(Activity, mitigation.activity_id)))

    def _money(self) -> None:
        for saving in self._chosen("saving"):
            copied = self._add(saving, (), self._links(saving, "objectives", "activities"))
            for year in SavingYear.objects.filter(saving=saving, period_end__gte=self.new.start_date):
                self.save(_copy(year, saving=copied))
        for contract in self._chosen("contract"):
            self._add(contract, (), self._links(contract, "objectives", "savings"))


def _targets_first(rows: list[Activity], targets: Mapping[int, list[int]]) -> list[Activity]:
    """The rows in an order in which each comes after those it points to, as far as they point in no circle."""
    known = {row.pk: row for row in rows}
    ordered, met = [], set()
    waiting = [(row, False) for row in reversed(rows)]
    while waiting:
        row, is_next = waiting.pop()
        if is_next:
            ordered.append(row)
        elif row.pk not in met:
            met.add(row.pk)
            waiting.append((row, True))
            waiting += [(known[pk], False) for pk in targets[row.pk] if pk in known]
    return ordered


def _target(place: PlanIndicator, period: Period, value: Decimal) -> Target:
    """A new target; the tolerance of the last one goes along where it fits a single figure."""
    last = Target.objects.filter(indicator_id=place.indicator_id).order_by("period_start").last()
    target = Target(indicator_id=place.indicator_id, period=period, value=value)
    fits = last and last.rule_kind in (RuleKind.POINTS.value, RuleKind.PERCENT.value)
    if fits and (value or last.rule_kind == RuleKind.POINTS.value):
        target.rule_kind, target.amber = last.rule_kind, last.amber
        target.standing, target.agreed_by = last.standing, last.agreed_by
    return target
