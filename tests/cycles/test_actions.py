from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from activities.models import ProgressUpdate
from lambeth_plans import history
from lambeth_plans.cycles.actions import (
    CHECK,
    RETURN,
    SIGN_OFF,
    StaleSubmissions,
    Unexcused,
    open_rounds,
    submit_reports,
    take_step,
)
from lambeth_plans.cycles.models import ReportingRound, Submission
from lambeth_plans.periods import month
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 30)


@pytest.fixture
def november(plan):
    """Due on 30 November with three days of grace, closed on 9 December."""
    return factories.ReportingRoundFactory(
        plan=plan,
        month_date=date(2026, 11, 1),
        opens_date=date(2026, 11, 20),
        due_date=DUE,
        grace_days=3,
        closes_date=date(2026, 12, 9),
    )


def hand_in(activity, by, day=DUE, **answers):
    activity.refresh_from_db()
    given = {
        "rag": Rag.GREEN,
        "forecast_rag": None,
        "what_happened": "As planned.",
        "is_unchanged": False,
        "path_to_green": "",
        "new_due_date": None,
        "due_date_reason": "",
        "rosier_reason": "",
        "linked_reds": (),
        "version": activity.version,
        **answers,
    }
    return submit_reports(reports=[(activity, given)], today=day, by=by)


def step(november, what, activity, by, version=None, reason=""):
    kept = Submission.objects.filter(reporting_round=november, activity=activity).first()
    read = (kept.version if kept else 0) if version is None else version
    return take_step(reporting_round=november, step=what, versions={activity: read}, reason=reason, by=by)


@pytest.mark.parametrize(
    ("day", "late_because", "expected"),
    [
        (date(2026, 11, 19), "", None),  # not open yet: a report like any other
        (date(2026, 11, 30), "", (False, "")),
        (date(2026, 12, 3), "I was away.", (False, "")),  # in time, so it needs no excuse
        (date(2026, 12, 4), "", (True, "")),
        (date(2026, 12, 10), "I was away.", (True, "I was away.")),
        (date(2027, 1, 10), "", None),  # too long ago
    ],
)
def test_a_report_goes_to_the_round_in_hand(november, activity, director, day, late_because, expected):
    (reported,) = hand_in(activity, director, day, late_because=late_because)
    found = Submission.objects.filter(report=reported.update).values_list("is_late", "late_because").first()
    assert found == expected
    in_round = month(2026, 11)
    assert reported.update.period == (in_round if expected else activity.plan.reporting_month(day))


def test_after_closing_a_report_without_a_reason_is_refused(november, activity, director):
    with pytest.raises(Unexcused):
        hand_in(activity, director, date(2026, 12, 10))
    assert not ProgressUpdate.objects.exists()


def test_the_next_round_takes_over_when_it_opens(november, activity, director):
    december = factories.ReportingRoundFactory(
        plan=november.plan, month_date=date(2026, 12, 1), opens_date=date(2026, 12, 8)
    )
    hand_in(activity, director, date(2026, 12, 8))
    assert Submission.objects.get().reporting_round == december


def test_a_report_is_checked_then_signed_off_and_each_step_says_who(november, activity, director, analyst):
    hand_in(activity, director)
    step(november, CHECK, activity, analyst)
    step(november, SIGN_OFF, activity, director)
    steps = Submission.objects.get().history.order_by("history_id").values_list("state", "step_by_name", "actor")
    assert list(steps) == [
        ("submitted", "Director of Care", "Director"),
        ("checked", "Analyst", "Analyst"),
        ("signed_off", "Director of Care", "Director"),
    ]


def test_a_deputy_signs_off_with_both_names(november, activity, post, director, deputy, analyst):
    post_of_deputy = factories.OfficerFactory(council=post.council, user=deputy, name="Deputy of Care")
    history.save(post, by=director, links={"deputies": [post_of_deputy]})
    hand_in(activity, director)
    step(november, CHECK, activity, analyst)
    (signed_off,) = step(november, SIGN_OFF, activity, deputy)
    assert (signed_off.step_by, signed_off.step_by_name) == (deputy, "Deputy of Care for Director of Care")


def test_what_was_returned_is_submitted_again_with_a_new_report(november, activity, director, analyst):
    hand_in(activity, director)
    (returned,) = step(november, RETURN, activity, analyst, reason="Which posts?")
    assert (returned.state, returned.returned_because) == ("returned", "Which posts?")
    hand_in(activity, director)
    submission = Submission.objects.get()
    assert (submission.state, submission.returned_because, submission.report.revision) == ("submitted", "", 2)
    assert submission.history.get(state="returned").history_change_reason == "Which posts?"


def test_what_was_reported_before_there_was_the_round_is_checked_too(november, activity, other_activity, analyst):
    factories.ProgressUpdateFactory(activity=activity, period="Nov 2026")
    (checked,) = step(november, CHECK, activity, analyst)
    assert (checked.state, checked.report.activity) == ("checked", activity)
    with pytest.raises(ValidationError):
        step(november, CHECK, other_activity, analyst)


@pytest.mark.parametrize(
    ("state", "what", "who"),
    [
        ("submitted", CHECK, "director"),  # an analyst's
        ("submitted", SIGN_OFF, "director"),  # not checked yet
        ("checked", SIGN_OFF, "analyst"),
        ("checked", SIGN_OFF, "other_director"),  # does not answer for it
        ("checked", RETURN, "other_director"),
        ("signed_off", RETURN, "analyst"),
        ("returned", CHECK, "analyst"),
        ("submitted", CHECK, "administrator"),
        ("checked", SIGN_OFF, "scrutiny_member"),
    ],
)
def test_a_step_that_is_not_theirs_is_refused(november, activity, request, state, what, who):
    submission = factories.SubmissionFactory(reporting_round=november, activity=activity, state=state)
    with pytest.raises(PermissionDenied):
        step(november, what, activity, request.getfixturevalue(who), reason="Because.")
    assert submission.history.count() == 1


def test_nothing_goes_back_without_a_reason(november, activity, director, analyst):
    hand_in(activity, director)
    with pytest.raises(ValidationError):
        step(november, RETURN, activity, analyst)


def test_several_steps_are_taken_all_or_none(november, activity, other_activity, director, other_director, analyst):
    hand_in(activity, director)
    hand_in(other_activity, other_director)
    read = dict.fromkeys((activity, other_activity), 1)
    hand_in(other_activity, other_director, what_happened="More.")
    with pytest.raises(StaleSubmissions) as caught:
        take_step(reporting_round=november, step=CHECK, versions=read, reason="", by=analyst)
    assert caught.value.activities == [other_activity]
    assert not Submission.objects.filter(state="checked").exists()


def test_the_same_round_is_opened_for_every_current_plan_that_runs_then(plan, administrator):
    has_one = factories.PlanFactory(council=plan.council)
    factories.ReportingRoundFactory(plan=has_one, month_date=date(2026, 11, 1))
    closed, draft = (factories.PlanFactory(council=plan.council, status=status) for status in ("closed", "draft"))
    past = factories.PlanFactory(council=plan.council, around=date(2020, 5, 1))
    other = factories.PlanFactory(council=plan.council)
    factories.PlanFactory()
    new = factories.ReportingRoundFactory.build(plan=plan, month_date=date(2026, 11, 1))
    saved, others = open_rounds(reporting_round=new, for_all=True, by=administrator, reason="Monthly.")
    assert [each.plan for each in (saved, *others)] == [plan, other]
    assert others[0].due_date == saved.due_date
    assert not ReportingRound.objects.filter(plan__in=(closed, draft, past)).exists()
