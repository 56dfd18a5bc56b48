from datetime import date

import pytest
from django.urls import reverse

from lambeth_plans.dashboards.pages import PLAN_GROUPS, PLAN_PAGES
from tests import factories

pytestmark = pytest.mark.django_db

#: Pages over many registers at once.
WIDE = {"plan_dashboard", "plan_one_page", "narrative", "finding_list", "golden_thread", "thread_health"}
#: Pages with what control charts, other areas and due dates say.
ANALYSED = set(PLAN_GROUPS["Indicators"])
CEILINGS = {name: 20 if name in WIDE else 12 if name in ANALYSED else 10 for name, _ in PLAN_PAGES}
CEILINGS["risk_list"] = 15  # with its map, and how the activities that keep risks down stand
CEILINGS["data_quality"] = 14  # every register that has a printed total, and what hangs on those
CEILINGS["change_between"] = 40  # two days


def test_no_page_asks_the_database_more_than_it_may_nor_more_with_ten_times_the_data(fill, queries):
    fill(1)
    once = {name: queries(name) for name in CEILINGS}
    fill(9)
    ten_times = {name: queries(name) for name in CEILINGS}
    assert ten_times == once
    assert {name: count for name, count in once.items() if count > CEILINGS[name]} == {}


@pytest.mark.parametrize("name", CEILINGS)
def test_a_plan_with_nothing_in_it_has_every_page(read, name):
    response = read(name)
    assert response.status_code == 200
    assert "The Borough&#x27;s Plan" in response.content.decode()


@pytest.mark.parametrize("name", CEILINGS)
def test_a_plan_of_another_council_is_not_found(client, stranger, plan, name):
    client.force_login(stranger)
    assert client.get(reverse(name, args=[plan.slug])).status_code == 404


@pytest.mark.parametrize("name", CEILINGS)
def test_a_page_is_only_read(reader, plan, name):
    assert reader.post(reverse(name, args=[plan.slug])).status_code == 405


@pytest.mark.parametrize("name", CEILINGS)
def test_nonsense_in_the_address_never_breaks_a_page(fill, read, name):
    fill(1)
    for value in ("9" * 5000, "-1", "1e400", "\x00", "<script>", "٣", "{}", "' OR 1=1", ""):
        fields = ("page", "days", "text", "rag", "due", "objective", "owner", "group", "target", "status", "director")
        fields += ("kind", "theme", "source", "answered", "from", "variation", "sort", "show")
        response = read(name, **dict.fromkeys(fields, value))
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().replace('<script type="module"', "")


@pytest.mark.parametrize(
    ("status", "around", "words"),
    [
        ("closed", "2020-09-15", "This plan ended on 31 March 2021; it is shown as at its end."),
        ("superseded", "2020-09-15", "This plan ended on 31 March 2021; it is shown as at its end."),
        ("superseded", "2090-09-15", "This plan has been superseded. As at"),
        ("draft", "2090-09-15", "This plan is a draft. As at"),
        ("current", "2020-09-15", "As at"),
    ],
)
def test_every_page_says_what_day_it_is_read_at(reader, borough, status, around, words):
    plan = factories.PlanFactory(council=borough, status=status, around=date.fromisoformat(around))
    assert words in reader.get(reverse("risk_list", args=[plan.slug])).content.decode()


def test_a_page_of_an_invented_council_says_so(client):
    council = factories.CouncilFactory(is_invented=True, name="Made-up Borough")
    plan = factories.PlanFactory(council=council)
    factories.PublicationFactory(plan=plan)
    client.force_login(factories.UserFactory(role="lead_member", councils=[council]))
    html = client.get(reverse("activity_list", args=[plan.slug])).content.decode()
    assert "<strong>Made-up Borough is invented.</strong>" in html


def test_a_plan_s_navigation_is_short_and_leads_to_every_page(read):
    menus = {name: read(name).context for name, _ in PLAN_PAGES}
    for context in menus.values():
        assert len(context["plan_navigation"]) <= 10
        assert sum(link.is_current for link in context["plan_navigation"]) == 1
    reached = {link.url for context in menus.values() for link in context["plan_navigation"]}
    reached |= {link.url for context in menus.values() for link in context["group_navigation"]}
    assert len(reached) == len(PLAN_PAGES)


@pytest.mark.parametrize("group", PLAN_GROUPS)
def test_the_pages_of_a_group_share_one_entry_and_show_each_other(read, group):
    label = group.format(activities="Activities")
    for name in PLAN_GROUPS[group]:
        context = read(name).context
        assert context["group"] == label
        assert [link.label for link in context["plan_navigation"] if link.is_current] == [label]
        assert [link.url for link in context["group_navigation"] if link.is_current] == [
            reverse(name, args=["borough-plan"])
        ]
