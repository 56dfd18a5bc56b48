"""The invented monthly cycle: what it holds on a day, and that it is made once."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities.models import ProgressUpdate
from lambeth_plans import history
from lambeth_plans.cycles.models import Answer, Meeting, MeetingAction, Question, ReportingRound, Submission
from lambeth_plans.cycles.rounds import RoundState, rounds_in_hand, state_of
from lambeth_plans.imports import example_borough
from lambeth_plans.management.example_cycle import play
from objectives.models import Plan
from tests.stage import held

pytestmark = [pytest.mark.once, pytest.mark.django_db]
#: The early reports of its month are in and looked at; one meeting of the month is over.
DAY = date(2026, 3, 19)


@pytest.fixture(scope="module")
def borough_of_the_day(django_db_setup, django_db_blocker):
    with held(django_db_blocker):
        assert example_borough.make(DAY)
        assert play(DAY)
        yield Plan.objects.get(slug="example-borough")


@pytest.fixture
def plan(db, borough_of_the_day):
    return borough_of_the_day


def test_there_is_a_round_for_each_of_the_last_months_and_one_in_hand(plan):
    rounds = ReportingRound.objects.filter(plan=plan).order_by("month_date")
    assert [each.key for each in rounds] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert [state_of(each, DAY) for each in rounds] == [RoundState.CLOSED] * 3 + [RoundState.OPEN]
    assert rounds_in_hand({plan.pk}, DAY) == {plan.pk: rounds[3]}
    for each in rounds:
        assert each.meeting.meeting_date > each.closes_date


def test_every_report_of_a_round_that_is_over_is_signed_off_step_by_step(plan):
    over = Submission.objects.filter(reporting_round__key="2026-01")
    reported = (
        ProgressUpdate.objects.filter(activity__plan=plan, period_start="2026-01-01").values("activity").distinct()
    )
    assert over.count() == reported.count() > 10
    for submission in over:
        steps = [(entry.state, entry.history_date) for entry in submission.history.order_by("history_date")]
        assert [state for state, _ in steps] == ["submitted", "checked", "signed_off"]
        assert steps[0][1] == submission.report.reported_at
    assert over.filter(step_by_name="Director of Education and Inclusion").exists()


def test_of_the_running_month_one_is_checked_one_went_back_and_the_others_wait(plan):
    states = Counter(Submission.objects.filter(reporting_round__key="2026-03").values_list("state", flat=True))
    assert states["checked"] == states["returned"] == 1
    assert states["submitted"] >= 1
    assert Submission.objects.get(state="returned").returned_because


def test_meetings_agree_on_actions_and_the_last_one_is_still_open(plan):
    days = [meeting.meeting_date for meeting in Meeting.objects.order_by("meeting_date")]
    assert days[0] < DAY < days[-1]
    assert len(days) == len({(day.year, day.month) for day in days}) == 6
    assert all(day.weekday() < 5 for day in days)
    actions = MeetingAction.objects.order_by("meeting__meeting_date")
    assert [bool(action.done_note) for action in actions] == [True, True, False]
    assert all(action.owner for action in actions)


def test_scrutiny_has_one_answer_and_waits_for_another(plan):
    answered, waiting = Question.objects.filter(plan=plan).order_by("order")
    assert answered.about.startswith("EBA03 ")
    assert Answer.objects.get().question == answered
    assert waiting.about.startswith("EB17 ")
    assert waiting.answered_at is None


def test_nothing_of_it_is_dated_on_the_day_or_later(plan):
    for model in (Meeting, MeetingAction, ReportingRound, Submission, Question, Answer):
        moments = model.history.values_list("history_date", flat=True)
        assert all(timezone.localdate(moment) < DAY for moment in moments), model


def test_it_is_made_once_and_changes_nothing_that_people_have_begun(plan, capsys):
    rows = {model: model.history.count() for model in history.recorded_models()}
    call_command("make_example_cycle")
    assert "Nothing was changed" in capsys.readouterr().out
    assert rows == {model: model.history.count() for model in history.recorded_models()}
