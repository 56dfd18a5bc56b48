from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.challenge import Floor, Known, elapsed_share, floor, gap, is_postponed, is_rosier
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import REPORTABLE, Rag

TODAY = date(2026, 3, 31)
#: Ten days before today.
PAST = PartialDate("2026-03-21")
AHEAD = PartialDate("2026-12-31")
R, A, G, N, B = Rag.RED, Rag.AMBER, Rag.GREEN, Rag.NOT_STARTED, Rag.BLUE

FLOORS = {
    "nothing is stated": ({}, None, []),
    "the due date is today": ({"due": PartialDate("2026-03-31")}, None, []),
    "it is due in the month that ends today": ({"due": PartialDate("2026-03")}, None, []),
    "it is due in a year that has not ended": ({"due": PartialDate("2026")}, None, []),
    "yesterday": ({"due": PartialDate("2026-03-30")}, A, ["It is 1 day past its due date, 30 March 2026."]),
    "a month that has ended": ({"due": PartialDate("2026-02")}, A, ["It is 31 days past its due date, February 2026."]),
    "late with less than half done": (
        {"due": PAST, "outputs_done": 1, "outputs_total": 3},
        R,
        ["It is 10 days past its due date, 21 March 2026, with 1 of 3 outputs done."],
    ),
    "late with half done": (
        {"due": PAST, "outputs_done": 2, "outputs_total": 4},
        A,
        ["It is 10 days past its due date, 21 March 2026, with 2 of 4 outputs done."],
    ),
    "late with half done, which the calendar calls Red": (
        {"due": PAST, "outputs_done": 2, "outputs_total": 4, "elapsed": Decimal(1)},
        R,
        [
            "Only 2 of 4 outputs (50%) are done, with 100% of the time from the plan’s start to its due date gone.",
            "It is 10 days past its due date, 21 March 2026, with 2 of 4 outputs done.",
        ],
    ),
    "late and Complete": ({"rag": B, "due": PAST}, None, []),
    "one indicator is Red": ({"linked_reds": ["EB01"]}, A, ["An indicator it aims at is Red: EB01."]),
    "two are": ({"linked_reds": ["EB01", "EB04"]}, A, ["2 indicators it aims at are Red: EB01, EB04."]),
    "moved once": ({"times_moved": 1}, None, []),
    "moved twice": ({"times_moved": 2}, A, ["Its due date was postponed twice."]),
    "moved three times": ({"times_moved": 3}, A, ["Its due date was postponed 3 times."]),
    "90% of what the calendar asks for": (
        {"outputs_done": 9, "outputs_total": 20, "elapsed": Decimal("0.5")},
        None,
        [],
    ),
    "just under 90%": (
        {"outputs_done": 8, "outputs_total": 20, "elapsed": Decimal("0.5")},
        A,
        ["Only 8 of 20 outputs (40%) are done, with 50% of the time from the plan’s start to its due date gone."],
    ),
    "70%": (
        {"outputs_done": 7, "outputs_total": 20, "elapsed": Decimal("0.5")},
        A,
        ["Only 7 of 20 outputs (35%) are done, with 50% of the time from the plan’s start to its due date gone."],
    ),
    "just under 70%": (
        {"outputs_done": 1, "outputs_total": 3, "elapsed": Decimal("0.5")},
        R,
        ["Only 1 of 3 outputs (33%) is done, with 50% of the time from the plan’s start to its due date gone."],
    ),
    "nothing done before one whole output is asked for": (
        {"outputs_total": 3, "elapsed": Decimal("0.33")},
        None,
        [],
    ),
    "nothing done when one is": (
        {"outputs_total": 3, "elapsed": Decimal("0.34")},
        R,
        ["None of 3 outputs (0%) is done, with 34% of the time from the plan’s start to its due date gone."],
    ),
    "outputs without a start or a due date": ({"outputs_total": 3}, None, []),
    "as old as is usual": ({"days_since_update": 90, "stale_after": 90}, None, []),
    "older": (
        {"days_since_update": 91, "stale_after": 90},
        A,
        ["The last report on it is 91 days old; 90 are usual at most."],
    ),
    "never reported on": ({"stale_after": 90}, None, []),
    "Complete, with everything but outputs against it": (
        {"rag": B, "due": PAST, "linked_reds": ["EB01"], "times_moved": 4, "days_since_update": 99, "stale_after": 90},
        None,
        [],
    ),
    "Complete with outputs to do": (
        {"rag": B, "outputs_done": 1, "outputs_total": 2},
        R,
        ["Only 1 of 2 outputs (50%) is done."],
    ),
    "Complete with a few outputs to do": (
        {"rag": B, "outputs_done": 8, "outputs_total": 10},
        A,
        ["Only 8 of 10 outputs (80%) are done."],
    ),
    "the worst comes first, the others in their order": (
        {"linked_reds": ["EB01"], "times_moved": 2, "outputs_total": 2, "elapsed": Decimal("0.5"), "due": AHEAD},
        R,
        [
            "None of 2 outputs (0%) is done, with 50% of the time from the plan’s start to its due date gone.",
            "An indicator it aims at is Red: EB01.",
            "Its due date was postponed twice.",
        ],
    ),
}


@pytest.mark.parametrize(("facts", "rag", "reasons"), FLOORS.values(), ids=FLOORS)
def test_what_is_known_sets_the_floor(facts, rag, reasons):
    assert floor(**{"rag": G, "due": None, "on": TODAY, **facts}) == Floor(rag, tuple(reasons))


@pytest.mark.parametrize(("done", "total"), [(3, 2), (-1, 2), (1, 0)])
def test_no_more_outputs_are_done_than_there_are(done, total):
    with pytest.raises(ValueError, match="some of all outputs"):
        floor(rag=G, due=None, on=TODAY, outputs_done=done, outputs_total=total)


@pytest.mark.parametrize(
    ("floor", "rosier"), [(None, []), (A, [G, N, B]), (R, [A, G, N, B])], ids=["no floor", "Amber", "Red"]
)
def test_a_rating_above_its_floor_is_rosier(floor, rosier):
    assert [rag for rag in Rag if is_rosier(rag, floor)] == rosier


def test_the_gap_counts_steps():
    assert [gap(rag, R) for rag in REPORTABLE] == [0, 1, 2, 2, 2]
    assert [gap(rag, A) for rag in REPORTABLE] == [-1, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("before", "after", "is_later"),
    [
        ("2026-03-31", "2026-06-30", True),
        ("2026-06-30", "2026-03-31", False),
        ("2026-10", "2026-10-31", False),  # more precise, and no later
        ("2026-10", "2026", True),
        ("2026", "2026-10", False),
        (None, "2026-10", False),
    ],
)
def test_only_a_later_date_is_postponed(before, after, is_later):
    assert is_postponed(PartialDate(before) if before else None, PartialDate(after)) is is_later


@pytest.mark.parametrize(
    ("start", "due", "share"),
    [
        (None, "2026-12", None),
        ("2026-03-01", None, None),
        ("2026-03-31", "2026-03", None),
        ("2026-03-21", "2026-04-10", Decimal("0.5")),
        ("2026-04-01", "2026-12", 0),
        ("2025-04-01", "2026-02", 1),
    ],
)
def test_time_runs_from_the_start_to_the_last_day_the_due_date_may_mean(start, due, share):
    start, due = start and date.fromisoformat(start), due and PartialDate(due)
    assert elapsed_share(start, due, TODAY) == share


def test_a_new_due_date_counts_as_if_it_stood():
    known = Known(on=TODAY, start=date(2025, 4, 1), due=PAST, times_moved=1)
    assert known.floor(G).rag is A
    assert known.moved_to(None) == known
    assert known.moved_to(AHEAD).floor(G).reasons == ("Its due date was postponed twice.",)
    assert known.moved_to(PartialDate("2026-01")).floor(G).rag is A


knowns = st.builds(
    Known,
    on=st.just(TODAY),
    start=st.none() | st.dates(date(2024, 1, 1), date(2026, 3, 1)),
    due=st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(PartialDate.of),
    times_moved=st.integers(0, 4),
    linked_reds=st.lists(st.sampled_from(["EB01", "EB02"]), unique=True).map(tuple),
    outputs_total=st.integers(5, 9),
    outputs_done=st.integers(1, 5),
    days_since_update=st.none() | st.integers(0, 200),
    stale_after=st.none() | st.just(90),
)
WORSE = {
    "postponed once more": lambda known: {"times_moved": known.times_moved + 1},
    "one more Red": lambda known: {"linked_reds": (*known.linked_reds, "EB09")},
    "one output less done": lambda known: {"outputs_done": known.outputs_done - 1},
    "one output more to do": lambda known: {"outputs_total": known.outputs_total + 1},
    "a day later": lambda known: {"on": known.on + timedelta(days=1)},
    "a year later": lambda known: {"on": known.on + timedelta(days=365)},
    "an older report": lambda known: {"days_since_update": (known.days_since_update or 0) + 100},
}


@given(known=knowns, rag=st.sampled_from(Rag), worse=st.sampled_from(sorted(WORSE)))
def test_a_worse_fact_never_improves_the_floor(known, rag, worse):
    before = known.floor(rag)
    after = Known(**{**known.__dict__, **WORSE[worse](known)}).floor(rag)
    assert after.rag is not None or before.rag is None
    if before.rag:
        assert after.rag.severity <= before.rag.severity
    for found in (before, after):
        assert (found.rag is None) == (found.reasons == ())
        assert found.rag in (None, R, A)
