"""What the pack says of the workforce beyond what its shelf holds."""

from decimal import Decimal

import pytest

from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.reports.blocks import Group, Picture, Sentences, Table
from lambeth_plans.reports.source import Source
from lambeth_plans.reports.workforce import workforce
from tests import factories

pytestmark = pytest.mark.django_db


def made(plan):
    return workforce(Source(plan_state(plan), None, "", "", ""))


@pytest.fixture
def snapshots(plan):
    """Five, the last of the year 2024 the newest; the two newest with the caseload of a team."""
    found = [
        factories.WorkforceSnapshotFactory(plan=plan, title=f"In {year}", snapshot_date=f"{year}-12-31", headcount=None)
        for year in range(2020, 2025)
    ]
    for snapshot, actual in zip(found[-2:], (Decimal(18), Decimal("16.5")), strict=True):
        factories.TeamCaseloadFactory(snapshot=snapshot, team="Assessment", target=Decimal(17), actual=actual)
    return found


def test_a_team_has_its_target_beside_what_it_holds_and_a_picture_from_the_second_snapshot_on(plan, snapshots):
    blocks = made(plan).blocks
    (newest,) = (block for block in blocks[0].blocks if isinstance(block, Table))
    assert newest.caption == "Cases for each worker, on average, 31 December 2024"
    assert [[cell.text for cell in row.cells] for row in newest.rows] == [["Assessment", "17", "16.5", "−0.5"]]
    (course,) = blocks[-1].blocks
    assert isinstance(course, Picture)
    assert course.chart.title == "Cases for each worker, Assessment"


def test_the_latest_snapshots_are_printed_and_the_workbook_has_all(plan, snapshots):
    told = made(plan)
    groups = [block.heading for block in told.blocks if isinstance(block, Group)]
    assert groups == ["In 2024", "In 2023", "In 2022", "In 2021", "From one snapshot to the next"]
    (earlier,) = (block for block in told.blocks if isinstance(block, Sentences))
    assert earlier.rows[0].cells[0].text == "1 earlier snapshot: in the workbook of this pack."
    whole, bands, caseloads = told.sheets
    assert bands.lines == ()
    assert [line.values[0] for line in whole.lines] == ["In 2024", "In 2023", "In 2022", "In 2021", "In 2020"]
    assert [line.values[2:] for line in caseloads.lines] == [
        ("Assessment", Decimal(17), Decimal("16.5"), Decimal("-0.5")), ("Assessment", Decimal(17), 18, 1),
    ]  # fmt: skip


def test_a_snapshot_that_does_not_add_up_says_why_or_that_nothing_does(plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, headcount=12, turnover=Decimal("3.40"))
    factories.WorkforceBandFactory(snapshot=snapshot, number=10, kind="agency")
    headcount, rest = [row.cells[0].text for row in made(plan).blocks[0].blocks[0].rows]
    assert "The headcount that is stated is 12. Nothing says why they differ." in headcount
    assert headcount.endswith("Agency staff are 83.3% of the headcount.")
    whole, bands, _ = (sheet.lines for sheet in made(plan).sheets)
    assert [line.values[2:4] for line in whole] == [(12, 10)]
    assert [line.values[4] for line in bands] == [10]
    assert rest == "Average days lost through sickness: not stated. Turnover: 3.4%."


def test_a_reason_ends_before_the_next_sentence_begins(plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, headcount=12, difference_reason="Two posts are shared")
    factories.WorkforceBandFactory(snapshot=snapshot, number=10, kind="agency")
    assert "Why they differ: Two posts are shared. Agency staff" in made(plan).blocks[0].blocks[0].rows[0].cells[0].text
