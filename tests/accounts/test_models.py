"""Accounts as records: made, never saved past the history, never deleted."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_first_administrator_is_made_on_the_command_line_for_every_council(borough, elsewhere, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "made-on-the-command-line-1")
    call_command(
        "createsuperuser", username="chief", name="The Chief", email="chief@council.example", interactive=False
    )
    chief = User.objects.get(username="chief")
    assert (chief.role, chief.is_staff, chief.is_superuser) == ("administrator", True, False)
    assert set(chief.councils.all()) == {borough, elsewhere}
    assert chief.check_password("made-on-the-command-line-1")
    assert [row.actor for row in chief.history.all()] == ["Lambeth Plans"]


def test_nobody_can_be_put_above_the_roles(director, administrator):
    director.is_superuser = True
    with pytest.raises(IntegrityError), transaction.atomic():
        history.save(director, by=administrator, reason="Hm.")


def test_an_account_is_not_saved_past_the_history(director):
    director.name = "Somebody"
    with pytest.raises(RuntimeError, match="history"):
        director.save()
    with pytest.raises(RuntimeError, match="history"):
        director.save(update_fields=["password", "role"])
    with pytest.raises(RuntimeError, match="trail"):
        director.delete()
    director.refresh_from_db()
    assert director.name == "Director"


def test_the_products_own_user_cannot_log_in_and_is_nobodys_colleague(administrator):
    system = User.objects.system()
    assert (system.is_active, system.has_usable_password()) == (False, False)
    assert system not in User.objects.visible_to(administrator)
    assert User.objects.system() == system


def test_people_of_ones_councils_are_visible_once(administrator, borough, elsewhere, stranger):
    both = factories.UserFactory(councils=[borough, elsewhere])
    assert list(User.objects.visible_to(both).filter(pk=both.pk)) == [both]
    assert set(User.objects.visible_to(administrator)) == {administrator, both}
