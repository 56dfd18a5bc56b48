"""Setting up risk matrices, and the re-scoring that a new edition proposes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from risks.matrix_actions import agree_matrix, layout_of, rescorings
from risks.matrix_forms import bands_of, layout_lines, step_lines, steps_of
from risks.models import Risk, RiskBand, RiskMatrix, RiskScore, RiskStep
from risks.scoring import STARTS
from tests import factories

pytestmark = pytest.mark.django_db

STEPS = "1 Low: hardly ever\n2 High"


@pytest.fixture
def page(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def matrix(borough):
    return factories.RiskMatrixFactory(council=borough, key="five", name="Five by five")


def address(name, *key):
    return reverse(f"matrix_{name}", args=["borough", *key])


def words(response):
    return response.content.decode()


def opened(page, matrix, name="edit"):
    """What the form of a page that was just opened sends."""
    form = page.get(address(name, matrix.key)).context["form"]
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def edit(page, matrix, **answers):
    return page.post(address("edit", matrix.key), {**opened(page, matrix), "reason": "Reviewed.", **answers})


AGREED = {"agreed_by": "Audit Committee", "agreed_date": "31/03/2021", "reason": "Agreed."}


def agree(page, matrix, sent=None):
    sent = sent or opened(page, matrix, "agree")
    return page.post(address("agree", matrix.key), {**sent, **AGREED})


def scored(matrix, plan, **facts):
    risk = factories.RiskFactory(plan=plan, key="sr1", ref="SR1", matrix=matrix)
    day = timezone.localdate() - timezone.timedelta(days=30)
    factories.RiskScoreFactory(risk=risk, scored_date=day, **{"likelihood": 3, "impact": 4, **facts})
    return risk


def test_steps_and_bands_are_written_as_lines():
    start = STARTS["4x8"]
    assert steps_of(step_lines(start.impact)) == start.impact
    assert [(step.weight, step.word, step.description) for step in steps_of(f"{STEPS}\n\n4")] == [
        (1, "Low", "hardly ever"),
        (2, "High", ""),
        (4, "", ""),
    ]
    assert [(band.lowest_score, band.rag.word, band.name) for band in bands_of("16 red: High")] == [(16, "Red", "High")]


def test_a_new_matrix_is_assumed_and_starts_as_chosen(page, borough):
    response = page.post(address("create"), {"name": "Ours", "start": "4x8", "reason": "New."})
    matrix = RiskMatrix.objects.get()
    assert response.url == address("edit", matrix.key)
    assert (matrix.standing, matrix.edition, matrix.council) == ("assumed", 1, borough)
    assert matrix.weights.products == (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


def test_an_unused_matrix_is_changed_line_by_line(page, matrix):
    answers = {"likelihood": STEPS, "impact": "1 Small\n2 Big\n5 Huge", "bands": "1 Green\n5 Red: Bad", "appetite": "4"}
    assert edit(page, matrix, **answers).url == address("list")
    matrix.refresh_from_db()
    assert (matrix.appetite, matrix.weights.products) == (4, (1, 2, 4, 5, 10))
    assert [(band.lowest_score, band.name) for band in layout_of(matrix).bands] == [(1, ""), (5, "Bad")]


@pytest.mark.parametrize(
    "answers",
    [
        {"bands": "1 Green\n15 Red"},
        {"bands": "1 Green\n20 Red"},
        {"impact": "1 Small\n2 Big\n9 Huge"},
        {"appetite": "4"},
    ],
)
def test_what_was_agreed_is_not_agreed_any_more_once_it_says_something_else(page, matrix, answers):
    response = page.get(edit(page, matrix, **answers).url)
    matrix.refresh_from_db()
    assert (matrix.standing, matrix.agreed_by, matrix.agreed_date) == ("assumed", "", None)
    assert "It is assumed, and colours nothing, until it is agreed." in words(response)


def test_a_new_name_leaves_a_matrix_agreed(page, matrix):
    response = page.get(edit(page, matrix, name="Our five by five", escalate_after="2").url)
    matrix.refresh_from_db()
    assert (matrix.name, matrix.standing, bool(matrix.agreed_by)) == ("Our five by five", "agreed", True)
    assert "It is assumed" not in words(response)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"likelihood": "often"}, "Line 1, “often”: write a weight, a word and what it means"),
        ({"likelihood": "0 Never\n1 Once"}, "Line 1, “0 Never”: the weight is a whole number from 1 to 100."),
        ({"bands": "1 Purple"}, "Line 1, “1 Purple”: write the lowest score, Red, Amber or Green"),
        ({"bands": "1 Green\n90 Red"}, "No score reaches 90: the highest is 25."),
        ({"impact": "1 Only"}, "Likelihood and impact need two steps or more; impact has 1."),
        ({"appetite": "99"}, "The appetite 99 accepts every score: the highest is 25."),
        ({"escalate_after": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_what_is_wrong_is_said_with_the_line_and_nothing_is_saved(page, matrix, answers, error):
    response = edit(page, matrix, **answers)
    assert response.status_code == 200
    assert error in words(response).replace("&quot;", '"')
    assert layout_of(matrix).likelihood[0].word == "Very low"
    assert matrix.history.count() == 1


def test_two_who_change_the_steps_at_once_see_both_versions(page, matrix, administrator):
    form = page.get(address("edit", matrix.key)).context["form"]
    opened = form.initial["opened"]
    edit(page, matrix, likelihood="1 Theirs\n2 Theirs too", bands="1 Green\n9 Red")
    response = edit(page, matrix, likelihood="1 Mine\n2 Mine too", bands="1 Green\n9 Red", opened=opened)
    assert response.status_code == 409
    assert "1 Theirs" in words(response)
    assert "1 Mine" in words(response)
    assert layout_of(matrix).likelihood[0].word == "Theirs"


def test_a_matrix_that_is_agreed_and_in_use_keeps_its_steps(page, matrix, plan):
    scored(matrix, plan)
    form = page.get(address("edit", matrix.key)).context["form"]
    assert set(form.fields) == {"name", "escalate_after", "version", "opened", "reason"}
    assert edit(page, matrix, escalate_after="5", likelihood=STEPS).status_code == 302
    matrix.refresh_from_db()
    assert (matrix.escalate_after, len(layout_of(matrix).likelihood)) == (5, 5)


def test_an_assumed_matrix_keeps_the_steps_that_scores_stand_on(page, matrix, plan, administrator):
    matrix.standing = "assumed"
    history.save(matrix, by=administrator, reason="Nobody agreed it.")
    scored(matrix, plan)
    response = edit(page, matrix, impact="1 Small\n2 Big", bands="1 Green\n4 Red")
    assert "Step 4 of impact stays: SR1 is scored on it." in words(response)
    assert "1 Small" in words(response)
    assert len(layout_of(matrix).impact) == 5
    assert edit(page, matrix, impact="1 Small\n2 Big\n4 Huge", bands="1 Green\n4 Red").status_code == 302


def test_agreeing_needs_words_and_bands_and_says_which(page, borough):
    matrix = factories.RiskMatrixFactory(council=borough, key="bare", standing="assumed", steps=("", "High"), bands=())
    page_words = words(agree(page, matrix))
    assert "It has no bands" in page_words
    assert "Step 1 of likelihood has no words." in page_words
    edit(page, matrix, likelihood=STEPS, impact=STEPS, bands="1 Green\n4 Red")
    assert agree(page, matrix).status_code == 302
    matrix.refresh_from_db()
    assert (matrix.standing, matrix.agreed_by, f"{matrix.agreed_date:%Y-%m-%d}") == (
        "agreed",
        "Audit Committee",
        "2021-03-31",
    )


@pytest.fixture
def assumed(matrix, administrator):
    matrix.standing, matrix.agreed_by = "assumed", ""
    return history.save(matrix, by=administrator, reason="Nobody agreed it.")


@pytest.mark.parametrize(
    ("theirs", "label", "seen", "now"),
    [
        ({"likelihood": "1 Theirs\n2 Theirs too\n5 All"}, "Steps of likelihood", "1 Very low", "1 Theirs"),
        ({"bands": "1 Green\n9 Red: Theirs"}, "Bands", "15 Red", "9 Red: Theirs"),
    ],
)
def test_nobody_agrees_other_steps_or_bands_than_they_saw(page, assumed, theirs, label, seen, now):
    sent = opened(page, assumed, "agree")
    assert edit(page, assumed, **theirs).status_code == 302
    response = agree(page, assumed, sent)
    assert response.status_code == 409
    (form,) = response.context["clashing"]
    (of_layout,) = [each for each in form.differences if each.label == f"{label}, as the page showed them"]
    assert seen in of_layout.typed
    assert now in of_layout.current
    assert form.changed_by.history_change_reason == "Reviewed."
    assert "Audit Committee" in words(response)
    assert RiskMatrix.objects.get().standing == "assumed"
    form = response.context["form"]
    assert agree(page, assumed, {name: form[name].value() for name in form.fields}).status_code == 302
    assert RiskMatrix.objects.get().standing == "agreed"


@pytest.mark.parametrize("carried", ["", "nonsense", "[]", '{"bands": 3}'])
def test_agreeing_without_saying_what_was_seen_is_no_agreement(page, assumed, carried):
    assert agree(page, assumed, {**opened(page, assumed, "agree"), "opened": carried}).status_code == 409


def test_an_action_agrees_only_the_layout_that_was_opened(assumed, administrator):
    seen = layout_of(assumed)
    step = RiskStep.objects.filter(matrix=assumed).first()
    step.word = "Theirs"
    history.save(step, by=administrator, reason="Clearer.")
    with pytest.raises(history.StaleRecord):
        agree_matrix(matrix=assumed, opened=seen, by=administrator, reason="Agreed.")


def lines_without(matrix, name, number):
    return "\n".join(line for n, line in enumerate(layout_lines(layout_of(matrix))[name].splitlines()) if n != number)


@pytest.mark.parametrize(("name", "model"), [("bands", RiskBand), ("impact", RiskStep), ("likelihood", RiskStep)])
def test_a_line_that_is_taken_out_takes_its_band_or_step_away_and_the_history_says_so(page, matrix, name, model):
    before = model.objects.count()
    assert edit(page, matrix, **{name: lines_without(matrix, name, 1), "reason": "Too fine."}).status_code == 302
    assert model.objects.count() == before - 1
    (gone,) = model.history.filter(history_type="-")
    assert (gone.actor, gone.history_change_reason) == ("Administrator", "Too fine.")


def test_the_last_band_stays(page, matrix):
    response = edit(page, matrix, bands="")
    assert "A matrix that has bands keeps one at least. Change the last one instead." in words(response)
    assert len(layout_of(matrix).bands) == 3


def test_two_steps_of_each_stay(page, matrix):
    response = edit(page, matrix, impact="5 Very high", bands="1 Green")
    assert "Likelihood and impact need two steps or more; impact has 1." in words(response)
    assert len(layout_of(matrix).impact) == 5


def test_the_page_of_a_matrix_in_use_says_why_nothing_is_taken_away(page, matrix, plan):
    scored(matrix, plan)
    sentence = "Five by five is agreed and in use: its steps and bands stay. Replace it with a new edition."
    assert sentence in words(page.get(address("edit", matrix.key)))
    assert edit(page, matrix, bands="1 Green\n15 Red", name="Ours").status_code == 302
    assert len(layout_of(matrix).bands) == 3


@pytest.fixture
def following(page, matrix):
    """The next edition, with other weights of impact."""
    page.post(address("replace", matrix.key), {"confirm": "on", "version": 1, "reason": "Too coarse."})
    following = RiskMatrix.objects.get(edition=2)
    edit(page, following, impact="1 Small\n2 Medium\n4 Large\n8 Huge")
    agree(page, following)
    following.refresh_from_db()
    return following


def test_a_replaced_matrix_keeps_its_scores_and_nothing_is_scored_anew_in_silence(plan, matrix, following):
    risk = scored(matrix, plan)
    assert (following.replaces, following.standing, following.label) == (matrix, "agreed", "Five by five, edition 2")
    (proposal,) = rescorings(following)
    assert (proposal.risk, proposal.current.score, proposal.proposal.score) == (risk, 12, 12)
    assert not RiskScore.objects.filter(matrix=following).exists()


def test_a_risk_that_was_left_on_an_earlier_edition_is_proposed_for_every_later_one(
    client, analyst, plan, matrix, following, borough
):
    stranger = factories.RiskMatrixFactory(council=borough, key="other", name="Another")
    third = factories.RiskMatrixFactory(council=borough, key="five-3", name="Five by five", edition=3)
    third.replaces = following
    history.save(third, by=analyst, reason="The next one.")
    risk = scored(matrix, plan)
    factories.RiskFactory(plan=plan, key="sr2", matrix=stranger)
    assert [each.risk for each in rescorings(third)] == [risk]
    url = rescore_page(client, analyst, third)
    assert url in words(client.get(reverse("risk_list", args=[plan.slug])))
    (line,) = client.get(url).context["lines"]
    assert client.post(url, {"chosen": f"{plan.slug}/{risk.key}/{line.mark}", "reason": "As said."}).status_code == 302
    risk.refresh_from_db()
    newest = RiskScore.objects.latest("scored_date")
    assert (risk.matrix, newest.matrix, newest.score) == (third, third, 12)
    assert "it was 12 on Five by five." in newest.reason
    assert rescorings(third) == []


def test_editions_that_replace_each_other_in_a_circle_end(matrix, following, plan, analyst):
    matrix.replaces = following
    history.save(matrix, by=analyst, reason="A slip.")
    scored(matrix, plan)
    assert len(rescorings(following)) == 1
    assert rescorings(matrix) == []


def test_a_matrix_is_replaced_once(page, matrix, following):
    response = page.post(address("replace", matrix.key), {"confirm": "on", "version": 1, "reason": "Again."})
    assert "Five by five is replaced already, by Five by five, edition 2." in words(response)


def rescore_page(client, analyst, following):
    client.force_login(analyst)
    return reverse("matrix_rescore", args=["borough", following.key])


def test_an_analyst_ticks_what_is_scored_on_the_new_one(client, analyst, plan, matrix, following):
    risk = scored(matrix, plan)
    url = rescore_page(client, analyst, following)
    (line,) = client.get(url).context["lines"]
    chosen = f"{plan.slug}/{risk.key}/{line.mark}"
    assert client.post(url, {"chosen": chosen, "reason": "As proposed."}).status_code == 302
    risk.refresh_from_db()
    assert risk.matrix == following
    old, new = RiskScore.objects.filter(risk=risk).order_by("scored_date")
    assert (old.matrix, old.score, new.matrix, new.score, new.likelihood) == (matrix, 12, following, 12, 3)
    assert client.get(url).context["lines"] == []


def test_a_step_that_has_another_word_on_the_new_one_is_not_called_the_same(client, analyst, plan, matrix, following):
    risk = scored(matrix, plan)
    url = rescore_page(client, analyst, following)
    assert "Impact “4 High” is “4 Large” on it" in words(client.get(url))
    (line,) = rescorings(following)
    client.post(url, {"chosen": f"{plan.slug}/{risk.key}/{line.mark}", "reason": "As proposed."})
    reason = RiskScore.objects.get(matrix=following).reason
    assert reason == (
        "The same weights on Five by five, edition 2, where impact “4 High” is “4 Large”; it was 12 on Five by five."
    )


def test_a_step_with_its_word_is_called_the_same(client, analyst, plan, matrix, following):
    risk = scored(matrix, plan, impact=1)
    step = RiskStep.objects.get(matrix=following, axis="impact", weight=1)
    step.word = "Very low"
    history.save(step, by=analyst, reason="As it was.")
    (line,) = rescorings(following)
    assert line.proposal.reworded == ()
    sent = {"chosen": f"{plan.slug}/{risk.key}/{line.mark}", "reason": "As proposed."}
    client.post(rescore_page(client, analyst, following), sent)
    assert RiskScore.objects.get(matrix=following).reason.startswith("The same steps on Five by five, edition 2;")


def test_where_a_step_is_gone_the_owner_scores(client, analyst, plan, matrix, following):
    risk = scored(matrix, plan, impact=5)
    url = rescore_page(client, analyst, following)
    page = words(client.get(url))
    assert "On the matrix; its owner scores it" in page
    (line,) = rescorings(following)
    client.post(url, {"chosen": f"{plan.slug}/{risk.key}/{line.mark}", "reason": "As proposed."})
    risk.refresh_from_db()
    assert risk.matrix == following
    assert [score.matrix for score in RiskScore.objects.filter(risk=risk)] == [matrix]


def test_a_risk_that_moved_on_since_is_looked_at_again(client, analyst, plan, matrix, following):
    risk = scored(matrix, plan)
    url = rescore_page(client, analyst, following)
    (line,) = rescorings(following)
    risk.title = "Another title"
    history.save(risk, by=analyst, reason="Clearer.")
    response = client.post(url, {"chosen": f"{plan.slug}/{risk.key}/{line.mark}", "reason": "As proposed."})
    assert response.status_code == 409
    assert Risk.objects.get().matrix == matrix


def test_nothing_is_ticked_unasked(client, analyst, plan, matrix, following):
    scored(matrix, plan)
    response = client.post(rescore_page(client, analyst, following), {"reason": "As proposed."})
    assert "Tick the risks that are scored on this matrix from now on." in words(response)
    assert "checked" not in words(response)


def test_of_a_plan_that_is_over_nothing_is_proposed(plan, matrix, following, administrator):
    scored(matrix, plan)
    plan.status = "closed"
    history.save(plan, by=administrator, reason="Over.")
    assert rescorings(following) == []
