from decimal import Decimal

import pytest

from lambeth_plans.dashboards.budget_figures import figure_falls, reserves_in_doubt
from lambeth_plans.dashboards.state import plan_state
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_overspend_falls_into_its_last_parts_and_what_is_not_broken_down(plan):
    def figure(title, amount, parent=None):
        return factories.BudgetFigureFactory(
            plan=plan, title=title, key=title.lower(), amount=amount and Decimal(amount), parent=parent
        )

    council = figure("Council", "13.1")
    directorate = figure("Directorate", "7.6", council)
    care = figure("Care", "5.7", directorate)
    for title, amount in (("Placements", "2.1"), ("Rest", "3.6")):
        figure(title, amount, care)
    first, second = figure_falls(plan_state(plan))
    assert first.rows == (("Directorate", "+£7.60"), ("Not broken down", "+£5.50"), ("Council", "£13.10"))
    assert second.rows == (
        ("Placements (Care)", "+£2.10"),
        ("Rest (Care)", "+£3.60"),
        ("Not broken down", "+£1.90"),
        ("Directorate", "£7.60"),
    )


def test_reserves_are_taken_from_an_overspend_of_the_same_period_even_where_it_is_not_stated(plan):
    factories.BudgetFigureFactory(plan=plan, title="Overspend", amount=None, period_as_stated="2015/16")
    for period in ("2015/16", "2016/17"):
        factories.BudgetFigureFactory(
            plan=plan, title="Reserves", kind="reserves", amount=Decimal(5), period_as_stated=period
        )
    (fall,) = figure_falls(plan_state(plan))
    assert fall.rows == (
        ("Overspend", "not stated"),
        ("Reserves", "−£5"),
        ("What is left of the overspend", "not stated"),
    )


def told(plan, title, amount, kind="overspend", upper=None, **more):
    return factories.BudgetFigureFactory(
        plan=plan, title=title, kind=kind, amount=amount and Decimal(amount), upper_amount=upper and Decimal(upper),
        **{"period_as_stated": "2015/16"} | more,
    )  # fmt: skip


def test_reserves_are_never_taken_from_two_overspends(plan, read):
    told(plan, "Care", 8)
    told(plan, "Schools", 7)
    told(plan, "Reserves", 5, "reserves")
    assert figure_falls(plan_state(plan)) == []
    said = (
        "In 2015/16 £5 came from reserves (Reserves), and several overspends are told: Care; Schools. "
        "For which of them it was is not stated, so it is taken from none of them."
    )
    assert reserves_in_doubt(plan_state(plan)) == [said]
    assert said in read("budget").content.decode()


def test_reserves_are_taken_from_the_whole_and_not_from_its_parts(plan):
    whole = told(plan, "Overspend", 8)
    told(plan, "Part", 6, parent=whole)
    told(plan, "Reserves", 5, "reserves")
    in_parts, relieved = figure_falls(plan_state(plan))
    assert in_parts.rows == (("Part", "+£6"), ("Not broken down", "+£2"), ("Overspend", "£8"))
    assert relieved.rows == (("Overspend", "£8"), ("Reserves", "−£5"), ("What is left of the overspend", "£3"))
    assert reserves_in_doubt(plan_state(plan)) == []


@pytest.mark.parametrize(
    ("overspend", "drawn", "rows", "why"),
    [
        ((8, None), (None, None), ("£8", "not stated", "not stated"), "Reserves is not stated"),
        ((8, None), (3, 5), ("£8", "£3 to £5", "not computed"), "Reserves is a range"),
        ((8, 9), (5, None), ("£8 to £9", "−£5", "not computed"), "Overspend is a range"),
    ],
)
def test_what_is_left_is_not_computed_from_what_is_not_stated_or_a_range(plan, overspend, drawn, rows, why):
    told(plan, "Overspend", overspend[0], upper=overspend[1])
    told(plan, "Reserves", drawn[0], "reserves", upper=drawn[1])
    (fall,) = figure_falls(plan_state(plan))
    assert tuple(amount for _, amount in fall.rows) == rows
    assert fall.description == f"What is left is not computed: the amount of {why}."


def test_a_whole_or_a_part_that_is_a_range_is_told_as_such_and_leaves_nothing_over(plan):
    whole = told(plan, "Overspend", 8, upper=9)
    told(plan, "Part", 6, parent=whole)
    other = told(plan, "Other", 8)
    told(plan, "Its part", 1, upper=2, parent=other)
    first, second = figure_falls(plan_state(plan))
    assert first.rows == (("Part", "+£6"), ("Overspend", "£8 to £9"))
    assert second.rows == (("Its part", "£1 to £2"), ("Other", "£8"))
