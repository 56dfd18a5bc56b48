"""What is published: the plans as those see them who see no drafts, now and on past days.

They read each plan at the moment of its latest publication (`Publication.moment`), through the same PlanState as
everybody else. A plan that was never published does not exist for them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import Publication, PublishedText
from lambeth_plans.dashboards.as_at import end_of, record_as
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.moments import Sealed
from objectives.models import Plan


def publications_visible_to(user: User, **conditions: Any) -> QuerySet[Publication]:
    """All of the plans of a person's councils, with what is said of them, plan by plan in their order."""
    found = Publication.objects.visible_to(user).filter(**conditions)
    return found.select_related("plan__council", "meeting__board").order_by("plan_id", "number")


def until(publications: Iterable[Publication], day: date) -> list[Publication]:
    """Those that were published by the end of a day."""
    return [publication for publication in publications if publication.published_at <= end_of(day)]


def in_force(publications: Iterable[Publication], day: date | None = None) -> dict[int, list[Publication]]:
    """Plan → its publications up to the end of a day, the one in force last; plans that had none are left out."""
    found: dict[int, list[Publication]] = {}
    for publication in until(publications, day) if day else publications:
        found.setdefault(publication.plan_id, []).append(publication)
    return found


def moment_in_force(publications: Sequence[Publication]) -> Sealed:
    """The moment of the last of some publications of a plan, which tells nothing of what came between them."""
    *earlier, last = publications
    moments = tuple(publication.moment for publication in earlier)
    return Sealed.of(last.published_at, last.marks, moments)


def published_state(publications: Sequence[Publication], *, shows_latest: bool, sees_small_counts: bool) -> PlanState:
    """The plan as the last of its publications so far has it. One query."""
    row = history.rows(Plan, moment_in_force(publications)).filter(id=publications[-1].plan_id).first()
    if row is None:  # somebody has taken rows out of the history
        raise Http404("This publication can no longer be shown.")
    return _state(publications, row, shows_latest=shows_latest, sees_small_counts=sees_small_counts)


def published_states(user: User, day: date | None = None, **conditions: Any) -> list[PlanState]:
    """Every published plan of a person's councils as it was published last, or last on a day. Two queries, however many
    there are."""
    found = in_force(publications_visible_to(user, **conditions), day)
    moments = {pk: moment_in_force(publications) for pk, publications in found.items()}
    if not moments:
        return []
    first, *others = (history.rows(Plan, moment).filter(id=pk).order_by() for pk, moment in moments.items())
    rows = {row.id: row for row in (first.union(*others, all=True) if others else first)}
    sees_small_counts = may(user, Permission.SEE_SMALL_COUNTS)
    states = {
        pk: _state(found[pk], rows[pk], shows_latest=day is None, sees_small_counts=sees_small_counts)
        for pk in found
        if pk in rows
    }
    for state in states.values():
        if before := states.get(state.plan.followed_id):
            state.plan.follows = before.plan
    return list(states.values())


def _state(publications: Sequence[Publication], row: Any, *, shows_latest: bool, sees_small_counts: bool) -> PlanState:
    plan = record_as(Plan, row)
    plan._state.fields_cache["council"] = publications[-1].plan.council
    plan.follows_id, plan.followed_id = None, plan.follows_id  # it leads to nothing that is not published
    plan.links_then = row.links
    return plan_state(
        plan,
        moment_in_force(publications),
        sees_small_counts=sees_small_counts,
        publications=tuple(publications),
        sees_drafts=False,
        shows_latest=shows_latest,
    )


def state_before(state: PlanState, day: date | None = None) -> PlanState | None:
    """The same plan as its publication before the one that is shown had it, or the one in force at the end of a day;
    None where there was none. One query."""
    earlier = until(state.publications, day) if day else state.publications[:-1]
    if not earlier:
        return None
    return published_state(earlier, shows_latest=False, sees_small_counts=state.sees_small_counts)


def neighbours_of(state: PlanState, user: User) -> list[tuple[str, str, str]]:
    """The published plan that this one follows and the newest that follows it: words, address, title. One query."""
    title = PublishedText.objects.filter(publication=OuterRef("pk"), kind="plan").values("title")[:1]
    latest = Publication.objects.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    own = Publication.objects.visible_to(user).filter(pk=Subquery(latest)).annotate(title=Subquery(title))
    around = own.filter(plan__followed_by=state.plan.pk) | own.filter(plan__follows=state.plan.pk)
    rows = around.order_by("-plan__start_date", "plan_id").values_list("plan__slug", "title", "plan__follows_id")
    follows = [("Follows", slug, title) for slug, title, of in rows if of != state.plan.pk]
    followed = [("Followed by", slug, title) for slug, title, of in rows if of == state.plan.pk]
    return [*follows[:1], *followed[:1]]
