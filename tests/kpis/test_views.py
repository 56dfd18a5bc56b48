"""One figure by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.models import Outturn
from lambeth_plans import history
from tests import factories


@pytest.fixture
def place(plan):
    indicator = factories.IndicatorFactory(council=plan.council, key="assessments", title="Assessments on time")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal("40"), value_as_stated="40%")
    return factories.PlanIndicatorFactory(plan=plan, indicator=indicator, key="lc06", code="LC06")


@pytest.fixture
def outturn(place):
    return Outturn.objects.get(indicator=place.indicator)


@pytest.fixture
def page(client, analyst):
    client.force_login(analyst)
    return client


ADD = ("figure_add", ["borough-plan", "lc06"])
EDIT = ("figure_edit", ["borough-plan", "lc06", "2018-19"])


def post(page, address, **answers):
    name, arguments = address
    answers = {
        "figure": "47.5%",
        "numerator": "",
        "denominator": "",
        "status": "",
        "note": "",
        "reason": "Recounted.",
        **answers,
    }
    return page.post(reverse(name, args=arguments), answers)


def words(response):
    return response.content.decode()


def messages_of(response):
    return [str(message) for message in response.context["messages"]] if response.context else []


def test_an_analyst_adds_a_figure(page, analyst, place):
    response = post(page, ADD, period_text="2019/20", numerator="19", denominator="40", status="provisional")
    assert response.status_code == 302
    assert response.url == "/plans/borough-plan/indicators/lc06/"
    outturn = Outturn.objects.get(period_start=date(2019, 4, 1))
    assert (outturn.value, outturn.numerator, outturn.denominator) == (Decimal("47.5"), 19, 40)
    assert (outturn.status, outturn.value_as_stated) == ("provisional", "47.5%")
    (entry,) = outturn.history.all()
    assert (entry.history_user, entry.history_change_reason, entry.history_type) == (analyst, "Recounted.", "+")


def test_the_page_then_says_what_the_figure_is(page, place):
    response = page.get(post(page, ADD, period_text="2019/20").url)
    assert "LC06 for 2019/20 is now 47.5%." in words(response)


def test_an_analyst_corrects_a_figure(page, analyst, place, outturn):
    form = words(page.get(reverse(EDIT[0], args=EDIT[1])))
    assert 'value="40"' in form
    assert "correct the figure for 2018/19" in form
    response = post(page, EDIT, figure="TBC", version=1)
    assert response.url == "/plans/borough-plan/indicators/lc06/"
    outturn.refresh_from_db()
    assert (outturn.value, outturn.reason, outturn.version) == (None, "to_be_confirmed", 2)
    newest = outturn.history.latest("history_id")
    assert (newest.history_user, newest.history_change_reason) == (analyst, "Recounted.")
    assert outturn.history.count() == 2


def test_saving_without_a_change_leaves_no_trace(page, outturn):
    response = post(page, EDIT, figure="40", status="final", version=1)
    assert response.status_code == 302
    outturn.refresh_from_db()
    assert (outturn.version, outturn.history.count()) == (1, 1)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"figure": "c. 40"}, "is not a figure"),
        ({"figure": ""}, "Enter a figure"),
        ({"figure": "0.475"}, "Did you mean 47.5%?"),
        ({"figure": "£5"}, "in pounds"),
        ({"numerator": "19%"}, "is not a plain number"),
        ({"denominator": "0"}, "A denominator is more than 0."),
        ({"figure": "TBC", "numerator": "19"}, "Without a figure there is no numerator."),
        ({"reason": ""}, "Say why, for the history."),
        ({"period_text": "2019"}, "is not a period"),
        ({"period_text": "2018/19"}, "There is a figure for 2018/19 already: 40%."),
        ({"period_text": ""}, "Enter the period."),
    ],
)
def test_a_bad_answer_is_named_and_everything_typed_is_kept(page, place, answers, error):
    typed = {"period_text": "2019/20", "note": "From the register", **answers}
    response = post(page, ADD, **typed)
    assert response.status_code == 200
    assert error in words(response)
    assert "From the register" in words(response)
    assert Outturn.objects.count() == 1


def test_a_figure_that_others_are_compared_with_leaves_itself_out(page, outturn):
    """The only value of the indicator may be corrected from 40 to 0.4: there is nothing else to compare it with."""
    assert post(page, EDIT, figure="0.4", version=1).status_code == 302


def test_a_stale_form_answers_409_with_both_values_and_the_text(page, administrator, outturn):
    outturn.value = Decimal(44)
    history.save(outturn, by=administrator, reason="Counted again.")
    response = post(page, EDIT, figure="47.5", note="Mine", version=1)
    assert response.status_code == 409
    for text in ("47.5", "44", "Mine", "Counted again.", administrator.name):
        assert text in words(response)
    outturn.refresh_from_db()
    assert (outturn.value, outturn.version) == (44, 2)
    assert post(page, EDIT, figure="47.5", note="Mine", version=2).status_code == 302


def test_a_form_without_its_version_is_taken_for_stale(page, outturn):
    assert post(page, EDIT, figure="47.5").status_code == 409
    outturn.refresh_from_db()
    assert outturn.value == 40


def test_only_the_declared_fields_change(page, place, outturn):
    other = factories.IndicatorFactory(council=place.plan.council)
    post(page, EDIT, version=1, indicator=other.pk, period_start="1999-01-01", value="3", value_as_stated="x", id=99)
    outturn.refresh_from_db()
    assert (outturn.indicator, outturn.period.label, outturn.value) == (place.indicator, "2018/19", Decimal("47.5"))


@pytest.mark.parametrize("period", ["2019-20", "2018-19-q1", "nonsense", "2018-04"])
def test_a_figure_that_is_not_there_cannot_be_corrected(page, place, period):
    assert page.get(reverse("figure_edit", args=["borough-plan", "lc06", period])).status_code == 404


@pytest.mark.parametrize("address", [ADD, EDIT], ids=["add", "edit"])
def test_an_analyst_of_another_council_finds_nothing(client, elsewhere, outturn, address):
    client.force_login(factories.UserFactory(role="analyst", councils=[elsewhere]))
    assert client.get(reverse(address[0], args=address[1])).status_code == 404
    assert post(client, address, version=1, period_text="2019/20").status_code == 404
    assert Outturn.history.count() == 1


@pytest.mark.parametrize("role", ["administrator", "director", "lead_member", "scrutiny_member"])
@pytest.mark.parametrize("address", [ADD, EDIT], ids=["add", "edit"])
def test_nobody_but_an_analyst_writes_a_figure(client, borough, outturn, role, address):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(reverse(address[0], args=address[1])).status_code == 403
    assert post(client, address, version=1, period_text="2019/20").status_code == 403
    assert Outturn.history.count() == 1


def test_a_closed_plan_takes_no_figure_of_a_later_period(page, administrator, plan, place):
    plan.status, plan.start_date, plan.end_date = "closed", date(2019, 4, 1), date(2020, 3, 31)
    history.save(plan, by=administrator, reason="Over.")
    response = post(page, ADD, period_text="2020/21")
    assert "2020/21 has not begun by 31 March 2020, so there is no figure for it." in words(response)
    assert post(page, ADD, period_text="2019/20").status_code == 302
