from decimal import Decimal

import pytest

from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.workforce import labels_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, key="dec", snapshot_date="December 2019", headcount=578)
    for kind, label, number, share in (
        ("agency", "Agency staff", 146, "25.26%"),
        ("apprentice", "Apprentices", 5, "0.87%"),
        ("grade", "PO1 to PO4", 388, ""),
        ("other", "Other", 39, "6.75%"),
    ):
        factories.WorkforceBandFactory(snapshot=snapshot, kind=kind, label=label, number=number, share_as_stated=share)
    return snapshot


def test_the_bands_are_added_up_beside_the_headcount(read, snapshot):
    response = read("workforce")
    (shown,) = response.context["snapshots"]
    assert shown.sum_in_words == "Grade bands and other 427 + agency staff 146 + apprentices 5 = 578"
    assert "The headcount that is stated is the same: 578." in response.content.decode()


def test_each_band_has_its_computed_and_its_printed_share(read, snapshot):
    (shown,) = read("workforce").context["snapshots"]
    assert [(band.share, band.share_as_stated) for band in shown.fact.bands] == [
        (Decimal("25.26"), "25.26%"),
        (Decimal("0.87"), "0.87%"),
        (Decimal("67.13"), ""),
        (Decimal("6.75"), "6.75%"),
    ]


def test_a_headcount_that_differs_from_its_bands_stands_out(read, snapshot):
    factories.WorkforceBandFactory(snapshot=snapshot, number=2)
    assert "<strong>The headcount that is stated is 578.</strong>" in read("workforce").content.decode()


def test_a_missing_headcount_is_said(read, plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, headcount=None)
    factories.WorkforceBandFactory(snapshot=snapshot)
    html = read("workforce").content.decode()
    assert "No headcount is stated." in html
    assert 'Average days lost through sickness: <span class="app-not-stated">not stated</span>.' in html


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (("30 September 2025", "March 2026"), ["Sep 2025", "Mar 2026"]),
        (("2024", "31 March 2026"), ["2024", "Mar 2026"]),
        (("1 March 2026", "31 March 2026"), ["1 March 2026", "31 March 2026"]),
    ],
)
def test_a_line_names_its_points_by_the_month_unless_two_are_of_one(plan, days, labels):
    for number, day in enumerate(days):
        factories.WorkforceSnapshotFactory(plan=plan, key=f"w{number}", snapshot_date=day, headcount=100 + number)
    snapshots = sorted(plan_state(plan).workforce, key=lambda fact: fact.snapshot_date.iso)
    assert labels_of(snapshots) == labels
