"""The officers and members of a council: all of them with what they answer for, and the page of one of them with
everything in every plan a person may see. One query per register."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activities.models import Activity, ProgressUpdate
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Board, Council, Division, Officer
from lambeth_plans.dashboards.pages import Link
from lambeth_plans.dashboards.published_council import NAMINGS, Named, Naming, PublishedCouncil
from lambeth_plans.dashboards.trail import trail
from lambeth_plans.rag import Rag
from objectives.models import Consultation, Plan, Section
from risks.models import Risk

PAGE_SIZE = 100

#: What an officer may answer for: the column of their list, its words for one and for several, and the links that
#: make it so, as (model, field).
ANSWERS_FOR = (
    ("activities", "activity", "activities", ((Activity, "owner"), (Activity, "further_owners"))),
    ("led", "activity as lead member", "activities as lead member", ((Activity, "lead_members"),)),
    ("indicators", "indicator", "indicators", ((PlanIndicator, "owner"),)),
    ("risks", "risk", "risks", ((Risk, "owner"),)),
    ("savings", "saving", "savings", ((Saving, "owner"),)),
    ("contracts", "contract", "contracts", ((Contract, "director"), (Contract, "further_directors"))),
    ("directed", "division directed", "divisions directed", ((Division, "director"),)),
    ("chaired", "board chaired", "boards chaired", ((Board, "chair"),)),
    ("sat_on", "board sat on", "boards sat on", ((Board, "members"),)),
)


@dataclass(frozen=True)
class OfficerLine:
    """An officer with what they answer for in words: "12 activities, 1 risk"."""

    officer: Officer
    counts: tuple[str, ...]


def visible_council(request: HttpRequest, slug: str) -> Council:
    """A council this person belongs to, or 404."""
    council = Council.objects.visible_to(request.user).filter(slug=slug).first()
    if council is None:
        raise Http404("You belong to no such council.")
    return council


def council_context(council: Council, current: str, /, *trail: tuple[str, str], **context: object) -> dict:
    """What the pages of a council share: the way between them and the way back."""
    pages = (("People", "officer_list"), ("Boards", "board_list"))
    return {
        "council": council,
        "pages": [Link(label, reverse(name, args=[council.slug]), name == current) for label, name in pages],
        "breadcrumbs": [
            Link("Plans", reverse("plan_list")),
            *(Link(label, url) for label, url in trail),
        ],
        **context,
    }


@reads()
def officer_list(request: HttpRequest, council: str) -> HttpResponse:
    """Everybody of a council: those who are there first, then those who have left."""
    own = visible_council(request, council)
    if may(request.user, Permission.SEE_DRAFTS):
        lines = Officer.objects.filter(council=own).select_related("division").annotate(**_counts())
        lines = lines.order_by("left_date", "kind", "name")
    else:
        lines = _published_officers(PublishedCouncil(request.user, own))
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = council_context(
        own,
        "officer_list",
        (f"People of {own}", ""),
        page=page,
        lines=[OfficerLine(officer, _in_words(officer)) for officer in sorted(page, key=_left_last)],
    )
    return render(request, "dashboards/officer_list.html", context)


def _left_last(officer: Officer) -> bool:
    return officer.left_date is not None


def _counts() -> dict[str, Coalesce]:
    """How many records of each kind name an officer, each once. Sub-queries, so that nothing is counted twice."""
    return {f"{name}_count": _count(*links) for name, _, _, links in ANSWERS_FOR}


def _count(*links: tuple[type[Model], str]) -> Coalesce:
    model = links[0][0]
    naming = Q()
    for _, field in links:
        linked = model._meta.get_field(field)
        if linked.many_to_many:
            through = linked.remote_field.through.objects.filter(officer_id=OuterRef(OuterRef("pk")))
            naming |= Q(pk__in=through.values(linked.m2m_column_name()))
        else:
            naming |= Q(**{field: OuterRef("pk")})
    found = model.objects.filter(naming).order_by().annotate(same=Value(1)).values("same")
    return Coalesce(Subquery(found.annotate(found=Count("pk")).values("found"), output_field=IntegerField()), 0)


def _in_words(officer: Officer) -> tuple[str, ...]:
    found = []
    for name, one, several, _ in ANSWERS_FOR:
        number = getattr(officer, f"{name}_count")
        if number:
            found.append(f"{number} {one if number == 1 else several}")
    return tuple(found)


@reads()
def officer_detail(request: HttpRequest, council: str, key: str) -> HttpResponse:
    if not may(request.user, Permission.SEE_DRAFTS):
        return _published_officer(request, visible_council(request, council), key)
    officers = Officer.objects.visible_to(request.user).select_related("council", "division")
    officer = officers.filter(council__slug=council, key=key).first()
    if officer is None:
        raise Http404("There is no such officer in a council you belong to.")
    registers = [register for register in _registers(request.user, officer) if register.rows]
    people = reverse("officer_list", args=[council])
    context = council_context(
        officer.council,
        "",
        (f"People of {officer.council}", people),
        (officer.name, ""),
        officer=officer,
        registers=registers,
        plans=_by_plan(registers),
        may_hand_over=may(request.user, Permission.MANAGE_PEOPLE),
        directs=list(officer.directed_divisions.all()),
        deputies=list(officer.deputies.all()),
        deputises_for=list(officer.deputises_for.all()),
        chairs=list(officer.chaired_boards.all()),
        sits_on=list(officer.boards.all()),
        entries=trail(Officer, lambda row: "", id=officer.pk),
    )
    return render(request, "details/officer.html", context)


@dataclass(frozen=True)
class Row:
    """A record that names an officer, and where it is seen. `rag` only for what is rated."""

    plan: Plan
    ref: str
    title: str
    url: str
    rag: Rag | None = None


@dataclass(frozen=True)
class Register:
    """What names an officer in one way. `has_ratings` says whether its rows are rated."""

    title: str
    rows: tuple[Row, ...]
    has_ratings: bool = False


@dataclass(frozen=True)
class PlanLine:
    """A plan with how many records of each register name an officer there."""

    plan: Plan
    counts: tuple[tuple[str, int], ...]


def _registers(user, officer: Officer) -> list[Register]:
    latest = ProgressUpdate.objects.filter(activity=OuterRef("pk")).order_by("-period_start", "-revision")
    activities = Activity.objects.visible_to(user).annotate(latest_rag=Subquery(latest.values("rag")[:1]))
    owned = activities.filter(Q(owner=officer) | Q(pk__in=officer.shared_activities.values("pk")))
    led = activities.filter(pk__in=officer.led_activities.values("pk"))
    directed = Q(director=officer) | Q(pk__in=officer.shared_contracts.values("pk"))
    return [
        _register("Activities", "activity_detail", owned, has_ratings=True),
        _register("Activities as lead member", "activity_detail", led, has_ratings=True),
        _register("Indicators", "indicator_detail", PlanIndicator.objects.visible_to(user).filter(owner=officer)),
        _register("Risks", "risk_detail", Risk.objects.visible_to(user).filter(owner=officer)),
        _register("Savings", "saving_detail", Saving.objects.visible_to(user).filter(owner=officer)),
        _register("Contracts", "contract_detail", Contract.objects.visible_to(user).filter(directed)),
        _register("Wrote", "narrative", Section.objects.visible_to(user).filter(author=officer)),
        _register("Was consulted on", "narrative", Consultation.objects.visible_to(user).filter(officer=officer)),
    ]


def _register(title: str, page: str, rows: QuerySet, *, has_ratings: bool = False) -> Register:
    joined = rows.select_related("plan").order_by("plan__title", "order", "key")
    return Register(title, tuple(_row(row, page) for row in joined), has_ratings)


def _row(row, page: str) -> Row:
    url = address(page, row.plan.slug, row.key)
    rag = Rag(row.latest_rag or Rag.NOT_REPORTED) if hasattr(row, "latest_rag") else None
    ref = getattr(row, "ref", "") or getattr(row, "code", "")
    return Row(row.plan, ref, getattr(row, "title", "") or row.plan.title, url, rag)


def address(page: str, slug: str, key: str) -> str:
    """Where a record is seen: on its own page, or under its key on a page of the plan."""
    return reverse(page, args=[slug, key]) if page.endswith("_detail") else f"{reverse(page, args=[slug])}#{key}"


def _by_plan(registers: list[Register]) -> list[PlanLine]:
    """The plans in the order in which the registers name them, newest first."""
    counts: dict[int, Counter[str]] = {}
    plans: dict[int, Plan] = {}
    for register in registers:
        for row in register.rows:
            plans[row.plan.pk] = row.plan
            counts.setdefault(row.plan.pk, Counter())[register.title] += 1
    newest_first = sorted(plans.values(), key=lambda plan: (plan.start_date, plan.title), reverse=True)
    return [PlanLine(plan, tuple(counts[plan.pk].items())) for plan in newest_first]


#: How the list calls what the page of an officer shows under a title.
COUNTED_AS = {
    "Activities": "activities",
    "Activities as lead member": "led",
    "Indicators": "indicators",
    "Risks": "risks",
    "Savings": "savings",
    "Contracts": "contracts",
}


def _published_officers(council: PublishedCouncil) -> list[Officer]:
    """Everybody as published, counted as `_counts` does. Four queries."""
    counts: Counter[tuple[int | None, str]] = Counter()
    for record in council.named:
        counts.update((pk, COUNTED_AS[record.register]) for pk in record.officers if record.register in COUNTED_AS)
    counts.update((division.director_id, "directed") for division in council.divisions)
    for board in council.boards:
        counts.update([(board.chair_id, "chaired"), *((member.pk, "sat_on") for member in board.members.all())])
    for officer in council.officers:
        for name, *_ in ANSWERS_FOR:
            setattr(officer, f"{name}_count", counts[officer.pk, name])
    return council.officers


def _published_officer(request: HttpRequest, own: Council, key: str) -> HttpResponse:
    """An officer as published. Six queries."""
    council = PublishedCouncil(request.user, own)
    officer = next((each for each in council.officers if each.key == key), None)
    if officer is None:
        raise Http404("There is no such officer in a council you belong to.")
    registers = [_published_register(council, naming, officer) for naming in NAMINGS]
    registers = [register for register in registers if register.rows]
    context = council_context(
        own,
        "",
        (f"People of {own}", reverse("officer_list", args=[own.slug])),
        (officer.name, ""),
        officer=officer,
        registers=registers,
        plans=_by_plan(registers),
        directs=[division for division in council.divisions if division.director_id == officer.pk],
        deputies=officer.deputies.all(),
        deputises_for=officer.deputises_for.all(),
        chairs=[board for board in council.boards if board.chair_id == officer.pk],
        sits_on=[board for board in council.boards if officer in board.members.all()],
        entries=trail(Officer, lambda row: "", until=council.moment, id=officer.pk),
    )
    return render(request, "details/officer.html", context)


def _published_register(council: PublishedCouncil, naming: Naming, officer: Officer) -> Register:
    has_ratings = naming.model is Activity
    rows = (each for each in council.named if each.register == naming.title and officer.pk in each.officers)
    return Register(naming.title, tuple(_published_row(council, naming, row) for row in rows), has_ratings)


def _published_row(council: PublishedCouncil, naming: Naming, row: Named) -> Row:
    rag = council.ratings.get(row.pk, Rag.NOT_REPORTED) if naming.model is Activity else None
    return Row(row.plan, row.ref, row.title, address(naming.page, row.plan.slug, row.key), rag)
