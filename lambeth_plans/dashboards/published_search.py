"""The search for those who see no drafts: over an index that each publication makes anew (`PublishedText`).

Searching the records themselves would find a draft by its words, even where the page behind it does not show them.
"""

from collections.abc import Collection, Iterator

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from activities.models import ProgressUpdate
from finance.models import Contract
from kpis.models import PlanIndicator, normalised_code
from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.cycles.models import Publication, PublishedText
from lambeth_plans.dashboards.finder import (
    KINDS,
    Found,
    Kind,
    Question,
    everything,
    has_all,
    in_order,
    union,
    without_counts,
)
from lambeth_plans.dashboards.matching import squeezed
from objectives.models import Plan

#: Kinds that belong to a council and no plan: they are found as the council's latest publication has them.
OF_COUNCIL = ("officer", "board")


def make_searchable(publication: Publication) -> None:
    """Puts what a publication shows in the place of what the search found of its plan so far."""
    PublishedText.objects.filter(publication__plan=publication.plan_id).delete()
    PublishedText.objects.bulk_create(texts_of(publication), batch_size=500)


def texts_of(publication: Publication) -> Iterator[PublishedText]:
    """What the search finds of a publication that is being made: of the records as they are now. Two queries."""
    codes: dict[str, set[str]] = {}
    places = PlanIndicator.objects.filter(plan=publication.plan_id)
    for key, code in places.order_by().values_list("key", "indicator__codes__normalised"):
        codes.setdefault(key, set()).add(code or "")
    kinds = {kind.name: kind for kind in KINDS}
    for row in union(everything(kind, _rows(kind, publication.plan)) for kind in KINDS):
        found = Found(*row)
        exact = {squeezed(found.ref)} if kinds[found.kind].has_own_ref else set()
        exact |= codes.get(found.key, set()) if found.kind == "indicator" else set()
        yield PublishedText(
            publication=publication,
            kind=found.kind,
            plan="" if found.kind in OF_COUNCIL else publication.plan.slug,
            plan_title="" if found.kind in OF_COUNCIL else publication.plan.title,
            council=publication.plan.council.slug,
            key=found.key,
            ref=found.ref,
            title=found.title,
            text=found.text,
            codes="".join(f"\n{code}" for code in sorted(exact - {""})) + "\n" if exact - {""} else "",
            when_date=found.when,
            order=found.order,
        )


def _rows(kind: Kind, plan: Plan) -> QuerySet:
    """The records of a kind that a publication of the plan shows."""
    rows = kind.model._default_manager.all()
    if kind.name == "goal":
        return rows.filter(council=plan.council_id, edition=plan.goals_edition)
    if kind.name == "supplier":
        return rows.filter(Exists(Contract.objects.filter(plan=plan, supplier=OuterRef("pk"))))
    if not kind.plan:
        return rows.filter(council=plan.council_id)
    rows = rows.filter(**{kind.plan: plan.pk})
    if kind.name == "progress":  # what was corrected before it was published was a draft
        later = ProgressUpdate.objects.filter(activity=OuterRef("activity"), period_start=OuterRef("period_start"))
        return rows.filter(~Exists(later.filter(revision__gt=OuterRef("revision"))))
    return without_counts(rows) if kind.name == "note" else rows


def count(user, question: Question) -> dict[str, int]:
    """How many records of each kind are found, those without any left out. One query."""
    if not question.words:
        return {}
    found = _found(user, question).order_by().values("kind").annotate(n=Count("pk"))
    return dict(found.values_list("kind", "n"))


def find(user, question: Question, *, limit: int, offset: int = 0, kinds: Collection[str]) -> list[Found]:
    """The first `limit` records of each kind after `offset`, kind by kind, the best first. One query."""
    if not kinds:
        return []
    found = _found(user, question)
    order = ("rank", F("when_date").desc(nulls_last=True), "order", "pk")
    chosen = Q()
    for kind in sorted(kinds):
        best = found.filter(kind=kind).order_by(*order).values("pk")[offset : offset + limit]
        chosen |= Q(pk__in=best)
    columns = ("kind", "plan", "plan_title", "council", "key", "ref", "title", "text", "rank", "when_date", "order")
    return in_order(Found(*row) for row in found.filter(chosen).order_by().values_list(*columns))


def _found(user, question: Question) -> QuerySet:
    """What has all the words, or is named by the whole question, ranked."""
    latest = Publication.objects.filter(plan__council=OuterRef("publication__plan__council")).order_by("-published_at")
    texts = PublishedText.objects.filter(of_visible_councils(user, "publication__plan__council"))
    texts = texts.filter(~Q(kind__in=OF_COUNCIL) | Q(publication=Subquery(latest.values("pk")[:1])))
    for name in ("kind", "plan", "council"):
        if asked := getattr(question, name):
            texts = texts.filter(**{name: asked})
    codes = {squeezed(question.text), normalised_code(question.text)} - {""}
    is_exact = Q(pk__in=[])
    for code in codes:
        is_exact |= Q(codes__contains=f"\n{code}\n")
    in_name = has_all("title", question.words) | has_all("ref", question.words)
    rank = Case(When(is_exact, then=Value(0)), When(in_name, then=Value(1)), default=Value(2))
    matching = texts.filter(has_all("text", question.words) | is_exact)
    return matching.annotate(rank=rank)
