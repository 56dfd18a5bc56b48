"""The search: over everything a person may see, by reference, word or person."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards import finder, published_search
from lambeth_plans.dashboards.finder import KIND_OF, KINDS, Found, Question
from lambeth_plans.dashboards.matching import Piece, in_context, pieces, words_of
from lambeth_plans.dashboards.pages import Link
from lambeth_plans.dashboards.published import published_states
from lambeth_plans.forms import FilterForm
from objectives.models import Plan

#: How many of each kind stand on the first page, and how many on a page of one kind.
SHORT, PAGE_SIZE = 5, 20
LONGEST, MOST_WORDS = 200, 10
#: Pages on which a record stands under its key, with others.
SHARED_PAGES = ("narrative", "data_quality", "finding_list", "budget")


class SearchForm(FilterForm):
    """What somebody looks for, and where."""

    q = forms.CharField(
        label="Search for",
        required=False,
        max_length=LONGEST,
        help_text="A reference, a word or a name. All words must be found.",
        error_messages={"max_length": f"Search for {LONGEST} characters or fewer."},
    )
    kind = forms.ChoiceField(label="Only", required=False)
    plan = forms.ChoiceField(label="In the plan", required=False)
    council = forms.ChoiceField(label="Of the council", required=False)

    def __init__(self, data: Any, plans: list[Plan]) -> None:
        super().__init__(data)
        councils = {plan.council.slug: plan.council.name for plan in plans}
        self.fields["kind"].choices = [("", "Everything"), *((kind.name, kind.label) for kind in KINDS)]
        self.fields["plan"].choices = [("", "All plans"), *((plan.slug, plan.title) for plan in plans)]
        self.fields["council"].choices = [("", "All councils"), *councils.items()]
        if len(councils) < 2:
            del self.fields["council"]

    def clean_q(self) -> str:
        text = self.cleaned_data["q"]
        if len(words_of(text)) > MOST_WORDS:
            raise forms.ValidationError(f"Search for {MOST_WORDS} words or fewer.")
        return text

    @property
    def question(self) -> Question:
        """What is looked for; nothing where the words cannot be, and everywhere where the place is no option."""
        self.full_clean()
        asked = getattr(self, "cleaned_data", {})
        return Question(*(asked.get(name, "") for name in ("q", "kind", "plan", "council")))


@dataclass(frozen=True)
class Result:
    """A record that was found, ready to print."""

    url: str
    ref: tuple[Piece, ...]
    title: tuple[Piece, ...]
    plan: str
    context: tuple[Piece, ...]
    is_exact: bool


@dataclass(frozen=True)
class Group:
    """The records of one kind: how many there are, and those that are shown."""

    name: str
    label: str
    total: int
    results: tuple[Result, ...]

    @property
    def has_exact(self) -> bool:
        return any(result.is_exact for result in self.results)

    @property
    def has_more(self) -> bool:
        return self.total > len(self.results)


@reads()
def search(request: HttpRequest) -> HttpResponse:
    source = finder if may(request.user, Permission.SEE_DRAFTS) else published_search
    form = SearchForm(request.GET, _plans(request.user))
    question = form.question
    totals = source.count(request.user, question)
    page = None
    if question.kind in totals:
        page = Paginator(range(totals[question.kind]), PAGE_SIZE).get_page(request.GET.get("page"))
    found = source.find(
        request.user,
        question,
        limit=PAGE_SIZE if page else SHORT,
        offset=page.start_index() - 1 if page else 0,
        kinds=totals,
    )
    context = {
        "form": form,
        "is_search": True,
        "question": question,
        "page": page,
        "total": sum(totals.values()),
        "groups": _groups(question, totals, found),
        "breadcrumbs": [Link("Plans", reverse("plan_list")), Link("Search", "")],
    }
    return render(request, "dashboards/search.html", context)


def _plans(user: User) -> list[Plan]:
    """The plans a person may see, council by council."""
    if not may(user, Permission.SEE_DRAFTS):
        plans = [state.plan for state in published_states(user)]
        return sorted(plans, key=lambda plan: (plan.council.name, -plan.start_date.toordinal(), plan.title))
    return list(Plan.objects.visible_to(user).select_related("council").order_by("council", "-start_date", "title"))


def _groups(question: Question, totals: dict[str, int], found: list[Found]) -> list[Group]:
    """Kind by kind, those first that have the very reference that was asked for."""
    groups = [
        Group(
            kind,
            KIND_OF[kind].label,
            total,
            tuple(_result(row, question.words) for row in found if row.kind == kind),
        )
        for kind, total in totals.items()
    ]
    places = {kind.name: number for number, kind in enumerate(KINDS)}
    return sorted(groups, key=lambda group: (not group.has_exact, places[group.name]))


def _result(row: Found, words: list[str]) -> Result:
    title = row.title or row.ref
    rest = row.text.removeprefix(f"{row.ref}\n" if row.ref or KIND_OF[row.kind].ref else "").removeprefix(row.title)
    return Result(
        url=address(row),
        ref=pieces(row.ref, words) if row.title else (),
        title=pieces(title, words),
        plan=row.plan_title,
        context=in_context(rest, words),
        is_exact=row.is_exact,
    )


def address(row: Found) -> str:
    """Where a record is seen; empty where no page shows it (a supplier without a contract)."""
    page = KIND_OF[row.kind].page
    if page in ("officer_detail", "board_detail"):
        return reverse(page, args=[row.council, row.key])
    if not row.plan:
        return ""
    if page == "plan_dashboard":
        return reverse(page, args=[row.plan])
    if page in SHARED_PAGES:
        return f"{reverse(page, args=[row.plan])}#{row.key}"
    return reverse(page, args=[row.plan, row.key])
