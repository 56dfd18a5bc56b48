"""Set-up pages of the rounds of a plan."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from activities.models import ProgressUpdate
from lambeth_plans import history, periods
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.accounts.versioned_forms import DayField, ReasonedForm, RecordChoiceField
from lambeth_plans.cycles.actions import open_rounds
from lambeth_plans.cycles.models import Meeting, ReportingRound
from lambeth_plans.cycles.rounds import published, state_of
from lambeth_plans.periods import PeriodKind
from objectives.models import Plan
from objectives.views import plan_context, plan_to_set_up

MOST_DAYS_OF_GRACE = 60


class MonthField(forms.CharField):
    """A month, written like November 2026; its value is the first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%B %Y}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            period = periods.parse(text)
        except ValueError:
            period = None
        if period is None or period.kind is not PeriodKind.MONTH:
            raise ValidationError("Write the month like November 2026.")
        return period.start

    def run_validators(self, value: Any) -> None:
        """The longest text is checked by the parser; a day has no length."""


class RoundForm(ReasonedForm):
    """A round of a plan. Its month is chosen once: it is in the round's address and in every report."""

    month_date = MonthField(label="Month it is about", help_text="For example, November 2026.")
    opens_date = DayField(label="Opens on", help_text="For example, 20/11/2026.")
    due_date = DayField(label="Due on")
    grace_days = forms.IntegerField(
        label="Days of grace",
        help_text="How many days after that a report still counts as in time.",
        min_value=0,
        max_value=MOST_DAYS_OF_GRACE,
        initial=0,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
    )
    closes_date = DayField(label="Closes on", help_text="What comes later is late and says why.")
    meeting = RecordChoiceField(label="Meeting it is for", nothing="None", required=False)
    for_all = forms.BooleanField(
        label="Open the same round for every current plan of the council",
        help_text="Plans that have one for that month keep theirs.",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes--small"}),
    )

    class Meta:
        model = ReportingRound
        fields = ["month_date", "opens_date", "due_date", "grace_days", "closes_date", "meeting"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_new:
            self.keep_only(self.columns.keys() - {"month_date", "for_all"})
        meetings = Meeting.objects.filter(council=self.instance.plan.council_id).select_related("board")
        earliest = timezone.localdate() - timedelta(days=31)
        coming = meetings.filter(meeting_date__gte=earliest, cancelled_because="")
        coming |= meetings.filter(pk=self.instance.meeting_id)
        self.fields["meeting"].offer({each.key: each for each in coming.order_by("meeting_date", "board__order")})

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        opens, due, closes = (answers.get(name) for name in ("opens_date", "due_date", "closes_date"))
        if opens and due and due < opens:
            self.add_error("due_date", "It is due before it opens. Give a later day.")
        elif due and closes and "grace_days" in answers and closes < due + timedelta(days=answers["grace_days"]):
            self.add_error("closes_date", "It closes before the days of grace are over. Give a later day.")
        if answers.get("month_date"):
            self._judge_month(answers["month_date"])
        return answers

    def _judge_month(self, month: date) -> None:
        plan = self.instance.plan
        if not plan.start_date.replace(day=1) <= month <= plan.end_date:
            self.add_error("month_date", f"{plan} does not run in {month:%B %Y}.")
        elif ReportingRound.objects.filter(plan=plan, month_date=month).exists():
            self.add_error("month_date", f"{plan} already has a round on {month:%B %Y}.")
        elif last := _last_reported(plan, month):
            self.add_error("month_date", f"{plan} already has reports on {last:%B %Y}. Give that month or a later one.")


def _last_reported(plan: Plan, month: date) -> date | None:
    """A later month on which there are reports already: those of the round would stand behind them."""
    later = ProgressUpdate.objects.filter(activity__plan=plan, period_start__gt=month).order_by("-period_start")
    return later.values_list("period_start", flat=True).first()


def proposed(plan: Plan) -> dict[str, Any]:
    """The last round of a plan one month on, for the next meeting of its board; nothing where there is none."""
    last = ReportingRound.objects.filter(plan=plan).select_related("meeting").order_by("-month_date").first()
    if last is None:
        return {}
    days = ("month_date", "opens_date", "due_date", "closes_date")
    values = {name: one_month_on(getattr(last, name)) for name in days} | {"grace_days": last.grace_days}
    if last.meeting:
        following = Meeting.objects.filter(board=last.meeting.board_id, meeting_date__gt=last.meeting.meeting_date)
        values["meeting"] = following.order_by("meeting_date").first()
    return values


def one_month_on(day: date) -> date:
    """The same day of the next month, or its last one; the last day of a month stays the last."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    last = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_last else min(day.day, last))


@reads(Permission.SET_UP_PLANS)
def round_table(request: HttpRequest, slug: str) -> HttpResponse:
    plan = plan_to_set_up(request, slug)
    today = timezone.localdate()
    rounds = list(ReportingRound.objects.filter(plan=plan).select_related("meeting__board"))
    out = published(rounds, today)
    lines = [(each, state_of(each, today, is_published=each.pk in out)) for each in rounds]
    context = plan_context(plan, "round_table", f"Rounds of {plan}")
    return render(request, "cycles/round_table.html", context | {"set_up_plan": plan, "lines": lines})


@changes(Permission.SET_UP_PLANS)
def round_create(request: HttpRequest, slug: str) -> HttpResponse:
    plan = plan_to_set_up(request, slug)

    def make(data: Any) -> RoundForm:
        # What is proposed counts as typed once it is posted.
        return RoundForm(data, instance=ReportingRound(plan=plan), initial=proposed(plan) if data is None else None)

    return form_answer(
        request,
        make=make,
        save=lambda form: _open(request, form),
        sentence=_opened_in_words,
        done=lambda opened: reverse("round_table", args=[slug]),
        context=plan_context(plan, "round_table", f"Add a round of {plan}"),
    )


@changes(Permission.SET_UP_PLANS)
def round_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    plan = plan_to_set_up(request, slug)
    rounds = ReportingRound.objects.filter(plan=plan).select_related("plan")
    reporting_round = get_object_or_404(rounds, key=key)
    return form_answer(
        request,
        make=lambda data: RoundForm(data, instance=rounds.get(pk=reporting_round.pk)),
        save=lambda form: history.save(form.instance, by=request.user, reason=form.cleaned_data["reason"]),
        sentence=lambda saved: f"The round on {saved} is saved.",
        done=lambda saved: reverse("round_table", args=[slug]),
        context=plan_context(plan, "round_table", f"Round on {reporting_round} of {plan}"),
    )


def _open(request: HttpRequest, form: RoundForm) -> tuple[ReportingRound, list[ReportingRound]]:
    form.instance.key = f"{form.instance.month_date:%Y-%m}"
    return open_rounds(
        reporting_round=form.instance,
        for_all=form.cleaned_data["for_all"],
        by=request.user,
        reason=form.cleaned_data["reason"],
    )


def _opened_in_words(opened: tuple[ReportingRound, list[ReportingRound]]) -> str:
    reporting_round, others = opened
    also = f" So are those of {len(others)} other plan{'s' * (len(others) != 1)}." if others else ""
    return f"The round on {reporting_round} is set up.{also}"
