import pytest

from lambeth_plans.dashboards.moves import move_between
from lambeth_plans.fields import PartialDate


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2026-03-31", "2026-04-01", "1 day later"),
        ("2026-03-31", "2026-05-30", "60 days later"),
        ("2026-03-31", "2026-06-30", "91 days (about 3 months) later"),
        ("2026-03-31", "2026-03-21", "10 days earlier"),
        ("2025-12", "2026-01", "1 month later"),
        ("2026-03", "2025-03", "12 months earlier"),
        ("2026", "2028", "2 years later"),
        ("2026-03", "2026-04-10", "10 to 40 days later"),
        ("2026-04-10", "2026-03", "10 to 40 days earlier"),
        ("2026", "2027-01", "1 to 395 days later"),
    ],
)
def test_an_amount_is_as_exact_as_the_dates_are(before, after, words):
    move = move_between(PartialDate(before), PartialDate(after))
    assert move.words == words
    assert move.is_later == words.endswith("later")


@pytest.mark.parametrize(
    ("before", "after"),
    [("2026-03", "2026-03-15"), ("2026-03-15", "2026"), ("2026", "2026"), ("", "2026"), ("2026", "")],
)
def test_a_date_that_is_told_more_or_less_exactly_is_not_moved(before, after):
    assert move_between(before and PartialDate(before), after and PartialDate(after)) is None
