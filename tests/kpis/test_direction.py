"""Direction of travel: hand-worked cases of every kind of period and polarity, and what must hold of all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.direction import COUNTS_UP, MAY_COUNT_UP, NO_EARLIER, NO_FIGURE, NO_START, Arrow, Reading, Verdict, directions
from lambeth_plans import periods
from lambeth_plans.periods import parse
from lambeth_plans.rag import Polarity

HIGHER, LOWER, BAND, NONE = Polarity
UP, DOWN, LEVEL = Arrow
BETTER, WORSE, STEADY = Verdict
#: 2019/20 and 2020/21 in months and quarters, a school year, snapshots; the newest figure stands last.
YEARS = "2017/18: 70, 2018/19: 80, 2019/20: 81.5"
QUARTERS = "Q2 2019/20: 50, Q3 2019/20: 55, Q4 2019/20: 60, Q1 2020/21: 20, Q2 2020/21: 47"
MONTHS = "Feb 2019: 12, Jan 2020: 10, Feb 2020: 9"
DAYS = "29 Feb 2020: 400, 31 Dec 2020: 410, 28 Feb 2021: 407"


def readings(text: str, provisional: str = "") -> list[Reading]:
    pairs = [pair.rsplit(": ", 1) for pair in text.split(", ") if pair]
    return [
        Reading(parse(period), None if value == "–" else Decimal(value), period == provisional)
        for period, value in pairs
    ]


def told(text, *, polarity=HIGHER, unit="%", is_cumulative=False, gap=None, provisional="", band=None):
    return directions(
        readings(text, provisional),
        polarity=polarity,
        unit=unit,
        is_cumulative=is_cumulative,
        steady_gap=None if gap is None else Decimal(gap),
        band=band and (Decimal(band[0]), Decimal(band[1])),
    )


@pytest.mark.parametrize(
    ("text", "options", "arrow", "verdict", "words"),
    [
        (YEARS, {}, UP, BETTER, "Up 1.5 points on 2018/19: better."),
        (YEARS, {"polarity": LOWER}, UP, WORSE, "Up 1.5 points on 2018/19: worse."),
        (YEARS, {"is_cumulative": True}, UP, BETTER, "Up 1.5 points on 2018/19: better."),  # whole years
        (YEARS, {"gap": "1.5"}, LEVEL, STEADY, "Within 1.5 points of 2018/19 (up 1.5 points): steady."),
        (YEARS, {"gap": "1.4"}, UP, BETTER, "Up 1.5 points on 2018/19: better."),
        (
            YEARS,
            {"gap": "2", "polarity": None},
            LEVEL,
            None,
            "Within 2 points of 2018/19 (up 1.5 points). Neither way is stated as better.",
        ),
        (
            YEARS,
            {"provisional": "2019/20"},
            UP,
            None,
            "Up 1.5 points on 2018/19. The figure for 2019/20 is provisional, so it is not called better or worse.",
        ),
        ("2018/19: 80, 2019/20: 80.0", {}, LEVEL, STEADY, "Level with 2018/19: steady."),
        ("2018/19: 80, 2019/20: 81", {"unit": "£"}, UP, BETTER, "Up £1 on 2018/19: better."),
        ("2018/19: 80, 2019/20: 81", {"unit": "days", "polarity": LOWER}, UP, WORSE, "Up 1 day on 2018/19: worse."),
        ("2018/19: -3, 2019/20: -5", {"unit": "number"}, DOWN, WORSE, "Down 2 on 2018/19: worse."),
        ("2018/19: 80, 2019/20: 81", {}, UP, BETTER, "Up 1 point on 2018/19: better."),
        (
            "2018/19 (school year): 80, 2019/20 (school year): 78",
            {},
            DOWN,
            WORSE,
            "Down 2 points on 2018/19 (school year): worse.",
        ),
        (QUARTERS, {}, UP, BETTER, "Up 27 points on Q1 2020/21: better."),
        ("Q4 2019/20: 5, Q1 2020/21: 4", {"polarity": LOWER}, DOWN, BETTER, "Down 1 point on Q4 2019/20: better."),
        (
            MONTHS,
            {"polarity": NONE, "unit": "number"},
            DOWN,
            None,
            "Down 1 on January 2020. Neither way is stated as better.",
        ),
        ("2019/20: 80, 2020/21: 81, Sep 2020: 3", {}, UP, BETTER, "Up 1 point on 2019/20: better."),  # ends last
        (
            "31 Dec 2020: 5, Jan 2021: 9, 28 Feb 2021: 6",
            {},
            UP,
            BETTER,
            "28 Feb 2021 is up 1 point on 31 Dec 2020: better.",
        ),
        (MONTHS, {"is_cumulative": None}, DOWN, WORSE, "Down 1 point on January 2020: worse."),
        (DAYS, {"unit": "number", "polarity": LOWER}, DOWN, BETTER, "28 Feb 2021 is down 3 on 31 Dec 2020: better."),
        (
            DAYS,
            {"unit": "number", "gap": "3"},
            LEVEL,
            STEADY,
            "28 Feb 2021 is within 3 of 31 Dec 2020 (down 3): steady.",
        ),
        (
            f"{MONTHS}, Mar 2020: –",
            {},
            DOWN,
            WORSE,
            "February 2020, the newest figure, is down 1 point on January 2020: worse.",
        ),
    ],
)
def test_the_newest_figure_is_compared_with_the_one_before(text, options, arrow, verdict, words):
    found = told(text, **options)
    assert (found.short.arrow, found.short.verdict, found.short.words) == (arrow, verdict, words)
    assert found.short_reason == ""


@pytest.mark.parametrize(
    ("before", "latest", "gap", "arrow", "verdict", "words"),
    [
        (30, 35, None, UP, BETTER, "Up 5 points on 2018/19, nearer to the band 40% to 60%: better."),
        (66, 60, None, DOWN, BETTER, "Down 6 points on 2018/19, into the band 40% to 60%: better."),
        (60, 66, None, UP, WORSE, "Up 6 points on 2018/19, further from the band 40% to 60%: worse."),
        (41, 59, None, UP, STEADY, "Up 18 points on 2018/19, inside the band 40% to 60% as before: steady."),
        (38, 62, None, UP, STEADY, "Up 24 points on 2018/19, as far from the band 40% to 60% as before: steady."),
        (39, 62, "1", UP, STEADY, "Up 23 points on 2018/19, about as far from the band 40% to 60% as before: steady."),
        (39, 62, None, UP, WORSE, "Up 23 points on 2018/19, further from the band 40% to 60%: worse."),
        (38, 36, "2", LEVEL, STEADY, "Within 2 points of 2018/19 (down 2 points): steady."),
        (38, 38, None, LEVEL, STEADY, "Level with 2018/19: steady."),
    ],
)
def test_of_a_band_the_distance_to_it_says_what_is_better(before, latest, gap, arrow, verdict, words):
    found = told(f"2018/19: {before}, 2019/20: {latest}", polarity=BAND, band=(40, 60), gap=gap).short
    assert (found.arrow, found.verdict, found.words) == (arrow, verdict, words)


def test_a_band_nobody_stated_gives_no_verdict_and_no_other_polarity_reads_one():
    unstated = told("2018/19: 38, 2019/20: 62", polarity=BAND).short
    assert (unstated.verdict, unstated.words) == (
        None,
        "Up 24 points on 2018/19. The band that is best is not stated.",
    )
    assert told("2018/19: 38, 2019/20: 62", polarity=LOWER, band=(40, 60)).short.words == (
        "Up 24 points on 2018/19: worse."
    )


@pytest.mark.parametrize(
    ("text", "options", "before", "words"),
    [
        (YEARS, {}, "2018/19", "Up 1.5 points on 2018/19: better."),
        (QUARTERS, {"is_cumulative": True}, "Q2 2019/20", "Down 3 points on Q2 2019/20: worse."),
        (MONTHS, {}, "Feb 2019", "Down 3 points on February 2019: worse."),
        (DAYS, {}, "29 Feb 2020", "28 Feb 2021 is up 7 points on 29 Feb 2020: better."),
        (f"{DAYS}, 28 Feb 2020: 1", {}, "28 Feb 2020", "28 Feb 2021 is up 406 points on 28 Feb 2020: better."),
        ("28 Feb 2019: 5, 29 Feb 2020: 6", {}, "28 Feb 2019", "29 Feb 2020 is up 1 point on 28 Feb 2019: better."),
        ("31 Mar 2020: 5, 31 Mar 2021: 6", {}, "31 Mar 2020", "31 Mar 2021 is up 1 point on 31 Mar 2020: better."),
    ],
)
def test_the_newest_figure_is_compared_with_the_same_period_of_last_year(text, options, before, words):
    found = told(text, **options)
    assert (found.long.before, found.long.words, found.long_reason) == (parse(before), words, "")


def no_figure(period: str) -> str:
    return f"There is no figure for {period} to compare with."


@pytest.mark.parametrize(
    ("text", "options", "short_reason", "long_reason"),
    [
        ("", {}, NO_FIGURE, NO_FIGURE),
        ("2019/20: –", {}, NO_FIGURE, NO_FIGURE),
        ("2017/18: 70, 2019/20: 80", {}, no_figure("2018/19"), no_figure("2018/19")),  # a gap is not bridged
        ("2018/19: –, 2019/20: 80", {}, no_figure("2018/19"), no_figure("2018/19")),
        ("2018/19 (school year): 1, 2019/20: 80", {}, no_figure("2018/19"), no_figure("2018/19")),
        ("Q4 2018/19: 1, Mar 2019: 9, Apr 2019: 3", {}, "", no_figure("April 2018")),
        (QUARTERS, {"is_cumulative": True}, COUNTS_UP, ""),
        (QUARTERS, {"is_cumulative": None, "unit": "number"}, MAY_COUNT_UP, ""),
        (QUARTERS, {"is_cumulative": None, "unit": "£"}, MAY_COUNT_UP, ""),
        (QUARTERS, {"is_cumulative": None, "unit": ""}, MAY_COUNT_UP, ""),
        (QUARTERS, {"is_cumulative": None, "unit": "per 10,000"}, "", ""),
        (YEARS, {"is_cumulative": None, "unit": "number"}, "", ""),
        (DAYS, {"is_cumulative": None, "unit": "number"}, "", ""),  # how many there are on a day
        (DAYS, {"is_cumulative": True, "unit": "number"}, COUNTS_UP, ""),
        ("31 Dec 2019: 5", {}, NO_EARLIER, no_figure("31 Dec 2018")),
        ("30 Sep 2019: –, 31 Dec 2019: 5", {}, no_figure("30 Sep 2019"), no_figure("31 Dec 2018")),
        ("27 Feb 2020: 1, 28 Feb 2021: 5", {}, "", no_figure("28 Feb 2020")),
        ("28 Feb 2020: –, 29 Feb 2020: 1, 28 Feb 2021: 5", {}, "", no_figure("28 Feb 2020")),
        ("29 Feb 2020: 1, 27 Feb 2021: 5", {}, "", no_figure("27 Feb 2020")),
        ("to 30 Jan 2018: 200, to 30 Jan 2019: 250", {}, NO_START, NO_START),
    ],
)
def test_where_there_is_nothing_to_compare_with_the_reason_is_given(text, options, short_reason, long_reason):
    found = told(text, **options)
    assert (found.short_reason, found.long_reason) == (short_reason, long_reason)
    assert (found.short is None, found.long is None) == (bool(short_reason), bool(long_reason))


def test_two_provisional_figures_are_both_said_to_be_so():
    both = [Reading(parse(period), Decimal(5), is_provisional=True) for period in ("2018/19", "2019/20")]
    found = directions(both, polarity=HIGHER, unit="%", is_cumulative=False, steady_gap=None)
    assert found.short.verdict is None
    assert found.short.words == (
        "Level with 2018/19. Both figures are provisional, so it is not called better or worse."
    )


def test_every_arrow_has_a_glyph_and_a_word_of_its_own():
    assert len({arrow.glyph for arrow in Arrow} | {arrow.word for arrow in Arrow}) == 6


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("2018/19: 1, 2018/19: 2", {}, "one figure"),
        ("2018/19: NaN", {}, "finite"),
        (YEARS, {"gap": "-1"}, "0 or more"),
        (YEARS, {"gap": "Infinity"}, "finite"),
        (YEARS, {"band": (60, 40)}, "lower edge first"),
    ],
)
def test_what_cannot_be_compared_is_refused(text, options, words):
    with pytest.raises(ValueError, match=words):
        told(text, **options)


numbers = st.decimals(min_value=-1000, max_value=1000, places=2)
series = st.lists(st.none() | numbers, min_size=2, max_size=15)
gaps = st.none() | st.decimals(min_value=0, max_value=50, places=1)
OPPOSITE = {BETTER: WORSE, WORSE: BETTER, STEADY: STEADY, None: None}
TURNED = {UP: DOWN, DOWN: UP, LEVEL: LEVEL}


def monthly(values) -> list[Reading]:
    months = [periods.month(2018 + number // 12, number % 12 + 1) for number in range(len(values))]
    return [Reading(month, value) for month, value in zip(months, values, strict=True)]


def both(values, polarity, gap):
    found = directions(monthly(values), polarity=polarity, unit="%", is_cumulative=False, steady_gap=gap)
    return [found.short, found.long]


def judged(values, polarity, gap) -> list:
    return [found and (found.arrow, found.verdict) for found in both(values, polarity, gap)]


@given(series, gaps)
def test_the_mirrored_polarity_mirrors_the_verdict_and_leaves_the_arrow(values, gap):
    expected = [pair and (pair[0], OPPOSITE[pair[1]]) for pair in judged(values, HIGHER, gap)]
    assert judged(values, LOWER, gap) == expected


@given(series, gaps)
def test_mirrored_figures_and_polarity_turn_the_arrow_and_leave_the_verdict(values, gap):
    mirrored = [None if value is None else -value for value in values]
    expected = [pair and (TURNED[pair[0]], pair[1]) for pair in judged(values, HIGHER, gap)]
    assert judged(mirrored, LOWER, gap) == expected


@given(series, gaps, numbers)
def test_shifted_figures_move_as_far(values, gap, shift):
    shifted = [None if value is None else value + shift for value in values]
    assert both(shifted, LOWER, gap) == both(values, LOWER, gap)


@given(series, gaps, st.randoms(use_true_random=False))
def test_the_order_in_which_readings_are_given_changes_nothing(values, gap, dice):
    given_order = monthly(values)
    dice.shuffle(shuffled := list(given_order))
    options = {"polarity": HIGHER, "unit": "%", "is_cumulative": False, "steady_gap": gap}
    assert directions(shuffled, **options) == directions(given_order, **options)
