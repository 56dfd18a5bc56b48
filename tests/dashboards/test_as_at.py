from datetime import date, timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.dashboards.as_at import kept
from objectives.models import BoroughGoal
from tests import factories
from tests.dashboards.test_pages import CEILINGS
from tests.html import Page

pytestmark = pytest.mark.django_db

SINCE = "Quetzal"
#: Lists that offer files, or something to change.
OFFERING = ("plan_dashboard", "indicator_list", "risk_list", "saving_list", "contract_list", "budget", "workforce")
OFFERING += ("evidence_list", "thread_health")


@pytest.fixture
def yesterday():
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def days_ago(fill):
    """Everything that there is was written three days ago: `days_ago()`, again after adding more."""

    def move(count=1):
        fill(count)
        for model in history.recorded_models():
            model.history.update(history_date=F("history_date") - timedelta(days=3))

    return move


@pytest.fixture
def details(plan):
    """The addresses of one record of each kind that has a page, found after the plan is filled."""

    def found():
        records = {
            "objective_detail": plan.objective_set.first(),
            "activity_detail": plan.activity_set.first(),
            "indicator_detail": plan.planindicator_set.first(),
            "risk_detail": plan.risk_set.first(),
            "saving_detail": plan.saving_set.first(),
            "contract_detail": plan.contract_set.first(),
            "finding_detail": plan.finding_set.first(),
            "evidence_detail": plan.evidence_set.first(),
        }
        addresses = {name: reverse(name, args=[plan.slug, record.key]) for name, record in records.items()}
        goal = BoroughGoal.objects.filter(council=plan.council).first()
        return {**addresses, "goal_detail": reverse("goal_detail", args=[plan.slug, goal.key])}

    return found


def change_everything(plan, by):
    """Writes the word into a record of every kind, and new figures, scores and amounts."""
    for name in ("objective", "activity", "planindicator", "risk", "saving", "contract", "finding", "evidence"):
        record = getattr(plan, f"{name}_set").first()
        record.title = f"{SINCE} {name}"
        history.save(record, by=by, reason=f"{SINCE} was here.")
    plan.title = f"{SINCE} of the plan"
    history.save(plan, by=by, reason=f"{SINCE} renamed it.")
    goal = BoroughGoal.objects.filter(council=plan.council).first()
    goal.title = f"{SINCE} goal"
    history.save(goal, by=by, reason=f"{SINCE} was here.")
    activity = plan.activity_set.first()
    factories.ProgressUpdateFactory(activity=activity, period="Dec 2021", rag="red", what_happened=f"{SINCE} happened.")
    factories.OutturnFactory(indicator=plan.planindicator_set.first().indicator, period="Jun 2021", note=SINCE)
    for factory in (factories.SectionFactory, factories.EventFactory, factories.MilestoneFactory):
        factory(plan=plan, title=f"{SINCE} since")
    factories.BudgetLineFactory(plan=plan, title=f"{SINCE} line")


def test_a_past_day_shows_nothing_that_was_written_since(plan, days_ago, details, reader, administrator, yesterday):
    days_ago()
    change_everything(plan, administrator)
    addresses = {name: reverse(name, args=[plan.slug]) for name in CEILINGS} | details()
    for name, address in addresses.items():
        then, now = (reader.get(address, asked).content.decode() for asked in ({"as_at": yesterday}, {}))
        assert SINCE not in then, name
        assert SINCE in now, name
        assert f"As the plan stood at the end of {yesterday:%-d %B %Y}." in then, name
        assert "As the plan stood" not in now, name


def test_a_past_day_asks_the_database_at_most_twice_as_much_and_no_more_for_more_data(
    plan, days_ago, queries, yesterday
):
    days_ago()
    once = {name: queries(name, as_at=yesterday) for name in CEILINGS}
    days_ago(4)
    assert {name: queries(name, as_at=yesterday) for name in CEILINGS} == once
    assert {name: count for name, count in once.items() if count > 2 * CEILINGS[name]} == {}


def test_links_and_filters_keep_the_day_but_for_the_way_back(plan, days_ago, reader, yesterday):
    days_ago()
    address = reverse("activity_list", args=[plan.slug])
    page = Page(reader.get(address, {"as_at": yesterday}).content.decode(), address)
    inside = [link for link in page.links if link.startswith("/plans/borough-plan/") and "#" not in link]
    assert len(inside) > 10
    assert [link for link in inside if f"as_at={yesterday}" not in link] == [address]
    asked = [dict(form.as_it_stands()) for form in page.forms if form.method == "get" and "/search/" not in form.action]
    assert [form["as_at"] for form in asked] == [[str(yesterday)]] * len(asked)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        ('<a href="/plans/p/risks/">', '<a href="/plans/p/risks/?as_at=2020-12-31">'),
        ('<a class="x" href="/plans/p/?a=1#m">', '<a class="x" href="/plans/p/?a=1&amp;as_at=2020-12-31#m">'),
        ('<a href="?page=2">', '<a href="?page=2&amp;as_at=2020-12-31">'),
        ('<a href="/plans/p/?as_at=2020-01-01">', None),
        ('<a href="/plans/p2/">', None),
        ('<a href="#m">', None),
        ('<a data-now href="/plans/p/">', None),
        ("<p>/plans/p/</p>", None),
    ],
)
def test_a_link_keeps_the_day_where_it_leads_to_the_same_plan(link, becomes):
    assert kept(link, "p", "2020-12-31") == (becomes or link)


@pytest.mark.parametrize(
    "text", ["31/12/2020", "2020-02-30", "20201231", "2020-W01-1", "٢٠٢٠-١٢-٣١", "<script>", "9" * 5000]
)
def test_what_is_no_day_is_said_instead_of_showing_another(read, text):
    response = read("plan_dashboard", as_at=text)
    assert response.status_code == 404
    page = response.content.decode()
    assert "is not a day. Write it as 2020-12-31." in page
    assert "<script>" not in page.replace('<script type="module"', "")


def test_a_day_to_come_and_one_before_the_plan_are_said_to_be_so(plan, days_ago, read, yesterday):
    days_ago()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert f"{tomorrow:%-d %B %Y} has not come yet." in read("risk_list", as_at=tomorrow).content.decode()
    page = read("risk_list", as_at="2001-02-03").content.decode()
    assert "Nothing of this plan was held here on 3 February 2001." in page
    assert 'href="/plans/borough-plan/"' in page


def test_today_is_the_page_as_it_is_now(plan, days_ago, read):
    days_ago()
    page = read("risk_list", as_at=timezone.localdate())
    assert page.status_code == 200
    assert "As the plan stood" not in page.content.decode()


def test_nothing_is_offered_for_changing_on_a_past_day(
    client, plan, days_ago, details, administrator, analyst, yesterday
):
    days_ago()
    for person in (administrator, analyst):
        client.force_login(person)
        for address in [reverse(name, args=[plan.slug]) for name in OFFERING] + list(details().values()):
            page = Page(client.get(address, {"as_at": yesterday}).content.decode(), address)
            published = reverse("contract_publication", args=[plan.slug])  # read as it stood that day
            paths = {link.partition("?")[0] for link in page.links} - {published}
            changing = {
                path for path in paths if path.endswith(("/edit/", "/new/", "/report/", "/targets/", ".xlsx", ".csv"))
            }
            assert changing | {path for path in paths if f"/set-up/plans/{plan.slug}/" in path} == set(), address


def test_what_happened_to_a_record_ends_with_the_day(plan, days_ago, reader, administrator, yesterday):
    days_ago()
    place = PlanIndicator.objects.first()
    place.commentary = "Said since."
    history.save(place, by=administrator, reason="Since that day.")
    address = reverse("indicator_detail", args=[plan.slug, place.key])
    assert "Since that day." in reader.get(address).content.decode()
    assert "Since that day." not in reader.get(address, {"as_at": yesterday}).content.decode()


def test_a_plan_that_ended_says_so_beside_the_day(reader, borough, yesterday):
    closed = factories.PlanFactory(
        council=borough, status="closed", start_date=date(2020, 4, 1), end_date=date(2021, 3, 31)
    )
    closed.history.update(history_date=F("history_date") - timedelta(days=3))
    page = reader.get(reverse("plan_dashboard", args=[closed.slug]), {"as_at": yesterday}).content.decode()
    assert f"As the plan stood at the end of {yesterday:%-d %B %Y}. It had ended on 31 March 2021." in page
