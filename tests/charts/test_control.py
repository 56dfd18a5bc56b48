from decimal import Decimal

import pytest

from lambeth_plans.charts import Figure, Limits, Range, Restart, control_chart


def figures(*values, **fields):
    made = []
    for number, value in enumerate(values, 1):
        made.append(Figure(f"M{number}", None if value is None else Decimal(value), **fields))
    return made


def drawn(values, limits, **fields):
    made = [Limits(start, stop, *map(Decimal, lines), **more) for start, stop, lines, more in limits]
    return control_chart(title="Visits", source="Records", figures=values, limits=made, **fields)


def whole(values, mean=50, lower=40, upper=60, **more):
    return [(0, len(values), (mean, lower, upper), more)]


def test_limits_and_mean_run_level_through_their_figures_and_no_further():
    values = figures(50, 52, 48, 70, 72, 71)
    chart = drawn(values, [(0, 3, (50, 40, 60), {}), (3, 6, (71, 65, 77), {})])
    assert [(level.x1, level.x2) for level in chart.means] == [("14.00%", "56.50%"), ("56.50%", "99.00%")]
    assert len(chart.limits) == 4
    assert [row[2:5] for row in chart.rows][2:4] == [("50", "40", "60"), ("71", "65", "77")]
    assert chart.limits_text == "65 to 77 from M4 on"


def test_a_stretch_without_limits_is_drawn_without_them_and_said():
    values = figures(50, 52, 48, 70)
    chart = drawn(values, [(0, 3, (50, 40, 60), {})])
    assert [level.x2 for level in chart.means] == ["77.75%"]
    assert chart.rows[3][2:] == ("none", "none", "none", "–")
    assert chart.description.endswith("Limits 40 to 60 up to M3.")


def test_limits_are_drawn_no_further_than_is_possible_and_told_as_computed():
    values = figures(95, 97, 99)
    chart = drawn(values, whole(values, 97, -4, 112), possible=(Decimal(0), Decimal(100)))
    upper, lower = sorted(float(level.y) for level in chart.limits)
    assert (upper, lower) == (28.0, 228.0)  # the ends of a scale from 0 to 100
    assert chart.rows[0][3:5] == ("−4", "112")
    assert "Limits −4 to 112." in chart.description


def test_what_is_unusual_has_its_shape_its_legend_and_its_words():
    worse = {"mark": "concern", "why": "above the upper limit: concern"}
    values = [*figures(50, 51), *figures(70, **worse), *figures(50)]
    chart = drawn(values, whole(values))
    assert [point.mark for point in chart.points] == ["", "", "concern", ""]
    assert chart.marks == ("concern",)
    assert chart.points[2].label == "M1: 70, above the upper limit: concern"
    assert [row[-1] for row in chart.rows] == ["–", "–", "above the upper limit: concern", "–"]
    assert chart.description.endswith("Unusual: M1, above the upper limit: concern.")


def test_neighbours_of_one_mark_are_told_together():
    alike = {"mark": "change", "why": "above the mean"}
    values = [*figures(61, 62, **alike), *figures(70, mark="change", why="above the upper limit")]
    assert "Unusual: M1 to M1, for several reasons: change." in drawn(values, whole(values)).description
    assert "Unusual: M1 to M2, above the mean." in drawn(values[:2], whole(values[:2])).description


def test_a_gap_joins_nothing_and_a_provisional_figure_is_hollow():
    values = [*figures(50, None, 52), *figures(53, is_provisional=True)]
    chart = drawn(values, whole(values))
    assert (len(chart.lines), len(chart.points)) == (1, 3)
    assert [point.is_provisional for point in chart.points] == [False, False, True]
    assert chart.has_provisional


def test_trial_limits_are_said_to_be_trial_and_shade_nothing():
    values = figures(50, 51, 49)
    chart = drawn(values, whole(values, is_trial=True))
    assert chart.is_trial
    assert chart.usual == ()
    assert all(level.is_trial for level in (*chart.means, *chart.limits))
    assert "Trial limits 40 to 60." in chart.description
    assert "unusual" not in chart.description


def test_a_restart_stands_where_it_begins_with_a_letter_for_its_words():
    values = figures(50, 52, 70, 71)
    restarts = [Restart(2, "From M3 on the limits are new: a new team (decided by the board, 1 May 2026).")]
    chart = drawn(values, whole(values), restarts=restarts)
    assert [(each.x, each.letter, each.words) for each in chart.restarts] == [("56.50%", "A", restarts[0].words)]


def test_the_range_of_other_areas_stands_in_its_own_period_only():
    values = figures(50, 52)
    chart = drawn(values, whole(values), ranges=[Range(1, Decimal(40), Decimal(60))], range_name="Neighbours")
    assert [(box.x, box.width) for box in chart.ranges] == [("56.50%", "42.50%")]
    assert chart.range_name == "Neighbours"
    assert drawn(values, whole(values), range_name="Neighbours").range_name == ""


def test_limits_that_meet_leave_a_line_that_can_be_seen():
    values = figures(5, 5, 5)
    chart = drawn(values, whole(values, 5, 5, 5))
    assert chart.usual[0].height == "2.0"


def test_the_target_is_a_step_and_a_column():
    values = [Figure("M1", Decimal(50), Decimal(55)), Figure("M2", Decimal(51), Decimal(58))]
    chart = drawn(values, whole(values))
    assert len(chart.target_lines) == 3
    assert chart.columns[2] == "Target"
    assert [row[2] for row in chart.rows] == ["55", "58"]


def test_a_control_chart_without_limits_is_refused():
    with pytest.raises(ValueError, match="has limits"):
        drawn(figures(1, 2), [])
