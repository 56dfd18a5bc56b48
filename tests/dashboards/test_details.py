from decimal import Decimal

import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, onlooker):
    client.force_login(onlooker)
    return client


def page(client, name, record):
    response = client.get(reverse(name, args=[record.plan.slug, record.key]))
    assert response.status_code == 200
    return response.content.decode()


def test_an_objective_shows_the_golden_thread(reader, plan, objective, activity, administrator):
    goal = factories.BoroughGoalFactory(council=plan.council, kind="goal", number="2.4", title="")
    history.save(objective, by=administrator, links={"goals": [goal]})
    indicator = factories.PlanIndicatorFactory(plan=plan, code="LC.06", activities=[activity])
    risk = factories.RiskFactory(plan=plan, ref="R1", objectives=[objective])
    saving = factories.SavingFactory(plan=plan, ref="S1", objectives=[objective])
    html = page(reader, "objective_detail", objective)
    assert reverse("goal_detail", args=[plan.slug, goal.key]) in html
    for name, record in (
        ("activity_detail", activity),
        ("indicator_detail", indicator),
        ("risk_detail", risk),
        ("saving_detail", saving),
    ):
        assert reverse(name, args=[plan.slug, record.key]) in html


def test_what_an_activity_does_not_state_reads_not_stated(reader, plan):
    activity = factories.ActivityFactory(plan=plan, key="bare", ref="", objective=None, owner=None, goal=None)
    html = page(reader, "activity_detail", activity)
    assert "without a reference" in html
    assert html.count("not stated") >= 5
    assert "Not reported" in html


def test_an_activity_tells_its_history_in_words(reader, activity, director):
    factories.ProgressUpdateFactory(activity=activity, period="Mar 2026", rag="amber", path_to_green="Hire two.")
    factories.ProgressUpdateFactory(
        activity=activity,
        period="Apr 2026",
        rag="red",
        what_happened="Both hires fell through.",
        path_to_green="Ask the board.",
        reported_by_name="Director of Care",
    )
    html = page(reader, "activity_detail", activity)
    assert "Amber → Red for April 2026." in html
    assert "Because: Both hires fell through." in html
    assert "Director of Care" in html


def test_a_report_without_change_says_what_still_holds_and_since_when(reader, activity):
    factories.ProgressUpdateFactory(activity=activity, period="Mar 2026", rag="green", what_happened="Two are hired.")
    for month in ("Apr 2026", "May 2026"):
        factories.ProgressUpdateFactory(
            activity=activity, period=month, rag="green", what_happened="", is_unchanged=True
        )
    html = page(reader, "activity_detail", activity)
    assert "Latest report: May 2026" in html
    assert "No change since March 2026: Two are hired." in html


def test_a_report_that_ticks_no_change_and_says_something_all_the_same_is_told_by_its_words(reader, activity):
    factories.ProgressUpdateFactory(activity=activity, period="Mar 2026", rag="green", what_happened="Two are hired.")
    said = {"rag": "red", "what_happened": "Both left.", "path_to_green": "Hire again.", "is_unchanged": True}
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", **said)
    html = page(reader, "activity_detail", activity)
    assert '<p class="govuk-body">Both left.</p>' in html
    assert "No change since" not in html


def test_a_due_date_that_an_administrator_moved_is_told_beside_the_reports(reader, activity, director, administrator):
    moved = {"previous_due_date": None, "new_due_date": "June 2026", "due_date_reason": "The panel is late."}
    report = factories.ProgressUpdateFactory(activity=activity, **moved)
    for due, why, at in (
        ("June 2026", "The panel is late.", report.reported_at),
        (None, "Not so.", None),
        ("June 2026", "Agreed by the board.", None),
    ):
        activity.due_date = due
        history.save(activity, by=administrator, reason=why, at=at)
    html = page(reader, "activity_detail", activity)
    assert html.count("Because: The panel is late.") == 1
    assert "Because: Agreed by the board." in html


def test_only_who_answers_for_an_activity_is_offered_to_report(client, activity, director, other_director, other_post):
    offer = reverse("progress_report", args=[activity.plan.slug, activity.key])
    client.force_login(director)
    assert offer in page(client, "activity_detail", activity)
    client.force_login(other_director)
    assert offer not in page(client, "activity_detail", activity)


def test_an_indicator_says_why_it_has_no_colour(reader, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    factories.OutturnFactory(indicator=place.indicator, period="2019/20", value=Decimal("47.5"))
    html = page(reader, "indicator_detail", place)
    assert "No target is stated, so no colour." in html
    assert "app-rag--" not in html


def test_the_target_of_a_period_without_a_figure_is_told(reader, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    factories.OutturnFactory(indicator=place.indicator, period="2006/07", value=Decimal("4.1"))
    stated = {"amber": None, "rule_kind": ""}
    factories.TargetFactory(indicator=place.indicator, period="2007/08", value=Decimal("5.5"), **stated)
    factories.TargetFactory(
        indicator=place.indicator, period="2008/09", value=None, value_as_stated="not set", **stated
    )
    html = page(reader, "indicator_detail", place)
    assert "No target is stated for 2006/07, so no colour." in html
    assert "<li>2007/08: 5.5%</li><li>2008/09: “not set”</li>" in html


def test_a_missing_month_is_a_gap_in_the_chart_and_not_a_straight_line(reader, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    for period in ("Jan 2026", "Feb 2026", "Apr 2026"):
        factories.OutturnFactory(indicator=place.indicator, period=period)
    response = reader.get(reverse("indicator_detail", args=[plan.slug, place.key]))
    chart = response.context["figures_chart"]
    assert [row[0] for row in chart.rows] == ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]
    assert chart.rows[2][1] == "Not reported"


def test_one_figure_alone_makes_no_chart(reader, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    factories.OutturnFactory(indicator=place.indicator, period="2019/20")
    response = reader.get(reverse("indicator_detail", args=[plan.slug, place.key]))
    assert response.context["figures_chart"] is None


def test_a_risk_whose_target_is_above_its_score_says_so(reader, plan):
    risk = factories.RiskFactory(plan=plan, matrix=None)
    for kind, score in (("current", 6), ("target", 8)):
        factories.RiskScoreFactory(risk=risk, kind=kind, score=score, likelihood=None, impact=None, matrix=None)
    html = page(reader, "risk_detail", risk)
    assert "The target is above the current score." in html
    assert "so no colour" in html


def test_a_saving_adds_up_and_says_what_nobody_reported(reader, plan):
    saving = factories.SavingFactory(plan=plan)
    for year, planned in (("2020/21", 380_000), ("2021/22", 0), ("2022/23", None)):
        factories.SavingYearFactory(saving=saving, period=year, planned=planned and Decimal(planned), delivered=None)
    html = page(reader, "saving_detail", saving)
    assert "£380,000" in html
    assert "not reported" in html


def test_a_contract_shows_what_is_printed_beside_what_is_understood(reader, plan):
    contract = factories.ContractFactory(
        plan=plan, annual_value=Decimal(10_000_000), annual_value_as_stated="c.£10,000,000", end_date="October 2022"
    )
    html = page(reader, "contract_detail", contract)
    assert "£10,000,000" in html
    assert "Printed as “c.£10,000,000”" in html
    assert "October 2022" in html


def test_an_officer_page_lists_what_they_answer_for_in_every_visible_plan(reader, activity, post):
    response = reader.get(reverse("officer_detail", args=["borough", post.key]))
    assert activity.title in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "objective_detail",
        "goal_detail",
        "activity_detail",
        "indicator_detail",
        "risk_detail",
        "saving_detail",
        "contract_detail",
    ],
)
def test_a_missing_record_and_another_councils_plan_are_both_not_found(reader, plan, elsewhere, name):
    hidden = factories.PlanFactory(council=elsewhere)
    assert reader.get(reverse(name, args=[plan.slug, "missing"])).status_code == 404
    assert reader.get(reverse(name, args=[hidden.slug, "missing"])).status_code == 404


def test_a_goal_shows_its_end_of_the_thread(reader, plan, activity, administrator):
    goal = factories.BoroughGoalFactory(council=plan.council, kind="goal", number="2.4", title="")
    activity.goal = goal
    history.save(activity, by=administrator)
    html = reader.get(reverse("goal_detail", args=[plan.slug, goal.key])).content.decode()
    assert "Goal 2.4" in html
    assert activity.title in html
    assert "Its words are" in html


def test_an_activity_lists_its_outputs_and_where_it_was_identified(reader, plan, activity, other_activity):
    finding = factories.FindingFactory(plan=plan, ref="AOI3", title="Care planning")
    source = factories.SourceFactory(plan=plan, key="sef", title="Self-evaluation")
    board = factories.BoardFactory(council=plan.council, name="Improvement Board")
    output = factories.OutputFactory(plan=plan, activity=activity, title="A new panel")
    factories.DataQualityNoteFactory(plan=plan, record_kind="output", record_key=output.key, why="A bullet is lost.")
    activity.stage_as_stated, activity.due_date_as_stated, activity.due_date = "Planned", "Spring", "2027"
    activity.identified_as_stated = "AOI3, SEF"
    links = {"findings": [finding], "sources": [source], "boards": [board], "see_also": [other_activity]}
    history.save(activity, by=factories.UserFactory(), reason="Read again.", links=links)
    html = page(reader, "activity_detail", activity)
    assert f'id="output-{output.key}"' in html
    for words in ("A new panel", "Care planning", "Improvement Board", "A bullet is lost."):
        assert words in html
    for words in ("Stage in the document: Planned", "Printed as “Spring”", "Printed as “AOI3, SEF”"):
        assert words in html
    for name, record in (("finding_detail", finding), ("activity_detail", other_activity)):
        assert reverse(name, args=[plan.slug, record.key]) in html
    assert "which points here" in page(reader, "activity_detail", other_activity)
    assert "findings added: AOI3" in html


def test_an_objective_shows_its_dated_commitments(reader, plan, objective):
    factories.MilestoneFactory(
        plan=plan, key="june", title="All plans are read", due_date="June 2027", objective=objective
    )
    html = page(reader, "objective_detail", objective)
    assert "All plans are read</a>, by June 2027" in html
    assert f"{reverse('narrative', args=[plan.slug])}#milestone-june" in html


def test_an_indicator_keeps_measures_that_sound_alike_apart_and_says_why(reader, plan):
    place, other, elsewhere = (
        factories.PlanIndicatorFactory(plan=plan, commentary=text) for text in ("Better.", "", "")
    )
    earlier = factories.PlanFactory(council=plan.council, title="An earlier plan")
    old = factories.PlanIndicatorFactory(plan=earlier, key="paf-a4", title="Care leavers in work, a ratio")
    for period in ("2018/19", "2019/20"):
        factories.OutturnFactory(indicator=other.indicator, period=period)
    factories.RelatedIndicatorFactory(indicator=place.indicator, other=old.indicator, reason="A ratio, not a share.")
    factories.RelatedIndicatorFactory(indicator=other.indicator, other=place.indicator, reason="Counts others.")
    response = reader.get(reverse("indicator_detail", args=[plan.slug, place.key]))
    html = response.content.decode()
    for words in ("A ratio, not a share.", "Counts others.", "An earlier plan", "Better."):
        assert words in html
    assert reverse("indicator_detail", args=[earlier.slug, "paf-a4"]) in html
    assert sorted(bool(chart) for _, _, chart in response.context["related"]) == [False, True]
    assert elsewhere.title not in html


def test_an_indicator_stands_beside_other_areas(reader, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    group = factories.ComparatorGroupFactory(council=plan.council, name="Inner London")
    factories.BenchmarkFactory(indicator=place.indicator, area="Lewisham", group=group, value=Decimal("81.5"))
    html = page(reader, "indicator_detail", place)
    for words in ("Lewisham", "Inner London", "81.5%"):
        assert words in html


def test_a_saving_shows_what_it_costs_to_make_it(reader, plan):
    saving = factories.SavingFactory(plan=plan, investment_made=Decimal(250_000), investment_needed_as_stated="TBC")
    factories.SavingYearFactory(saving=saving, planned=Decimal(100), delivered=Decimal(60), slipped=Decimal(40))
    html = page(reader, "saving_detail", saving)
    for words in ("£250,000", "Printed as “TBC”", "£60", "£40 slipped"):
        assert words in html
