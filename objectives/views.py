"""Set-up pages of plans and their objectives."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.models import Council
from lambeth_plans.accounts.set_up import breadcrumbs, form_answer, mending, table_answer
from objectives import actions
from objectives.forms import NewPlanForm, ObjectiveTable, PlanForm, PlanStatusForm
from objectives.models import Plan


@reads(Permission.SET_UP_PLANS)
def set_up_home(request: HttpRequest) -> HttpResponse:
    plans = Prefetch("plans", Plan.objects.order_by("-start_date"))
    councils = Council.objects.visible_to(request.user).prefetch_related(plans)
    return render(request, "set_up/home.html", {"councils": councils})


@changes(Permission.SET_UP_PLANS)
def plan_create(request: HttpRequest) -> HttpResponse:
    return form_answer(
        request,
        make=lambda data: NewPlanForm(data, instance=Plan(), by=request.user),
        save=lambda form: actions.save_plan(plan=form.instance, by=request.user, reason=form.cleaned_data["reason"]),
        sentence=lambda plan: f"{plan} is added. Now add its {plan.objectives_word}.",
        done=lambda plan: reverse("objective_table", args=[plan.slug]),
        context={"heading": "Add a plan", "breadcrumbs": breadcrumbs(("Add a plan", ""))},
    )


@changes(Permission.SET_UP_PLANS)
def plan_edit(request: HttpRequest, slug: str) -> HttpResponse:
    plan = plan_to_set_up(request, slug)
    return form_answer(
        request,
        make=lambda data: PlanForm(data, instance=Plan.objects.get(pk=plan.pk)),
        save=lambda form: actions.save_plan(
            plan=form.instance, by=request.user, reason=form.cleaned_data["reason"], links=form.links()
        ),
        sentence=lambda saved: f"{saved} is saved.",
        done=lambda saved: reverse("plan_edit", args=[slug]),
        context=plan_context(plan, "plan_edit", plan.title),
    )


@changes(Permission.SET_UP_PLANS)
def plan_status(request: HttpRequest, slug: str) -> HttpResponse:
    plan = plan_to_set_up(request, slug)
    return form_answer(
        request,
        make=lambda data: PlanStatusForm(data, instance=Plan.objects.get(pk=plan.pk)),
        save=lambda form: actions.change_status(
            plan=form.instance,
            status=form.cleaned_data["status"],
            by=request.user,
            reason=form.cleaned_data["reason"],
        ),
        sentence=lambda saved: f"{saved} is now {saved.get_status_display().lower()}.",
        done=lambda saved: reverse("plan_status", args=[slug]),
        context=plan_context(plan, "plan_status", f"Life of {plan}"),
    )


@changes(Permission.SET_UP_PLANS)
def objective_table(request: HttpRequest, slug: str) -> HttpResponse:
    """`?without=goals` shows those that serve none."""
    plan, missing = plan_to_set_up(request, slug), request.GET.get("without", "")
    return table_answer(
        request,
        make=lambda data: ObjectiveTable(plan, data, missing),
        save=lambda rows, reason: actions.save_objectives(plan=plan, objectives=rows, by=request.user, reason=reason),
        context=plan_context(plan, "objective_table", f"{plan.objectives_word.capitalize()} of {plan}")
        | mending(ObjectiveTable, missing, request),
    )


def plan_to_set_up(request: HttpRequest, slug: str) -> Plan:
    """A plan of one's own councils, or 404."""
    return get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=slug)


def plan_context(plan: Plan, current: str, heading: str) -> dict[str, object]:
    """What the set-up pages of a plan share."""
    pages = (
        ("Plan", "plan_edit"),
        ("Life", "plan_status"),
        ("Roll forward", "roll_forward"),
        ("Rounds", "round_table"),
        (plan.objectives_word.capitalize(), "objective_table"),
        (plan.activities_word.capitalize(), "activity_table"),
        ("Indicators", "indicator_table"),
    )
    return {
        "council": plan.council,
        "heading": heading,
        "breadcrumbs": breadcrumbs((heading, "")),
        "pages": [
            {"label": label, "url": reverse(name, args=[plan.slug]), "is_current": name == current}
            for label, name in pages
        ],
    }
