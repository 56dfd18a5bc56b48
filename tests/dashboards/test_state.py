from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from objectives.models import Plan
from tests import factories

pytestmark = pytest.mark.django_db

PARTS = [name for name in dir(PlanState) if isinstance(getattr(PlanState, name), cached_property) and name[0] != "_"]


def everything(state):
    return {part: getattr(state, part) for part in PARTS}


@pytest.fixture
def whole_plan(plan, activity, other_activity, other_post, objective):
    """A plan with something of every kind, links included."""
    goal = factories.BoroughGoalFactory(council=plan.council)
    history.save(objective, by=factories.UserFactory(), links={"goals": [goal]})
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", rag="green")
    indicator = factories.IndicatorFactory(
        council=plan.council, unit="%", polarity="higher", polarity_standing="agreed"
    )
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator, key="kpi", activities=[activity])
    factories.OutturnFactory(indicator=indicator, period="Apr 2026", value=Decimal("86.2"))
    factories.TargetFactory(
        indicator=indicator,
        period="Apr 2026",
        value=Decimal(90),
        amber=Decimal(5),
        rule_kind="points",
        standing="agreed",
    )
    matrix = factories.RiskMatrixFactory(council=plan.council, standing="agreed")
    risk = factories.RiskFactory(plan=plan, key="risk", matrix=matrix, owner=other_post, objectives=[objective])
    factories.RiskScoreFactory(risk=risk, matrix=matrix, likelihood=4, impact=5, score=20)
    factories.MitigationFactory(risk=risk, activity=activity)
    saving = factories.SavingFactory(plan=plan, key="saving", activities=[activity])
    factories.SavingYearFactory(saving=saving, period="2026/27", planned=Decimal(1000))
    factories.ContractFactory(plan=plan, key="contract", director=other_post, end_date="2027", supplier=None)
    factories.DataQualityNoteFactory(plan=plan, record_kind="activity", record_key=activity.key)
    source = factories.SourceFactory(plan=plan, event=factories.EventFactory(plan=plan))
    finding = factories.FindingFactory(plan=plan, source=source, ref="AOI1")
    part = factories.FindingFactory(plan=plan, source=source, parent=finding, ref="AOI1.1", title="")
    board = factories.BoardFactory(
        council=plan.council,
        chair=other_post,
        members=[other_post],
        reports_to=[factories.BoardFactory(council=plan.council)],
    )
    links = {"findings": [part, finding], "sources": [source], "boards": [board], "see_also": [other_activity]}
    history.save(activity, by=factories.UserFactory(), links=links)
    history.save(plan, by=factories.UserFactory(), links={"boards": [board]})
    factories.OutputFactory(plan=plan, activity=activity)
    factories.EvidenceFactory(plan=plan, findings=[part], objectives=[objective], activities=[activity])
    factories.MilestoneFactory(plan=plan, due_date="2016-06")
    factories.ConsultationFactory(plan=plan, officer=other_post, sent_date="2016-02-16")
    factories.RelatedIndicatorFactory(indicator=indicator)
    group = factories.ComparatorGroupFactory(council=plan.council)
    factories.BenchmarkFactory(indicator=indicator, group=group, area="Camden", period="2016/17")
    whole = factories.BudgetFigureFactory(plan=plan, amount=Decimal("7600000"))
    factories.BudgetFigureFactory(plan=plan, parent=whole, amount=Decimal("5700000"))
    for factory in (
        factories.BudgetLineFactory,
        factories.WorkforceSnapshotFactory,
        factories.SectionFactory,
        factories.AchievementFactory,
        factories.EventFactory,
    ):
        factory(plan=plan)
    return plan


def test_the_state_as_at_now_is_the_state_now(whole_plan):
    now, then = plan_state(whole_plan), plan_state(whole_plan, timezone.now())
    assert everything(then) == everything(now)
    assert now.activities[0].updates
    assert now.indicators[0].outturns[0].judgement.rag is Rag.AMBER


def test_a_past_moment_shows_what_stood_then_whatever_changed_since(whole_plan, activity, other_post, administrator):
    before, moment = everything(plan_state(whole_plan)), timezone.now()
    activity.title, activity.due_date = "Another title", "2030"
    history.save(activity, by=administrator, reason="Changed.", links={"further_owners": [other_post]})
    factories.ProgressUpdateFactory(activity=activity, period="May 2026", rag="red", path_to_green="Hire.")
    factories.ActivityFactory(plan=whole_plan, key="new")
    risk = whole_plan.risk_set.get()
    factories.RiskScoreFactory(risk=risk, score=3, scored_date=date(2030, 1, 1))
    outturn = whole_plan.planindicator_set.get().indicator.outturns.get()
    outturn.value = Decimal(12)
    history.save(outturn, by=administrator, reason="Corrected.")
    contract = whole_plan.contract_set.get()
    history.remove(contract, by=administrator, reason="Entered twice.")
    assert everything(plan_state(whole_plan, moment)) == before
    assert everything(plan_state(whole_plan)) != before
    assert not plan_state(whole_plan).contracts


def test_a_state_tells_what_was_found_delivered_and_seen(whole_plan, activity, other_activity):
    state = plan_state(whole_plan)
    finding, part = state.findings.values()
    assert (finding.name, part.name, part.parent_id, part.source.event_id is not None) == (
        "AOI1",
        "AOI1.1",
        finding.id,
        True,
    )
    told = next(each for each in state.activities if each.key == activity.key)
    assert set(told.finding_ids) == {finding.id, part.id}
    assert (told.source_ids, told.see_also_ids) == ((part.source.id,), (other_activity.pk,))
    assert [output.activity_id for output in state.outputs[activity.pk]] == [activity.pk]
    assert state.evidence[0].finding_ids == (part.id,)
    assert state.milestones[0].is_past
    (board,) = (board for board in state.boards.values() if board.chair)
    assert (board.members, len(board.reports_to_ids)) == ((board.chair,), 1)
    assert told.board_ids == state.plan_links["boards"] == (board.id,)


def test_other_areas_and_like_sounding_measures_stand_beside_an_indicator(whole_plan):
    state = plan_state(whole_plan)
    (indicator,) = state.indicators
    (figure,) = state.benchmarks[indicator.id]
    assert (figure.area, figure.text, str(figure.period), bool(figure.group)) == ("Camden", "80.0%", "2016/17", True)
    (related,) = state.related[indicator.id]
    assert related.title != indicator.title
    assert related.reason


def test_what_the_parts_of_an_amount_leave_over_is_not_broken_down(whole_plan):
    (whole,) = plan_state(whole_plan).budget_figures
    assert (whole.parts_total, whole.not_broken_down) == (Decimal(5_700_000), Decimal(1_900_000))
    assert whole.parts[0].not_broken_down is None


def test_what_a_range_leaves_over_is_not_said(plan):
    whole = factories.BudgetFigureFactory(plan=plan, amount=Decimal(500))
    factories.BudgetFigureFactory(plan=plan, parent=whole, amount=Decimal(300), upper_amount=Decimal(400))
    (told,) = plan_state(plan).budget_figures
    assert (told.parts_total, told.not_broken_down) == (None, None)


def test_before_its_first_record_a_plan_was_empty(whole_plan):
    state = plan_state(whole_plan, timezone.now() - timedelta(days=4000))
    assert not state.activities
    assert not state.indicators


def test_a_score_is_coloured_by_an_agreed_matrix_only(whole_plan, administrator):
    assert plan_state(whole_plan).risks[0].current.rag is Rag.RED
    matrix = whole_plan.risk_set.get().matrix
    matrix.standing = "assumed"
    history.save(matrix, by=administrator, reason="Not agreed after all.")
    assert plan_state(whole_plan).risks[0].current.rag is None


def test_a_matrix_without_bands_is_named_and_colours_nothing(plan):
    matrix = factories.RiskMatrixFactory(council=plan.council, standing="agreed", bands=())
    factories.RiskFactory(plan=plan, matrix=matrix)
    assert plan_state(plan).risks[0].matrix_name == matrix.name


def test_a_rule_that_does_not_fit_its_indicator_is_told_in_words(plan):
    indicator = factories.IndicatorFactory(council=plan.council, polarity="band")
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    factories.OutturnFactory(indicator=indicator, period="Apr 2026")
    factories.TargetFactory(indicator=indicator, period="Apr 2026", rule_kind="points")
    told = plan_state(plan).indicators[0]
    assert told.rag is None
    assert told.reason == ("No colour, because the rule cannot judge it. A band rule needs a lower and an upper value.")


def test_a_target_without_a_stated_direction_does_not_read_as_no_target(plan):
    indicator = factories.IndicatorFactory(council=plan.council, polarity="")
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    factories.OutturnFactory(indicator=indicator, period="Apr 2026")
    factories.TargetFactory(indicator=indicator, period="Apr 2026", rule_kind="", amber=None)
    assert plan_state(plan).indicators[0].reason == (
        "Which way is better is not stated, so no colour. 92.5% is 2.5 points above the target of 90%."
    )


@pytest.fixture
def closed(borough):
    return factories.PlanFactory(
        council=borough, status="closed", start_date=date(2020, 4, 1), end_date=date(2021, 3, 31)
    )


def test_a_closed_plan_does_not_tell_what_came_after_its_end(closed):
    place = factories.PlanIndicatorFactory(plan=closed)
    for period in ("2020/21", "Apr 2021", "2024/25"):
        factories.OutturnFactory(indicator=place.indicator, period=period)
    risk = factories.RiskFactory(plan=closed)
    for day, score in ((date(2021, 3, 31), 12), (date(2026, 5, 1), 4)):
        factories.RiskScoreFactory(risk=risk, scored_date=day, score=score)
    state = plan_state(closed)
    assert [str(outturn.period) for outturn in state.indicators[0].outturns] == ["2020/21"]
    assert [score.score for score in state.risks[0].scores] == [12]


def test_nothing_of_a_closed_plan_is_overdue_or_ending_today(closed):
    factories.ActivityFactory(plan=closed, due_date="June 2021")
    factories.ContractFactory(plan=closed, end_date="2021-06-30", supplier=None)
    state = plan_state(closed)
    assert state.as_of == date(2021, 3, 31)
    assert not state.activities[0].is_overdue
    assert not state.contracts[0].has_ended
    assert state.contracts[0].days_left == 91


def test_a_partial_due_date_is_overdue_only_after_its_last_day(borough):
    plan = factories.PlanFactory(
        council=borough, status="closed", end_date=date(2021, 6, 30), start_date=date(2020, 4, 1)
    )
    for key, due in (("year", "2021"), ("month", "June 2021"), ("past", "May 2021"), ("none", None)):
        activity = factories.ActivityFactory(plan=plan, key=key, due_date=due and PartialDate.parse(due))
        factories.ProgressUpdateFactory(activity=activity, period="June 2021")
    assert {each.key for each in plan_state(plan).activities if each.is_overdue} == {"past"}


def test_nothing_of_a_closed_plan_that_nobody_reported_on_is_called_overdue(closed):
    """Its document does not say whether it was done."""
    activity = factories.ActivityFactory(plan=closed, due_date="May 2020")
    assert not plan_state(closed).activities[0].is_overdue
    factories.ProgressUpdateFactory(activity=activity, period="Mar 2021")
    assert plan_state(closed).activities[0].is_overdue


def test_what_is_complete_is_not_overdue(activity, director):
    activity.due_date = "2001"
    history.save(activity, by=director)
    assert plan_state(activity.plan).activities[0].is_overdue
    factories.ProgressUpdateFactory(activity=activity, rag="blue")
    assert not plan_state(activity.plan).activities[0].is_overdue


def test_the_last_revision_of_a_period_holds(activity):
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", revision=1, rag="green")
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", revision=2, rag="red", path_to_green="Hire.")
    assert plan_state(activity.plan).activities[0].rag is Rag.RED


def test_activities_without_an_objective_stand_last_under_their_own_heading(plan, activity):
    loose = factories.ActivityFactory(plan=plan, key="loose", objective=None)
    grouped = plan_state(plan).activities_by_objective
    assert [each.objective and each.objective.key for each in grouped] == ["ob1", None]
    assert [each.key for each in grouped[-1].activities] == [loose.key]


def test_references_sort_as_people_sort_them(plan):
    for key in ("a-1-10", "a-1-9", "a-1-2"):
        factories.ActivityFactory(plan=plan, key=key, order=0)
    assert [each.key for each in plan_state(plan).activities] == ["a-1-2", "a-1-9", "a-1-10"]


def test_a_raised_figure_sorts_like_a_letter():
    assert natural_order("Phase 1²") > natural_order("Phase 1")


def test_every_part_takes_the_same_number_of_queries_with_more_data(whole_plan, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        everything(plan_state(Plan.objects.get(pk=whole_plan.pk)))
    for index in range(10):
        extra = factories.ActivityFactory(plan=whole_plan, key=f"x{index}")
        factories.ProgressUpdateFactory(activity=extra)
        factories.ContractFactory(plan=whole_plan)
        factories.RiskFactory(plan=whole_plan)
        place = factories.PlanIndicatorFactory(plan=whole_plan)
        factories.BenchmarkFactory(indicator=place.indicator)
        factories.FindingFactory(plan=whole_plan)
        factories.OutputFactory(plan=whole_plan, activity=extra)
        factories.EvidenceFactory(plan=whole_plan, activities=[extra])
        factories.BoardFactory(council=whole_plan.council)
    with django_assert_num_queries(len(few)):
        everything(plan_state(Plan.objects.get(pk=whole_plan.pk)))


def test_a_target_is_easy_only_where_it_was_met_before_it_was_set(plan):
    indicator = factories.IndicatorFactory(council=plan.council)
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    for month, value in (("Mar 2026", 80), ("Apr 2026", 95), ("May 2026", 96)):
        factories.OutturnFactory(indicator=indicator, period=month, value=Decimal(value))
    for month in ("Apr 2026", "May 2026"):  # one target for both: 80 had not met it
        factories.TargetFactory(indicator=indicator, period=month, value=Decimal(90))
    assert [outturn.cautions for outturn in plan_state(plan).indicators[0].outturns] == [(), (), ()]
    factories.OutturnFactory(indicator=indicator, period="Jun 2026", value=Decimal(96))
    factories.TargetFactory(indicator=indicator, period="Jun 2026", value=Decimal(92))
    assert plan_state(plan).indicators[0].latest.cautions == (
        "An easy target: the figure before it, 96%, had met 92% already.",
    )
