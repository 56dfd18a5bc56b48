"""Changing a saving and what it brings."""

from decimal import Decimal

import pytest

from finance.models import Saving, SavingYear
from lambeth_plans import history
from tests import factories

YEARS = "/plans/borough-plan/savings/sa1/edit/"
ITSELF = "/plans/borough-plan/savings/sa1/edit/details/"


@pytest.fixture
def saving(plan):
    saving = factories.SavingFactory(plan=plan, key="sa1", ref="SA1", title="Fewer agency staff")
    for start in (2020, 2021):
        factories.SavingYearFactory(saving=saving, period=f"{start}/{(start + 1) % 100}", planned=Decimal(100_000))
    return saving


@pytest.fixture
def page(client, analyst):
    client.force_login(analyst)
    return client


def send(page, **answers):
    rows = {}
    for start in (2020, 2021):
        rows |= {f"row-{start}-version": 1, f"row-{start}-planned": "100,000"}
    return page.post(YEARS, {**rows, "reason": "Month 6 monitor.", **answers})


def words(response):
    return response.content.decode()


def amounts(saving):
    years = SavingYear.objects.filter(saving=saving).order_by("period_start")
    return [(year.planned, year.forecast, year.delivered) for year in years]


def test_an_analyst_says_what_became_of_a_year(page, analyst, saving):
    answers = {
        "row-2020-delivered": "£60,000",
        "row-2020-slipped": "30,000",
        "row-2020-slipped_to": "2021-22",
        "row-2020-undeliverable": "20,000",
        "row-2020-over_delivered": "10,000",
        "row-2020-status": "at_risk",
        "row-2020-status_reason": "Two posts are open.",
        "row-2020-mitigated_by": "Overtime.",
    }
    response = send(page, **answers)
    assert (response.status_code, response.url) == (302, "/plans/borough-plan/savings/sa1/")
    year = SavingYear.objects.get(saving=saving, period_start__year=2020)
    assert (year.slipped_to, year.status, year.forecast) == ("2021/22", "at_risk", None)
    changed = SavingYear.history.filter(history_type="~")
    assert [(entry.history_user, entry.history_change_reason) for entry in changed] == [(analyst, "Month 6 monitor.")]
    html = words(page.get(response.url))
    for told in (
        "SA1 is saved for 2020/21.", "£30,000 slipped to 2021/22.", "£20,000 cannot be delivered.", "At risk",
        "and £30,000 that slips from 2020/21", "£10,000 over-delivered.", "Mitigated by: Overtime.",
    ):  # fmt: skip
        assert told in html


def test_a_year_that_does_not_add_up_is_refused_with_what_is_missing(page, saving):
    response = send(page, **{"row-2020-delivered": "60,000", "row-2020-forecast": "15,000.50"})
    assert response.status_code == 200
    assert "SA1 2020/21: £24,999.50 of the £100,000 planned has no place." in words(response)
    assert 'value="15,000.50"' in words(response)
    assert SavingYear.history.count() == 2


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"slipped": "-5", "delivered": "100,005"}, "What is slipped is 0 or more."),
        ({"slipped": "100,000", "slipped_to": "2019/20"}, "is no later year"),
        ({"slipped": "100,000", "slipped_to": "soon"}, "is not a period"),
        ({"slipped": "100,000", "slipped_to": "31 Dec 2022"}, "“31 Dec 2022” is no financial year."),
        ({"slipped": "100,000", "slipped_to": "Q3 2022/23"}, "“Q3 2022/23” is no financial year."),
        ({"slipped": "100,000", "slipped_to": "2022/23 (school year)"}, "is no financial year."),
        ({"slipped": "100,000", "slipped_to": "after 31 Mar 2019"}, "is no later year"),
        ({"slipped_to": "2022/23"}, "Say how much slips to that year."),
        ({"status": "not_deliverable"}, "Say why it is not deliverable."),
        ({"status": "fine"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_saved(page, saving, answers, told):
    response = send(page, **{f"row-2020-{name}": value for name, value in answers.items()})
    assert response.status_code == 200
    assert told in words(response)
    assert SavingYear.history.count() == 2


@pytest.mark.parametrize("text", ["1e5", "NaN", "about 80", "80.123", "1,23", "£", "٨٠", "99999999999999"])
def test_an_amount_is_pounds_in_plain_writing(page, saving, text):
    response = send(page, **{"row-2020-forecast": text})
    assert response.status_code == 200
    assert "There is a problem" in words(response)
    assert SavingYear.history.count() == 2


@pytest.mark.parametrize(
    ("text", "amount"), [("-500", -500), ("−500", -500), ("£1,234.50", Decimal("1234.5")), ("80 000", 80_000)]
)
def test_an_amount_is_read_exactly(page, saving, text, amount):
    send(page, **{"row-2020-forecast": text, "row-2020-planned": text})
    assert amounts(saving)[0][:2] == (amount, amount)


def test_a_change_of_amounts_needs_a_reason(page, saving):
    response = send(page, **{"row-2020-forecast": "100,000", "reason": ""})
    assert "Say why, for the history." in words(response)
    assert SavingYear.history.count() == 2


def test_nothing_changed_is_nothing_saved(page, saving):
    assert send(page, reason="").status_code == 302
    assert SavingYear.history.count() == 2


def test_a_stale_year_answers_409_and_saves_none_of_them(page, administrator, saving):
    year = SavingYear.objects.get(saving=saving, period_start__year=2020)
    year.forecast = Decimal(100_000)
    history.save(year, by=administrator, reason="Month 5 monitor.")
    answers = {"row-2020-delivered": "80,000", "row-2020-slipped": "20,000", "row-2021-forecast": "90,000"}
    response = send(page, **answers)
    assert response.status_code == 409
    for text in ("80,000", "100,000", "90,000", administrator.name, "Month 5 monitor."):
        assert text in words(response)
    assert amounts(saving) == [(100_000, 100_000, None), (100_000, None, None)]


def test_a_further_year_is_added_once(page, saving):
    further = {"new-1-year": "2022-23", "new-1-planned": "30,000"}
    assert send(page, **further).status_code == 302
    assert amounts(saving)[2] == (30_000, None, None)
    response = send(page, **further)
    assert "This saving has 2022/23 already. Change it there." in words(response)
    assert "Say which year it is" in words(send(page, **{"new-1-planned": "1"}))
    assert len(amounts(saving)) == 3


def test_two_periods_that_begin_in_one_year_are_told_apart(page, plan):
    saving = factories.SavingFactory(plan=plan, key="sa1", ref="SA1")
    factories.SavingYearFactory(saving=saving, period="to 30 Jan 2018", planned=None, delivered=Decimal(190_000))
    factories.SavingYearFactory(saving=saving, period="after 30 Jan 2018", planned=Decimal(500_000))
    answers = {"row-to_date-20180130-version": 1, "row-to_date-20180130-delivered": "200,000"}
    assert page.post(YEARS, {**answers, "reason": "Counted again."}).status_code == 302
    assert sorted(SavingYear.objects.values_list("planned", "delivered"), key=str) == [
        (500_000, None), (None, 200_000),
    ]  # fmt: skip


def test_a_year_from_before_the_rule_stays_until_it_is_changed(page, analyst, saving):
    year = SavingYear.objects.get(saving=saving, period_start__year=2020)
    year.delivered, year.forecast, year.is_from_before = Decimal(60_000), Decimal(60_000), True
    history.save(year, by=analyst, reason="As it was.")
    html = words(page.get("/plans/borough-plan/savings/"))
    assert "These years were entered before each had to add up." in html
    assert "The parts come to £20,000 more than the £100,000 planned." in html
    version = {"row-2020-version": year.version}
    assert send(page, **version, **{"row-2020-delivered": "60,000", "row-2020-forecast": "50,000"}).status_code == 200
    mended = {"row-2020-delivered": "60,000", "row-2020-forecast": "", "row-2020-slipped": "40,000"}
    assert send(page, **version, **mended).status_code == 302
    year.refresh_from_db()
    assert not year.is_from_before


def test_the_saving_itself_is_changed_with_its_links(page, saving, division, post, objective, activity):
    indicator = factories.PlanIndicatorFactory(plan=saving.plan, key="vacancies", code="V1")
    answers = {
        "title": "Fewer agency staff", "version": 1, "owner": post.key, "division": division.key,
        "kind": "cost_avoidance", "recurrence": "one_off", "base_budget": "2,000,000", "investment_needed": "50,000",
        "objectives": [objective.key], "activities": [activity.key], "indicators": [indicator.key],
        "reason": "Agreed with finance.",
    }  # fmt: skip
    response = page.post(ITSELF, answers)
    assert response.status_code == 302
    saving = Saving.objects.get(pk=saving.pk)
    assert (saving.owner, saving.division, saving.kind, saving.recurrence) == (
        post,
        division,
        "cost_avoidance",
        "one_off",
    )
    assert list(saving.indicators.all()) == [indicator]
    assert saving.history.count() == 2
    html = words(page.get(response.url))
    for told in ("This is cost avoidance, not cash.", "One-off", "Indicators it may hurt", "£50,000"):
        assert told in html


@pytest.mark.parametrize("address", [YEARS, ITSELF])
def test_an_analyst_of_another_council_finds_nothing(client, elsewhere, saving, address):
    client.force_login(factories.UserFactory(role="analyst", councils=[elsewhere]))
    assert client.get(address).status_code == 404
    assert client.post(address, {"title": "Mine", "version": 1}).status_code == 404


@pytest.mark.parametrize("role", ["director", "lead_member", "scrutiny_member"])
@pytest.mark.parametrize("address", [YEARS, ITSELF])
def test_nobody_but_those_who_keep_the_registers_changes_the_money(client, borough, saving, role, address):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(address).status_code == 403
    assert client.post(address, {"title": "Mine", "version": 1}).status_code == 403
