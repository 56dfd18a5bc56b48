from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from activities.challenge import Floor
from lambeth_plans.dashboards.unusual import Sign, Unusual, UnusualLine
from lambeth_plans.dashboards.worth_asking import Reason, questions_worth_asking
from lambeth_plans.fields import PartialDate
from lambeth_plans.periods import month
from lambeth_plans.rag import Rag

APRIL, MAY, JUNE = (month(2026, number) for number in (4, 5, 6))


@dataclass
class Fake:
    """What of a plan's state is looked at."""

    activities: list[Any] = field(default_factory=list)
    disagreements: list[Any] = field(default_factory=list)
    indicators: list[Any] = field(default_factory=list)
    as_of: date = date(2026, 6, 30)
    plan: Any = field(default_factory=lambda: SimpleNamespace(slug="p", activity_word="activity"))
    aimed_at: tuple[int, ...] = ()

    def linked(self, model, name, pk):
        return (1,) if pk in self.aimed_at else ()


def update(before=None, after=None, path="", why="", period=MAY, rag=Rag.RED):
    dates = {
        "previous_due_date": before and PartialDate.parse(before),
        "new_due_date": after and PartialDate.parse(after),
    }
    return SimpleNamespace(**dates, path_to_green=path, due_date_reason=why, period=period, rag=rag)


def activity(key, rag=Rag.GREEN, *updates, due=None):
    updates = updates or (update(),)
    due = due and PartialDate.parse(due)
    told = {"key": key, "ref": key.upper(), "title": "Do it", "rag": rag, "latest": updates[0], "updates": updates}
    dates = {"due_date": due, "original_due_date": due, "has_slipped": False, "is_overdue": bool(due)}
    return SimpleNamespace(**told, **dates)


def moved(key, times, rag=Rag.AMBER):
    moves = [update("Mar 2026", "Apr 2026", path="We hire.", why="Two posts are empty.")] * times
    return activity(key, rag, *moves)


def disagreement(key, rag=Rag.GREEN, floor=Rag.AMBER, reason=""):
    known = Floor(floor, ("It is late.",))
    return SimpleNamespace(key=key, ref=key.upper(), title="Do it", rag=rag, floor=known, reason=reason)


def measure(key, rag, place_id=1, period=MAY):
    told = {"key": key, "code": key.upper(), "title": "Visits", "rag": rag, "place_id": place_id}
    return SimpleNamespace(**told, latest=SimpleNamespace(period=period))


def strange(key, sign, sentence="It jumped.", period=MAY):
    return UnusualLine(SimpleNamespace(indicator=measure(key, None, period=period)), (Unusual(sign, sentence),))


def asked(state, since=None, unusual=()):
    return [(each.reason, each.key) for each in questions_worth_asking(state, since, unusual)]


SAME = update(path="We hire.")
NO_PATH, DISAGREES, SLIPPED, UNUSUAL = Reason


@pytest.mark.parametrize(
    ("state", "unusual", "found"),
    [
        (Fake(), [], []),
        (Fake([activity("a", Rag.RED)]), [], [(NO_PATH, "a")]),
        (Fake([activity("a", Rag.RED, update(path="We hire."))]), [], []),
        (Fake([activity("a", Rag.RED, update(path="We hire."), update(path="We wait.", period=APRIL))]), [], []),
        (Fake([activity("a", Rag.RED, SAME, update(path="We hire.", period=APRIL))]), [], [(NO_PATH, "a")]),
        (Fake([activity("a", Rag.RED, SAME, update(path="We hire.", period=APRIL, rag=Rag.AMBER))]), [], []),
        (Fake([activity("a", Rag.RED, SAME, SAME)]), [], []),  # the second report of the same month
        (Fake(indicators=[measure("i", Rag.RED)]), [], [(NO_PATH, "i")]),
        (Fake(indicators=[measure("i", Rag.RED)], aimed_at=(1,)), [], []),
        (Fake(indicators=[measure("i", Rag.AMBER)]), [], []),
        (Fake(indicators=[measure("i", Rag.RED)]), [strange("i", Sign.NOW_RED)], [(NO_PATH, "i")]),
        (Fake([activity("a", Rag.AMBER)]), [], []),
        (Fake([activity("a", Rag.NOT_REPORTED)]), [], []),
        (Fake(disagreements=[disagreement("a")]), [], [(DISAGREES, "a")]),
        (Fake([moved("a", 1)]), [], []),
        (Fake([moved("a", 2)]), [], [(SLIPPED, "a")]),
        (Fake([moved("a", 2, Rag.BLUE)]), [], []),
        (Fake([activity("a", Rag.AMBER, *[update("Mar 2026", "Feb 2026")] * 3)]), [], []),  # brought forward
        (Fake(), [strange("i", Sign.OUTSIDE)], [(UNUSUAL, "i")]),
        (Fake(), [strange("i", Sign.CHANGE)], [(UNUSUAL, "i")]),
        *((Fake(), [strange("i", sign)], []) for sign in (Sign.IMPROVEMENT, Sign.NOW_BETTER, Sign.ROSE)),
        # One of each reason comes first, then the second of each.
        (
            Fake([activity("a", Rag.RED), activity("b", Rag.RED), moved("c", 2)], [disagreement("d")]),
            [strange("i", Sign.SHIFT), strange("j", Sign.LATE)],
            [(NO_PATH, "a"), (DISAGREES, "d"), (SLIPPED, "c"), (UNUSUAL, "i"), (NO_PATH, "b"), (UNUSUAL, "j")],
        ),
        # The longest overdue, and the most often moved, before the order of the plan.
        (
            Fake([activity("a", Rag.RED), activity("b", Rag.RED, due="Jan 2026"), moved("c", 2), moved("d", 3)]),
            [],
            [(NO_PATH, "b"), (SLIPPED, "d"), (NO_PATH, "a"), (SLIPPED, "c")],
        ),
    ],
)
def test_what_is_worth_asking_and_in_which_order(state, unusual, found):
    assert asked(state, unusual=unusual) == found


def test_what_is_new_since_then_comes_before_what_was_so_already():
    state = Fake(
        [activity("a", Rag.RED), activity("b", Rag.RED), moved("c", 3), moved("d", 2)],
        [disagreement("e"), disagreement("f")],
    )
    since = Fake(
        [activity("a", Rag.RED), activity("b", Rag.AMBER), moved("c", 3), moved("d", 1)],
        [disagreement("e")],
        [strange("i", Sign.LATE).line.indicator, strange("j", Sign.LATE, period=MAY).line.indicator],
    )
    unusual = [strange("i", Sign.SHIFT), strange("j", Sign.SHIFT, period=JUNE)]
    found = questions_worth_asking(state, since, unusual)
    assert [each.key for each in found] == ["b", "f", "d", "j", "a", "e", "c", "i"]
    assert [each.is_new for each in found] == [True] * 4 + [False] * 4


def test_a_record_is_asked_about_once_with_all_its_reasons():
    red = moved("a", 2, Rag.RED)
    red.updates[0].path_to_green = ""
    worth = questions_worth_asking(Fake([red]), None, ())[0]
    assert worth.question == "What will bring A Do it back on track, and by when?"
    assert worth.because == (
        "It is Red, and its report for May 2026 names no path to green.",
        "Its due date was postponed twice.",
        "The last reason: Two posts are empty.",
    )
    assert (worth.kind, worth.key, worth.url) == ("activity", "a", "/plans/p/activities/a/")


@pytest.mark.parametrize(
    ("state", "unusual", "question", "because"),
    [
        (
            Fake(disagreements=[disagreement("a", reason="It is done in all but name.")]),
            [],
            "Why is A Do it rated Green?",
            "It is late. That allows Amber at best. The reason given: It is done in all but name.",
        ),
        (
            Fake(disagreements=[disagreement("a")]),
            [],
            "Why is A Do it rated Green?",
            "It is late. That allows Amber at best. No reason is given.",
        ),
        (Fake(), [strange("i", Sign.NOW_RED)], "Why is I Visits now Red, and what brings it back?", "It jumped."),
        (Fake(), [strange("i", Sign.LATE)], "Why is the new figure for I Visits late?", "It jumped."),
        (Fake(), [strange("i", Sign.OUTSIDE)], "What explains the change in I Visits?", "It jumped."),
    ],
)
def test_a_question_is_plain_and_says_why_it_is_asked(state, unusual, question, because):
    worth = questions_worth_asking(state, None, unusual)[0]
    assert (worth.question, " ".join(worth.because)) == (question, because)
