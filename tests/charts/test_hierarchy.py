from lambeth_plans.charts import Node, hierarchy


def drawn(*nodes):
    return hierarchy(title="Boards", source="The plan", nodes=nodes, heading="Board", below="Reports to")


def test_what_is_above_stands_higher_and_a_line_joins_the_two():
    chart = drawn(Node("panel", "Panel", ("cabinet",)), Node("cabinet", "Cabinet"))
    cabinet, panel = chart.boxes
    assert (cabinet.label, panel.label) == ("Cabinet", "Panel")
    (line,) = chart.lines
    assert (line.x1, line.y1) == (panel.middle, panel.top)
    assert (line.x2, line.y2) == (cabinet.middle, cabinet.bottom)
    assert chart.rows == (("Panel", "Cabinet"),)
    assert chart.columns == ("Board", "Reports to")


def test_more_than_three_stand_in_two_rows():
    below = [Node(f"b{number}", f"Board {number}", ("top",)) for number in range(4)]
    chart = drawn(Node("top", "Top"), *below)
    assert len({box.top for box in chart.boxes}) == 3
    assert len(chart.lines) == 4


def test_what_stands_by_itself_is_left_out():
    chart = drawn(Node("a", "A", ("b",)), Node("b", "B"), Node("alone", "Alone"))
    assert [box.label for box in chart.boxes] == ["B", "A"]
    assert chart.description.startswith("2 of 3")


def test_a_circle_comes_to_an_end():
    chart = drawn(Node("a", "A", ("b",)), Node("b", "B", ("a",)), Node("c", "C", ("c",)))
    assert len(chart.boxes) == 3
    assert len(chart.lines) == 3


def test_what_is_not_among_the_nodes_has_no_line():
    chart = drawn(Node("a", "A", ("gone",)))
    assert chart.is_empty
    assert chart.rows == ()
    assert chart.height == 0


def test_a_long_name_is_broken_into_lines():
    chart = drawn(Node("a", "Children's Services Improvement Board of the Council", ("b",)), Node("b", "B"))
    words = [word.text for word in chart.boxes[1].words]
    assert len(words) > 1
    assert " ".join(words) == chart.boxes[1].label
