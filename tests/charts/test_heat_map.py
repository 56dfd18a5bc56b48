from lambeth_plans.charts import AxisStep, Mapped, heat_map
from lambeth_plans.rag import Rag

STEPS = [AxisStep(weight, f"{weight} Word") for weight in (1, 2, 4)]


def drawn(*risks, appetite=None):
    return heat_map(
        title="Risks",
        source="The register",
        likelihoods=STEPS,
        impacts=STEPS[::-1],
        risks=risks,
        rag_of=lambda score: Rag.RED if score >= 8 else None,
        url_of=lambda likelihood, impact: f"?cell={likelihood}x{impact}",
        appetite=appetite,
    )


def risk(name, at, **facts):
    return Mapped(name, f"Title of {name}", f"/{name}/", at, **facts)


def square(chart, likelihood, impact):
    rows = {step.weight: squares for step, squares in chart.grid}
    return dict(zip([step.weight for step in chart.impacts], rows[likelihood], strict=True))[impact]


def test_likelihood_goes_up_and_impact_to_the_right():
    chart = drawn()
    assert [step.weight for step, _ in chart.grid] == [4, 2, 1]
    assert [step.weight for step in chart.impacts] == [1, 2, 4]
    assert [each.score for each in chart.grid[0][1]] == [4, 8, 16]
    assert [each.rag for each in chart.grid[0][1]] == [None, Rag.RED, Rag.RED]


def test_a_risk_stands_where_it_is_and_its_target_where_it_should_be():
    chart = drawn(risk("R1", (4, 2), target=(1, 2), moved="worse, was 4", target_text="2"))
    assert [each.name for each in square(chart, 4, 2).current] == ["R1"]
    assert [each.name for each in square(chart, 1, 2).targets] == ["R1"]
    assert chart.rows == (("R1 Title of R1", "4 Word", "2 Word", "8", "worse, was 4", "2"),)


def test_a_risk_at_its_target_is_drawn_once():
    assert square(drawn(risk("R1", (2, 2), target=(2, 2))), 2, 2).target_count == 0


def test_a_crowded_square_says_how_many_and_leads_to_the_list():
    crowded = square(drawn(*(risk(f"R{number}", (2, 4)) for number in range(30))), 2, 4)
    assert (crowded.current, crowded.current_count, crowded.url) == ((), 30, "?cell=2x4")


def test_what_is_accepted_is_marked():
    chart = drawn(appetite=4)
    assert square(chart, 2, 2).is_accepted
    assert not square(chart, 4, 2).is_accepted


def test_the_description_names_the_highest():
    chart = drawn(risk("R1", (4, 4)), risk("R2", (1, 1)))
    assert chart.description == "2 risks on the map; the highest score, 16, has R1."
    assert drawn().description == "No risk stands on this matrix."
