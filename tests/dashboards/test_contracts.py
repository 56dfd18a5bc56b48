"""The contracts page: where each stands, what is warned of and asked, and what is published."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from finance.ending import Stage
from finance.transparency import COLUMNS
from lambeth_plans import history
from lambeth_plans.dashboards.contracts import endings_of
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.summary import Summary
from tests import factories

pytestmark = pytest.mark.django_db

SOON = "Ends or needs notice within 12 months"


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "Ended"), (0, SOON), (365, SOON), (367, "Running")],
)
def test_a_contract_stands_where_it_is_today(read, plan, days, words):
    factories.ContractFactory(plan=plan, end_date=timezone.localdate() + timedelta(days=days))
    (contract,) = read("contract_list").context["page"]
    assert contract.status.words == words


def test_a_contract_that_begins_later_is_not_running(read, plan):
    tomorrow = timezone.localdate() + timedelta(days=1)
    factories.ContractFactory(plan=plan, start_date=tomorrow, end_date=None)
    factories.ContractFactory(plan=plan, start_date=tomorrow, end_date=tomorrow + timedelta(days=900))
    factories.ContractFactory(plan=plan, start_date=f"{tomorrow.year}", end_date=None)
    words = [contract.status.words for contract in read("contract_list").context["page"]]
    assert words == ["Not started", "Not started", "End date not stated"]


def test_nothing_of_a_closed_plan_is_about_to_end(reader, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 9, 15))
    for end in ("30 November 2020", "31 March 2021", "October 2021"):
        factories.ContractFactory(plan=plan, end_date=end)
    page = reader.get(reverse("contract_list", args=[plan.slug])).context["page"]
    assert [contract.status.words for contract in page] == ["Ended", "Running", "Running"]


def test_a_value_stands_as_it_was_understood_and_as_it_is_printed(read, plan):
    factories.ContractFactory(plan=plan, annual_value=Decimal(10_000_000), annual_value_as_stated="c.£10,000,000")
    factories.ContractFactory(plan=plan, annual_value=Decimal(450_000), annual_value_as_stated="£450,000")
    factories.ContractFactory(plan=plan, end_date_as_stated="N/A")
    html = read("contract_list").content.decode()
    assert "Printed as “c.£10,000,000”" in html
    assert "Printed as “£450,000”" not in html
    assert "Printed as “N/A”" in html
    assert "2 of them state an annual value, £10,450,000 together" in html


def ends_in(plan, days, **fields):
    return factories.ContractFactory(plan=plan, end_date=timezone.localdate() + timedelta(days=days), **fields)


@pytest.fixture
def register(plan):
    """A contract in each state."""
    ends_in(plan, -40, title="In use", is_still_in_use=True)
    ends_in(plan, -30, title="Over", is_still_in_use=False)
    ends_in(plan, -20, title="Asked")
    ends_in(plan, 500, title="Notice gone", notice_months=18)
    ends_in(plan, 300, title="No notice any more", notice_months=12)
    ends_in(plan, 300, title="Notice soon", notice_date=timezone.localdate() + timedelta(days=20))
    ends_in(plan, 10, title="Soon")
    ends_in(plan, 150, title="Six")
    ends_in(plan, 350, title="Twelve")
    ends_in(plan, 900, title="Later", extension_options="Two years")
    factories.ContractFactory(plan=plan, title="Unknown", end_date_as_stated="N/A, part of a larger contract")


def titles(contracts):
    return [contract.title for contract in contracts]


def test_contracts_stand_under_what_is_warned_of(register, plan):
    endings = endings_of(plan_state(plan).contracts)
    assert {stage: titles(those) for stage, those in endings.alerts} == {
        Stage.WITHIN_3: ["Soon", "Notice soon"],
        Stage.WITHIN_6: ["Six"],
        Stage.WITHIN_12: ["No notice any more", "Twelve"],
        Stage.NOTICE_GONE: ["Notice gone"],
    }
    assert [contract.deadline_words.partition(" ")[0] for _, those in endings.alerts for contract in those] == [
        *("ends", "notice", "ends", "ends", "ends", "ends")
    ]
    assert titles(endings.in_use) == ["In use"]
    assert titles(endings.asked) == ["Asked"]
    assert titles(endings.unknown) == ["Unknown"]


def test_the_page_says_all_of_it_and_draws_what_has_a_date(register, read, plan):
    response = read("contract_list")
    html = response.content.decode()
    for words in ("Expired and still in use: 1", "are they still in use?", "Within 3 months: 2", "not stated: 1"):
        assert words in html
    figure = response.context["figure"]
    assert figure.columns[3] == "Last day for notice"
    assert len(figure.rows) == 10
    assert figure.lead_words
    assert "1 without a date stand in the list below" in figure.description
    assert [row.lead is not None for _, rows in figure.groups for row in rows].count(True) == 3
    (narrowed,) = read("contract_list", alert="within-6").context["page"]
    assert narrowed.title == "Six"


def test_the_summary_counts_what_has_to_be_decided_and_leads_to_it(register, plan):
    found = {words: number for words, number, _ in Summary(plan_state(plan)).contract_alerts}
    assert found == {
        "expired and still in use": 1,
        "ended, not stated whether still in use": 1,
        "Within 3 months": 2,
        "Within 6 months": 1,
        "Within 12 months": 2,
        "Last day for notice has gone by, end not within 12 months": 1,
        "without an end date": 1,
    }
    ending = titles(Summary(plan_state(plan)).ending)
    assert ending == ["Soon", "Notice soon", "Six", "No notice any more", "Twelve"]


def test_a_contract_too_late_for_notice_and_far_from_its_end_has_a_status_of_its_own(register, read):
    (contract,) = read("contract_list", status="notice-gone").context["page"]
    assert (contract.title, contract.status.words) == ("Notice gone", "Last day for notice has gone by")


def test_nothing_of_a_closed_plan_is_warned_of_or_asked(reader, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 9, 15))
    for end in ("30 November 2020", "April 2021", None):
        factories.ContractFactory(plan=plan, end_date=end, notice_months=6)
    endings = endings_of(plan_state(plan).contracts)
    assert (endings.alerts, endings.asked, len(endings.unknown)) == ([], [], 1)
    assert Summary(plan_state(plan)).contract_alerts == []
    html = reader.get(reverse("contract_list", args=[plan.slug])).content.decode()
    assert "within 12 months of" not in html


def test_what_a_past_day_warns_of_is_what_was_known_then(plan, administrator):
    contract = ends_in(plan, 100)
    then = timezone.now()
    contract.end_date = timezone.localdate() + timedelta(days=900)
    history.save(contract, by=administrator, reason="Extended.")
    (past,), (now,) = plan_state(plan, then).contracts, plan_state(plan).contracts
    assert (past.alert, now.alert) == (Stage.WITHIN_6, None)


def published(client, plan):
    response = client.get(reverse("contract_publication", args=[plan.slug]))
    assert response["Content-Disposition"].endswith('-contracts-published.csv"')
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_what_is_published_has_the_columns_of_the_code_and_no_officer(reader, plan, post):
    factories.ContractFactory(
        plan=plan,
        title="=Meals",
        description="Lunches. Ask director@borough.example.",
        end_date="2022-10",
        end_date_as_stated="October 2022",
        director=post,
        note="Between us.",
        process="tender",
    )
    (row,) = published(reader, plan)
    assert tuple(row) == COLUMNS
    assert row["Title of agreement"] == "'=Meals"
    assert (row["End date"], row["End date as printed"]) == ("2022-10", "October 2022")
    assert row["Invitation to quote or tender"] == "Published invitation to tender"
    told = " ".join(row.values())
    for private in (post.name, "Between us", "@"):
        assert private not in told


def test_a_contract_shows_its_notice_its_extension_and_the_savings_tied_to_it(reader, plan):
    saving = factories.SavingFactory(plan=plan, ref="S7")
    contract = ends_in(
        plan, 200, notice_months=3, extension_options="Two years", latest_end_date="2099", savings=[saving]
    )
    html = page_of(reader, contract, "contract_detail")
    for words in ("3 months; last day", "counted back from the end", "Two years", "At the latest to 2099", "S7"):
        assert words in html
    assert contract.title in page_of(reader, saving, "saving_detail")


def page_of(client, record, name):
    return client.get(reverse(name, args=[record.plan.slug, record.key])).content.decode()
