import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(client, administrator, plan):
    client.force_login(administrator)
    return reverse("indicator_table", args=[plan.slug])


@pytest.fixture
def place(plan):
    return factories.PlanIndicatorFactory(plan=plan, key="lc06", code="LC.06", title="Children in care")


def row(place, **answers):
    typed = {"code": place.code, "title": place.title, "version": place.version, **answers}
    return {"reason": "Agreed at the board.", **{f"row-{place.key}-{name}": value for name, value in typed.items()}}


def test_an_administrator_says_what_aims_at_an_indicator(client, table, place, activity, objective):
    client.post(table, row(place, activities=["ka1"], objective="ob1"))
    place.refresh_from_db()
    assert list(place.activities.all()) == [activity]
    assert place.objective == objective
    assert place.history.first().history_change_reason == "Agreed at the board."


def test_only_what_lacks_something_is_shown_and_may_be_mended(client, table, place, plan, activity):
    factories.PlanIndicatorFactory(plan=plan, key="aimed", activities=[activity])
    url = f"{table}?without=activities"
    assert [each.instance.key for each in client.get(url).context["table"].rows] == ["lc06"]
    response = client.post(url, row(place, activities=["ka1"]), follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert "There is nothing to mend here." in response.content.decode()


def test_what_somebody_else_mended_meanwhile_is_told_and_not_lost(client, table, place, activity, other_activity):
    opened = row(place, activities=["ka2"])
    history.save(place, by=factories.UserFactory(), reason="Earlier.", links={"activities": [activity]})
    response = client.post(f"{table}?without=activities", opened)
    assert response.status_code == 409
    assert "Children in care" in response.content.decode()


def test_indicators_of_another_council_are_not_found(client, table, elsewhere):
    other = factories.PlanFactory(council=elsewhere)
    assert client.get(reverse("indicator_table", args=[other.slug])).status_code == 404
