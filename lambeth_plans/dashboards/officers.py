"""The page of one officer or member: what they answer for in every plan a person may see. One query per register."""

from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activities.models import Activity, ProgressUpdate
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Officer
from lambeth_plans.dashboards.pages import Link
from lambeth_plans.dashboards.trail import trail
from lambeth_plans.rag import Rag
from risks.models import Risk


@reads()
def officer_detail(request: HttpRequest, council: str, key: str) -> HttpResponse:
    officers = Officer.objects.visible_to(request.user).select_related("council", "division")
    officer = officers.filter(council__slug=council, key=key).first()
    if officer is None:
        raise Http404("There is no such officer in a council you belong to.")
    context = {
        "officer": officer,
        "council": officer.council,
        "breadcrumbs": [Link("Plans", reverse("plan_list")), Link(officer.name, "")],
        "registers": [register for register in _registers(request.user, officer) if register["rows"]],
        "directs": list(officer.directed_divisions.all()),
        "deputies": list(officer.deputies.all()),
        "entries": trail(Officer, lambda row: "", id=officer.pk),
    }
    return render(request, "details/officer.html", context)


def _registers(user, officer: Officer) -> list[dict]:
    latest = ProgressUpdate.objects.filter(activity=OuterRef("pk")).order_by("-period_start", "-revision")
    activities = Activity.objects.visible_to(user).annotate(latest_rag=Subquery(latest.values("rag")[:1]))
    owned = activities.filter(Q(owner=officer) | Q(pk__in=officer.shared_activities.values("pk")))
    led = activities.filter(pk__in=officer.led_activities.values("pk"))
    directed = Q(director=officer) | Q(pk__in=officer.shared_contracts.values("pk"))
    indicators = PlanIndicator.objects.visible_to(user).filter(owner=officer)
    return [
        {"title": "Activities", "page": "activity_detail", "rows": [_with_rag(row) for row in _joined(owned)]},
        {"title": "Activities as lead member", "page": "activity_detail", "rows": [_with_rag(r) for r in _joined(led)]},
        {
            "title": "Indicators",
            "page": "indicator_detail",
            "rows": [_plain(row, row.code) for row in _joined(indicators)],
        },
        {
            "title": "Risks",
            "page": "risk_detail",
            "rows": [_plain(row, row.ref) for row in _joined(Risk.objects.visible_to(user).filter(owner=officer))],
        },
        {
            "title": "Savings",
            "page": "saving_detail",
            "rows": [_plain(row, row.ref) for row in _joined(Saving.objects.visible_to(user).filter(owner=officer))],
        },
        {
            "title": "Contracts",
            "page": "contract_detail",
            "rows": [_plain(row, row.ref) for row in _joined(Contract.objects.visible_to(user).filter(directed))],
        },
    ]


def _joined(rows):
    return rows.select_related("plan").order_by("plan__title", "order", "key")


def _plain(row, ref: str) -> dict:
    return {"plan": row.plan, "key": row.key, "ref": ref, "title": row.title, "rag": None}


def _with_rag(row) -> dict:
    return {**_plain(row, row.ref), "rag": Rag(row.latest_rag) if row.latest_rag else Rag.NOT_REPORTED}
