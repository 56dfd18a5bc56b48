"""The XmR rules, worked by hand, against a plain second reading of them, and as properties of any series.

Each hand-worked series begins with the same twelve values, 8.5 and 11.5 in turn, which alone make its lines: mean 10,
every moving range 3, limits 10 ± 7.98 = 2.02 and 17.98, near-limit lines 10 ± 5.32 = 4.68 and 15.32. The last of the
twelve lies above the mean.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.spc import Assurance, Flag, Judged, Segment, Stage, Variation, analyse, lines_of
from lambeth_plans.rag import Polarity

BASE = "8.5 11.5 " * 6
LETTERS = {Flag.OUTSIDE: "o", Flag.TREND: "t", Flag.TWO_OF_THREE: "w", Flag.SHIFT: "s"}


def series(text):
    """Decimals; "_" is a gap."""
    return [None if word == "_" else Decimal(word) for word in text.split()]


def marks(points):
    """A letter for each point: the flag (upper case: high), "." for none, "_" for a gap."""
    letters = []
    for point in points:
        letter = LETTERS.get(point.flag, "_" if point.value is None else ".")
        letters.append(letter.upper() if point.is_high else letter)
    return "".join(letters)


def lines(analysis):
    return [analysis.lower_limit, analysis.near_lower, analysis.mean, analysis.near_upper, analysis.upper_limit]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        # outside a limit; on it is not outside, to the last digit
        ("17.98", "."),
        ("17.99", "O"),
        ("17.980000000000000000000000000000001", "O"),
        ("2.02", "."),
        ("2.01", "o"),
        ("17.98 2.02", ".."),
        # two of three beyond a near-limit line, all three on that side of the mean
        ("16 16", "WW"),  # with the last of the base
        ("16 11 16", "W.W"),
        ("11 16 16", ".WW"),
        ("9 16 16 11", ".WW."),
        ("9 16 16 9", "...."),  # no third on this side
        ("16 9 16", "..."),
        ("16 10 16", "..."),  # on the mean is on neither side
        ("16 11 11 16", "...."),
        ("16 16 16", "WWW"),
        ("4 4", ".."),
        ("4 4 9", "ww."),
        ("4 9 4", "w.w"),
        ("16 4 16 4", "...."),
        ("15.32 16", ".."),  # on the near-limit line is not beyond it
        ("15.33 16", "WW"),
        ("4.68 4 9", "..."),
        ("17.98 16", "WW"),  # on the limit is still between
        ("18 16", "O."),  # outside the limit does not count as one of the two
        ("16 18 16", "WOW"),  # but may be the third
        ("18 18 16", "OO."),
        ("16 _ 16", "._."),
        # seven on one side of the mean
        ("9 9 9 9 9 9", "......"),
        ("9 9 9 9 9 9 9", "sssssss"),
        ("9 9 9 9 9 9 9 9 11", "ssssssss."),
        ("9 11 11 11 11 11 11 11", ".SSSSSSS"),
        ("9 11 11 11 11 11 11 9", "........"),
        ("9 9 9 9 10 9 9 9 9", "........."),  # a point on the mean breaks it
        ("9 9 9 9 _ 9 9 9 9", "...._...."),
        ("9 9 9 9 9 9 9 _ 9", "sssssss_."),
        # seven points one way
        ("8 8.5 9 9.5 10.5 11", "......"),
        ("8 8.5 9 9.5 10.5 11 11.5", "TTTTTTT"),
        ("8 8.5 9 9.5 10.5 11 11.5 12", "TTTTTTTT"),
        ("12 11.5 11 10.5 9.5 9", "......"),
        ("12 11.5 11 10.5 9.5 9 8.5", "ttttttt"),
        ("8 8.5 9 9 9.5 10.5 11 11.5", "........"),  # a tie breaks it
        ("8 8.5 9 _ 9.5 10.5 11 11.5", "..._...."),
        ("12 11.5 11 10.5 9.5 9 _", "......_"),  # a move into a gap, or out of it, is none
        ("_ 8.5 9 9.5 10.5 11 11.5", "_......"),
        ("8 9 9.5 10.5 11 12 13 12 11 10.5 9.5 9 8.5", "TTTTTTttttttt"),  # the turn belongs to the later one
        ("8 8.5 9 9.5 10.5 11 12 12 12.5 13 13.5 14 14.5 15", "TTTTTTTTTTTTTT"),  # one ends, the next begins at a tie
        # precedence: outside, trend, two of three, shift
        ("8 9 10.5 11 12 13 18", "TTTTTTO"),
        ("12 10.5 9.5 9 8 7 2", "tttttto"),
        ("8 9 10.5 11 12 16 17", "TTTTTTT"),
        ("9 10.5 11 11.5 12 12.5 13 13.5", "TTTTTTTT"),
        ("9 11 11 11 11 11 16 16", ".SSSSSWW"),
        ("9 9 9 9 9 9 1", "sssssso"),
        ("9 9 9 4 9 4 9 9", "ssswswss"),
    ],
)
def test_the_flags_of_points_after_a_fixed_base_are_those_worked_by_hand(added, expected):
    analysis = analyse(series(BASE + added), baseline=12)
    assert lines(analysis) == series("2.02 4.68 10 15.32 17.98")
    assert marks(analysis.points) == "." * 12 + expected


def test_the_first_two_points_find_no_third_at_the_other_end():
    """Mean 0.83, average moving range 24/11: 5 lies between near-limit line (4.70) and limit (6.64)."""
    analysis = analyse(series("5 5 -1 1 -1 1 -1 1 -1 1 -1 1"))
    assert analysis.near_upper < 5 < analysis.upper_limit
    assert marks(analysis.points) == "." * 12


@pytest.mark.parametrize(
    ("polarity", "of_high", "of_low"),
    [
        (Polarity.HIGHER, "improvement", "concern"),
        (Polarity.LOWER, "concern", "improvement"),
        (Polarity.BAND, "change", "change"),
        (Polarity.NONE, "change", "change"),
        (None, "change", "change"),
    ],
)
@pytest.mark.parametrize(
    ("high", "low"),
    [
        ("18", "2"),
        ("16 16 11", "4 4 9"),
        ("9 11 11 11 11 11 11 11", "9 9 9 9 9 9 9"),
        ("8 8.5 9 9.5 10.5 11 11.5", "12 11.5 11 10.5 9.5 9 8.5"),
    ],
)
def test_a_flag_is_good_or_bad_by_polarity_and_side_and_a_trend_by_its_way(polarity, of_high, of_low, high, low):
    for added, expected in ((high, of_high), (low, of_low)):
        analysis = analyse(series(BASE + added), baseline=12, polarity=polarity)
        assert {point.judgement for point in analysis.points if point.flag} == {Judged(expected)}
        assert {point.judgement for point in analysis.points if not point.flag} == {None}
        last = Variation(expected) if analysis.points[-1].flag else Variation.COMMON
        assert analysis.variation is last


@pytest.mark.parametrize(
    ("count", "stage"), [(0, "plain"), (6, "plain"), (7, "trial"), (11, "trial"), (12, "full"), (13, "full")]
)
def test_few_values_make_a_line_some_make_limits_and_twelve_make_a_judgement(count, stage):
    values = series(BASE * 2)[:count]
    analysis = analyse(values, polarity=Polarity.HIGHER, target=Decimal(1))
    assert analysis.stage is Stage(stage)
    assert analysis.segments == (Segment(0, count, Stage(stage), 0),)
    assert (analysis.mean is None) is (stage == "plain")
    assert (None in lines(analysis)) is (stage == "plain")
    assert (analysis.variation, analysis.assurance) == (
        (Variation.COMMON, Assurance.PASSES) if stage == "full" else (None, None)
    )


def test_trial_limits_flag_nothing_however_far_a_point_lies():
    almost = series("8.5 11.5 8.5 11.5 8.5 11.5 8.5 11.5 8.5 11.5 900")
    assert analyse(almost).points[10].value > analyse(almost).upper_limit
    assert marks(analyse(almost).points) == "." * 11
    assert marks(analyse([Decimal("8.5"), *almost]).points).endswith("O")


@pytest.mark.parametrize(
    ("target", "of_higher", "of_lower"),
    [
        ("18", "consistently fails", "consistently passes"),
        ("17.98", "hit and miss", "hit and miss"),
        ("10", "hit and miss", "hit and miss"),
        ("2.02", "hit and miss", "hit and miss"),
        ("2.01", "consistently passes", "consistently fails"),
    ],
)
def test_assurance_asks_whether_the_target_lies_beyond_what_the_process_reaches(target, of_higher, of_lower):
    def assurance(polarity, target):
        return analyse(series(BASE), polarity=polarity, target=target).assurance

    assert assurance(Polarity.HIGHER, Decimal(target)) is Assurance(of_higher)
    assert assurance(Polarity.LOWER, Decimal(target)) is Assurance(of_lower)
    for polarity in (Polarity.BAND, Polarity.NONE, None):
        assert assurance(polarity, Decimal(target)) is None
    assert assurance(Polarity.HIGHER, None) is None


@pytest.mark.parametrize("screen", [True, False])
def test_a_series_that_never_moved_has_its_limits_on_its_mean(screen):
    analysis = analyse(series("40 " * 12 + "40 40.01 39"), baseline=12, screen=screen)
    assert lines(analysis) == [Decimal(40)] * 5
    assert marks(analysis.points) == "." * 13 + "Oo"
    assert analysis.dropped == 0


@pytest.mark.parametrize(
    ("jump", "screen", "dropped", "reach"),
    [
        # ten moves of 773.3 and the jump: it is 3.267 times the average of all eleven exactly at 3267
        ("3267", True, 1, "2056.978"),
        ("3266.9", True, 0, "2659.975818"),
        ("3267", False, 0, "2660"),
    ],
)
def test_a_moving_range_of_3_267_times_the_average_is_dropped_once_when_screened(jump, screen, dropped, reach):
    values = series("0 773.3 " * 5 + f"0 {jump}")
    analysis = analyse(values, screen=screen)
    assert (analysis.screened, analysis.dropped) == (screen, dropped)
    assert analysis.mean == sum(values) / 12  # the centre line keeps every value
    assert round(analysis.upper_limit - analysis.mean, 6) == Decimal(reach)


def test_screening_is_not_repeated_on_what_it_left():
    """Moves: 100, 10 and nine of 1. Only the 100 is 3.267 times the average of all; then the 10 would be as well."""
    values = series("0 100 110 109 110 109 110 109 110 109 110 109")
    analysis = analyse(values)
    assert analysis.dropped == 1
    assert round(analysis.upper_limit - analysis.mean, 6) == Decimal("5.054")


def test_screening_may_leave_no_variation_and_then_every_point_off_the_mean_is_outside():
    analysis = analyse(series("0 " * 12 + "1"))  # the one move is 12 times the average of all
    assert (analysis.dropped, set(lines(analysis))) == (1, {analysis.mean})
    assert marks(analysis.points) == "o" * 12 + "O"


def test_there_is_no_moving_range_across_a_gap_and_a_gap_keeps_the_lines():
    analysis = analyse(series("9 11 9 11 9 11 _ 109 111 109 111 109 111"))
    assert (analysis.mean, analysis.upper_limit) == (Decimal(60), Decimal("65.32"))
    gap = analysis.points[6]
    assert (gap.value, gap.flag, gap.upper_limit) == (None, None, Decimal("65.32"))


def test_a_baseline_counts_values_and_not_gaps():
    analysis = analyse(series("_ 8.5 11.5 _ " + "8.5 11.5 " * 5 + "900 900"), baseline=12)
    assert lines(analysis) == series("2.02 4.68 10 15.32 17.98")
    assert marks(analysis.points) == "_.._..........OO"


def test_a_rebase_breaks_runs_moving_ranges_and_lines():
    values = series(BASE + "8 8.5 9 9.5 10.5 11 11.5 " + BASE)
    assert "TTTTTTT" in marks(analyse(values).points)
    analysis = analyse(values, rebases=[15])
    assert {point.flag for point in analysis.points} == {None}
    assert [(segment.start, segment.stop) for segment in analysis.segments] == [(0, 15), (15, 31)]
    moved = analyse(series(BASE) + [value + 100 for value in series(BASE)], rebases=[12])
    assert [moved.points[place].mean for place in (0, 11, 12)] == [10, 10, 110]
    assert moved.points[12].upper_limit == moved.upper_limit == Decimal("117.98")


def test_what_is_said_of_the_whole_is_said_of_the_last_segment_and_its_last_value():
    analysis = analyse(series(BASE + "18 8.5 11.5 8.5"), rebases=[13], baseline=12)
    assert marks(analysis.points) == "............O..."
    assert (analysis.stage, analysis.mean, analysis.variation) == (Stage.PLAIN, None, None)
    assert analyse(series(BASE + "18 _"), baseline=12, polarity="lower").variation is Variation.CONCERN
    assert analyse(series(BASE + "_ _"), rebases=[12]).stage is Stage.PLAIN


def test_values_of_which_no_two_are_neighbours_have_no_limits():
    assert analyse(series("1 _ 2 _ " * 6)).stage is Stage.PLAIN
    assert lines_of(series("1 _ 2 _ " * 6)) is None


def test_the_lines_of_one_segment_say_on_which_side_a_value_lies():
    found = lines_of(series(BASE))
    assert [found.side_of(Decimal(text)) for text in ("2.01", "2.02", "10", "17.98", "17.99")] == [-1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        ("1 NaN", {}),
        ("1 Infinity", {}),
        ("1 2", {"target": Decimal("sNaN")}),
        ("1 2", {"rebases": [2]}),
        ("1 2", {"rebases": [-1]}),
        ("1 2 3", {"rebases": [2, 1]}),
        ("1 2 3", {"rebases": [1, 1]}),
        ("1 2 3", {"baseline": 11}),
    ],
)
def test_what_cannot_be_judged_is_refused(values, settings):
    with pytest.raises(ValueError, match=r"finite|rebase|baseline"):
        analyse(series(values), **settings)


# Any series. Few different values, so that ties, runs and points on a line are common.

VALUES = st.lists(st.one_of(st.none(), st.integers(-4, 4), st.integers(-40, 40)), min_size=12, max_size=40).map(
    lambda numbers: [None if number is None else Decimal(number) / 2 for number in numbers]
)
RUNNING = st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 8)), min_size=2, max_size=8).map(
    lambda steps: [Decimal(step * place + step) for step, length in steps for place in range(length)]
)
SERIES = st.one_of(VALUES, RUNNING)


def plain_reading(values, screen):
    """Flag and side of each point of one segment from 12 values on, rule after rule, in fractions."""
    known = [Fraction(value) for value in values if value is not None]
    moves = [abs(Fraction(b) - Fraction(a)) for a, b in pairwise(values) if None not in (a, b)]
    if len(known) < 12 or not moves:
        return None
    mean, average = sum(known) / len(known), sum(moves) / len(moves)
    if screen and average:
        moves = [move for move in moves if move < Fraction("3.267") * average]
    reach = Fraction("2.66") * sum(moves) / len(moves)
    away = [Fraction(0) if value is None else Fraction(value) - mean for value in values]

    def windows(place, size):
        return [
            range(start, start + size)
            for start in range(max(place - size + 1, 0), min(place, len(values) - size) + 1)
            if all(values[other] is not None for other in range(start, start + size))
        ]

    def flag(place, way):
        """The first that holds, of those that point this way (1: up or above)."""
        moved = [
            window
            for window in windows(place, 7)
            if all((values[other + 1] - values[other]) * way > 0 for other in window[:-1])
        ]
        beyond = {other for other, offset in enumerate(away) if reach * 2 / 3 < offset * way <= reach}
        return {
            Flag.OUTSIDE: away[place] * way > reach,
            Flag.TREND: max((window.start for window in moved), default=None),
            Flag.TWO_OF_THREE: place in beyond
            and any(
                len(beyond & set(window)) >= 2 and all(away[other] * way > 0 for other in window)
                for window in windows(place, 3)
            ),
            Flag.SHIFT: any(all(away[other] * way > 0 for other in window) for window in windows(place, 7)),
        }

    found = []
    for place in range(len(values)):
        up, down = flag(place, 1), flag(place, -1)
        starts = (up[Flag.TREND], down[Flag.TREND])
        up[Flag.TREND] = starts[0] is not None and (starts[1] is None or starts[0] > starts[1])
        down[Flag.TREND] = starts[1] is not None and not up[Flag.TREND]
        found.append(next(((one, up[one]) for one in Flag if up[one] or down[one]), (None, None)))
    return found


@given(SERIES, st.booleans())
def test_a_plain_reading_of_the_rules_finds_the_same_flags_in_the_same_order_of_precedence(values, screen):
    expected = plain_reading(values, screen) or [(None, None)] * len(values)
    assert [(point.flag, point.is_high) for point in analyse(values, screen=screen).points] == expected


@given(SERIES, st.decimals(-1000, 1000, places=2), st.decimals("0.01", 100, places=2))
def test_flags_stay_and_lines_move_with_the_data(values, shift, scale):
    before = analyse(values, polarity=Polarity.HIGHER)
    after = analyse([None if value is None else value * scale + shift for value in values], polarity=Polarity.HIGHER)
    assert [(p.flag, p.judgement, p.is_high) for p in after.points] == [
        (p.flag, p.judgement, p.is_high) for p in before.points
    ]
    if before.mean is not None:
        for old, new in zip(lines(before), lines(after), strict=True):
            assert abs(old * scale + shift - new) < Decimal("1e-20")


@given(SERIES, st.decimals(-20, 20, places=1))
def test_a_mirrored_series_is_judged_alike_by_the_mirrored_polarity(values, target):
    mirror = [None if value is None else -value for value in values]
    up = analyse(values, polarity=Polarity.HIGHER, target=target)
    down = analyse(mirror, polarity=Polarity.LOWER, target=-target)
    other = analyse(values, polarity=Polarity.LOWER)
    swapped = {None: None, Judged.IMPROVEMENT: Judged.CONCERN, Judged.CONCERN: Judged.IMPROVEMENT}
    assert [(p.flag, p.judgement) for p in up.points] == [(p.flag, p.judgement) for p in down.points]
    assert [swapped[p.judgement] for p in up.points] == [p.judgement for p in other.points]
    assert (up.variation, up.assurance) == (down.variation, down.assurance)
    assert up.mean is None or lines(up) == [-line for line in reversed(lines(down))]


@given(SERIES, SERIES, st.booleans())
def test_a_rebased_series_is_its_two_parts_side_by_side(first, second, screen):
    whole = analyse(first + second, rebases=[len(first)], screen=screen)
    parts = analyse(first, screen=screen), analyse(second, screen=screen)
    assert whole.points == parts[0].points + parts[1].points
    assert [segment.dropped for segment in whole.segments] == [part.dropped for part in parts]


@given(st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False), max_size=20), st.booleans())
def test_any_finite_values_come_back_in_their_order_between_ordered_lines(values, screen):
    analysis = analyse(values, target=Decimal(1), polarity=Polarity.LOWER, screen=screen)
    assert [point.value for point in analysis.points] == values
    for point in analysis.points:
        assert lines(point) == sorted(lines(point)) if analysis.mean is not None else lines(point) == [None] * 5


@given(SERIES, st.data())
def test_a_gap_changes_no_other_value_and_takes_its_own_flag_away(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    points = analyse([*values[:place], None, *values[place + 1 :]]).points
    assert [point.value for point in points] == [*values[:place], None, *values[place + 1 :]]
    assert points[place].flag is points[place].judgement is points[place].is_high is None
