"""What rows have to say together: an import may not break what adds up, nor bring a forecast nobody explains."""

import pytest

from finance.models import BudgetMonitor, WorkforceBand, WorkforceSnapshot
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.registers.actions import confirm_register, upload_register
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.imports.workbook.actions import PlanMoved
from tests import factories


@pytest.fixture
def snapshot(plan):
    snapshot = factories.WorkforceSnapshotFactory(
        plan=plan, key="w1", title="Staff", snapshot_date=PartialDate("2020-03"), headcount=59
    )
    factories.WorkforceBandFactory(snapshot=snapshot, order=1, kind="agency", label="Agency staff", number=9)
    factories.WorkforceBandFactory(snapshot=snapshot, order=2, kind="grade", label="Scale 1", number=50)
    return snapshot


@pytest.fixture
def line(plan):
    return factories.BudgetLineFactory(plan=plan, key="b1", title="Care", period="2020/21")


def bring(register, plan, analyst, *lines):
    return upload_register(
        register=REGISTERS[register],
        council=plan.council,
        plan=plan,
        file_name="register.csv",
        content="\n".join(lines).encode(),
        by=analyst,
    )


def errors(batch):
    return [error["message"] for error in batch.errors]


def test_a_band_that_breaks_the_sum_is_refused(snapshot, plan, analyst):
    batch = bring("workforce", plan, analyst, "Snapshot,Date,Agency", "Staff,2020-03,10")
    (message,) = errors(batch)
    assert message.startswith("Staff: The bands add up to 60, 1 more than the headcount of 59.")


def test_bands_and_headcount_may_change_together_or_say_why(snapshot, plan, analyst):
    batch = bring("workforce", plan, analyst, "Snapshot,Date,Headcount,Agency", "Staff,2020-03,60,10")
    assert errors(batch) == []
    head = "Snapshot,Date,Agency,Why the bands do not add up"
    assert errors(bring("workforce", plan, analyst, head, "Staff,2020-03,10,One holds two posts")) == []


def test_what_disagreed_before_stands_in_no_other_rows_way(snapshot, plan, analyst):
    other = factories.WorkforceSnapshotFactory(plan=plan, key="old", title="Old", headcount=3)
    factories.WorkforceBandFactory(snapshot=other, order=1, number=2)
    assert errors(bring("workforce", plan, analyst, "Snapshot,Date,Headcount,Agency", "Staff,2020-03,60,10")) == []


def test_what_somebody_changes_after_the_preview_is_counted_too(snapshot, plan, analyst):
    batch = bring("workforce", plan, analyst, "Snapshot,Date,Headcount,Agency", "Staff,2020-03,60,10")
    band = WorkforceBand.objects.get(order=2)
    band.number = 49
    history.save(band, by=analyst, reason="Not through the form.")
    with pytest.raises(PlanMoved):
        confirm_register(batch=batch, by=analyst)
    assert WorkforceSnapshot.objects.get().headcount == 59


HEAD = "Line,Year,Month,Forecast,Reason for variance,Recovery action"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Care,2020/21,Sep 2020,1050000,,A panel", "The forecast is £50,000 above the budget. Say why"),
        ("Care,2020/21,Sep 2020,1050000,More children,", "The forecast is £50,000 above the budget. Say what is done"),
        ("Care,2020/21,Mar 2020,1000000,,", "Mar 2020 is before 2020/21 begins"),
        ("Care,2020/21,2020/21,1000000,,", "A forecast is of a month"),
        ("Care,2020/21,,1000000,,", "A forecast is of a month. Write which"),
    ],
)
def test_a_forecast_that_nobody_explains_is_refused(line, plan, analyst, row, message):
    batch = bring("budget", plan, analyst, HEAD, row)
    assert [each for each in errors(batch) if each.startswith(message)]
    assert not BudgetMonitor.objects.exists()


def test_a_budget_and_its_forecast_are_held_against_each_other_as_they_will_be(line, plan, analyst):
    head = "Line,Year,Non-employee,Month,Forecast"
    assert errors(bring("budget", plan, analyst, head, "Care,2020/21,450000,Sep 2020,1050000")) == []
