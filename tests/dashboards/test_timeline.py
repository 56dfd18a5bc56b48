from datetime import date, timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def ago(days):
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture
def dates(plan, objective, post):
    """One of everything: overdue and postponed twice, complete, to come, and without a date."""

    def activity(key, due, original="", **fields):
        return factories.ActivityFactory(
            plan=plan,
            objective=objective,
            key=key,
            ref=key.upper(),
            title=f"Title of {key}",
            due_date=due,
            original_due_date=original or due,
            **fields,
        )

    late = activity("late", ago(12), ago(112), owner=post)
    for number, (was, now) in enumerate([(112, 60), (60, 12)]):
        factories.ProgressUpdateFactory(
            activity=late,
            period=f"{number + 1:02d}/{number + 2:02d}",
            rag="amber",
            previous_due_date=ago(was),
            new_due_date=ago(now),
            due_date_reason=f"Reason {number}.",
        )
    factories.ProgressUpdateFactory(activity=activity("complete", ago(40)), rag="blue")
    activity("soon", ago(-20))
    activity("restated", ago(-400), ago(-400)[:7])
    activity("undated", None, due_date_as_stated="Ongoing")
    factories.OutputFactory(plan=plan, activity=late, title="Done output", due_date=ago(50), done_date=ago(45))
    factories.OutputFactory(plan=plan, activity=late, title="Late output", due_date=ago(5))
    factories.MilestoneFactory(plan=plan, key="met", title="A milestone", due_date=str(TODAY.year + 3))
    factories.EventFactory(plan=plan, key="visit", title="A visit", event_date=ago(70))
    factories.ContractFactory(plan=plan, key="buses", title="Buses", end_date=ago(-30), director=post)


def titles(items):
    return [item.title for item in items]


def flat(months):
    return [item.title for _, items in months for item in items]


def test_everything_with_a_date_stands_where_it_belongs(read, dates):
    lists = read("timeline").context["lists"]
    assert titles(lists.overdue) == ["Title of late", "Late output"]
    assert flat(lists.next) == ["Title of soon", "Buses"]
    assert flat(lists.later) == ["Title of restated", "A milestone"]
    assert flat(lists.behind) == ["Title of complete", "Done output", "A visit"]
    assert titles(lists.slipped) == ["Title of late"]
    assert lists.earlier == []
    assert [(kinds, titles(items)) for kinds, items in lists.not_stated] == [("activities", ["Title of undated"])]
    assert lists.later[-1][0] == f"{TODAY.year + 3}, no month stated"


def test_what_is_overdue_and_what_slipped_is_said_in_words(read, dates):
    html = " ".join(read("timeline").content.decode().split())
    assert "Overdue: 2" in html
    assert "<strong>overdue by 12 days</strong>; 100 days (about 3 months) later than" in html
    assert "postponed twice. Owner: Director of Care" in html
    assert "Reason 1." in html
    assert "Reason 0." not in html
    assert "Output, <strong>overdue by 5 days</strong>" in html
    assert "Event, gone by" in html
    assert '<span class="app-dated__date">Ongoing</span>' in html


def test_the_picture_has_a_ghost_for_what_moved_and_nothing_without_a_date(read, dates):
    response = read("timeline")
    figure, html = response.context["figure"], response.content.decode()
    rows = {row.name: row for _, found in figure.groups for row in found}
    assert [name for name, row in rows.items() if row.ghost] == ["LATE Title of late"]
    assert rows["LATE Title of late"].note == "overdue, 100 days (about 3 months) later"
    assert not any("undated" in name for name in rows)
    assert len(figure.rows) == len(rows) == 9
    assert html.count('<circle class="app-timeline__ghost"') == 2  # one of them in the legend
    assert figure.day_text.startswith("Today, ")
    assert "2 overdue, 4 to come, 2 done, 1 gone by, 1 later than originally" in figure.description


def test_every_line_leads_to_its_record(read, reader, dates):
    address = reverse("timeline", args=["borough-plan"])
    links = set(Page(read("timeline").content.decode(), address).links)
    inside = sorted(link for link in links if link.startswith("/plans/") and ("#" in link or "/late/" in link))
    assert len(inside) == 6  # one of them leads to the page's own content
    for link in inside:
        path, _, mark = link.partition("#")
        page = reader.get(path)
        assert page.status_code == 200
        assert not mark or f'id="{mark}"' in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"kind": "activity"}, 5),
        ({"kind": "contract-end"}, 1),
        ({"owner": "director-of-care"}, 4),
        ({"owner": "director-of-care", "kind": "output"}, 2),
        ({"owner": "none"}, 6),
        ({"text": "buses"}, 1),
        ({"text": "no record says this"}, 0),
    ],
)
def test_filters_narrow_the_picture_and_the_lists_alike(read, dates, asked, count):
    context = read("timeline", **asked).context
    lists = context["lists"]
    listed = [
        *lists.overdue,
        *(item for part in (lists.next, lists.later, lists.behind) for _, of in part for item in of),
    ]
    assert context["summary"].startswith(f"{count} of 10 ")
    assert len(context["figure"].rows) == len(listed)
    assert len(listed) + sum(len(items) for _, items in lists.not_stated) == count


def test_in_a_plan_that_says_of_no_output_that_it_is_done_none_is_overdue(read, activity, plan):
    factories.OutputFactory(plan=plan, activity=activity, title="An output", due_date=ago(9))
    context = read("timeline").context
    assert context["lists"].overdue == []
    ((_, (item,)),) = context["lists"].behind
    assert item.standing == "gone by, not stated whether it is done"


def test_of_a_closed_plan_without_reports_nothing_is_overdue_and_the_line_is_its_end(reader, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 9, 15))
    factories.ActivityFactory(plan=plan, due_date="2020-05")
    factories.ContractFactory(plan=plan, end_date="2021-06-30")
    context = reader.get(reverse("timeline", args=[plan.slug])).context
    assert context["lists"].overdue == []
    assert flat(context["lists"].next) != []
    assert context["figure"].day_text == "End of the plan, 31 March 2021"
    assert "gone by, nothing reported" in context["figure"].rows[0]


def test_a_past_day_shows_the_dates_of_that_day(read, activity, administrator):
    activity.due_date = activity.original_due_date = ago(10)
    history.save(activity, by=administrator, reason="A date.")
    for model in history.recorded_models():
        model.history.update(history_date=F("history_date") - timedelta(days=30))
    activity.due_date = ago(-10)
    history.save(activity, by=administrator, reason="Later.")
    then, now = read("timeline", as_at=ago(20)).context, read("timeline").context
    assert (len(then["lists"].slipped), len(now["lists"].slipped)) == (0, 1)
    assert flat(then["lists"].next) == ["Refresh the early help offer"]
    assert then["figure"].day_text.startswith("Day shown, ")


def test_of_very_many_those_nearest_to_the_day_are_drawn_and_all_are_listed(read, plan, monkeypatch):
    monkeypatch.setattr("lambeth_plans.dashboards.timeline.MOST_ROWS", 3)
    for number in range(5):
        factories.MilestoneFactory(plan=plan, title=f"Milestone {number}", due_date=ago(-number))
    context = read("timeline").context
    assert [row[0] for row in context["figure"].rows] == ["Milestone 0", "Milestone 1", "Milestone 2"]
    assert "The 3 of 5 dates that are nearest to" in context["figure"].description
    assert len(flat(context["lists"].next)) == 5
