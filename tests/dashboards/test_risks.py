"""The risk register of a plan: its map, what stands beside it, what stands out, and its order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.dashboards import movements
from lambeth_plans.dashboards.risk_lines import RiskFilter, risk_lines, risk_maps, score_charts
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.summary import Summary
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag, Standing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def matrix(borough):
    return factories.RiskMatrixFactory(council=borough, key="five", name="Five by five", appetite=9)


@pytest.fixture
def risks(plan, post, matrix):
    """R1 got worse three times and is Red without anything being done; R2 has a total alone, its target above it; R3's
    review and target are late, its action too; R4 is calm and has no owner."""
    today = timezone.localdate()
    gone, ahead = PartialDate.of(today - timedelta(days=40)), PartialDate.of(today + timedelta(days=40))
    r1 = factories.RiskFactory(plan=plan, ref="R1", key="r1", matrix=matrix, owner=post)
    for months, impact in ((4, 2), (3, 3), (2, 4), (1, 5)):
        factories.RiskScoreFactory(
            risk=r1, likelihood=4, impact=impact, scored_date=today.replace(day=1) - timedelta(days=30 * months - 15)
        )
    factories.MitigationFactory(risk=r1, kind="control")
    r2 = factories.RiskFactory(plan=plan, ref="R2", key="r2")
    factories.RiskScoreFactory(risk=r2, score=6)
    factories.RiskScoreFactory(risk=r2, kind="target", score=8)
    r3 = factories.RiskFactory(plan=plan, ref="R3", key="r3", matrix=matrix, owner=post, review_date=gone)
    factories.RiskScoreFactory(risk=r3, likelihood=2, impact=5)
    factories.RiskScoreFactory(risk=r3, kind="target", likelihood=1, impact=5, due_date=gone)
    late = factories.ActivityFactory(plan=plan, due_date=gone)
    factories.MitigationFactory(risk=r3, kind="action", activity=late)
    r4 = factories.RiskFactory(plan=plan, ref="R4", key="r4", matrix=matrix, review_date=ahead)
    factories.RiskScoreFactory(risk=r4, likelihood=1, impact=2)
    factories.RiskScoreFactory(risk=r4, kind="target", likelihood=1, impact=1, due_date=ahead)
    return r1, r2, r3, r4


def shown(plan, **choices):
    return [line.risk.ref for line in RiskFilter(choices, risk_lines(plan_state(plan))).in_order()]


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("escalated", ["R1"]),
        ("unanswered", ["R1"]),
        ("above", ["R2"]),
        ("late-target", ["R3"]),
        ("review", ["R3"]),
        ("action", ["R3"]),
        ("appetite", ["R1", "R3"]),
        ("off-the-map", ["R2"]),
    ],
)
def test_what_stands_out_is_found(plan, risks, check, expected):
    assert shown(plan, check=check) == expected


def test_the_register_is_narrowed_and_put_in_order(plan, risks):
    assert shown(plan) == ["R1", "R3", "R2", "R4"]
    assert shown(plan, sort="ref") == ["R1", "R2", "R3", "R4"]
    assert shown(plan, sort="review") == ["R3", "R4", "R1", "R2"]
    assert shown(plan, sort="owner") == ["R1", "R3", "R2", "R4"]
    assert shown(plan, sort="movement")[0] == "R1"
    assert shown(plan, target="above") == ["R2"]
    assert shown(plan, target="none") == ["R1"]
    assert shown(plan, owner="director-of-care") == ["R1", "R3"]
    assert shown(plan, rag="none") == ["R2"]
    assert shown(plan, movement="worse") == ["R1"]
    assert shown(plan, cell="2x5") == ["R3"]
    assert shown(plan, cell="nonsense", sort="nonsense") == []


def test_the_map_holds_what_has_likelihood_and_impact(plan, risks):
    (drawn,) = risk_maps(plan_state(plan))
    squares = {(step.weight, square.score): square for step, row in drawn.grid for square in row}
    assert [each.name for each in squares[4, 20].current] == ["R1"]
    assert squares[4, 20].current[0].moved == "worse, was 16"
    assert squares[4, 20].rag is Rag.RED
    assert [each.name for each in squares[1, 5].targets] == ["R3"]
    assert len(drawn.rows) == 3
    assert drawn.has_appetite


def test_an_assumed_matrix_colours_nothing(plan, risks, matrix, analyst):
    matrix.standing = Standing.ASSUMED.value
    history.save(matrix, by=analyst, reason="Nobody agreed it.")
    state = plan_state(plan)
    (drawn,) = risk_maps(state)
    assert {square.rag for _, row in drawn.grid for square in row} == {None}
    assert not drawn.has_appetite
    assert all(risk.current.rag is None for risk in state.risks)


def test_of_a_closed_plan_no_review_and_no_target_is_late(plan, risks, administrator):
    plan.status = "closed"
    history.save(plan, by=administrator, reason="Over.")
    assert shown(plan, check="review") == shown(plan, check="late-target") == []


def test_what_got_worse_period_after_period_is_on_the_summary(plan, risks):
    assert [risk.ref for risk in Summary(plan_state(plan)).escalated] == ["R1"]


def test_how_many_periods_make_an_exception_is_a_setting(plan, risks, matrix, administrator):
    matrix.escalate_after = 4
    history.save(matrix, by=administrator, reason="Later.")
    assert shown(plan, check="escalated") == []


def test_scores_on_two_matrices_make_two_lines(plan, risks, borough):
    following = factories.RiskMatrixFactory(council=borough, name="Five by five", edition=2)
    factories.RiskScoreFactory(risk=risks[0], likelihood=1, impact=1, matrix=following)
    state = plan_state(plan)
    risk = next(each for each in state.risks if each.ref == "R1")
    assert [label for label, _ in score_charts(state, risk)] == ["Five by five", "Five by five, edition 2"]
    assert risk.moved_words == "on another matrix, was 20"
    assert not risk.is_escalated


@pytest.fixture
def following(borough, matrix):
    """The next edition of the matrix, on which less is accepted."""
    return factories.RiskMatrixFactory(
        council=borough, key="five-2", name="Five by five", edition=2, appetite=5, replaces=matrix
    )


@pytest.mark.parametrize(
    ("impact", "edition", "said"),
    [
        (4, 2, "Score 12 → 12. On another matrix: Five by five, edition 2."),
        (3, 2, "Score 12 → 9. On another matrix: Five by five, edition 2."),
        (4, None, "Amber → no rating. Score 12 → 12. On no matrix that is named."),
        (3, 1, "Score 12 → 9, still Amber."),
    ],
)
def test_a_score_is_told_beside_the_one_before_only_on_the_same_matrix(plan, matrix, following, impact, edition, said):
    risk = factories.RiskFactory(plan=plan, ref="R1", matrix=matrix)
    days = [timezone.localdate() - timedelta(days=back) for back in (60, 30)]
    factories.RiskScoreFactory(risk=risk, likelihood=3, impact=4, scored_date=days[0], reason="At first.")
    was = plan_state(plan)
    assert len(was.risks) == 1  # as they are now
    facts = {"score": 12} if edition is None else {"likelihood": 3, "impact": impact}
    on = {1: matrix, 2: following}.get(edition)
    factories.RiskScoreFactory(risk=risk, matrix=on, scored_date=days[1], reason="Looked at again.", **facts)
    (line,) = movements.risks(was, plan_state(plan))
    assert (line.sentence, line.why) == (said, "Looked at again.")
    assert (line.rank[0], line.turn) == ((3, 1) if edition == 1 else (0, 0))


def test_a_target_on_another_matrix_is_not_compared_with_the_score(plan, matrix, following):
    gone = PartialDate.of(timezone.localdate() - timedelta(days=40))
    for ref, now, aim in (("R1", 2, 4), ("R2", 4, 2)):
        risk = factories.RiskFactory(plan=plan, ref=ref, key=ref.lower(), matrix=following)
        factories.RiskScoreFactory(risk=risk, likelihood=3, impact=now, matrix=following)
        factories.RiskScoreFactory(risk=risk, kind="target", likelihood=3, impact=aim, matrix=matrix, due_date=gone)
    total = factories.RiskFactory(plan=plan, ref="R3", key="r3", matrix=matrix)
    factories.RiskScoreFactory(risk=total, score=6)
    factories.RiskScoreFactory(risk=total, kind="target", likelihood=3, impact=4, matrix=matrix)
    assert shown(plan, check="above") == shown(plan, target="above") == shown(plan, check="late-target") == []


def test_what_is_accepted_is_said_by_the_matrix_of_the_score(plan, matrix, following):
    """R1 was put on the new edition, and is still scored on the one before; R2 is scored on the new one."""
    for ref, likelihood, on in (("R1", 2, matrix), ("R2", 2, following), ("R3", 3, matrix)):
        risk = factories.RiskFactory(plan=plan, ref=ref, key=ref.lower(), matrix=following)
        factories.RiskScoreFactory(risk=risk, likelihood=likelihood, impact=4, matrix=on)
    total = factories.RiskFactory(plan=plan, ref="R4", key="r4", matrix=following)
    factories.RiskScoreFactory(risk=total, score=20)
    assert shown(plan, check="appetite") == ["R3", "R2"]


def test_a_square_of_a_map_leads_to_the_risks_of_its_own_matrix(client, analyst, plan, risks, matrix, following):
    other = factories.RiskFactory(plan=plan, ref="R5", key="r5", matrix=following)
    factories.RiskScoreFactory(risk=other, likelihood=2, impact=5)
    client.force_login(analyst)
    for drawn, expected in zip(risk_maps(plan_state(plan)), ("R3", "R5"), strict=True):
        (square,) = (each for step, row in drawn.grid for each in row if step.weight == 2 and each.score == 10)
        assert square.current_count == 1
        page = client.get(square.url).context["page"]
        assert [line.risk.ref for line in page] == [expected], square.url
    assert shown(plan, cell="2x5", sort="ref") == ["R3", "R5"]
    assert shown(plan, cell="2x5", matrix="nonsense") == []


def test_a_past_day_shows_the_matrix_that_held_then(plan, risks, matrix, administrator):
    before = timezone.now()
    matrix.appetite, matrix.escalate_after = 25, 12
    history.save(matrix, by=administrator, reason="Everything is accepted.")
    then = next(risk for risk in plan_state(plan, at=before).risks if risk.ref == "R1")
    now = next(risk for risk in plan_state(plan).risks if risk.ref == "R1")
    assert (then.appetite, then.is_escalated, now.appetite, now.is_escalated) == (9, True, 25, False)


def test_the_page_walks_from_the_map_to_each_risk(client, analyst, plan, risks):
    client.force_login(analyst)
    page = client.get(f"/plans/{plan.slug}/risks/").content.decode()
    assert page.index("Exceptions: worse period after period") < page.index('class="app-heat"')
    assert f'href="/plans/{plan.slug}/risks/r1/"' in page[page.index('class="app-heat"') :]
    assert "only the total is stated, 6" in page
    assert "Worse 3 periods running." in page


def test_what_a_risk_threatens_shows_it_too(client, analyst, plan):
    place = factories.PlanIndicatorFactory(plan=plan, key="k1")
    saving, contract = factories.SavingFactory(plan=plan, key="s1"), factories.ContractFactory(plan=plan, key="c1")
    other = factories.PlanFactory(council=plan.council, slug="other-plan", title="The other plan")
    factories.RiskFactory(
        plan=plan,
        key="r9",
        title="Everything fails",
        proximity="now",
        indicators=[place],
        savings=[saving],
        contracts=[contract],
        plans=[other],
    )
    client.force_login(analyst)
    for address in ("indicators/k1", "savings/s1", "contracts/c1"):
        page = client.get(f"/plans/{plan.slug}/{address}/").content.decode()
        assert "Everything fails" in page, address
    page = client.get(f"/plans/{plan.slug}/risks/r9/").content.decode()
    for words in ("Indicators it may hurt", "Savings it may hurt", "Contracts it is about", "The other plan"):
        assert words in page


def test_risks_of_other_plans_stand_on_the_register_of_the_plan_that_they_threaten(
    client, analyst, administrator, plan
):
    other = factories.PlanFactory(council=plan.council, slug="other-plan", title="The other plan")
    theirs = factories.RiskFactory(plan=other, key="o1", ref="O1", title="Theirs fails", plans=[plan])
    factories.RiskFactory(plan=other, key="o2", ref="O2", title="It threatens nobody else")
    before = timezone.now()
    history.save(theirs, by=administrator, reason="Not any more.", links={"plans": []})
    client.force_login(analyst)
    address = f"/plans/{plan.slug}/risks/"
    assert "Risks of other plans" not in client.get(address).content.decode()
    (then,) = plan_state(plan, at=before).risks_of_others
    assert (then.plan.title, then.risk.key) == ("The other plan", "o1")
    assert plan_state(plan, at=before, sees_drafts=False).risks_of_others == ()
    history.save(theirs, by=administrator, reason="After all.", links={"plans": [plan]})
    page = client.get(address).content.decode()
    section = page[page.index("Risks of other plans that threaten this one") :]
    assert 'href="/plans/other-plan/risks/o1/"' in section
    assert "The other plan" in section
    assert "It threatens nobody else" not in page
    assert plan_state(plan, sees_drafts=False).risks_of_others == ()


def test_a_member_is_not_told_of_a_plan_that_is_not_published(plan):
    other = factories.PlanFactory(council=plan.council, title="A secret draft")
    state = plan_state(plan, sees_drafts=False)
    assert state.plans_named((other.pk,)) == []
    assert [name.title for name in plan_state(plan).plans_named((other.pk,))] == ["A secret draft"]
