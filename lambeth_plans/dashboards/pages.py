"""What every page of a plan needs: the plan as this person may see it, its state, and the way around it."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest
from django.urls import reverse

from lambeth_plans.dashboards.facts import NoteFact
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
    ("objective_list", "{objectives}"),
    ("activity_list", "{activities}"),
    ("indicator_list", "Indicators"),
    ("risk_list", "Risks"),
    ("saving_list", "Savings"),
    ("contract_list", "Contracts"),
    ("budget", "Budget"),
    ("workforce", "Workforce"),
    ("narrative", "The plan in words"),
    ("change_list", "What changed"),
    ("data_quality", "Data quality"),
)


def visible_state(request: HttpRequest, slug: str) -> PlanState:
    """The state of a plan this person may see, with its council; 404 for any other. One query."""
    plan = Plan.objects.visible_to(request.user).select_related("council").filter(slug=slug).first()
    if plan is None:
        raise Http404("There is no such plan among those you can see.")
    return plan_state(plan)


def plan_context(state: PlanState, page: str, /, *trail: tuple[str, str], **context: object) -> dict:
    """The context of a page of a plan. `page` is its place in the navigation; `trail` are the breadcrumbs below the
    plan, as (label, URL), an empty URL for the page itself."""
    plan = state.plan
    words = {
        "objectives": plan.objectives_word[:1].upper() + plan.objectives_word[1:],
        "activities": plan.activities_word[:1].upper() + plan.activities_word[1:],
    }
    return {
        "plan": plan,
        "council": plan.council,
        "state": state,
        "plan_navigation": [
            Link(label.format(**words), reverse(name, args=[plan.slug]), name == page) for name, label in PLAN_PAGES
        ],
        "breadcrumbs": [
            Link("Plans", reverse("plan_list")),
            Link(plan.title, reverse("plan_dashboard", args=[plan.slug])),
            *(Link(label, url) for label, url in trail),
        ],
        **context,
    }


def about(title: str, note: NoteFact) -> NoteFact:
    """A note that stands with others: what it is about begins with the record's title."""
    return replace(note, field=f"{title}: {note.field}")


def found(facts, key: str):
    """The fact with this key, or 404."""
    for fact in facts:
        if fact.key == key:
            return fact
    raise Http404("This plan has no such record.")
