from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.dashboards.between import NOTHING, SHOWN, compare
from lambeth_plans.dashboards.state import plan_state
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

CEILING = 40


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def move_back(days=10):
    """Everything that there is was written so many days earlier."""
    for model in history.recorded_models():
        model.history.update(history_date=F("history_date") - timedelta(days=days))


@dataclass
class Before:
    """A plan ten days ago, with one record of each register."""

    plan: Any
    by: Any
    other_post: Any
    activity: Any
    place: Any
    risk: Any
    saving: Any
    contract: Any

    def change(self, record, links=None, **fields):
        record.refresh_from_db()
        for name, value in fields.items():
            setattr(record, name, value)
        history.save(record, by=self.by, reason="Changed.", links=links)

    def report(self, rag, period="May 2026", **fields):
        return factories.ProgressUpdateFactory(activity=self.activity, period=period, rag=rag, **fields)

    def figure(self, value=None, period="May 2026", **fields):
        return factories.OutturnFactory(indicator=self.place.indicator, period=period, value=value, **fields)

    def states(self, **options):
        then = timezone.now() - timedelta(days=5)
        return plan_state(self.plan, then, **options), plan_state(self.plan, **options)

    def told(self, **options):
        groups = compare(*self.states(**options)).groups
        return [(group.key, line.label, line.sentence) for group in groups for line in group.lines]


@pytest.fixture
def before(plan, objective, post, other_post, administrator):
    activity = factories.ActivityFactory(
        plan=plan,
        key="ka1",
        ref="KA1",
        objective=objective,
        owner=post,
        original_due_date="2090-03",
        due_date="2090-06",
    )
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", rag="green")
    place = factories.PlanIndicatorFactory(plan=plan, code="LC.06", owner=post)
    factories.OutturnFactory(indicator=place.indicator, period="Apr 2026", value=Decimal(92))
    for period in ("Apr 2026", "May 2026"):
        factories.TargetFactory(indicator=place.indicator, period=period)
    matrix = factories.RiskMatrixFactory(council=plan.council)
    risk = factories.RiskFactory(plan=plan, ref="R1", owner=post, matrix=matrix)
    factories.RiskScoreFactory(risk=risk, likelihood=3, impact=4, scored_date="2026-04-01")
    saving = factories.SavingFactory(plan=plan, ref="S1", owner=post)
    factories.SavingYearFactory(saving=saving, period="2026/27", forecast=Decimal(100_000), slipped=Decimal(0))
    contract = factories.ContractFactory(plan=plan, title="Meals", director=post, end_date="2091-03-31")
    move_back()
    return Before(plan, administrator, other_post, activity, place, risk, saving, contract)


def postpone(before):
    new = {"previous_due_date": "2090-06", "new_due_date": "2090-09", "due_date_reason": "Two posts are empty."}
    before.report("green", **new)
    before.change(before.activity, due_date="2090-09")


def score(before, likelihood, impact):
    day = {"scored_date": "2026-05-01", "reason": "A second strike."}
    factories.RiskScoreFactory(risk=before.risk, likelihood=likelihood, impact=impact, **day)


def correct(before, value):
    before.change(before.place.indicator.outturns.get(), value=Decimal(value))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda b: b.report("red"), [("worse", "KA1", "Green → Red. Reported for May 2026.")]),
        (lambda b: b.report("not_started"), [("rated", "KA1", "Green → Not started. Reported for May 2026.")]),
        (lambda b: b.report("blue"), [("better", "KA1", "Green → Complete. Reported for May 2026.")]),
        (lambda b: b.report("green"), []),
        (
            lambda b: b.figure(Decimal(80)),
            [
                ("worse", "LC.06", "Green → Red. 92.0% for Apr 2026, now 80.0% for May 2026."),
                ("figures", "LC.06", "80.0% for May 2026, after 92.0% for Apr 2026. It no longer meets its target."),
            ],
        ),
        (
            lambda b: b.figure(Decimal(91), status="provisional"),
            [
                ("rated", "LC.06", "Green → no rating. 91.0% for May 2026."),
                ("figures", "LC.06", "91.0% (provisional) for May 2026, after 92.0% for Apr 2026."),
            ],
        ),
        (
            lambda b: [b.figure(Decimal(80)), b.figure(Decimal(91), "Jun 2026", status="provisional")],
            [
                ("worse", "LC.06", "Green → Red. 92.0% for Apr 2026, now 80.0% for May 2026."),
                (
                    "figures",
                    "LC.06",
                    (
                        "2 figures, the newest 91.0% (provisional) for Jun 2026, after 92.0% for Apr 2026. "
                        "80.0% for May 2026 no longer meets its target."
                    ),
                ),
            ],
        ),
        (
            lambda b: b.figure(reason="pending"),
            [
                ("rated", "LC.06", "Green → no rating. Pending for May 2026."),
                ("figures", "LC.06", "May 2026: Pending."),
            ],
        ),
        (
            lambda b: [b.figure(Decimal(94), period) for period in ("Jan 2026", "Feb 2026", "May 2026")],
            [("figures", "LC.06", "3 figures, the newest 94.0% for May 2026, after 92.0% for Apr 2026.")],
        ),
        (
            lambda b: correct(b, 86),
            [
                ("worse", "LC.06", "Green → Amber. Apr 2026: 92.0%, now 86.0%."),
                ("figures", "LC.06", "Apr 2026: 92.0% → 86.0%."),
            ],
        ),
        (
            lambda b: b.change(b.place.indicator.targets.order_by("period_start")[0], value=Decimal(93)),
            [("worse", "LC.06", "Green → Amber. The same figure, 92.0% for Apr 2026, is judged anew.")],
        ),
        (postpone, [("dates", "KA1", "Due date June 2090 → September 2090, originally March 2090.")]),
        (
            lambda b: b.change(b.activity, due_date="2020"),
            [
                ("overdue", "KA1", "Now overdue: it was due 2020 and is Green."),
                ("dates", "KA1", "Due date June 2090 → 2020, originally March 2090."),
            ],
        ),
        (lambda b: score(b, 4, 5), [("risks", "R1", "Amber → Red. Score 12 → 20.")]),
        (lambda b: score(b, 2, 5), [("risks", "R1", "Score 12 → 10, still Amber.")]),
        (
            lambda b: b.change(b.saving.years.get(), slipped=Decimal(40_000), forecast=Decimal(60_000)),
            [("savings", "S1", "2026/27: forecast £100,000 → £60,000; slipped £0 → £40,000.")],
        ),
        (
            lambda b: factories.ActivityFactory(plan=b.plan, ref="KA9", objective=None),
            [("new", "KA9", "New activity, Not reported.")],
        ),
        (
            lambda b: history.remove(b.contract, by=b.by, reason="Entered twice."),
            [("gone", "Meals", "Contract no longer in the plan, last ending 31 March 2091.")],
        ),
        (
            lambda b: history.remove(b.place, by=b.by, reason="Counted no more."),
            [("gone", "LC.06", "Indicator no longer in the plan, last Green.")],
        ),
        (
            lambda b: b.change(b.activity, owner=b.other_post),
            [("owners", "KA1", "Owner Director of Care → Director of Learning.")],
        ),
        (
            lambda b: b.change(b.contract, director=None, links={"further_directors": [b.other_post]}),
            [
                (
                    "owners",
                    "Meals",
                    "Director Director of Care → not stated. Further directors added: Director of Learning.",
                )
            ],
        ),
        (lambda b: b.change(b.activity, title="Another title"), []),
        (
            lambda b: b.change(b.place.indicator.targets.order_by("period_start")[0], standing="assumed"),
            [("rated", "LC.06", "Green → no rating. 92.0% for Apr 2026.")],
        ),
        (
            lambda b: [
                b.change(b.risk, matrix=factories.RiskMatrixFactory(council=b.plan.council, name="New matrix")),
                score(b, 4, 5),
            ],
            [("risks", "R1", "Amber → Red. Score 12 → 20. On another matrix: New matrix.")],
        ),
    ],
)
def test_each_change_is_told_in_a_sentence(before, change, told):
    change(before)
    assert before.told() == told


def test_the_reason_stands_beside_what_changed(before):
    postpone(before)
    before.figure(Decimal(80))
    score(before, 4, 5)
    confirmed = {"scored_date": "2026-06-01", "reason": "No change."}
    factories.RiskScoreFactory(risk=before.risk, likelihood=4, impact=5, **confirmed)
    comparison = compare(*before.states())
    (date,), (risk,), (figure,), (rating,) = map(comparison.lines, ("dates", "risks", "figures", "worse"))
    assert (date.why, risk.why) == ("Two posts are empty.", "A second strike.")
    assert figure.why == "Down 12 points on April 2026: worse."
    assert rating.why.startswith("Red: 80% is 10 points below the 90% target;")


def test_the_worst_stands_first_in_each_group(before):
    for ref, was, now in (("A", "green", "amber"), ("B", "amber", "red"), ("C", "green", "red"), ("D", "red", "green")):
        activity = factories.ActivityFactory(plan=before.plan, ref=ref, objective=None)
        factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", rag=was, at=before_then())
        activity.history.update(history_date=before_then())
        factories.ProgressUpdateFactory(activity=activity, period="May 2026", rag=now)
    comparison = compare(*before.states())
    assert [line.label for line in comparison.lines("worse")] == ["C", "B", "A"]
    assert [group.key for group in comparison.groups] == ["worse", "better"]
    assert comparison.words == "3 ratings got worse and 1 got better; no due date moved."


def before_then():
    return timezone.now() - timedelta(days=8)


def test_told_the_other_way_round_every_worse_is_a_better(before):
    before.report("red")
    before.figure(Decimal(80))
    before.change(before.activity, due_date="2090-09", owner=before.other_post)
    score(before, 4, 5)
    before.change(before.saving.years.get(), slipped=Decimal(40_000), forecast=Decimal(60_000))
    factories.ActivityFactory(plan=before.plan, ref="KA9", objective=None)
    history.remove(before.contract, by=before.by, reason="Entered twice.")
    was, now = before.states()
    there, back = compare(was, now), compare(now, was)

    def turns(comparison, sign):
        return {(line.label, line.turn * sign) for group in comparison.groups for line in group.lines if line.turn}

    assert turns(there, 1) == turns(back, -1) == {("KA1", -1), ("LC.06", -1), ("R1", -1), ("S1", -1)}
    for one, other in (("worse", "better"), ("better", "worse"), ("new", "gone"), ("gone", "new")):
        assert {line.label for line in there.lines(one)} == {line.label for line in back.lines(other)}
    assert [len(there.lines(key)) for key in ("worse", "new", "gone", "owners")] == [2, 1, 1, 1]


def test_nothing_of_a_withheld_figure_is_told_by_comparing(before):
    people = factories.IndicatorFactory(council=before.plan.council, unit="number", decimals=0, counts_people=True)
    factories.PlanIndicatorFactory(plan=before.plan, code="CP1", indicator=people)
    first = factories.OutturnFactory(indicator=people, period="Apr 2026", value=Decimal(3))
    move_back()
    before.change(first, value=Decimal(4))
    assert before.told() == [("figures", "CP1", "Apr 2026: 3 → 4.")]
    assert before.told(sees_small_counts=False) == []
    factories.OutturnFactory(indicator=people, period="May 2026", value=Decimal(2))
    told = before.told(sees_small_counts=False)
    assert told == [("figures", "CP1", "c for May 2026, after c for Apr 2026.")]
    assert compare(*before.states(sees_small_counts=False)).has_withheld


def test_a_small_count_stays_withheld_on_past_days_when_its_indicator_left_the_plan(before):
    people = factories.IndicatorFactory(council=before.plan.council, unit="number", decimals=0, counts_people=True)
    place = factories.PlanIndicatorFactory(plan=before.plan, code="CP1", indicator=people)
    factories.OutturnFactory(indicator=people, period="Apr 2026", value=Decimal(3))
    move_back()
    history.remove(place, by=before.by, reason="Counted no more.")
    then = {
        sees: next(each for each in before.states(sees_small_counts=sees)[0].indicators if each.code == "CP1")
        for sees in (True, False)
    }
    assert [outturn.text for sees in (True, False) for outturn in then[sees].outturns] == ["3", "c"]


# The page


@pytest.fixture
def page(read):
    def open_page(since=None, until=None, **query):
        days = {name: str(day) for name, day in (("from", since), ("to", until)) if day is not None}
        return read("change_between", **days, **query)

    return open_page


def test_the_page_compares_the_last_thirty_days_of_the_plan_unless_others_are_asked_for(before, page):
    assert page().context["since"].day == days_ago(10)  # the plan's first
    move_back(50)
    before.report("red")
    response = page()
    assert (response.context["since"].day, response.context["until"].day) == (days_ago(30), days_ago(0))
    html = response.content.decode()
    assert "1 rating got worse and none got better; no due date moved." in html
    assert reverse("activity_detail", args=["borough-plan", "ka1"]) in html
    assert NOTHING in page(days_ago(40), days_ago(20)).content.decode()
    assert "Both are the same day" in page(days_ago(3), days_ago(3)).content.decode()


def test_a_past_second_day_shows_nothing_of_now(before, page):
    before.report("red")
    move_back(3)
    before.report("blue", "Jun 2026")
    before.change(before.plan, title="Quetzal of the plan")
    html = page(days_ago(8), days_ago(2)).content.decode()
    assert "Green" in html
    assert "Complete" not in html
    assert "Quetzal" not in html
    assert f"As the plan stood at the end of {days_ago(2):%-d %B %Y}." in html
    found = Page(html, "/").links
    assert f"{reverse('activity_detail', args=['borough-plan', 'ka1'])}?as_at={days_ago(2)}" in found


def test_what_went_leads_to_how_it_stood(before, page, reader):
    history.remove(before.contract, by=before.by, reason="Entered twice.")
    links = Page(page().content.decode(), "/").links
    address = f"{reverse('contract_detail', args=['borough-plan', before.contract.key])}?as_at={days_ago(10)}"
    assert address in links
    assert reader.get(address).status_code == 200


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("31/12/2020", None, "“31/12/2020” is not a day. Write it as 2020-12-31."),
        (None, "2020-02-30", "“2020-02-30” is not a day."),
        ("2001-02-03", None, "Nothing of this plan was held here on 3 February 2001. The first day is "),
        (None, "2999-01-01", "1 January 2999 has not come yet."),
        (0, 1, "The first day must come before the second."),
    ],
)
def test_days_that_cannot_be_compared_are_said_to_be_so_and_stay_in_the_form(before, page, since, until, words):
    since, until = (days_ago(day) if isinstance(day, int) else day for day in (since, until))
    response = page(since, until)
    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    assert "There is a problem" in html
    assert all(f'value="{day}"' in html for day in (since, until) if day)


def test_a_page_as_at_a_day_compares_nothing_after_it(before, page):
    response = page(as_at=str(days_ago(2)))
    assert response.context["until"].day == days_ago(2)
    assert "comes after the day shown" in page(until=days_ago(1), as_at=str(days_ago(2))).content.decode()


def test_a_closed_plan_compares_both_days_too(before, page):
    before.report("red")
    before.change(before.plan, status="closed", start_date="2025-04-01", end_date="2026-03-31")
    html = page().content.decode()
    assert "1 rating got worse" in html


def test_a_long_group_is_folded(before, page):
    for _ in range(SHOWN + 2):
        factories.ObjectiveFactory(plan=before.plan)
    html = page().content.decode()
    assert "Show 2 more" in html
    assert html.count("New objective.") == SHOWN + 2


def test_two_days_ask_no_more_of_the_database_for_more_data(plan, fill, queries):
    """Between two past days and up to now, with much that changed between them."""
    counts = []
    for times in (1, 9):
        for days in (8, 4, 0):
            fill(times)
            move_back(days)
        counts.append([queries("change_between", **{"from": days_ago(9), "to": days_ago(day)}) for day in (2, 0)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= CEILING
