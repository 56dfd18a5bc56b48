"""What every page of a plan needs: the plan as this person may see it, its state, and the way around it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.dashboards.as_at import Asked, DayNotShown, asked_of, moment_of, not_published, plan_then
from lambeth_plans.dashboards.facts import NoteFact
from lambeth_plans.dashboards.published import publications_visible_to, published_state, state_before, until
from lambeth_plans.dashboards.state import PlanState, plan_state
from objectives.models import Plan


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


#: The pages of a plan, in the order of its navigation: URL name and label. `{objectives}` are the plan's own words.
PLAN_PAGES = (
    ("plan_dashboard", "Summary"),
    ("plan_one_page", "On a page"),
    ("golden_thread", "From goals to savings"),
    ("finding_list", "Findings"),
    ("evidence_list", "Evidence"),
    ("thread_health", "Thread health"),
    ("disagreement_list", "Disagreements"),
    ("objective_list", "{objectives}"),
    ("activity_list", "{activities}"),
    ("timeline", "Timeline"),
    ("indicator_list", "All indicators"),
    ("indicator_exceptions", "What is unusual"),
    ("indicator_multiples", "Small charts"),
    ("indicator_due", "When figures are due"),
    ("risk_list", "Risks"),
    ("saving_list", "Savings"),
    ("contract_list", "Contracts"),
    ("budget", "Budget"),
    ("workforce", "Workforce"),
    ("narrative", "The plan in words"),
    ("change_list", "What changed"),
    ("change_between", "Between two days"),
    ("publication_list", "Publications"),
    ("data_quality", "Data quality"),
    ("question_list", "Questions"),
)
#: Pages that share one entry of the navigation: it leads to the first, and the others stand in a second line below.
#: Without the timeline beside the activities, the first line would be longer than most screens are wide.
PLAN_GROUPS = {
    "Summary": ("plan_dashboard", "plan_one_page"),
    "Golden thread": ("golden_thread", "finding_list", "evidence_list", "thread_health", "disagreement_list"),
    "{activities}": ("activity_list", "timeline"),
    "Indicators": ("indicator_list", "indicator_exceptions", "indicator_multiples", "indicator_due"),
    "Money and people": ("saving_list", "contract_list", "budget", "workforce"),
    "Changes": ("change_list", "change_between", "publication_list", "data_quality", "question_list"),
}

#: What a page offers to those who may change something: not on a past day.
CHANGING = ("may_add", "may_edit", "may_report", "may_set_up", "may_publish", "mend")


def visible_state(request: HttpRequest, slug: str, *, with_neighbours: bool = False) -> PlanState:
    """The state of a plan as this person may see it, with its council: now or as it is published, or as at what stands
    behind the question mark; 404 for any other plan. One query, which reads the plan before it and the name of the one
    after it (`follower_slug`, `follower_title`) where they are asked for; for a past day and a publication one more."""
    if not may(request.user, Permission.SEE_DRAFTS):
        return _published(request, slug)
    plans = Plan.objects.visible_to(request.user).select_related("council").filter(slug=slug)
    if with_neighbours:
        followers = Plan.objects.filter(follows=OuterRef("pk")).order_by("-start_date", "pk")
        named = {f"follower_{name}": Subquery(followers.values(name)[:1]) for name in ("slug", "title")}
        plans = plans.select_related("council", "follows").annotate(**named)
    plan = plans.first()
    if plan is None:
        raise Http404("There is no such plan among those you can see.")
    sees_small_counts = may(request.user, Permission.SEE_SMALL_COUNTS)
    asked = asked_of(request, slug)
    state = plan_state(plan, sees_small_counts=sees_small_counts)
    if asked and asked.number:
        return _at_publication(request, state, asked)
    return shown_on(request, state, asked.day) if asked and moment_of(asked.day) else state


def _published(request: HttpRequest, slug: str) -> PlanState:
    """What is published, to those who see no drafts. Two queries."""
    publications = list(publications_visible_to(request.user, plan__slug=slug))
    if not publications:
        raise Http404("There is no such plan among those you can see.")
    asked, shown = asked_of(request, slug), publications
    if asked:
        shown = publications[: asked.number] if asked.number else until(publications, asked.day)
        if not shown or (asked.number or 0) > len(publications):
            raise DayNotShown(not_published(asked), slug)
    shows_latest = len(shown) == len(publications)
    if not shows_latest:
        request.as_at = (slug, asked.text)
    return published_state(
        shown, shows_latest=shows_latest, sees_small_counts=may(request.user, Permission.SEE_SMALL_COUNTS)
    )


def _at_publication(request: HttpRequest, state: PlanState, asked: Asked) -> PlanState:
    """A publication as its members saw it, to those who see more. Two queries."""
    found = publications_visible_to(request.user, plan=state.plan, number=asked.number).first()
    if found is None:
        raise DayNotShown(not_published(asked), state.plan.slug)
    request.as_at = (state.plan.slug, asked.text)
    then = plan_then(state.plan, found.moment)
    return plan_state(then, found.moment, sees_small_counts=state.sees_small_counts, publications=(found,))


def shown_on(request: HttpRequest, state: PlanState, day: date) -> PlanState:
    """The state as at the end of a past day, which the links of the page keep. One query."""
    request.as_at = (state.plan.slug, day.isoformat())
    return state_on(state, day)


def state_on(state: PlanState, day: date) -> PlanState:
    """The same plan, as the same person may see it, as at the end of a past day. One query. Raises DayNotShown where it
    was not there yet."""
    if not state.sees_drafts:
        before = state_before(state, day)
        if before is None:
            raise DayNotShown(not_published(Asked("", day)), state.plan.slug)
        return before
    at = moment_of(day)
    return plan_state(plan_then(state.plan, at), at, sees_small_counts=state.sees_small_counts)


def plan_context(state: PlanState, page: str, /, *trail: tuple[str, str], **context: object) -> dict:
    """The context of a page of a plan. `page` is its place in the navigation; `trail` are the breadcrumbs below the
    plan, as (label, URL), an empty URL for the page itself."""
    plan = state.plan
    navigation, group, group_pages = plan_navigation(plan, page)
    return {
        "plan": plan,
        "council": plan.council,
        "state": state,
        "plan_navigation": navigation,
        "group": group,
        "group_navigation": group_pages,
        "breadcrumbs": [
            Link("Plans", reverse("plan_list")),
            Link(plan.title, reverse("plan_dashboard", args=[plan.slug])),
            *(Link(label, url) for label, url in trail),
        ],
        **context,
        **({name: "" for name in CHANGING if name in context} if state.at else {}),
    }


def plan_navigation(plan: Plan, page: str) -> tuple[list[Link], str, list[Link]]:
    """The entries of a plan's navigation, the group the page belongs to, and the pages of that group."""
    words = {"objectives": capfirst(plan.objectives_word), "activities": capfirst(plan.activities_word)}
    groups = {name: group.format(**words) for group, names in PLAN_GROUPS.items() for name in names}
    firsts = {names[0] for names in PLAN_GROUPS.values()}
    addresses = _addresses(plan.slug)
    entries, group_pages = [], []
    for name, label in PLAN_PAGES:
        link = Link(label.format(**words), addresses[name], name == page)
        group = groups.get(name)
        if group and group == groups.get(page):
            group_pages.append(link)
        if group is None:
            entries.append(link)
        elif name in firsts:
            entries.append(Link(group, link.url, group == groups.get(page)))
    return entries, groups.get(page, ""), group_pages


@lru_cache(maxsize=512)
def _addresses(slug: str) -> dict[str, str]:
    """The addresses of a plan's pages: every page shows all of them."""
    return {name: reverse(name, args=[slug]) for name, _ in PLAN_PAGES}


def about(title: str, note: NoteFact) -> NoteFact:
    """A note that stands with others: what it is about begins with the record's title."""
    return replace(note, field=f"{title}: {note.field}")


def found(facts, key: str):
    """The fact with this key, or 404."""
    for fact in facts:
        if fact.key == key:
            return fact
    raise Http404("This plan has no such record.")
