import pytest
from django.core.management import call_command
from django.db.models import QuerySet

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.models import User
from lambeth_plans.imports.audit import audit
from tests import factories


def behind_the_trail(model, **values):
    """Changes rows past lambeth_plans.history, as a slip in the code or a hand on the database would."""
    QuerySet(model=model).update(**values)


def problems():
    return [str(difference) for difference in audit().differences]


def test_command_says_that_nothing_differs(activity, capsys):
    call_command("audit_check")
    assert capsys.readouterr().out == f"0 differences in {audit().records} records.\n"
    assert audit().records > 5


def test_command_exits_1_when_something_differs(activity, capsys):
    behind_the_trail(Activity, title="Something else")
    with pytest.raises(SystemExit) as exit:
        call_command("audit_check")
    assert exit.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"1 difference in {audit().records} records."


def test_records_changed_and_removed_through_history_agree(activity, administrator):
    activity.title = "Refresh it sooner"
    history.save(activity, by=administrator, links={"lead_members": [factories.OfficerFactory()]})
    history.remove(factories.OfficerFactory(), by=administrator, reason="Entered twice.")
    assert problems() == []


def test_field_changed_behind_the_trail_is_found(activity):
    behind_the_trail(Activity, title="Something else")
    (problem,) = problems()
    assert "activities.Activity" in problem
    assert "title is 'Something else', but its history says 'Refresh the early help offer'." in problem


def test_link_made_behind_the_trail_is_found(activity, other_post):
    activity.further_owners.add(other_post)
    (problem,) = problems()
    assert f"'further_owners': [{other_post.pk}]" in problem


def test_record_without_history_is_found(activity):
    activity.history.all().delete()
    (problem,) = problems()
    assert problem.endswith("has no history.")


def test_record_removed_behind_the_trail_is_found(activity):
    QuerySet(model=Activity).filter(pk=activity.pk).delete()
    (problem,) = problems()
    assert problem.endswith("is gone, but its history does not say so.")


def test_record_that_its_history_removed_is_found(activity):
    activity.history.update(history_type="-")
    (problem,) = problems()
    assert "removed" in problem


@pytest.mark.parametrize("nobody", [{"history_user_id": None}, {"actor": ""}])
def test_latest_history_that_names_nobody_is_found(activity, nobody):
    activity.history.update(**nobody)
    (problem,) = problems()
    assert problem.endswith("does not name who made it.")


def test_removal_that_names_nobody_is_found(administrator):
    officer = factories.OfficerFactory()
    trail = officer.history.all()
    history.remove(officer, by=administrator, reason="Entered twice.")
    trail.filter(history_type="-").update(history_user_id=None)
    (problem,) = problems()
    assert problem.endswith("does not name who made it.")


def test_second_history_entry_of_one_change_is_found(activity):
    entry = activity.history.get()
    entry.pk = None
    entry.save(force_insert=True)
    (problem,) = problems()
    assert problem.endswith("is at version 1, but its history has 2 entries.")


def test_password_and_last_log_in_leave_no_difference(director):
    director.set_password("a-new-password-for-the-test")
    director.save(update_fields=["password"])
    assert User.objects.get(pk=director.pk).check_password("a-new-password-for-the-test")
    assert problems() == []
