"""No word of a printed table is broken, as long as there is room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambeth_plans.reports.column_widths import fitted, longest, word_width

pytestmark = pytest.mark.once


def test_columns_share_the_width_where_every_word_fits():
    assert fitted([50, 30, 20], [10, 10, 10], 1000) == [500, 300, 200]


def test_a_column_with_a_long_word_gets_its_room_from_the_others():
    assert fitted([50, 40, 10], [100, 100, 250], 1000) == [416, 333, 250]


def test_what_one_column_gives_up_may_make_another_too_narrow():
    assert fitted([60, 30, 10], [0, 290, 400], 1000) == [310, 290, 400]


def test_where_nothing_helps_the_shares_decide():
    assert fitted([50, 50], [700, 400], 1000) == [500, 500]


columns = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 400)), min_size=1, max_size=8)


@given(columns=columns, total=st.integers(100, 2000))
def test_the_columns_fill_the_table_and_none_is_narrower_than_its_longest_word(columns, total):
    shares, least = zip(*columns, strict=True)
    grid = fitted(shares, least, total)
    assert abs(sum(grid) - total) <= len(grid)
    if sum(least) <= total:
        assert all(width >= need for width, need in zip(grid, least, strict=True))


def test_wide_letters_capitals_and_bold_take_more_room():
    assert word_width("ill", 9) < word_width("ooo", 9) < word_width("OOO", 9) < word_width("WWW", 9)
    assert word_width("ooo", 180) < word_width("ooo", 180, is_bold=True)
    assert longest([("a Safeguarding b", False), ("c", True)], 9) == word_width("Safeguarding", 9)
    assert longest([], 9) == 0
