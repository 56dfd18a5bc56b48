"""Rounds of reporting: who owes what, how far each report has come, and the steps to its sign-off."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import User
from lambeth_plans.accounts.versioned_forms import LongTextField
from lambeth_plans.cycles.actions import RETURN, STEPS, StaleSubmissions, Step, steps_open_to, take_step
from lambeth_plans.cycles.models import ReportingRound, Submission
from lambeth_plans.cycles.owing import Owed, owed
from lambeth_plans.cycles.rounds import published, state_of
from lambeth_plans.dashboards.pages import Link
from lambeth_plans.forms import Form

ROUNDS_ON_A_PAGE = 50
LONGEST_REASON = 2_000


@dataclass(frozen=True)
class RoundLine:
    """One activity in a round. `steps` are those the reader may take; `report` is the last one of the month."""

    owed: Owed
    report: ProgressUpdate | None
    steps: tuple[Step, ...]

    @property
    def activity(self) -> Activity:
        return self.owed.activity

    @property
    def submission(self) -> Submission | None:
        return self.owed.submission

    @property
    def version(self) -> int:
        return self.submission.version if self.submission else 0

    @property
    def tick(self) -> str:
        """What its tick posts: the activity, and what was read of it."""
        return f"{self.activity.key}/{self.version}"

    @property
    def state(self) -> str:
        if self.submission:
            return self.submission.get_state_display()
        return Submission.State.SUBMITTED.label if self.report else "Not submitted"


@dataclass
class DivisionLines:
    """The lines of one division; `done` of them are submitted."""

    name: str
    lines: list[RoundLine] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(line.owed.is_submitted for line in self.lines)


class StepForm(Form):
    """A step with everything that is ticked. `stale` are the ticked lines that somebody else has moved on."""

    step = forms.ChoiceField(choices=[(name, name) for name in STEPS], error_messages={"required": "Choose a step."})
    reason = LongTextField(
        label="Why it goes back",
        help_text="To return something, say what is missing: it stands on the sheet of whoever reports it.",
        rows=2,
        required=False,
        max_length=LONGEST_REASON,
    )

    def __init__(self, data: Any = None, *, lines: list[RoundLine]) -> None:
        super().__init__(data)
        self.lines = {line.activity.key: line for line in lines}

    @cached_property
    def ticked(self) -> dict[str, str]:
        """What is ticked of what stands on the page, as posted: key → version."""
        values = [value.rpartition("/") for value in self.data.getlist("items")] if self.is_bound else []
        return {key: version for key, _, version in values if key in self.lines}

    @property
    def stale(self) -> list[RoundLine]:
        return [self.lines[key] for key, version in self.ticked.items() if str(self.lines[key].version) != version]

    @property
    def versions(self) -> dict[Activity, int]:
        return {self.lines[key].activity: self.lines[key].version for key in self.ticked}

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        step = STEPS.get(answers.get("step", ""))
        if step and not self.ticked:
            self.add_error(None, f"Tick what you {step.verb.lower()}.")
        if step is RETURN and answers.get("reason") == "":
            self.add_error("reason", "Say why it goes back.")
        for line in (self.lines[key] for key in self.ticked):
            if step and step not in line.steps:
                name = line.activity.name_in_sentences
                self.add_error(None, f"{name} is {line.state.lower()}: you cannot {step.verb.lower()} it now.")
        return answers


@changes(Permission.EDIT_REGISTERS, Permission.REPORT_PROGRESS, Permission.SET_UP_PLANS, methods=("GET", "HEAD"))
def round_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rounds = ReportingRound.objects.visible_to(request.user).select_related("plan__council")
    newest = rounds.order_by("-month_date", "plan__council__name", "plan__title", "pk")
    page = Paginator(newest, ROUNDS_ON_A_PAGE).get_page(request.GET.get("page"))
    out = published(page, today)
    lines = [(each, state_of(each, today, is_published=each.pk in out)) for each in page]
    return render(request, "dashboards/round_list.html", {"page": page, "lines": lines})


@changes(Permission.EDIT_REGISTERS, Permission.REPORT_PROGRESS, Permission.SET_UP_PLANS)
def round_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    rounds = ReportingRound.objects.visible_to(request.user).select_related("plan__council", "meeting__board")
    reporting_round = get_object_or_404(rounds, plan__slug=plan, key=key)
    lines = round_lines(reporting_round, request.user)
    form = StepForm(request.POST if request.method == "POST" else None, lines=lines)
    if not form.is_bound:
        return _round_page(request, reporting_round, form)
    if form.stale:
        return _round_page(request, reporting_round, form, status=409)
    if not form.is_valid():
        return _round_page(request, reporting_round, form)
    step = STEPS[form.cleaned_data["step"]]
    reason = form.cleaned_data["reason"] if step is RETURN else ""
    try:
        taken = take_step(
            reporting_round=reporting_round, step=step, versions=form.versions, reason=reason, by=request.user
        )
    except StaleSubmissions:  # somebody else was first, just now
        form = StepForm(request.POST, lines=round_lines(reporting_round, request.user))
        return _round_page(request, reporting_round, form, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _round_page(request, reporting_round, form)
    messages.success(request, f"{', '.join(each.activity.name_in_sentences for each in taken)}: {step.done}.")
    return redirect(request.path)


def round_lines(reporting_round: ReportingRound, user: User) -> list[RoundLine]:
    """What is owed in a round, with the steps somebody may take. A fixed number of queries."""
    reports = ProgressUpdate.objects.filter(
        activity__plan=reporting_round.plan_id, period_start=reporting_round.month_date
    )
    last = {report.activity_id: report for report in reports.order_by("revision")}
    mine = Activity.objects.answerable_to(user).filter(plan=reporting_round.plan_id)
    answered_for = set(mine.values_list("pk", flat=True))
    lines = []
    for each in owed(reporting_round):
        pk, report = each.activity.pk, last.get(each.activity.pk)
        state = each.submission.state if each.submission else ""
        steps = steps_open_to(user, state, answers=pk in answered_for) if report else []
        lines.append(RoundLine(each, report, tuple(steps)))
    return lines


def by_division(lines: list[RoundLine]) -> list[DivisionLines]:
    """The lines by the division of their owner, in the plan's order."""
    found: dict[str, DivisionLines] = {}
    for line in lines:
        owner = line.owed.owner
        name = owner.division.name if owner and owner.division else "No division" if owner else "No owner stated"
        found.setdefault(name, DivisionLines(name)).lines.append(line)
    return list(found.values())


@dataclass(frozen=True)
class Moved:
    """What somebody read of a line, and what it is now."""

    line: RoundLine
    was: str


def _moved(line: RoundLine, version: str) -> Moved:
    """`version` as posted, whatever it may be."""
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    entry = line.submission.history.filter(version=number).first() if line.submission and number else None
    return Moved(line, entry.get_state_display() if entry else "Submitted, no step taken")


def _round_page(
    request: HttpRequest, reporting_round: ReportingRound, form: StepForm, *, status: int = 200
) -> HttpResponse:
    today: date = timezone.localdate()
    lines = list(form.lines.values())
    is_published = bool(published([reporting_round], today))
    context = {
        "round": reporting_round,
        "plan": reporting_round.plan,
        "council": reporting_round.plan.council,
        "state_words": state_of(reporting_round, today, is_published=is_published),
        "divisions": by_division(lines),
        "done": sum(line.owed.is_submitted for line in lines),
        "total": len(lines),
        "form": form,
        "steps": [step for step in STEPS.values() if any(step in line.steps for line in lines)],
        "moved": [_moved(line, form.ticked[line.activity.key]) for line in form.stale] if status == 409 else [],
        "ticked": form.ticked,
        "breadcrumbs": [
            Link("Rounds", reverse("round_list")),
            Link(reporting_round.plan.title, reverse("plan_dashboard", args=[reporting_round.plan.slug])),
            Link(f"Round on {reporting_round}", ""),
        ],
    }
    return render(request, "dashboards/round.html", context, status=status)
