"""The frame of a page on which one record of a plan's register is changed."""

from typing import Any

from django.urls import reverse

from objectives.models import Plan, PlanRecord


def register_page(record: PlanRecord, page: str) -> str:
    """The address of a record's own page; `page` is its URL name."""
    return reverse(page, args=[record.plan.slug, record.key])


def register_context(record: PlanRecord, page: str, name: str, heading: str) -> dict[str, Any]:
    """`page` is the URL name of the record's own page and `name` what it is called in the breadcrumbs."""
    return part_context(record.plan, register_page(record, page), name, heading)


def part_context(plan: Plan, url: str, name: str, heading: str) -> dict[str, Any]:
    """As `register_context`, for records without a page of their own: `url` and `name` are those of the page above."""
    return {
        "council": plan.council,
        "plan": plan,
        "heading": heading,
        "breadcrumbs": [
            {"label": "Plans", "url": reverse("plan_list")},
            {"label": plan.title, "url": reverse("plan_dashboard", args=[plan.slug])},
            {"label": name, "url": url},
            {"label": "Change", "url": ""},
        ],
    }
