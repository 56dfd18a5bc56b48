"""Comparators: hand-worked comparisons, what may not be compared, and what must hold of every rank."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.benchmarks import AreaFigure, Group, compare, ordinal
from lambeth_plans.periods import parse
from lambeth_plans.rag import Polarity

HIGHER, LOWER, BAND, NONE = Polarity
D = Decimal
NEIGHBOURS = Group("Statistical neighbours", "2019", ("Camden", "Hackney", "Islington", "Southwark"))
ENGLAND = Group("England", "", ("England",))
#: The middle of these is 82, their mean 81.5.
FOUR = "Camden 2019/20: 74, Hackney 2019/20: 80, Islington 2019/20: 84, Southwark 2019/20: 88"


def figures(text: str, area: str = "") -> list[AreaFigure]:
    """ "Camden 2019/20: 74, Hackney 2019/20: c": an area (unless given), a period, a figure or a mark."""
    found = []
    for pair in (pair for pair in text.split(", ") if pair):
        place, _, figure = pair.rpartition(": ")
        name, period = (area, place) if area else place.split(" ", 1)
        value = D(figure) if figure.lstrip("-")[0].isdigit() or figure == "NaN" else None
        found.append(AreaFigure(name, parse(period), value, f"{figure}%" if value is not None else figure))
    return found


def compared(ours: str, others: str, group: Group = NEIGHBOURS, polarity: Polarity | None = HIGHER, **options):
    options = {"unit": "%", "our_area": "Lambeth", **options}
    return compare(figures(ours, "Lambeth"), figures(others), group, polarity=polarity, **options)


def test_a_comparison_gives_rank_middle_mean_and_range_of_one_period():
    found = compared("2018/19: 90, 2019/20: 86", FOUR)
    assert (found.group, found.vintage, found.period) == ("Statistical neighbours", "2019", parse("2019/20"))
    assert [figure.area for figure in found.figures] == ["Camden", "Hackney", "Islington", "Southwark"]
    assert (found.mean, found.median, found.lowest, found.highest) == (D("81.5"), D("82"), D("74"), D("88"))
    assert (found.rank, found.of, found.is_joint) == (2, 5, False)
    assert (found.quartile, found.quartile_words) == (1, "best quarter")
    assert (found.ours.value, found.our_latest, found.missing) == (D("86"), found.ours, ())
    assert found.sentence == "86% in 2019/20 is 2nd of 5 (best first): the middle of Statistical neighbours is 82%."
    assert (found.reason, found.older, found.target_sentence) == ("", "", "")


@pytest.mark.parametrize(
    ("ours", "polarity", "rank", "is_joint", "quartile"),
    [
        ("90", HIGHER, 1, False, "best quarter"),
        ("88", HIGHER, 1, True, "best quarter"),  # a tie shares the better rank
        ("86", HIGHER, 2, False, "best quarter"),
        ("84", HIGHER, 2, True, "best quarter"),
        ("82", HIGHER, 3, False, "second quarter"),
        ("74", HIGHER, 4, True, "third quarter"),
        ("70", HIGHER, 5, False, "bottom quarter"),
        ("90", LOWER, 5, False, "bottom quarter"),
        ("88", LOWER, 4, True, "third quarter"),
        ("74", LOWER, 1, True, "best quarter"),
        ("70", LOWER, 1, False, "best quarter"),
    ],
)
def test_the_rank_follows_what_is_better(ours, polarity, rank, is_joint, quartile):
    found = compared(f"2019/20: {ours}", FOUR, polarity=polarity)
    assert (found.rank, found.is_joint, found.quartile_words) == (rank, is_joint, quartile)
    assert (" is joint " in found.sentence) is is_joint


@pytest.mark.parametrize(
    ("ours", "rank", "is_joint"), [("82", 1, True), ("79", 3, False), ("90", 4, True), ("91", 5, False)]
)
def test_of_a_band_the_nearest_to_it_is_best(ours, rank, is_joint):
    """The distances to 80–84 are 6, 0, 0 and 4."""
    found = compared(f"2019/20: {ours}", FOUR, polarity=BAND, band=(D(80), D(84)))
    assert (found.rank, found.is_joint) == (rank, is_joint)


def test_quarters_need_four_areas_and_a_difference():
    three = replace(NEIGHBOURS, members=("Camden", "Hackney"))
    assert compared("2019/20: 90", FOUR, three).quartile is None
    assert compared("2019/20: 90", FOUR, three).quartile_words == ""
    assert compared("2019/20: 90", FOUR, replace(NEIGHBOURS, members=NEIGHBOURS.members[:3])).quartile == 1
    equal = compared("2019/20: 74", FOUR.replace("80", "74").replace("84", "74").replace("88", "74"))
    assert (equal.rank, equal.is_joint, equal.quartile) == (1, True, None)


def test_eleven_areas_fall_into_quarters_of_three_three_three_and_two():
    group = Group("Neighbours", "", tuple(f"A{number}" for number in range(10)))
    others = ", ".join(f"A{number} 2019/20: {number * 10}" for number in range(10))
    quarters = [compared(f"2019/20: {ours}", others, group).quartile for ours in range(95, -10, -10)]
    assert quarters == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4]


def test_a_member_without_a_figure_is_named_with_its_mark_and_counts_for_nothing():
    found = compared("2019/20: 86", "Camden 2019/20: c, Hackney 2019/20: 80, Southwark 2019/20: 88, Leeds 2019/20: 99")
    assert [(each.area, each.text, each.value) for each in found.missing] == [
        ("Camden", "c", None),
        ("Islington", "no figure given", None),
    ]
    assert (found.rank, found.of, found.median, found.lowest) == (2, 3, D("84"), D("80"))


def test_a_blank_mark_reads_its_reason():
    blank = AreaFigure("Camden", parse("2019/20"), None, "", reason="Suppressed")
    found = compare(
        figures("2019/20: 86", "Lambeth"), [blank, *figures(FOUR)[1:]], NEIGHBOURS, our_area="Lambeth", polarity=HIGHER
    )
    assert [each.text for each in found.missing] == ["Suppressed"]


def test_our_own_area_among_the_members_is_not_counted_twice():
    group = replace(NEIGHBOURS, members=(*NEIGHBOURS.members, " lambeth "))
    found = compared("2019/20: 86", f"{FOUR}, Lambeth 2019/20: 86", group)
    assert found == compared("2019/20: 86", FOUR)


def test_our_figures_are_ours_whatever_name_they_carry():
    ours = [replace(figure, area="") for figure in figures("2019/20: 86", "Lambeth")]
    options = {"our_area": "Lambeth", "polarity": HIGHER, "unit": "%"}
    assert compare(ours, figures(FOUR), NEIGHBOURS, **options) == compared("2019/20: 86", FOUR)


def test_names_differ_by_more_than_spaces_and_capitals():
    group = replace(NEIGHBOURS, members=("CAMDEN", "camden ", "Hackney"))
    found = compared("2019/20: 86", FOUR, group)
    assert (found.of, found.missing) == (3, ())


def test_an_area_with_two_unlike_figures_of_one_period_has_none():
    found = compared("2019/20: 86", f"{FOUR}, Camden 2019/20: 75")
    assert [(each.area, each.text) for each in found.missing] == [("Camden", "two figures given: 74 and 75")]
    assert compared("2019/20: 86", f"{FOUR}, Camden 2019/20: 74") == compared("2019/20: 86", FOUR)


@pytest.mark.parametrize(
    ("ours", "others", "options", "reason", "sentence"),
    [
        (
            "2019/20: 86",
            FOUR,
            {"polarity": None},
            "Which way is better is not stated, so there is no rank.",
            "86% in 2019/20 is 4 points above the middle of Statistical neighbours, 82%.",
        ),
        (
            "2019/20: 82",
            FOUR,
            {"polarity": NONE},
            "Neither higher nor lower is better, so there is no rank.",
            "82% in 2019/20 is the same as the middle of Statistical neighbours, 82%.",
        ),
        (
            "2019/20: 81",
            FOUR,
            {"polarity": BAND},
            "The band that is best is not stated, so there is no rank.",
            "81% in 2019/20 is 1 point below the middle of Statistical neighbours, 82%.",
        ),
        (
            "2018/19: 86",
            FOUR,
            {},
            "Lambeth has no figure for 2019/20, so there is no rank.",
            "Lambeth has no figure for 2019/20; the middle of Statistical neighbours is 82%.",
        ),
        (
            "2019/20: Suppressed",
            FOUR,
            {},
            "Lambeth has no figure for 2019/20 (Suppressed), so there is no rank.",
            "Lambeth has no figure for 2019/20; the middle of Statistical neighbours is 82%.",
        ),
        (
            "2019/20: 86.1",
            "England 2019/20: 84",
            {"group": ENGLAND},
            "There is one area, so there is no rank.",
            "86.1% is 2.1 points above England, 2019/20.",
        ),
        (
            "2019/20: 84",
            "England 2019/20: 84",
            {"group": ENGLAND},
            "There is one area, so there is no rank.",
            "84% is the same as England, 2019/20.",
        ),
        (
            "",
            "England 2019/20: 84",
            {"group": ENGLAND},
            "Lambeth has no figure for 2019/20, so there is no rank.",
            "Lambeth has no figure for 2019/20; the figure of England is 84%.",
        ),
        (
            "2019/20: 86",
            "Camden 2019/20: 90, Hackney 2019/20: c",
            {},
            "Only Camden has a figure for 2019/20, so there is no rank.",
            "86% is 4 points below Camden, 2019/20.",
        ),
        (
            "2019/20: 86",
            "Camden 2019/20: c",
            {},
            "No area of Statistical neighbours has a figure for 2019/20, so there is no rank.",
            "No area of Statistical neighbours has a figure for 2019/20.",
        ),
        (
            "2019/20: 86",
            "Leeds 2019/20: 80",
            {},
            "No area of Statistical neighbours has a figure.",
            "No area of Statistical neighbours has a figure.",
        ),
        (
            "2019/20: 86",
            FOUR,
            {"group": Group("London", "", ())},
            "The areas of London are not stated.",
            "The areas of London are not stated.",
        ),
    ],
)
def test_where_there_is_no_rank_the_reason_and_the_difference_are_said(ours, others, options, reason, sentence):
    found = compared(ours, others, **options)
    assert (found.rank, found.of, found.quartile, found.is_joint) == (None, None, None, False)
    assert (found.reason, found.sentence) == (reason, sentence)


def newest(ours: str, group: str) -> str:
    return f"Our newest figure is of {ours}; the group's newest is of {group}."


@pytest.mark.parametrize(
    ("ours", "others", "options", "period", "has_rank", "older"),
    [
        ("2019/20: 86, 2020/21: 87", FOUR, {}, "2019/20", True, newest("2020/21", "2019/20")),
        ("2018/19: 86", f"{FOUR}, Camden 2018/19: 70", {}, "2018/19", False, newest("2018/19", "2019/20")),
        ("2020/21: 86", FOUR, {}, "2019/20", False, newest("2020/21", "2019/20")),
        (
            "2019/20: 86, Q2 2020/21: 40",
            FOUR,
            {"is_cumulative": True},
            "2019/20",
            True,
            f"{newest('Q2 2020/21', '2019/20')} What counts up through the year is not compared with a whole year.",
        ),
        (
            "Mar 2020: 86",
            FOUR,
            {},
            "2019/20",
            False,
            f"{newest('March 2020', '2019/20')} A part of a year is not compared with a whole year.",
        ),
        (
            "2019/20 (school year): 86",
            FOUR,
            {},
            "2019/20",
            False,
            f"{newest('2019/20 (school year)', '2019/20')} Only periods of the same kind are compared.",
        ),
        (
            "Q2 2019/20: 86",
            FOUR.replace("2019/20", "Q3 2019/20"),
            {},
            "Q3 2019/20",
            False,
            newest("Q2 2019/20", "Q3 2019/20"),
        ),
        ("Q2 2019/20: 86", FOUR.replace("2019/20", "Q2 2019/20"), {"is_cumulative": True}, "Q2 2019/20", True, ""),
        ("31 Mar 2020: 86", FOUR.replace("2019/20", "31 Mar 2020"), {}, "31 Mar 2020", True, ""),
        ("to 30 Jan 2018: 86", FOUR.replace("2019/20", "to 30 Jan 2018"), {}, "to 30 Jan 2018", True, ""),
        (
            "to 31 Jan 2018: 86",
            FOUR.replace("2019/20", "to 30 Jan 2018"),
            {},
            "to 30 Jan 2018",
            False,
            newest("the time to 31 Jan 2018", "the time to 30 Jan 2018"),
        ),
        ("2019/20: c, 2018/19: 5", FOUR, {}, "2019/20", False, newest("2018/19", "2019/20")),
    ],
)
def test_only_the_very_same_period_is_compared(ours, others, options, period, has_rank, older):
    found = compared(ours, others, **options)
    assert found.period == parse(period)
    assert {figure.period for figure in (*found.figures, *found.missing)} == {parse(period)}
    assert found.ours is None or found.ours.period == parse(period)
    assert (found.rank is not None) is has_rank
    assert found.older == older


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("Apr 2019", "86% in April 2019 is"),
        ("31 Mar 2020", "86% on 31 Mar 2020 is"),
        ("to 30 Jan 2018", "86% to 30 Jan 2018 is"),
    ],
)
def test_the_sentence_names_the_period_as_people_do(period, words):
    assert compared(f"{period}: 86", FOUR.replace("2019/20", period)).sentence.startswith(words)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("90", "The 90% target is 8 points above the middle of Statistical neighbours."),
        ("82", "The 82% target is the same as the middle of Statistical neighbours."),
        ("81", "The 81% target is 1 point below the middle of Statistical neighbours."),
    ],
)
def test_the_target_is_set_beside_the_middle_of_the_group(target, words):
    assert compared("2019/20: 86", FOUR, target=D(target)).target_sentence == words


def test_numbers_that_are_none_and_crossed_bands_are_refused():
    with pytest.raises(ValueError, match="finite"):
        compared("2019/20: 86", "Camden 2019/20: NaN")
    with pytest.raises(ValueError, match="lower edge first"):
        compared("2019/20: 86", FOUR, polarity=BAND, band=(D(2), D(1)))


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (22, "22nd"),
     (111, "111th"), (121, "121st")],
)  # fmt: skip
def test_a_rank_is_written_as_people_say_it(number, words):
    assert ordinal(number) == words


values = st.decimals(min_value=-50, max_value=50, places=1)
tables = st.lists(st.none() | values, min_size=1, max_size=8)
YEAR = parse("2019/20")


def ranked(ours, theirs, polarity=HIGHER, *, further=(), dice=None):
    rows = [AreaFigure(f"A{number}", YEAR, value, "") for number, value in enumerate(theirs)]
    members = [row.area for row in rows] + list(further)
    if dice:
        dice.shuffle(rows)
        dice.shuffle(members)
    mine = [AreaFigure("Ours", YEAR, ours, "")]
    return compare(mine, rows, Group("Group", "", tuple(members)), our_area="Ours", polarity=polarity)


@given(values, tables, st.randoms(use_true_random=False))
def test_the_order_of_members_and_figures_changes_nothing(ours, theirs, dice):
    assert ranked(ours, theirs, dice=dice) == ranked(ours, theirs)


def test_of_two_kinds_of_period_on_one_day_always_the_same_is_compared():
    both = figures("30 Jan 2018: 86, to 30 Jan 2018: 90", "Lambeth")
    theirs = figures("Camden 30 Jan 2018: 70, Hackney 30 Jan 2018: 80, Camden to 30 Jan 2018: 99")
    options = {"our_area": "Lambeth", "polarity": HIGHER}
    assert compare(both, theirs, NEIGHBOURS, **options) == compare(both[::-1], theirs[::-1], NEIGHBOURS, **options)


@given(values, tables)
def test_another_member_without_a_figure_is_named_and_changes_no_number(ours, theirs):
    before, after = ranked(ours, theirs), ranked(ours, theirs, further=("Leeds",))
    assert {figure.area for figure in after.missing} - {figure.area for figure in before.missing} == {"Leeds"}
    assert replace(after, missing=before.missing, reason="", sentence="") == replace(before, reason="", sentence="")
    assert (after.sentence, bool(after.reason)) == (before.sentence, bool(before.reason))


@given(values, tables)
def test_the_mirrored_polarity_counts_from_the_other_end(ours, theirs):
    best, worst = ranked(ours, theirs, HIGHER), ranked(ours, theirs, LOWER)
    assert (best.rank is None) is (worst.rank is None)
    if best.rank is not None:
        assert best.rank + worst.rank + sum(value == ours for value in theirs) == best.of + 1
    mirrored = ranked(-ours, [None if value is None else -value for value in theirs], LOWER)
    assert (mirrored.rank, mirrored.of, mirrored.quartile) == (best.rank, best.of, best.quartile)


@given(values, tables, values)
def test_shifted_figures_keep_their_rank_and_shift_the_middle(ours, theirs, shift):
    before = ranked(ours, theirs)
    after = ranked(ours + shift, [None if value is None else value + shift for value in theirs])
    assert (after.rank, after.of, after.quartile, after.is_joint) == (
        before.rank,
        before.of,
        before.quartile,
        before.is_joint,
    )
    for field in ("median", "lowest", "highest"):
        moved = getattr(before, field)
        assert getattr(after, field) == (None if moved is None else moved + shift)
