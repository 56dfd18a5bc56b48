from datetime import date
from unittest.mock import ANY

import pytest
from django.db import IntegrityError

from activities.actions import StaleReports, Unexplained, report_all, report_progress
from activities.models import Activity, ProgressUpdate
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from lambeth_plans.history import StaleRecord
from lambeth_plans.rag import Rag
from tests import factories

MARCH = date(2021, 3, 15)
APRIL = date(2021, 4, 2)


@pytest.fixture
def plan(borough):
    return factories.PlanFactory(council=borough, slug="borough-plan", around=MARCH, end_date=date(2022, 3, 31))


def answers(**given):
    return {
        "rag": Rag.GREEN,
        "forecast_rag": None,
        "what_happened": "The panel met twice.",
        "is_unchanged": False,
        "path_to_green": "Two more people start in May." if given.get("rag") in (Rag.RED, Rag.AMBER) else "",
        "new_due_date": None,
        "due_date_reason": "",
        "rosier_reason": "",
        "linked_reds": (),
        **given,
    }


def report(activity, by, today=MARCH, **given):
    """A report on the activity as it stands now, unless a version is given."""
    version = given.pop("version", None) or Activity.objects.get(pk=activity.pk).version
    return report_progress(activity=activity, version=version, today=today, by=by, **answers(**given))


def trail(record):
    return type(record).history.filter(id=record.pk)


def test_first_report_says_what_it_is_now(activity, director):
    update, sentence = report(activity, director)
    assert sentence == "KA1 is now Green."
    assert (update.rag, update.forecast_rag, update.what_happened) == (Rag.GREEN, "", "The panel met twice.")
    assert str(update.period) == "Mar 2021"
    assert update.revision == 1


def test_changed_rating_says_what_it_was(activity, director):
    report(activity, director)
    _, sentence = report(activity, director, today=APRIL, rag=Rag.AMBER, forecast_rag=Rag.GREEN)
    assert sentence == "KA1 is now Amber (was Green). Forecast: Green."


def test_same_rating_says_that_it_stays(activity, director):
    report(activity, director)
    assert report(activity, director, today=APRIL).sentence == "KA1 stays Green."


def test_activity_without_a_reference_is_called_by_its_title(plan, post, director):
    activity = factories.ActivityFactory(plan=plan, ref="", title="Open a centre", owner=post)
    assert report(activity, director).sentence == "“Open a centre” is now Green."


def test_new_due_date_moves_and_the_original_stays(plan, post, director):
    first = PartialDate("2021-03-31")
    activity = factories.ActivityFactory(plan=plan, ref="KA9", owner=post, due_date=first, original_due_date=first)
    moved = PartialDate("2021-06")
    update, sentence = report(activity, director, new_due_date=moved, due_date_reason="The builder left.")
    activity.refresh_from_db()
    assert sentence == "KA9 is now Green. Due date moved from 31 March 2021 to June 2021."
    assert (activity.original_due_date, activity.due_date) == (first, moved)
    assert (update.previous_due_date, update.new_due_date, update.due_date_reason) == (
        first,
        moved,
        "The builder left.",
    )


def test_the_first_due_date_given_becomes_the_original_one(activity, director):
    _, sentence = report(activity, director, new_due_date=PartialDate("2021-06-30"), due_date_reason="Agreed.")
    activity.refresh_from_db()
    assert sentence == "KA1 is now Green. Due date set to 30 June 2021; it was not stated."
    assert activity.original_due_date == activity.due_date == PartialDate("2021-06-30")
    report(activity, director, new_due_date=PartialDate("2021-09"), due_date_reason="Agreed again.")
    activity.refresh_from_db()
    assert (activity.original_due_date, activity.due_date) == (PartialDate("2021-06-30"), PartialDate("2021-09"))


def test_second_report_of_a_month_is_its_next_revision_and_the_first_stays(activity, director):
    first, _ = report(activity, director)
    second, _ = report(activity, director, rag=Rag.RED)
    kept = ProgressUpdate.objects.get(pk=first.pk)
    assert (second.revision, second.period) == (2, first.period)
    assert (kept.rag, kept.version) == (Rag.GREEN, 1)
    assert report(activity, director, today=APRIL).update.revision == 1


def test_closed_plan_takes_reports_on_its_closing_position(borough, post, director):
    closed = factories.PlanFactory(council=borough, around=date(2020, 9, 1), status="closed")
    activity = factories.ActivityFactory(plan=closed, owner=post)
    assert str(report(activity, director, today=date(2026, 11, 1)).update.period) == "Mar 2021"


def test_superseded_plan_takes_no_reports(borough, post, director):
    old = factories.PlanFactory(council=borough, status="superseded")
    activity = factories.ActivityFactory(plan=old, owner=post)
    with pytest.raises(StaleRecord):
        report(activity, director)
    assert not ProgressUpdate.objects.exists()


def test_report_leaves_one_history_row_per_changed_record_with_name_and_reason(activity, director):
    before = trail(activity).count()
    update, _ = report(activity, director, what_happened="The panel met twice.")
    (of_update,) = trail(update)
    newest, *older = trail(activity)
    assert len(older) == before
    assert (of_update.history_user, of_update.actor, of_update.history_change_reason) == (
        director,
        "Director",
        "The panel met twice.",
    )
    assert (newest.history_user, newest.actor, newest.history_change_reason) == (
        director,
        "Director",
        "Progress reported for March 2021.",
    )
    assert newest.history_date == of_update.history_date == update.reported_at


def test_moved_due_date_gives_its_reason_to_the_history(activity, director):
    report(activity, director, new_due_date=PartialDate("2021"), due_date_reason="The builder left.")
    assert trail(activity).first().history_change_reason == "The builder left."


def test_report_without_changes_has_a_reason_too(activity, director):
    report(activity, director)
    update, _ = report(activity, director, what_happened="", is_unchanged=True)
    assert trail(update).get().history_change_reason == "No change since the last report."


def test_every_report_moves_the_version_so_that_a_second_form_is_stale(activity, director, other_director):
    opened = activity.version
    report(activity, director, version=opened)
    with pytest.raises(StaleRecord) as stale:
        report(activity, other_director, version=opened, what_happened="Mine.", rag=Rag.RED)
    assert stale.value.current.version == opened + 1
    assert [update.reported_by for update in ProgressUpdate.objects.all()] == [director]
    assert trail(activity).count() == 2


def test_report_is_stale_after_an_administrator_changed_the_activity(activity, director, administrator):
    opened = activity.version
    activity.title = "Another title"
    history.save(activity, by=administrator, reason="Corrected.")
    with pytest.raises(StaleRecord):
        report(activity, director, version=opened)
    assert not ProgressUpdate.objects.exists()


def test_report_that_breaks_a_rule_of_the_database_writes_nothing(activity, director):
    with pytest.raises(IntegrityError):
        report(activity, director, rag=Rag.RED, path_to_green="")
    activity.refresh_from_db()
    assert (activity.version, activity.last_reported_at) == (1, None)
    assert trail(activity).count() == 1


def test_several_reports_are_written_together(activity, post, plan, director):
    another = factories.ActivityFactory(plan=plan, ref="KA5", owner=post)
    reported = report_all(
        reports=[(each, {"version": 1, **answers()}) for each in (another, activity)], today=MARCH, by=director
    )
    assert [sentence for _, sentence in reported] == ["KA1 is now Green.", "KA5 is now Green."]


def test_one_stale_report_among_several_stops_them_all_and_every_stale_one_is_named(activity, post, plan, director):
    second, third = (factories.ActivityFactory(plan=plan, ref=ref, owner=post) for ref in ("KA5", "KA6"))
    report(second, director)
    report(third, director)
    with pytest.raises(StaleReports, match="KA5, KA6") as stale:
        report_all(
            reports=[(each, {"version": 1, **answers(rag=Rag.RED)}) for each in (activity, second, third)],
            today=MARCH,
            by=director,
        )
    assert [current.ref for current in stale.value.currents] == ["KA5", "KA6"]
    assert list(ProgressUpdate.objects.values_list("activity__ref", "rag")) == [
        ("KA5", Rag.GREEN),
        ("KA6", Rag.GREEN),
    ]
    activity.refresh_from_db()
    assert activity.version == 1


def test_owner_reports_by_their_post(activity, director):
    assert report(activity, director).update.reported_by_name == "Director of Care"


def test_director_reports_by_their_post_for_an_officer_of_the_division(plan, post, division, director):
    officer = factories.OfficerFactory(division=division, name="Head of Placements")
    activity = factories.ActivityFactory(plan=plan, owner=officer)
    assert report(activity, director).update.reported_by_name == "Director of Care"


def test_further_owner_reports_by_their_own_post(plan, other_post, director, borough):
    shared = factories.OfficerFactory(council=borough, user=director, name="Head of Data")
    activity = factories.ActivityFactory(plan=plan, owner=other_post, further_owners=[shared])
    assert report(activity, director).update.reported_by_name == "Head of Data"


def test_accountable_post_comes_first_for_somebody_with_several(plan, post, division, director):
    acting = factories.OfficerFactory(division=division, user=director, name="Acting Head of Placements")
    activity = factories.ActivityFactory(plan=plan, owner=acting)
    assert report(activity, director).update.reported_by_name == "Acting Head of Placements"


@pytest.fixture
def deputy_post(deputy, post, director):
    officer = factories.OfficerFactory(council=post.council, user=deputy, name="Head of Early Help")
    history.save(post, by=director, reason="On leave.", links={"deputies": [officer]})
    return officer


def test_deputy_reports_by_both_posts(activity, deputy, deputy_post):
    update, _ = report(activity, deputy)
    assert update.reported_by_name == "Head of Early Help for Director of Care"
    assert update.reported_by == deputy


def test_deputy_of_a_director_reports_by_both_posts_for_an_officer_of_the_division(plan, division, deputy, deputy_post):
    officer = factories.OfficerFactory(division=division, name="Head of Placements")
    activity = factories.ActivityFactory(plan=plan, owner=officer)
    assert report(activity, deputy).update.reported_by_name == "Head of Early Help for Director of Care"


def test_two_posts_of_the_longest_names_fit(activity, director, post, deputy, deputy_post):
    for officer, letter in ((post, "A"), (deputy_post, "B")):
        officer.name = letter * 150
        history.save(officer, by=director, reason="A long name.")
    assert report(activity, deputy).update.reported_by_name == f"{'B' * 150} for {'A' * 150}"


def test_somebody_without_a_post_here_reports_by_their_name(activity, other_director):
    assert report(activity, other_director).update.reported_by_name == "Other director"


def test_last_report_carries_the_text_that_did_not_change(activity, director):
    report(activity, director, what_happened="The panel met twice.")
    report(activity, director, today=APRIL, what_happened="", is_unchanged=True)
    last = activity.last_report()
    assert (str(last.period), last.what_happened, last.text) == ("Apr 2021", "", "The panel met twice.")


def test_last_report_is_the_last_revision_of_the_last_month(activity, director):
    report(activity, director, today=APRIL, what_happened="First.")
    report(activity, director, today=APRIL, what_happened="Second.")
    report(activity, director, today=MARCH, what_happened="Earlier.")
    assert activity.last_report().text == "Second."


def test_activity_that_was_never_reported_has_no_last_report(activity):
    assert activity.last_report() is None


def test_history_row_holds_the_whole_report(activity, director):
    update, _ = report(activity, director, rag=Rag.AMBER, path_to_green="Two people start in May.")
    values = trail(update).values("rag", "path_to_green", "revision", "reported_by_name", "reported_at").get()
    assert values == {
        "rag": Rag.AMBER,
        "path_to_green": "Two people start in May.",
        "revision": 1,
        "reported_by_name": "Director of Care",
        "reported_at": ANY,
    }


DUE = PartialDate("2021-03-01")  # two weeks before MARCH
LATE = "It is 14 days past its due date, 1 March 2021."


@pytest.fixture
def late(plan, post):
    """An activity that is past its due date."""
    return factories.ActivityFactory(plan=plan, ref="KA9", owner=post, due_date=DUE, original_due_date=DUE)


def kept(update):
    return update.floor or "", update.floor_because, update.rosier_reason


def test_rating_better_than_what_is_known_needs_a_reason(late, director):
    with pytest.raises(Unexplained, match="14 days past its due date") as unexplained:
        report(late, director)
    assert unexplained.value.activity == late
    assert not ProgressUpdate.objects.exists()
    assert trail(late).count() == 1
    report(late, director, rosier_reason="It opens on Monday.")
    assert kept(ProgressUpdate.objects.get()) == (Rag.AMBER, LATE, "It opens on Monday.")


def test_rating_at_its_floor_needs_none_and_keeps_what_was_known(late, director):
    update, _ = report(late, director, rag=Rag.AMBER, rosier_reason="Not asked for.")
    assert kept(update) == (Rag.AMBER, LATE, "")


def test_what_is_not_known_is_not_kept(activity, director):
    assert kept(report(activity, director).update) == ("", "", "")


def test_no_change_needs_a_reason_too(late, director):
    report(late, director, rosier_reason="It opens on Monday.")
    with pytest.raises(Unexplained):
        report(late, director, today=APRIL, what_happened="", is_unchanged=True)


def test_new_due_date_of_the_report_itself_is_counted(late, director):
    later, latest = PartialDate("2021-06"), PartialDate("2021-12")
    report(late, director, new_due_date=later, due_date_reason="The builder left.")
    assert kept(ProgressUpdate.objects.get()) == ("", "", "")
    with pytest.raises(Unexplained, match="Its due date was postponed twice"):
        report(late, director, new_due_date=latest, due_date_reason="Another builder left.")


def test_red_indicators_and_outputs_are_counted(plan, activity, late, director):
    with pytest.raises(Unexplained, match="An indicator it aims at is Red: EB01"):
        report(activity, director, linked_reds=["EB01"])
    for _ in range(2):
        factories.OutputFactory(plan=plan, activity=late)
    # Nobody has said of any output of the plan that it is done, so none is known to be late.
    assert report(late, director, rag=Rag.AMBER).update.floor is Rag.AMBER
    factories.OutputFactory(plan=plan, activity=activity, done_date=PartialDate("2021-03"))
    assert report(late, director, rag=Rag.RED).update.floor is Rag.RED


def test_report_on_a_plan_that_is_over_is_judged_at_its_end(borough, post, director):
    closed = factories.PlanFactory(council=borough, status="closed", around=MARCH, end_date=date(2021, 3, 31))
    activity = factories.ActivityFactory(plan=closed, owner=post, due_date=PartialDate("2021-03"))
    assert kept(report(activity, director, today=date(2026, 3, 1)).update) == ("", "", "")


def test_one_rating_without_its_reason_stops_all_reports(activity, late, director):
    reports = [(each, {"version": 1, **answers()}) for each in (activity, late)]
    with pytest.raises(Unexplained, match="KA9"):
        report_all(reports=reports, today=MARCH, by=director)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(
    "stated",
    [{"floor": "amber"}, {"floor": "green", "floor_because": "All is well."}, {"floor": "red", "rag": "amber"}],
)
def test_database_keeps_no_floor_without_grounds_and_no_better_rating_without_a_reason(activity, stated):
    because = {} if stated == {"floor": "amber"} else {"floor_because": "It is late."}
    with pytest.raises(IntegrityError):
        factories.ProgressUpdateFactory(activity=activity, **{"rag": "red", **because, **stated})
