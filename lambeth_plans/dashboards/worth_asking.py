"""Which questions about a plan are most worth asking, and why. Nothing is judged here anew: what is Red, what a rating
may be at best, how often a date was moved and what is unusual is said elsewhere.

In the order of `Reason`: what is Red without a way back, a rating that is better than what is known allows, a date that
was postponed twice or more, and a change of an indicator that its own past does not explain. Every report of Red has to
name a path to green, so that a path is none where it is the one of the report before, which has led nowhere; an
indicator that is Red has none where no activity of the plan aims at it. What is new since the earlier state comes
before what was so already, then the worst. Questions of one reason do not crowd out the others: the first of each
reason come first, then the second of each. A record is asked about once, with all its reasons.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, zip_longest

from django.urls import reverse

from activities.challenge import MOVES, is_postponed
from kpis.models import PlanIndicator
from lambeth_plans.dashboards.facts import ActivityFact, IndicatorFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.unusual import Sign, Unusual, UnusualLine, unusual_lines
from lambeth_plans.rag import Rag

#: So many are asked at once; the rest is one click away.
FIRST = 3


class Reason(StrEnum):
    """Why a question is worth asking, the most pressing first; the value is its words on screen."""

    NO_PATH = f"{Rag.RED.word}, with no new path to green"
    DISAGREEMENT = "Rated better than what is known allows"
    SLIPPED = "Its date was moved again"
    UNUSUAL = "An unusual change"


@dataclass(frozen=True)
class Worth:
    """A question about a record, with the reason for it in sentences. `kind` and `key` name the record, `name` is what
    it is called, `rank` sorts the questions of one reason: the lower, the sooner."""

    reason: Reason
    question: str
    because: tuple[str, ...]
    kind: str
    key: str
    name: str
    url: str
    is_new: bool = False
    rank: tuple = ()


#: What is asked about an indicator, where the sign says more than that its figure changed.
ASKED = {
    Sign.NOW_RED: f"Why is {{}} now {Rag.RED.word}, and what brings it back?",
    Sign.NOW_WORSE: "Why has the rating of {} become worse?",
    Sign.LATE: "Why is the new figure for {} late?",
    Sign.NOT_REPORTED: "Why was no figure reported for {}?",
    Sign.FELL: "Why do other areas now do better than us on {}?",
}
#: What is unusual for the better is good news and no question.
GOOD_NEWS = (Sign.IMPROVEMENT, Sign.NOW_BETTER, Sign.ROSE)


def questions_worth_asking(
    state: PlanState, since: PlanState | None, unusual: Sequence[UnusualLine] | None = None
) -> tuple[Worth, ...]:
    """Every question worth asking, in order. `since` is the plan at an earlier moment, None where there is none;
    `unusual` are its unusual indicators where they are known already."""
    before = {activity.key: activity for activity in since.activities} if since else {}
    lines = unusual_lines(state) if unusual is None else unusual
    worths = chain(
        _without_path(state, before),
        _nothing_aims_at(state, since),
        _disagreements(state, since),
        _slipped(state, before),
        _unusual(state, since, lines),
    )
    return tuple(_in_turn(_once_each(worths)))


def _once_each(worths: Iterable[Worth]) -> Iterator[Worth]:
    """The first question about each record, with the reasons of the further ones."""
    found: dict[tuple[str, str], Worth] = {}
    for worth in worths:
        first = found.get((worth.kind, worth.key))
        more = tuple(words for words in worth.because if first and words not in first.because)
        found[worth.kind, worth.key] = (
            replace(first, because=first.because + more, is_new=first.is_new or worth.is_new) if first else worth
        )
    yield from found.values()


def _in_turn(worths: Iterable[Worth]) -> Iterator[Worth]:
    by_reason: dict[Reason, list[Worth]] = defaultdict(list)
    for worth in worths:
        by_reason[worth.reason].append(worth)
    ordered = [sorted(by_reason[reason], key=lambda each: (not each.is_new, each.rank)) for reason in Reason]
    yield from (worth for turn in zip_longest(*ordered) for worth in turn if worth)


def _about(state: PlanState, activity, reason: Reason, question: str, **more) -> Worth:
    """`activity` is any fact about one: with a key, a reference and a title."""
    name = f"{activity.ref} {activity.title}".strip()
    url = reverse("activity_detail", args=[state.plan.slug, activity.key])
    return Worth(reason, question.format(name), kind="activity", key=activity.key, name=name, url=url, **more)


def _measured(state: PlanState, indicator: IndicatorFact, reason: Reason, question: str, **more) -> Worth:
    name = f"{indicator.code} {indicator.title}".strip()
    url = reverse("indicator_detail", args=[state.plan.slug, indicator.key])
    return Worth(reason, question.format(name), kind="indicator", key=indicator.key, name=name, url=url, **more)


def _without_path(state: PlanState, before: dict[str, ActivityFact]) -> Iterator[Worth]:
    for place, activity in enumerate(state.activities):
        why = _no_path(activity)
        if not why:
            continue
        was = before.get(activity.key)
        late = (state.as_of - activity.due_date.latest).days if activity.is_overdue else 0
        yield _about(
            state,
            activity,
            Reason.NO_PATH,
            "What will bring {} back on track, and by when?",
            because=(why,),
            is_new=bool(was and not _no_path(was)),
            rank=(0, -late, place),
        )


def _no_path(activity: ActivityFact) -> str:
    """Why what is said to bring it back says nothing; empty where it does, or where nothing has to be brought back."""
    if activity.rag is not Rag.RED:
        return ""
    latest = activity.latest
    earlier = next((update for update in activity.updates if update.period != latest.period), None)
    path, month = latest.path_to_green.strip(), latest.period.long_label
    if not path:
        return f"It is {Rag.RED.word}, and its report for {month} names no path to green."
    if earlier and earlier.rag is Rag.RED and earlier.path_to_green.strip() == path:
        then = earlier.period.long_label
        return f"It is {Rag.RED.word} in {month} as in {then}, with the same path to green in both: “{path}”"
    return ""


def _nothing_aims_at(state: PlanState, since: PlanState | None) -> Iterator[Worth]:
    reds = {each.key for each in since.indicators if each.rag is Rag.RED} if since else set()
    for place, indicator in enumerate(state.indicators):
        if indicator.rag is not Rag.RED or state.linked(PlanIndicator, "activities", indicator.place_id):
            continue
        yield _measured(
            state,
            indicator,
            Reason.NO_PATH,
            "Who does what to bring {} back to its target?",
            because=(f"It is {Rag.RED.word}, and no {state.plan.activity_word} of the plan aims at it.",),
            is_new=bool(since and indicator.key not in reds),
            rank=(1, place),
        )


def _disagreements(state: PlanState, since: PlanState | None) -> Iterator[Worth]:
    known = {each.key for each in since.disagreements} if since else set()
    for place, each in enumerate(state.disagreements):
        gives = f"The reason given: {each.reason}" if each.reason else "No reason is given."
        yield _about(
            state,
            each,
            Reason.DISAGREEMENT,
            f"Why is {{}} rated {each.rag.word}?",
            because=(*each.floor.reasons, f"That allows {each.floor.rag.word} at best. {gives}"),
            is_new=bool(since and each.key not in known),
            rank=(place,),
        )


def _slipped(state: PlanState, before: dict[str, ActivityFact]) -> Iterator[Worth]:
    for place, activity in enumerate(state.activities):
        times = times_postponed(activity)
        if times < MOVES or activity.rag is Rag.BLUE:
            continue
        was = before.get(activity.key)
        often = "twice" if times == 2 else f"{times} times"
        why = next((update.due_date_reason for update in activity.updates if update.due_date_reason), "")
        first = f"First {activity.original_due_date}, now {activity.due_date}." if activity.has_slipped else ""
        reasons = (f"Its due date was postponed {often}.", first, f"The last reason: {why}" if why else "")
        yield _about(
            state,
            activity,
            Reason.SLIPPED,
            "When will {} really be finished?",
            because=tuple(filter(None, reasons)),
            is_new=bool(was and times_postponed(was) < times),
            rank=(-times, place),
        )


def times_postponed(activity: ActivityFact) -> int:
    return sum(is_postponed(update.previous_due_date, update.new_due_date) for update in activity.updates)


def _unusual(state: PlanState, since: PlanState | None, lines: Iterable[UnusualLine]) -> Iterator[Worth]:
    before = {indicator.key: indicator for indicator in since.indicators} if since else {}
    for place, each in enumerate(lines):
        bad: list[Unusual] = [one for one in each.found if one.sign not in GOOD_NEWS]
        if not bad:
            continue
        indicator = each.line.indicator
        yield _measured(
            state,
            indicator,
            Reason.UNUSUAL,
            ASKED.get(bad[0].sign, "What explains the change in {}?"),
            because=tuple(one.sentence for one in bad),
            is_new=_has_news(indicator, before.get(indicator.key)),
            rank=(place,),
        )


def _has_news(indicator: IndicatorFact, was: IndicatorFact | None) -> bool:
    """Whether its newest figure came since."""
    if was is None or indicator.latest is None:
        return False
    return was.latest is None or was.latest.period != indicator.latest.period
