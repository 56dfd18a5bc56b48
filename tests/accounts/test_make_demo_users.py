import pytest
from django.core.management import CommandError, call_command

from lambeth_plans import history
from lambeth_plans.accounts.access import ROLES
from lambeth_plans.accounts.actions import change_password
from lambeth_plans.accounts.models import User
from tests import factories

PASSWORD = "improving-lives-together"


@pytest.fixture
def lambeth(db):
    return factories.CouncilFactory(slug="lambeth", name="Lambeth")


@pytest.fixture
def lewisham(db):
    return factories.CouncilFactory(slug="lewisham", name="Lewisham")


@pytest.fixture
def example(db):
    return factories.CouncilFactory(slug="example-borough", name="Example Borough", is_invented=True)


@pytest.fixture
def abi(lambeth):
    return factories.OfficerFactory(council=lambeth, key="abi-onaboye", name="Abi Onaboye")


@pytest.fixture
def invented_post(example):
    return factories.OfficerFactory(council=example, key="director-of-commissioning", name="Director of Commissioning")


@pytest.fixture
def colleague(db):
    return factories.UserFactory(username="colleague")


def demo(name):
    return User.objects.get(username=name)


def test_one_account_per_role_belongs_to_every_council(abi, lewisham, invented_post, capsys):
    call_command("make_demo_users")
    for name in ROLES:
        user = demo(name)
        assert (user.role, user.is_demo, user.is_active) == (name, True, True)
        assert {council.slug for council in user.councils.all()} == {"lambeth", "lewisham", "example-borough"}
        assert user.check_password(PASSWORD)
        entry = user.history.get()
        assert (entry.actor, entry.history_change_reason) == ("Lambeth Plans", "Demo account.")
    assert f"Password {PASSWORD}: {', '.join(ROLES)}." in capsys.readouterr().out


def test_director_holds_a_post_in_both_councils(abi, invented_post):
    call_command("make_demo_users")
    assert set(demo("director").posts.all()) == {abi, invented_post}
    entry = abi.history.first()
    assert (entry.actor, entry.history_change_reason) == ("Lambeth Plans", "Demo account.")


def test_second_run_changes_nothing(abi, invented_post):
    call_command("make_demo_users")
    before = [*User.objects.order_by("pk").values(), *abi.history.values(), *User.history.values()]
    call_command("make_demo_users")
    assert [*User.objects.order_by("pk").values(), *abi.history.values(), *User.history.values()] == before


def test_council_and_post_that_come_later_are_given_at_the_next_run(abi, request):
    call_command("make_demo_users")
    post = request.getfixturevalue("invented_post")
    call_command("make_demo_users")
    assert demo("analyst").councils.count() == 2
    assert post in demo("director").posts.all()


def test_second_run_keeps_what_people_changed(abi, invented_post, example, colleague):
    call_command("make_demo_users")
    analyst = demo("analyst")
    analyst.name = "Anna"
    analyst.is_active = False
    analyst.role = "lead_member"
    history.save(analyst, by=colleague, links={"councils": [example]})
    abi.refresh_from_db()
    abi.user = None
    history.save(abi, by=colleague)
    call_command("make_demo_users")
    analyst = demo("analyst")
    assert (analyst.name, analyst.is_active, analyst.role) == ("Anna", False, "lead_member")
    assert list(analyst.councils.all()) == [example]
    assert list(demo("director").posts.all()) == [invented_post]


def test_post_that_somebody_holds_is_left_to_them(abi, colleague):
    abi.user = colleague
    history.save(abi, by=colleague)
    call_command("make_demo_users")
    abi.refresh_from_db()
    assert abi.user == colleague


def test_changed_password_takes_effect(lambeth, monkeypatch, capsys):
    monkeypatch.setenv("DEMO_PASSWORD", "the-first-of-them")
    call_command("make_demo_users")
    assert demo("director").check_password("the-first-of-them")
    monkeypatch.setenv("DEMO_PASSWORD", "the-second-of-them")
    call_command("make_demo_users")
    assert all(demo(name).check_password("the-second-of-them") for name in ROLES)
    assert demo("director").history.first().history_change_reason == "DEMO_PASSWORD changed."
    call_command("make_demo_users", "--password", "the-third-of-them")
    assert all(demo(name).check_password("the-third-of-them") for name in ROLES)
    assert "Password the-third-of-them: administrator" in capsys.readouterr().out


def test_password_of_their_own_is_kept(lambeth, capsys):
    call_command("make_demo_users")
    change_password(user=demo("director"), raw_password="only-the-director-knows", by=demo("director"))
    call_command("make_demo_users")
    assert demo("director").check_password("only-the-director-knows")
    assert demo("analyst").check_password(PASSWORD)
    assert "Password of their own: director." in capsys.readouterr().out


def test_account_of_somebody_else_with_the_name_of_a_role_is_not_touched(lambeth):
    factories.UserFactory(username="analyst")
    with pytest.raises(CommandError, match="“analyst” that is not a demo account"):
        call_command("make_demo_users")
    assert not User.objects.filter(is_demo=True).exists()


def test_production_has_no_demo_accounts(lambeth, settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="demo mode"):
        call_command("make_demo_users")
    assert not User.objects.filter(username="director").exists()
