import pytest
from django.core.exceptions import ValidationError

from lambeth_plans import history
from lambeth_plans.history import StaleRecord
from objectives.actions import MOVES, change_status
from objectives.models import Plan
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("before", "after"), [(now, then) for now, moves in MOVES.items() for then in moves])
def test_a_plan_goes_step_by_step(borough, administrator, before, after):
    plan = factories.PlanFactory(council=borough, status=before)
    change_status(plan=plan, status=after, by=administrator, reason="Agreed.")
    plan.refresh_from_db()
    assert plan.status == after
    row = plan.history.order_by("history_id").last()
    assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "Agreed.")


@pytest.mark.parametrize(
    ("before", "after"),
    [(now, then) for now, moves in MOVES.items() for then in Plan.Status.values if then not in moves],
)
def test_any_other_step_is_refused(borough, administrator, before, after):
    plan = factories.PlanFactory(council=borough, status=before)
    with pytest.raises(ValidationError):
        change_status(plan=plan, status=after, by=administrator, reason="Hm.")
    assert plan.history.count() == 1


def test_a_council_may_have_several_current_plans(borough, administrator):
    for plan in factories.PlanFactory.create_batch(2, council=borough, status="draft"):
        change_status(plan=plan, status="current", by=administrator, reason="Agreed.")
    assert Plan.objects.filter(council=borough, status="current").count() == 2


def test_a_plan_that_somebody_changed_meanwhile_is_stale(plan, administrator):
    stale = Plan.objects.get(pk=plan.pk)
    plan.title = "Newer"
    history.save(plan, by=administrator, reason="Renamed.")
    with pytest.raises(StaleRecord):
        change_status(plan=stale, status="closed", by=administrator, reason="It is over.")
