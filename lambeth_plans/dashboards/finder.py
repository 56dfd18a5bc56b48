"""Looks for words in everything a person may see: two queries, however many kinds of records there are.

One query counts what is found of each kind, one reads the first few of each (or a page of one kind). All words must
stand in a record, wherever in it; what has the whole question for its reference comes first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Replace, Upper
from django.db.models.lookups import Exact

from activities.models import Activity, Evidence, Output, ProgressUpdate
from finance.models import BudgetFigure, Contract, Saving, Supplier
from kpis.models import IndicatorCode, PlanIndicator, normalised_code
from lambeth_plans.accounts.access import Permission, may, of_visible_councils
from lambeth_plans.accounts.models import Board, Officer
from lambeth_plans.dashboards.matching import pattern, squeezed, words_of
from objectives.models import (
    Achievement,
    BoroughGoal,
    Consultation,
    DataQualityNote,
    Event,
    Finding,
    Milestone,
    Objective,
    Plan,
    Section,
    Source,
)
from risks.models import Mitigation, Risk


@dataclass(frozen=True)
class Kind:
    """How records of one kind are found and shown.

    `plan` leads from a record to its plan ("" where it has none: then `council` leads to its council). `ref` and
    `title` name it; `key` is that of the page it is seen on; `texts` are searched beside them.
    """

    name: str
    label: str
    model: type[Model]
    page: str
    title: str = "title"
    ref: str = ""
    key: str = "key"
    plan: str = "plan"
    council: str = ""
    order: str = "order"
    when: str = ""
    texts: tuple[str, ...] = ()

    @property
    def has_own_ref(self) -> bool:
        """Whether its reference finds it; that of a report or an output is that of what it belongs to."""
        return bool(self.ref) and self.name not in ("output", "progress", "mitigation")

    @property
    def council_path(self) -> str:
        return self.council or _join(self.plan, "council")


def _join(*names: str) -> str:
    return "__".join(name for name in names if name)


#: Everything that is searched, in the order in which it is shown.
KINDS = (
    Kind("plan", "Plans", Plan, "plan_dashboard", key="slug", plan="pk", council="council", order="", when="start_date",
         texts=("edition", "vision", "purpose", "source_document", "council__name")),
    Kind("goal", "Borough plan goals", BoroughGoal, "goal_detail", ref="number", plan="", council="council",
         texts=("edition",)),
    Kind("objective", "Objectives", Objective, "objective_detail", ref="ref",
         texts=("rationale", "how_we_will_know", "goals_as_stated")),
    Kind("activity", "Activities", Activity, "activity_detail", ref="ref",
         texts=("owner__name", "owner_as_stated", "programme", "intended_outcome", "identified_as_stated")),
    Kind("output", "Outputs", Output, "activity_detail", ref="activity__ref", key="activity__key"),
    Kind("progress", "Progress reports", ProgressUpdate, "activity_detail", ref="activity__ref",
         title="activity__title", key="activity__key", plan="activity__plan", order="", when="period_start",
         texts=("what_happened", "path_to_green", "due_date_reason", "rosier_reason", "reported_by_name")),
    Kind("indicator", "Indicators", PlanIndicator, "indicator_detail", ref="code",
         texts=("group", "owner__name", "commentary", "indicator__definition", "indicator__source")),
    Kind("risk", "Risks", Risk, "risk_detail", ref="ref", texts=("cause", "event", "effect", "owner__name")),
    Kind("mitigation", "Mitigations of risks", Mitigation, "risk_detail", ref="risk__ref", title="text",
         key="risk__key", plan="risk__plan"),
    Kind("saving", "Savings", Saving, "saving_detail", ref="ref", texts=("details", "owner__name")),
    Kind("contract", "Contracts", Contract, "contract_detail", ref="ref",
         texts=("supplier__name", "supplier_as_stated", "director__name", "director_as_stated", "note")),
    Kind("supplier", "Suppliers", Supplier, "contract_detail", title="name", plan="", council="council", order=""),
    Kind("budget_figure", "Amounts", BudgetFigure, "budget", texts=("amount_as_stated", "body", "note")),
    Kind("finding", "Findings", Finding, "finding_detail", ref="ref", texts=("source__title",)),
    Kind("source", "Where it was identified", Source, "finding_list", texts=("body",)),
    Kind("evidence", "Evidence", Evidence, "evidence_detail", texts=("sample", "grade", "theme", "summary")),
    Kind("milestone", "Dated commitments", Milestone, "narrative", ref="ref", texts=("due_date_as_stated",)),
    Kind("event", "Events", Event, "narrative", texts=("body", "judgement", "expects_next")),
    Kind("achievement", "Achievements", Achievement, "narrative", title="claim",
         texts=("figure", "period", "source", "group")),
    Kind("section", "The plans in words", Section, "narrative", ref="ref", texts=("body", "author__name")),
    Kind("consultation", "Who was consulted", Consultation, "narrative", title="name",
         texts=("position", "officer__name", "comments")),
    Kind("note", "Data-quality notes", DataQualityNote, "data_quality", title="field", key="record_key",
         texts=("printed", "understood", "why")),
    Kind("officer", "People", Officer, "officer_detail", title="name", plan="", council="council", order="",
         texts=("post", "division__name")),
    Kind("board", "Boards", Board, "board_detail", title="name", plan="", council="council",
         texts=("purpose", "rhythm", "chair__name", "chair_as_stated")),
)  # fmt: skip
KIND_OF = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Question:
    """What somebody looks for, and where: only in one kind of records, one plan or one council, if they say so."""

    text: str
    kind: str = ""
    plan: str = ""
    council: str = ""
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", words_of(self.text))


@dataclass(frozen=True)
class Found:
    """A record that has all the words. `plan` and `council` are slugs; `text` is all that was searched of it."""

    kind: str
    plan: str
    plan_title: str
    council: str
    key: str
    ref: str
    title: str
    text: str
    rank: int
    when: date | None
    order: int

    @property
    def is_exact(self) -> bool:
        """Whether the question is its very reference."""
        return self.rank == 0


def count(user, question: Question) -> dict[str, int]:
    """How many records of each kind are found, those without any left out. One query."""
    queries = [
        found.order_by().annotate(told_kind=_words(kind.name)).values("told_kind").annotate(n=Count("pk"))
        for kind, found in _searched(user, question)
    ]
    if not queries:
        return {}
    rows = (query.values_list("told_kind", "n") for query in queries)
    return {kind: number for kind, number in union(rows) if number}


def find(user, question: Question, *, limit: int, offset: int = 0, kinds: Collection[str] | None = None) -> list[Found]:
    """The first `limit` records of each kind after `offset`, kind by kind, the best first. One query.

    `kinds` are those that count() has found something of: the others need not be looked through again.
    """
    searched = _searched(user, question)
    queries = [_told(kind, found, limit, offset) for kind, found in searched if kinds is None or kind.name in kinds]
    return in_order(Found(*row) for row in union(queries)) if queries else []


def in_order(rows: Iterable[Found]) -> list[Found]:
    """Kind by kind, the best first."""
    places = {kind.name: number for number, kind in enumerate(KINDS)}
    return sorted(rows, key=lambda row: (places[row.kind], row.rank, -_day(row.when), row.order, row.key))


def _day(when: date | None) -> int:
    return when.toordinal() if when else 0


def union(queries: Iterable[QuerySet]) -> QuerySet:
    first, *others = queries
    return first.union(*others, all=True) if others else first


def _searched(user, question: Question) -> Iterable[tuple[Kind, QuerySet]]:
    """Each kind that is asked for, with the records a person may see that have all the words, ranked."""
    if not question.words:
        return
    for kind in KINDS:
        if question.kind not in ("", kind.name) or (question.plan and not kind.plan):
            continue
        rows = kind.model._default_manager.filter(of_visible_councils(user, kind.council_path))
        if kind.model is DataQualityNote and not may(user, Permission.SEE_SMALL_COUNTS):
            rows = without_counts(rows)
        if question.plan:
            rows = rows.filter(**{_join("" if kind.name == "plan" else kind.plan, "slug"): question.plan})
        if question.council:
            rows = rows.filter(**{_join(kind.council_path, "slug"): question.council})
        yield kind, _matching(kind, rows, question)


def without_counts(notes: QuerySet) -> QuerySet:
    """Data-quality notes without those about an indicator that counts people: they may tell a small count."""
    counted = PlanIndicator.objects.filter(plan=OuterRef("plan"), indicator__counts_people=True)
    return notes.exclude(Q(record_kind="indicator") & Exists(counted.filter(key=OuterRef("record_key"))))


def _matching(kind: Kind, rows: QuerySet, question: Question) -> QuerySet:
    rows = _with_text(kind, rows)
    is_exact = _is_exact(kind, question)
    in_text, in_name = (has_all(column, question.words) for column in ("told_text", "told_name"))
    rank = Case(When(is_exact, then=0), When(in_name, then=1), default=2, output_field=IntegerField())
    return rows.filter(in_text | is_exact).annotate(told_rank=rank)


def _with_text(kind: Kind, rows: QuerySet) -> QuerySet:
    named = [name for name in (kind.ref, kind.title) if name]
    return rows.annotate(told_name=_joined(named), told_text=_joined([*named, *kind.texts]))


def has_all(column: str, words: Sequence[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(**{f"{column}__iregex": pattern(word)})
    return condition


def _is_exact(kind: Kind, question: Question) -> Q:
    """The reference as it is printed, blanks and case apart; an indicator also by each code it is known by."""
    if not kind.has_own_ref:
        return Q(pk__in=[])
    without_blanks = Upper(Replace(_text(F(kind.ref)), _words(" "), _words("")))
    exact = Q(Exact(without_blanks, _words(squeezed(question.text))))
    code = normalised_code(question.text)
    if kind.name == "indicator" and code:
        known = IndicatorCode.objects.filter(indicator=OuterRef("indicator_id"), normalised=code)
        exact |= Q(Exists(known))
    return exact


class _Chain(Func):
    """Texts one after the other. Django's own Concat puts each into the next one, and SQLite reads only so deep."""

    template = "(%(expressions)s)"
    arg_joiner = " || "


def _joined(names: Sequence[str]):
    """Columns as one text, each on its own line."""
    parts: list = []
    for name in names:
        parts += [_text(F(name)), _words("\n")]
    return _Chain(*parts, output_field=TextField())


def _told(kind: Kind, found: QuerySet, limit: int, offset: int) -> QuerySet:
    """What a page says of the best ones, in columns that are of one type for all kinds."""
    ranked = _ranked(kind, found)
    best = ranked.order_by("told_rank", F("told_when").desc(nulls_last=True), "told_order", "pk")
    return _columns(kind, ranked.filter(pk__in=best.values("pk")[offset : offset + limit]))


def everything(kind: Kind, rows: QuerySet) -> QuerySet:
    """The columns of Found for all of some records of a kind."""
    return _columns(kind, _ranked(kind, _with_text(kind, rows).annotate(told_rank=Value(0, IntegerField()))))


def _ranked(kind: Kind, found: QuerySet) -> QuerySet:
    when = F(kind.when or _join(kind.plan, "start_date")) if kind.plan else Value(None)
    return found.annotate(
        told_when=Cast(when, DateField()),
        told_order=Cast(F(kind.order) if kind.order else Value(0), IntegerField()),
    )


def _columns(kind: Kind, rows: QuerySet) -> QuerySet:
    plan, key = _page(kind)
    title = _join("" if kind.name == "plan" else kind.plan, "title")
    return (
        rows.order_by()
        .annotate(
            told_kind=_words(kind.name),
            told_plan=_text(plan),
            told_plan_title=_text(F(title) if kind.plan else Value("")),
            told_council=_text(F(_join(kind.council_path, "slug"))),
            told_key=_text(key),
            told_ref=_text(F(kind.ref) if kind.ref else Value("")),
            told_title=_text(F(kind.title)),
        )
        .values_list(
            "told_kind",
            "told_plan",
            "told_plan_title",
            "told_council",
            "told_key",
            "told_ref",
            "told_title",
            "told_text",
            "told_rank",
            "told_when",
            "told_order",
        )
    )


def _text(expression):
    return Coalesce(Cast(expression, TextField()), _words(""))


def _words(text: str) -> Value:
    return Value(text, TextField())


def _page(kind: Kind) -> tuple:
    """The plan and the key of the page a record is seen on. A goal is seen in the newest plan of its edition, a
    supplier at its newest contract."""
    if kind.model is BoroughGoal:
        plans = Plan.objects.filter(council_id=OuterRef("council_id")).order_by("-start_date", "pk").values("slug")
        of_edition = plans.filter(goals_edition=OuterRef("edition"))
        return Coalesce(Subquery(of_edition[:1]), Subquery(plans[:1])), F("key")
    if kind.model is Supplier:
        contracts = Contract.objects.filter(supplier_id=OuterRef("pk")).order_by("-plan__start_date", "pk")
        return Subquery(contracts.values("plan__slug")[:1]), Subquery(contracts.values("key")[:1])
    return F(_join("" if kind.name == "plan" else kind.plan, "slug")) if kind.plan else Value(""), F(kind.key)
