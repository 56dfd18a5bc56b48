"""What a plan says beside its tables: its sections, divisions, achievements and events."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.pages import about, plan_context, visible_state


@reads()
def narrative(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "narrative",
        ("The plan in words", ""),
        sections=state.sections,
        notes=[
            about(section.title, note)
            for section in state.sections
            for note in state.notes.get(("section", section.key), ())
        ],
        divisions=list(state.divisions.values()),
        achievements=state.achievements,
        events=state.events,
    )
    return render(request, "dashboards/narrative.html", context)
