"""Adding and changing snapshots of the workforce."""

import pytest

from finance.models import TeamCaseload, WorkforceBand, WorkforceSnapshot
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from tests import factories

EDIT = "/plans/borough-plan/workforce/december/edit/"
NEW = "/plans/borough-plan/workforce/new/"


@pytest.fixture
def snapshot(plan):
    snapshot = factories.WorkforceSnapshotFactory(
        plan=plan, key="december", title="Workforce", snapshot_date=PartialDate("2019-12"), headcount=578
    )
    for order, (kind, number) in enumerate((("grade", 427), ("agency", 146), ("apprentice", 5)), start=1):
        factories.WorkforceBandFactory(snapshot=snapshot, order=order, kind=kind, label=kind, number=number)
    return snapshot


@pytest.fixture
def page(client, analyst, plan):
    client.force_login(analyst)
    return client


def answers(**typed):
    posted = {"title": "Workforce", "snapshot_date": "December 2019", "headcount": "578", "version": 1}
    for order, (kind, number) in enumerate((("grade", 427), ("agency", 146), ("apprentice", 5)), start=1):
        row = {"version": 1, "kind": kind, "label": kind, "number": number}
        posted |= {f"band-{order}-{name}": value for name, value in row.items()}
    return {**posted, "reason": "Counted again.", **typed}


def test_a_band_and_the_headcount_change_together(page, snapshot):
    assert page.post(EDIT, answers(**{"headcount": "579", "band-3-number": "6"})).status_code == 302
    assert WorkforceSnapshot.objects.get().headcount == 579
    assert sorted(WorkforceBand.objects.values_list("number", flat=True)) == [6, 146, 427]
    assert WorkforceBand.objects.get(order=1).history.count() == 1


def test_bands_that_do_not_add_up_are_refused_unless_somebody_says_why(page, snapshot):
    response = page.post(EDIT, answers(headcount="600"))
    assert "The bands add up to 578, 22 fewer than the headcount of 600." in response.content.decode()
    assert WorkforceSnapshot.objects.get().headcount == 578
    told = answers(headcount="600", difference_reason="22 posts are in no band.")
    assert page.post(EDIT, told).status_code == 302
    assert WorkforceSnapshot.objects.get().difference_reason == "22 posts are in no band."


def test_who_changes_a_band_takes_back_no_correction_of_the_headcount(page, snapshot, administrator):
    snapshot.headcount, snapshot.difference_reason = 600, "22 posts are in no band."
    history.save(snapshot, by=administrator, reason="Put right.")
    assert page.post(EDIT, answers(**{"band-3-number": "6"})).status_code == 302
    assert WorkforceSnapshot.objects.get().headcount == 600
    assert WorkforceBand.objects.get(order=3).number == 6


def test_a_band_and_a_team_are_added(page, snapshot):
    added = {"band-4-kind": "other", "band-4-label": "Other", "band-4-number": "2", "headcount": "580"}
    added |= {"team-1-team": "Referral", "team-1-target": "10", "team-1-actual": "22"}
    assert page.post(EDIT, answers(**added)).status_code == 302
    assert WorkforceBand.objects.get(order=4).number == 2
    caseload = TeamCaseload.objects.get()
    assert (caseload.team, caseload.target, caseload.actual) == ("Referral", 10, 22)


def test_a_new_snapshot_gets_a_key_of_its_date(page, plan):
    typed = {"title": "Workforce", "snapshot_date": "June 2021", "headcount": "2", "reason": "Half-year."}
    typed |= {"band-1-kind": "grade", "band-1-label": "All", "band-1-number": "2"}
    assert page.post(NEW, typed).url == "/plans/borough-plan/workforce/#workforce-2021-06"
    assert page.post(NEW, typed).url == "/plans/borough-plan/workforce/#workforce-2021-06-2"
    assert "Enter the title." in page.post(NEW, {**typed, "title": ""}).content.decode()
    assert WorkforceSnapshot.objects.count() == 2


def test_a_band_that_somebody_else_changed_is_answered_409_and_kept(page, snapshot):
    band = WorkforceBand.objects.get(order=3)
    band.label = "Trainees"
    history.save(band, by=factories.UserFactory(), reason="Newer.")
    response = page.post(EDIT, answers(**{"headcount": "579", "band-3-number": "6", "band-3-label": "apprentice"}))
    assert response.status_code == 409
    assert "Trainees" in response.content.decode()
    assert WorkforceBand.objects.get(order=3).number == 5


def test_nothing_changed_is_nothing_saved(page, snapshot):
    assert page.post(EDIT, answers()).status_code == 302
    assert WorkforceSnapshot.objects.get().version == 1
