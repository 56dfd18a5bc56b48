from hypothesis import given
from hypothesis import strategies as st

from lambeth_plans.charts.geometry import BOTTOM, TOP, Scale, span

amounts = st.decimals(min_value=-(10**11), max_value=10**11, allow_nan=False, allow_infinity=False, places=6)


@given(st.lists(amounts, min_size=1, max_size=30))
def test_every_figure_lies_on_a_scale_of_few_round_steps(values):
    scale = Scale(*span(values))
    assert all(TOP <= float(scale.y(value)) <= BOTTOM for value in values)
    assert 1 <= len(scale.ticks(str)) - 1 <= 6
    assert scale.step.as_tuple().digits in {(1,), (2,), (5,), (1, 0)}
