"""What is withheld cannot be worked out from what is shown: an attacker tries, who knows nothing of how it is done."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise, product
from math import prod
from random import Random

import pytest

from kpis.disclosure import AreaGroup, Change, Measure, PeopleFigure, at_once, withheld
from lambeth_plans import periods

pytestmark = pytest.mark.once

APR, MAY, JUN = MONTHS = [periods.month(2025, number) for number in (4, 5, 6)]
Q1, Q2, Q3, Q4 = QUARTERS = [periods.quarter(2025, number) for number in (1, 2, 3, 4)]
YEAR = periods.financial_year(2025)
HIGHEST, SMALL = 10**9, (1, 5)
PERCENT = Measure("%", 1)


def count(period, value, **more) -> PeopleFigure:
    return PeopleFigure(period, Decimal(value), **more)


def share(period, numerator, denominator, **more) -> PeopleFigure:
    value = (Decimal(100) * numerator / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return PeopleFigure(period, value, Decimal(numerator), Decimal(denominator), **more)


def hidden(figures, measure=Measure(), **more) -> list:  # noqa: B008 frozen
    found = withheld(at_once(figures), measure, **more)
    assert found.given_away == frozenset()
    return [figure for figure in figures if figure in found.figures]


# The attacker

Cell = tuple
Equation = tuple[dict[Cell, int], int, int]  # weights, and between what the sum of all lies


class Attacker:
    """Knows what is shown, which of what is not is small, and that a year is its quarters and a quarter its months.

    Every moment at which the tables differed has been noted. Of a figure that is withheld nothing is known.
    """

    def __init__(self, states, shown: set, small: set, measure: Measure, groups=()) -> None:
        self.shown, self.measure = shown, measure
        self.bounds: dict[Cell, tuple[int, int]] = {}
        self.equations: list[Equation] = []
        self.small = {cell for cell in small if cell[0] not in shown}
        for state in states:
            for figure in state.values():
                self.look_at(figure)
            for name in ("value", "numerator", "denominator"):
                self.add_up(state, name)
        for group in groups:
            for figure in (group.total, *group.members):
                self.look_at(figure)
            weights = {(member, "value"): 1 for member in group.members}
            if group.total in shown and group.total.value * len(group.members) != sum(m.value for m in group.members):
                self.know({**weights, (group.total, "value"): -1}, 0, 0)
            elif group.total in shown:  # it is a mean, rounded
                ends = [(2 * group.total.value + edge) * len(group.members) / 2 for edge in (-1, 1)]
                self.know(weights, -int(-ends[0] // 1), int(ends[1] // 1))

    def know(self, weights, low, high) -> None:
        if (weights, low, high) not in self.equations:
            self.equations.append((weights, low, high))

    def look_at(self, figure: PeopleFigure) -> None:
        seen = figure in self.shown
        for name in ("value", "numerator", "denominator"):
            number = getattr(figure, name)
            if number is None or (name == "value" and self.measure.unit == "%"):
                continue
            known = (int(number),) * 2 if seen else SMALL if (figure, name) in self.small else (0, HIGHEST)
            self.bounds.setdefault((figure, name), known)
        if figure.denominator is None or (figure, "others") in self.bounds:
            return
        self.bounds[figure, "others"] = SMALL if (figure, "others") in self.small else (0, HIGHEST)
        if figure.numerator is None and seen:  # the percentage of a number of people gives the people
            ends = [(figure.value + edge) * figure.denominator / 100 for edge in (Decimal("-0.05"), Decimal("0.05"))]
            low, high = ends[0].to_integral_value(ROUND_CEILING), ends[1].to_integral_value(ROUND_FLOOR)
            self.bounds[figure, "numerator"] = (max(int(low), 0), int(high))
        self.bounds.setdefault((figure, "numerator"), SMALL if (figure, "numerator") in self.small else (0, HIGHEST))
        self.know({(figure, "numerator"): 1, (figure, "others"): 1, (figure, "denominator"): -1}, 0, 0)

    def add_up(self, state, name) -> None:
        def cell(period):
            return (state[period], name) if period in state and (state[period], name) in self.bounds else None

        if self.measure.is_cumulative:
            course = [cell(period) for period in sorted(state) if period.kind == "month" and cell(period)]
            for before, after in pairwise(course):
                step = ("step", before[0], after[0])
                self.bounds.setdefault(step, SMALL if step in self.small else (0, HIGHEST))
                self.know({before: 1, step: 1, after: -1}, 0, 0)
            return
        wholes = [(quarter, [periods.month(q.year, q.month + step) for step in range(3)])
                  for quarter, q in ((quarter, quarter.start) for quarter in QUARTERS)]  # fmt: skip
        for whole, parts in [*wholes, (YEAR, QUARTERS), (YEAR, [month for _, months in wholes for month in months])]:
            if cell(whole) and all(cell(part) for part in parts):
                self.know({**{cell(part): 1 for part in parts}, cell(whole): -1}, 0, 0)

    def recovered(self) -> set:
        """The small counts that this attacker is sure of."""
        for _ in range(40):
            before = dict(self.bounds)
            for equation in self.equations:
                self.narrow(equation)
            if before == self.bounds:
                break
        sure = {cell for cell, (low, high) in self.bounds.items() if low == high}
        for group in self.groups_of_unknown():
            ranges = [range(self.bounds[cell][0], self.bounds[cell][1] + 1) for cell in group]
            if prod(map(len, ranges)) <= 3_000:
                sure |= self.tried(group, ranges)
        return sure

    def narrow(self, equation: Equation) -> None:
        weights, low, high = equation
        for cell, weight in weights.items():
            others = [sorted(w * end for end in self.bounds[o]) for o, w in weights.items() if o != cell]
            least, most = sum(pair[0] for pair in others), sum(pair[1] for pair in others)
            ends = sorted((weight * (low - most), weight * (high - least)))
            own = self.bounds[cell]
            self.bounds[cell] = (max(own[0], ends[0]), min(own[1], ends[1]))

    def groups_of_unknown(self) -> Iterator[list[Cell]]:
        open_ones = {cell for cell, (low, high) in self.bounds.items() if low < high}
        ties = defaultdict(set)
        for weights, _, _ in self.equations:
            for cell in weights.keys() & open_ones:
                ties[cell] |= weights.keys() & open_ones
        while open_ones:
            group, waiting = set(), [open_ones.pop()]
            while waiting:
                cell = waiting.pop()
                group.add(cell)
                waiting += ties[cell] - group
            open_ones -= group
            yield sorted(group, key=str)

    def tried(self, group, ranges) -> set:
        """Every possibility, one by one."""
        values = defaultdict(set)
        about = [each for each in self.equations if each[0].keys() & set(group)]
        for numbers in product(*ranges):
            world = dict(zip(group, numbers, strict=True))
            if all(
                low <= sum(w * world.get(cell, self.bounds[cell][0]) for cell, w in weights.items()) <= high
                for weights, low, high in about
            ):
                for cell, number in world.items():
                    values[cell].add(number)
        assert all(values[cell] for cell in group), "the attacker has ruled out the truth"
        return {cell for cell in group if len(values[cell]) == 1}


def small_counts(states, measure: Measure) -> set:
    """Every count of 1 to 5 people that is not published: what an attacker is after."""
    found = {}
    for state in states:
        for figure in state.values():
            if measure.unit == "%":
                found[figure, "numerator"], found[figure, "denominator"] = figure.numerator, figure.denominator
                if figure.numerator is not None:
                    found[figure, "others"] = figure.denominator - figure.numerator
            else:
                found[figure, "value"] = figure.value
        if measure.is_cumulative:
            course = [state[period] for period in sorted(state)]
            found.update({("step", one, other): other.value - one.value for one, other in pairwise(course)})
    small = {cell for cell, number in found.items() if number is not None and 1 <= number <= 5}
    return {cell for cell in small if cell[0] == "step" or not cell[0].is_published}


# Random tables

NUMBERS = (0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 12, 20, 60)


def random_year(dice: Random, kind: str) -> tuple[list[dict], Measure]:
    """What stood in a year's table from moment to moment."""
    measure = {"share": PERCENT, "cumulative": Measure(is_cumulative=True)}.get(kind, Measure())
    publishes = 0.1 if kind != "cumulative" and dice.random() < 0.2 else 0
    state: dict = {}
    parts = {month: dice.choice(NUMBERS) for quarter in QUARTERS for month in months_of(quarter)}
    wholes = {month: number + dice.choice(NUMBERS) for month, number in parts.items()}
    chosen = {month for quarter in QUARTERS for month in months_of(quarter) if dice.random() < 0.75}

    def put(period, months):
        number, whole = sum(parts[m] for m in months), sum(wholes[m] for m in months)
        published = dice.random() < publishes
        if kind == "share" and whole:
            state[period] = share(period, number, whole, is_published=published)
        elif kind != "share":
            state[period] = count(period, number, is_published=published)

    def fill():
        so_far = []
        for quarter in QUARTERS:
            for month in months_of(quarter):
                so_far.append(month)
                if month in chosen:
                    put(month, so_far if kind == "cumulative" else [month])
        if kind != "cumulative":
            for quarter in QUARTERS:
                if dice.random() < 0.7 or quarter in state:
                    put(quarter, months_of(quarter))
            put(YEAR, list(parts))

    fill()
    states = [dict(state)]
    if dice.random() < 0.3 and not publishes:  # somebody corrects a month and all that adds it up
        month = dice.choice(list(parts))
        more = dice.randrange(9)
        parts[month] += more
        wholes[month] += more
        fill()
        states.append(dict(state))
    return states, measure


def months_of(quarter):
    first = quarter.start
    return [periods.month(first.year, first.month + step) for step in range(3)]


def attacked(states, measure, *, with_others=True, groups=(), knows_small=True):
    """The small counts that are recovered, and the figures of which the rule says itself that they are given away."""
    changes, before = [], {}
    for at, state in enumerate(states):
        changes += [Change(at, period, figure) for period, figure in state.items() if before.get(period) != figure]
        before = state
    of_groups = [dict(enumerate((group.total, *group.members))) for group in groups]
    figures = {figure for state in (*states, *of_groups) for figure in state.values()}
    small = small_counts([*states, *of_groups], measure)
    found = withheld(changes, measure, groups=groups)
    assert {cell[0] for cell in small if cell[0] != "step"} <= found.figures <= figures
    gone = found.figures if with_others else {cell[0] for cell in small}
    attacker = Attacker(states, figures - gone, small if knows_small else set(), measure, groups)
    return attacker.recovered() & small, found.given_away


@pytest.mark.parametrize("kind", ["count", "share", "cumulative"])
def test_nothing_is_recovered_from_random_tables(kind, rounds):
    dice = Random(f"attacks on {kind} tables")
    times = rounds(50, 1_000)
    recovered_without = 0
    for number in range(times):
        states, measure = random_year(dice, kind)
        recovered, given_away = attacked(states, measure)
        assert {cell[0] for cell in recovered} <= given_away, f"table {number}"
        if given_away and not any(figure.is_published for state in states for figure in state.values()):
            # All is withheld, and so few are they that whoever knows which ones are small knows them all.
            assert attacked(states, measure, knows_small=False)[0] == set()
        recovered_without += bool(attacked(states, measure, with_others=False)[0])
    assert recovered_without > times / 10, "the attacker is no good: nothing is found where all others are shown"


def test_nothing_is_recovered_from_random_groups_of_areas(rounds):
    dice = Random("attacks on groups")
    times = rounds(50, 1_000)
    recovered_without = 0
    for number in range(times):
        ours, *others = [dice.choice(NUMBERS) for _ in range(dice.randint(2, 6))]
        own = count(Q1, ours)
        members = (own, *(count(Q1, other, area=f"Area {place}") for place, other in enumerate(others)))
        whole = ours + sum(others)
        total = whole if whole % len(members) or dice.random() < 0.5 else whole // len(members)
        group = AreaGroup(count(Q1, total, area="All"), members)
        recovered, given_away = attacked([{Q1: own}], Measure(), groups=[group])
        assert recovered == set(), f"group {number}"
        assert not given_away or total <= 5, "only where the total is small too, all may be known to be ones"
        recovered_without += bool(attacked([{Q1: own}], Measure(), with_others=False, groups=[group])[0])
    assert recovered_without > times / 4


# One by one


def test_small_counts_are_withheld_and_nought_and_six_are_not():
    figures = [count(month, value) for month, value in zip(MONTHS, (0, 1, 5), strict=True)]
    more = [count(quarter, value) for quarter, value in zip(QUARTERS, ("6", "4.5", "100", "-3"), strict=True)]
    assert hidden([*figures, *more]) == [*figures[1:], more[1]]
    assert hidden([count(APR, 3, is_published=True)]) == []


@pytest.mark.parametrize(
    ("months", "total", "also"),
    [
        ((3, 20, 40), None, []),  # nothing adds it up
        ((3, 20, 40), 63, [1]),  # the smallest other month goes, not the quarter
        ((3, 0, 40), 43, [2]),  # whoever knows that May is not small knows April from it
        ((3, 4, 40), 47, []),  # two small ones hide each other: 2 and 5, 3 and 4, 4 and 3, 5 and 2
        ((5, 5, 40), 50, [2]),  # but two fives do not
        ((3, 20, 40), 70, []),  # the months do not add up to this: it tells nothing
    ],
)
def test_as_few_others_go_as_hide_the_small_one(months, total, also):
    figures = [count(month, value) for month, value in zip(MONTHS, months, strict=True)]
    quarter = [count(Q1, total)] if total else []
    small = [figure for figure in figures if 1 <= figure.value <= 5]
    assert set(hidden([*figures, *quarter])) == {*small, *(figures[number] for number in also)}


def test_a_share_is_withheld_with_its_counts_and_so_is_one_that_leaves_few_others():
    assert hidden([share(APR, 3, 7919)], PERCENT)
    assert hidden([share(APR, 7916, 7919)], PERCENT)
    assert hidden([share(APR, 0, 4)], PERCENT)
    assert hidden([share(APR, 30, 70)], PERCENT) == []
    # the percentage of a number of people gives the people
    assert hidden([PeopleFigure(APR, Decimal("7.5"), denominator=Decimal(40))], PERCENT)
    assert hidden([PeopleFigure(APR, Decimal("7.5"))], PERCENT) == []


def test_a_month_without_a_figure_is_protected_as_well():
    """June has been suppressed by whoever counted it: May and the quarter would say that it was 2."""
    april, may, june = count(APR, 30), count(MAY, 20), PeopleFigure(JUN, None)
    assert hidden([april, may, june, count(Q1, 52)]) == [may]


def test_what_counts_up_is_withheld_where_a_step_is_small():
    figures = [count(month, value) for month, value in zip(MONTHS, (20, 23, 50), strict=True)]
    assert hidden(figures, Measure(is_cumulative=True)) == figures[:1]
    assert hidden(figures, Measure(is_cumulative=False)) == []
    # not stated, but it reads so: the year is what March says
    year = [count(periods.month(2026, 3), 50), count(periods.month(2026, 2), 47), count(YEAR, 50)]
    assert hidden(year) == [year[1]]


def test_no_earlier_version_gives_away_what_is_withheld_now():
    """When the quarter was entered the months were not yet there; later it was corrected."""
    before, now = count(Q1, 43), count(Q1, 63)
    months = [count(month, value) for month, value in zip(MONTHS, (3, 20, 40), strict=True)]
    april = count(APR, 8)
    changes = [Change(1, APR, april), *(Change(1, month.period, month) for month in months[1:]), Change(1, Q1, now)]
    assert withheld(changes, Measure()).figures == frozenset()
    corrected = [*changes, Change(2, APR, months[0]), Change(2, Q1, now)]
    assert withheld(corrected, Measure()).figures == {months[0], months[1]}
    assert withheld([*corrected, Change(3, APR, None), Change(3, Q1, before)], Measure()).figures >= {months[0]}


def test_what_is_published_elsewhere_is_shown_and_may_give_a_small_count_away():
    figures = [count(APR, 3), count(MAY, 20, is_published=True), count(JUN, 40, is_published=True)]
    found = withheld(at_once([*figures, count(Q1, 63)]), Measure())
    assert found.figures == {figures[0], count(Q1, 63)}
    assert found.given_away == frozenset()
    pinned = withheld(at_once([*figures, count(Q1, 63, is_published=True)]), Measure())
    assert pinned.figures == pinned.given_away == {figures[0]}


def test_a_groups_mean_of_shares_goes_with_a_members_share():
    own, other = share(Q1, 3, 60), PeopleFigure(Q1, Decimal(20), area="Other")
    mean = PeopleFigure(Q1, Decimal("12.5"), area="Both")
    assert withheld([], PERCENT, groups=[AreaGroup(mean, (own, other))]).figures == {own, mean}
    large = share(Q1, 30, 60)
    assert withheld([], PERCENT, groups=[AreaGroup(mean, (large, other))]).figures == frozenset()


def test_a_group_lacking_a_member_ties_the_one_that_is_left():
    own, other = count(Q1, 30), count(Q1, 40, area="Other")
    total = count(Q1, 72, area="All")
    assert withheld([], Measure(), groups=[AreaGroup(total, (own, other), missing=1)]).figures == {own}
    assert withheld([], Measure(), groups=[AreaGroup(total, (own, other), missing=2)]).figures == frozenset()
