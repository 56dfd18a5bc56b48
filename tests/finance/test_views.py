"""Changing a contract."""

from decimal import Decimal

import pytest

from finance.models import Contract
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from tests import factories

CONTRACT = "/plans/borough-plan/contracts/advocacy/edit/"


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


def test_an_analyst_of_another_council_finds_nothing(client, elsewhere, contract):
    client.force_login(factories.UserFactory(role="analyst", councils=[elsewhere]))
    assert client.get(CONTRACT).status_code == 404
    assert client.post(CONTRACT, {"title": "Mine", "version": 1}).status_code == 404
    assert contract.history.count() == 1


@pytest.mark.parametrize("role", ["administrator", "director", "lead_member", "scrutiny_member"])
def test_nobody_but_an_analyst_changes_the_money(client, borough, contract, role):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(CONTRACT).status_code == 403
    assert client.post(CONTRACT, {"title": "Mine", "version": 1}).status_code == 403
    assert contract.history.count() == 1


def test_a_contract_that_is_extended_is_asked_about_anew(page, contract):
    assert post_contract(page, is_still_in_use="yes").status_code == 302
    assert post_contract(page, is_still_in_use="yes", end_date="31/03/2023", version=2).status_code == 302
    contract.refresh_from_db()
    assert (contract.is_still_in_use, contract.version) == (None, 3)
