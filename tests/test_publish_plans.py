from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import Publication
from tests import factories
from tests.published import publish

pytestmark = pytest.mark.django_db


def told(command):
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_what_was_never_published_is_published_once_but_no_draft(plan, elsewhere):
    factories.PlanFactory(council=elsewhere, status="draft")
    assert told("publish_plans") == "The Borough: The Borough's Plan is published.\n"
    assert told("publish_plans") == ""
    assert [(made.plan, made.number) for made in Publication.objects.all()] == [(plan, 1)]


def test_an_invented_plan_is_published_at_the_ends_of_its_last_months(borough):
    borough.is_invented = True
    long_ago = timezone.now() - timedelta(days=75)
    council = factories.CouncilFactory(is_invented=True)
    factories.PlanFactory(council=council, status="current", at=long_ago)
    told("publish_plans")
    moments = [timezone.localtime(made.published_at) for made in Publication.objects.order_by("number")]
    assert len(moments) in (3, 4)  # two or three ends of months lie within 75 days, and now
    assert all((moment + timedelta(days=1)).day == 1 for moment in moments[:-1])
    assert moments == sorted(moments)
    assert Publication.objects.filter(published_at__gt=timezone.now()).count() == 0


def test_an_invented_plan_with_meetings_is_published_a_week_before_each_that_is_over():
    council = factories.CouncilFactory(is_invented=True)
    plan = factories.PlanFactory(council=council, status="current", at=timezone.now() - timedelta(days=75))
    board = factories.BoardFactory(council=council)
    history.save(plan, by=User.objects.system(), links={"boards": [board]}, at=timezone.now() - timedelta(days=74))
    today = timezone.localdate()
    meetings = [
        factories.MeetingFactory(council=council, board=board, meeting_date=today + timedelta(days=days))
        for days in (-100, -40, -10, 0, 20)
    ]
    told("publish_plans")
    made = list(Publication.objects.order_by("number"))
    assert [each.meeting for each in made] == [meetings[1], meetings[2], None]
    for each in made[:2]:
        assert timezone.localdate(each.published_at) == each.meeting.meeting_date - timedelta(days=7)


def test_there_is_no_cycle_without_example_borough(plan):
    assert told("make_example_cycle").startswith("Nothing was changed")


def test_a_publication_of_which_a_row_was_changed_behind_its_back_is_found(plan, activity):
    publish(plan)
    assert told("publication_check") == "0 of 1 publications have moved.\n"
    Activity.history.update(title="Something else")
    with pytest.raises(SystemExit):
        told("publication_check")
