from decimal import Decimal

from lambeth_plans.charts import Dot, DotGroup, dot_strip


def dot(area, value, rank=None):
    return Dot(area, Decimal(value), "2019/20", rank)


def group(ours=80, others=(60, 70, 90), **fields):
    dots = tuple(dot(f"Area {value}", value) for value in others)
    fields = {"median": Decimal(70), "missing": (), **fields}
    us = None if ours is None else dot("Lambeth", ours, 2)
    return DotGroup("Neighbours (2019)", "2019/20", "80 is 2nd of 4.", us, dots, **fields)


def strip(*groups):
    return dot_strip(title="Visits in other areas", source="Statistics", groups=groups)


def test_the_line_runs_from_the_lowest_to_the_highest_of_the_others():
    only = strip(group()).strips[0]
    assert [place.x for place in only.dots] == [only.low, "34.67%", only.high]
    assert (only.low, only.median, only.below.label) == ("4.00%", "34.67%", "middle 70")


def test_ours_is_marked_and_named():
    only = strip(group()).strips[0]
    assert (only.ours.x, only.ours.label, only.ours.anchor) == ("65.33%", "Lambeth 80", "middle")
    assert strip(group(ours=None)).strips[0].ours is None


def test_words_near_an_edge_hold_on_to_it():
    anchors = [strip(group(ours=value)).strips[0].ours.anchor for value in (60, 90)]
    assert anchors == ["start", "end"]


def test_an_area_without_a_figure_is_named_and_never_drawn():
    chart = strip(group(missing=(("Southwark", "c"), ("Hackney", "not available"))))
    assert chart.strips[0].missing == "No figure: Southwark (c), Hackney (not available)."
    assert len(chart.strips[0].dots) == 3
    assert chart.rows[-2:] == (
        ("Southwark", "Neighbours (2019)", "2019/20", "c", "–"),
        ("Hackney", "Neighbours (2019)", "2019/20", "not available", "–"),
    )


def test_the_table_has_each_figure_the_highest_first_with_its_rank():
    assert [(row[0], row[3], row[4]) for row in strip(group()).rows] == [
        ("Area 90", "90", "–"),
        ("Lambeth", "80", "2"),
        ("Area 70", "70", "–"),
        ("Area 60", "60", "–"),
    ]


def test_a_single_area_is_named_under_its_dot_and_makes_no_middle():
    only = strip(group(others=(70,), median=None)).strips[0]
    assert (only.median, only.below.label) == ("", "Area 70 70")


def test_all_groups_share_one_scale():
    first, second = strip(group(), group(others=(60, 200))).strips
    assert first.ours.x == second.ours.x
    assert [tick.anchor for tick in strip(group()).ticks] == ["start", "middle", "middle", "end"]


def test_groups_without_any_figure_leave_an_empty_chart():
    chart = strip(group(ours=None, others=(), median=None, missing=(("Southwark", "c"),)))
    assert chart.is_empty
    assert chart.rows == (("Southwark", "Neighbours (2019)", "2019/20", "c", "–"),)
