"""Changing what a saving brings, and a contract."""

from decimal import Decimal

import pytest

from finance.models import Contract, SavingYear
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from tests import factories

SAVING = "/plans/borough-plan/savings/sa1/edit/"
CONTRACT = "/plans/borough-plan/contracts/advocacy/edit/"


@pytest.fixture
def saving(plan):
    saving = factories.SavingFactory(plan=plan, key="sa1", ref="SA1", title="Fewer agency staff")
    for start in (2020, 2021):
        factories.SavingYearFactory(saving=saving, period=f"{start}/{(start + 1) % 100}", planned=Decimal(100_000))
    return saving


@pytest.fixture
def contract(plan):
    return factories.ContractFactory(
        plan=plan,
        key="advocacy",
        title="Advocacy",
        annual_value=Decimal(62_000),
        annual_value_as_stated="c.£62k",
        end_date=PartialDate("2022-10"),
    )


@pytest.fixture
def page(client, analyst):
    client.force_login(analyst)
    return client


def post_saving(page, **answers):
    rows = {}
    for start in (2020, 2021):
        row = {"version": 1, "planned": "100,000", "forecast": "", "delivered": ""}
        rows |= {f"row-{start}-{name}": value for name, value in row.items()}
    return page.post(SAVING, {**rows, "reason": "Month 6 monitor.", **answers})


def post_contract(page, **answers):
    answers = {
        "title": "Advocacy",
        "supplier": Contract.objects.get(key="advocacy").supplier.key,
        "annual_value": "62,000",
        "annual_value_as_stated": "c.£62k",
        "end_date": "October 2022",
        "version": 1,
        "reason": "Extended.",
        **answers,
    }
    return page.post(CONTRACT, answers)


def words(response):
    return response.content.decode()


def amounts(saving):
    years = SavingYear.objects.filter(saving=saving).order_by("period_start")
    return [(year.planned, year.forecast, year.delivered) for year in years]


def test_an_analyst_changes_the_amounts_of_a_year(page, analyst, saving):
    answers = {"row-2020-forecast": "£80,000", "row-2020-delivered": "0", "row-2020-planned": ""}
    response = post_saving(page, **answers)
    assert (response.status_code, response.url) == (302, "/plans/borough-plan/savings/sa1/")
    assert amounts(saving) == [(None, 80_000, 0), (100_000, None, None)]
    changed = SavingYear.history.filter(history_type="~")
    assert [(entry.history_user, entry.history_change_reason) for entry in changed] == [(analyst, "Month 6 monitor.")]
    assert "SA1 is saved for 2020/21." in words(page.get(response.url))


def test_the_form_shows_amounts_as_they_are_written_back(page, saving):
    form = words(page.get(SAVING))
    assert form.count('value="100,000"') == 2
    assert "2020/21" in form


@pytest.mark.parametrize("text", ["1e5", "NaN", "about 80", "80.123", "1,23", "£", "٨٠", "99999999999999"])
def test_an_amount_is_pounds_in_plain_writing(page, saving, text):
    response = post_saving(page, **{"row-2020-forecast": text})
    assert response.status_code == 200
    assert "There is a problem" in words(response)
    assert SavingYear.history.count() == 2


@pytest.mark.parametrize(
    ("text", "amount"), [("-500", -500), ("−500", -500), ("£1,234.50", Decimal("1234.5")), ("80 000", 80_000)]
)
def test_an_amount_is_read_exactly(page, saving, text, amount):
    post_saving(page, **{"row-2020-forecast": text})
    assert amounts(saving)[0][1] == amount


def test_a_change_of_amounts_needs_a_reason(page, saving):
    response = post_saving(page, **{"row-2020-forecast": "1", "reason": ""})
    assert "Say why, for the history." in words(response)
    assert SavingYear.history.count() == 2


def test_nothing_changed_is_nothing_saved(page, saving):
    response = post_saving(page, reason="")
    assert response.status_code == 302
    assert SavingYear.history.count() == 2


def test_a_stale_year_answers_409_and_saves_none_of_them(page, administrator, saving):
    year = SavingYear.objects.get(saving=saving, period_start__year=2020)
    year.forecast = Decimal(70_000)
    history.save(year, by=administrator, reason="Month 5 monitor.")
    response = post_saving(page, **{"row-2020-forecast": "80,000", "row-2021-forecast": "90,000"})
    assert response.status_code == 409
    for text in ("80,000", "70,000", "90,000", administrator.name, "Month 5 monitor."):
        assert text in words(response)
    assert amounts(saving) == [(100_000, 70_000, None), (100_000, None, None)]


def test_a_saving_without_years_says_so(page, plan):
    factories.SavingFactory(plan=plan, key="sa1", ref="SA1")
    assert "The plan states no year for this saving." in words(page.get(SAVING))


def test_an_analyst_changes_a_contract(page, analyst, contract):
    response = post_contract(page, annual_value="", end_date="31/03/2023", note="One-year extension.")
    assert (response.status_code, response.url) == (302, "/plans/borough-plan/contracts/advocacy/")
    contract.refresh_from_db()
    assert (contract.annual_value, contract.end_date) == (None, PartialDate("2023-03-31"))
    assert contract.annual_value_as_stated == "c.£62k"
    newest = contract.history.latest("history_id")
    assert (newest.history_user, newest.history_change_reason) == (analyst, "Extended.")
    assert contract.history.count() == 2


def test_all_of_a_contract_can_be_changed_with_one_row_of_history(page, plan, contract, post, other_post):
    objective = factories.ObjectiveFactory(plan=plan, key="o1")
    saving = factories.SavingFactory(plan=plan, key="sa1")
    typed = {
        "ref": "C1",
        "supplier_as_stated": "Various",
        "total_value": "£186,000",
        "irrecoverable_vat": "12.50",
        "process": "neither",
        "start_date": "2020",
        "is_still_in_use": "yes",
        "notice_months": "6",
        "notice_date": "30/06/2022",
        "extension_options": "A year, twice.",
        "latest_end_date": "October 2024",
        "review_date_as_stated": "TBC",
        "director": post.key,
        "further_directors": [other_post.key],
        "objectives": [objective.key],
        "savings": [saving.key],
    }
    assert post_contract(page, **typed).status_code == 302
    contract.refresh_from_db()
    assert (contract.total_value, contract.irrecoverable_vat) == (186_000, Decimal("12.5"))
    assert (contract.process, contract.is_still_in_use, contract.notice_months) == ("neither", True, 6)
    assert (contract.notice_date, contract.latest_end_date) == (PartialDate("2022-06-30"), PartialDate("2024-10"))
    assert contract.history.count() == 2
    assert contract.history.latest("history_id").links == {
        "further_directors": [other_post.pk],
        "objectives": [objective.pk],
        "savings": [saving.pk],
    }
    shown = words(page.get(CONTRACT))
    for text in ('value="30 June 2022"', '<option value="yes" selected>', "A year, twice."):
        assert text in shown


def test_what_the_document_prints_stands_beside_the_field(page, contract):
    assert 'value="c.£62k"' in words(page.get(CONTRACT))


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"start_date": "2023"}, "The contract ends before it starts, on 2023."),
        ({"end_date": "soon"}, "is not a date"),
        ({"annual_value": "lots"}, "is not an amount"),
        ({"notice_months": "six"}, "Enter a whole number of months from 1 to 120."),
        ({"notice_months": "121"}, "Enter a whole number of months from 1 to 120."),
        ({"notice_date": "2023"}, "Notice is given before the contract ends, on October 2022."),
        ({"end_date": "", "latest_end_date": "2025"}, "Say when the contract ends before saying how long"),
        ({"latest_end_date": "2021"}, "Extended, the contract would end before its end, October 2022."),
        ({"is_still_in_use": "perhaps"}, "Select a valid choice"),
        ({"note": "x", "reason": ""}, "Say why, for the history."),
    ],
)
def test_a_bad_answer_is_named_and_nothing_is_saved(page, contract, answers, error):
    response = post_contract(page, **answers)
    assert response.status_code == 200
    assert error in words(response)
    assert contract.history.count() == 1


def test_a_stale_contract_answers_409_with_both_texts(page, administrator, contract):
    contract.note = "Under review."
    history.save(contract, by=administrator, reason="Board.")
    response = post_contract(page, note="One-year extension.")
    assert response.status_code == 409
    for text in ("Under review.", "One-year extension.", administrator.name):
        assert text in words(response)
    contract.refresh_from_db()
    assert contract.note == "Under review."


@pytest.mark.parametrize("address", [SAVING, CONTRACT])
def test_an_analyst_of_another_council_finds_nothing(client, elsewhere, saving, contract, address):
    client.force_login(factories.UserFactory(role="analyst", councils=[elsewhere]))
    assert client.get(address).status_code == 404
    assert client.post(address, {"title": "Mine", "version": 1}).status_code == 404
    assert contract.history.count() == 1


@pytest.mark.parametrize("role", ["administrator", "director", "lead_member", "scrutiny_member"])
@pytest.mark.parametrize("address", [SAVING, CONTRACT])
def test_nobody_but_an_analyst_changes_the_money(client, borough, saving, contract, role, address):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(address).status_code == 403
    assert client.post(address, {"title": "Mine", "version": 1}).status_code == 403
    assert contract.history.count() == 1
