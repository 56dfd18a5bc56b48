"""What moved between a plan's states on two days: ratings, dates, figures, scores and amounts, in no order.

Nothing here judges: ratings, bands, withheld figures and what is overdue are told as each state shows them.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from activities.challenge import is_postponed
from kpis.models import Outturn
from lambeth_plans.dashboards.analysis import analyse
from lambeth_plans.dashboards.differences import (
    ACTIVITIES,
    INDICATORS,
    NOT_STATED,
    RISKS,
    SAVINGS,
    Line,
    amount_words,
)
from lambeth_plans.dashboards.facts import (
    ActivityFact,
    IndicatorFact,
    OutturnFact,
    RiskFact,
    SavingFact,
    SavingYearFact,
    UpdateFact,
)
from lambeth_plans.dashboards.facts.money import stated_sum
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import Rag, turn_of

#: A rating that is older than the newest figure by more than this is no news.
A_YEAR = timedelta(days=366)
#: So many corrected figures of one indicator are told one by one.
LISTED = 3
#: What a year of a saving states, in words.
AMOUNTS = {
    "planned": "planned",
    "delivered": "delivered",
    "forecast": "forecast",
    "slipped": "slipped",
    "undeliverable": "not deliverable",
    "over_delivered": "over-delivered",
}


# Ratings


def activity_ratings(was: PlanState, now: PlanState) -> Iterator[Line]:
    for before, after in ACTIVITIES.pairs(was, now):
        if before.rag is after.rag:
            continue
        known = [None if rag is Rag.NOT_REPORTED else rag for rag in (before.rag, after.rag)]
        latest = after.latest
        yield ACTIVITIES.line(
            now,
            after,
            f"Reported for {latest.period.long_label}." if latest else "No report stands any more.",
            why=_why_rated(latest) if latest else "",
            turn=turn_of(*known),
            ratings=(before.rag, after.rag),
            rank=_by_rating(*known),
        )


def _why_rated(update: UpdateFact) -> str:
    path = f" Path to green: {update.path_to_green}" if update.path_to_green else ""
    return f"{update.what_happened}{path}".strip()


def indicator_ratings(was: PlanState, now: PlanState) -> Iterator[Line]:
    """The newest figures' ratings; where one has none, those of the newest figures that have."""
    for before, after in INDICATORS.pairs(was, now):
        old, new = _judged(before), _judged(after)
        turn = turn_of(old and old.judgement.rag, new and new.judgement.rag)
        if turn:
            ratings = (old.judgement.rag, new.judgement.rag)
            said, why = _figures_moved(old, new), new.judgement.reason
        elif before.rag is after.rag:
            continue
        else:
            ratings, why = (before.rag, after.rag), after.reason
            said = f"{after.latest.text} {_in(after.latest)}." if after.latest else ""
        yield INDICATORS.line(now, after, said, why=why, turn=turn, ratings=ratings, rank=_by_rating(*ratings))


def _judged(indicator: IndicatorFact) -> OutturnFact | None:
    """The newest figure that has a rating, where it is not too old to be set against a new one."""
    for outturn in reversed(indicator.outturns):
        if outturn.period.end < indicator.latest.period.end - A_YEAR:
            break
        if outturn.judgement.rag:
            return outturn
    return None


def _figures_moved(old: OutturnFact, new: OutturnFact) -> str:
    if (old.period, old.text) == (new.period, new.text):
        return f"The same figure, {new.text} {_in(new)}, is judged anew."
    if old.period == new.period:
        return f"{new.period}: {old.text}, now {new.text}."
    return f"{old.text} {_in(old)}, now {new.text} {_in(new)}."


def _in(outturn: OutturnFact) -> str:
    """The period of a figure within a sentence: "for Apr 2026", "to 30 Sep 2026"."""
    period = outturn.period
    return period.label if period.kind in (PeriodKind.TO_DATE, PeriodKind.UNDATED) else f"for {period}"


def _by_rating(was: Rag | None, now: Rag | None) -> tuple:
    """The worst rating first, and of two the one that fell from higher."""
    unknown = len(Rag)
    return (now.severity if now else -1, -(was.severity if was else unknown))


# Dates


def overdue(was: PlanState, now: PlanState) -> Iterator[Line]:
    for before, after in ACTIVITIES.pairs(was, now):
        if after.is_overdue and not before.is_overdue:
            said = f"Now overdue: it was due {after.due_date} and is {_rated(after)}."
            yield ACTIVITIES.line(now, after, said, turn=-1, rank=(after.rag.severity, after.due_date.iso))
        elif before.is_overdue and not after.is_overdue:
            said = f"No longer overdue: due {after.due_date or NOT_STATED} and {_rated(after)}."
            yield ACTIVITIES.line(now, after, said, turn=1, rank=(after.rag.severity, before.due_date.iso))


def _rated(activity: ActivityFact) -> str:
    return "not reported on" if activity.rag is Rag.NOT_REPORTED else activity.rag.word


def due_dates(was: PlanState, now: PlanState) -> Iterator[Line]:
    for before, after in ACTIVITIES.pairs(was, now):
        old, new = before.due_date, after.due_date
        if old == new:
            continue
        original = after.original_due_date
        first = f", originally {original}" if original and original not in (old, new) else ""
        turn = -1 if is_postponed(old, new) else 1 if is_postponed(new, old) else 0
        days = (new.latest - old.latest).days if old and new else 0
        said = f"Due date {old or NOT_STATED} → {new or NOT_STATED}{first}."
        yield ACTIVITIES.line(now, after, said, why=_why_moved(before, after), turn=turn, rank=(-days,))


def _why_moved(before: ActivityFact, after: ActivityFact) -> str:
    """What the newest report that moved the date since then gives as the reason."""
    known = {update.id for update in before.updates}
    moved = (each for each in after.updates if each.id not in known and each.new_due_date == after.due_date)
    update = next(moved, None)
    return update.due_date_reason if update else ""


# Figures


def figures(was: PlanState, now: PlanState) -> Iterator[Line]:
    for before, after in INDICATORS.pairs(was, now):
        if line := _figures(now, before, after):
            yield line


def _figures(now: PlanState, before: IndicatorFact, after: IndicatorFact) -> Line | None:
    """What is different in the figures of one indicator, as they are shown."""
    old, new = ({each.period: each for each in indicator.outturns} for indicator in (before, after))
    arrived = {period for period, each in new.items() if _is_figure(each) and not _is_figure(old.get(period))}
    others = [
        (period, old.get(period), new.get(period))
        for period in sorted((old.keys() | new.keys()) - arrived)
        if _shown(old.get(period)) != _shown(new.get(period))
    ]
    came = [each for each in after.outturns if each.period in arrived]
    if not came and not others:
        return None
    crossed, met = _crossed(before, after) if came else (0, "")
    said = [*([_came(came, before)] if came else []), *_changed(others), *([met] if met else [])]
    direction = ""
    if came and came[-1] is after.latest:
        found = analyse(after).directions
        either = found.short or found.long
        direction = either.words if either else found.long_reason
    rank = (crossed, after.rag.severity if after.rag else len(Rag))
    told = [*came, *(each for _, *both in others for each in both if each)]
    return INDICATORS.line(
        now,
        after,
        " ".join(said),
        why=direction,
        rank=rank,
        count=len(came),
        crossed=crossed,
        is_withheld=any(each.is_withheld for each in told),
    )


def _is_figure(outturn: OutturnFact | None) -> bool:
    return outturn is not None and (outturn.value is not None or outturn.is_withheld)


def _shown(outturn: OutturnFact | None) -> tuple | None:
    """What of a figure is shown, before it is put into words: of one that is withheld, that there is one."""
    if outturn is None or outturn.is_withheld:
        return outturn and ("",)
    return outturn.value, outturn.reason, outturn.status


def _words(outturn: OutturnFact) -> str:
    is_provisional = outturn.status == Outturn.Status.PROVISIONAL and not outturn.is_withheld
    return f"{outturn.text} (provisional)" if is_provisional else outturn.text


def _came(came: list[OutturnFact], before: IndicatorFact) -> str:
    newest = came[-1]
    known = [each for each in before.outturns if _is_figure(each) and each.period < newest.period]
    after = f", after {_words(known[-1])} {_in(known[-1])}" if known else ""
    many = f"{len(came)} figures, the newest " if len(came) > 1 else ""
    return f"{many}{_words(newest)} {_in(newest)}{after}."


def _changed(others: list[tuple]) -> Iterator[str]:
    """Figures that were corrected or taken out, and reasons why there is none; the newest of many."""
    if len(others) > LISTED:
        yield f"{len(others)} others changed, the newest of them:"
    for period, old, new in others[-LISTED:]:
        if old is None:
            yield f"{period}: {_words(new)}."
        else:
            yield f"{period}: {_words(old)} → {_words(new) if new else 'taken out'}."


def _crossed(before: IndicatorFact, after: IndicatorFact) -> tuple[int, str]:
    """Whether the newest rating says that a target is met, and did not then, or the other way round."""
    old, new = _judged(before), _judged(after)
    if not old or not new or (old.judgement.rag is Rag.GREEN) == (new.judgement.rag is Rag.GREEN):
        return 0, ""
    it = "It" if new is after.latest else f"{new.text} {_in(new)}"
    if new.judgement.rag is Rag.GREEN:
        return 1, f"{it} meets its target, unlike before."
    return -1, f"{it} no longer meets its target."


# Risks


def risks(was: PlanState, now: PlanState) -> Iterator[Line]:
    for before, after in RISKS.pairs(was, now):
        old, new = before.current, after.current
        if (old and (old.score, old.rag, old.matrix_id)) == (new and (new.score, new.rag, new.matrix_id)):
            continue
        moved = _score_moved(before, after)
        is_recoloured = old and new and old.rag is not new.rag
        yield RISKS.line(
            now,
            after,
            moved,
            why=_why_scored(after) if new else "",
            turn=_risk_turn(before, after),
            ratings=(old.rag, new.rag) if is_recoloured else None,
            rank=(old.score - new.score if _is_comparable(before, after) else 0, -(new.score if new else 0)),
        )


def _why_scored(risk: RiskFact) -> str:
    """What was said when it was first scored as it is now: a score that is only confirmed says nothing new."""
    reason = ""
    now = risk.current
    for score in reversed([score for score in risk.scores if score.kind == now.kind]):
        if (score.score, score.matrix_id) != (now.score, now.matrix_id):
            break
        reason = score.reason
    return reason


def _score_moved(before: RiskFact, after: RiskFact) -> str:
    old, new = before.current, after.current
    if old is None or new is None:
        band = f", {new.rag.word}" if new and new.rag else ""
        return f"Score {old.text if old else NOT_STATED} → {new.text if new else NOT_STATED}{band}."
    if not _is_comparable(before, after):
        on = f"On another matrix: {new.matrix_label}" if new.matrix_id else "On no matrix that is named"
        return f"Score {old.text} → {new.text}. {on}."
    if old.score == new.score:
        return f"The same score, {new.text}."
    still = f", still {new.rag.word}" if new.rag and new.rag is old.rag else ""
    return f"Score {old.text} → {new.text}{still}."


def _risk_turn(before: RiskFact, after: RiskFact) -> int:
    old, new = before.current, after.current
    if not _is_comparable(before, after):
        return 0
    if old.score == new.score:
        return turn_of(old.rag, new.rag)
    return 1 if new.score < old.score else -1


def _is_comparable(before: RiskFact, after: RiskFact) -> bool:
    """Whether there are two scores, and both stand on the same matrix; a risk may have been put on another."""
    old, new = before.current, after.current
    return bool(old and new and old.matrix_id == new.matrix_id)


# Savings


def savings(was: PlanState, now: PlanState) -> Iterator[Line]:
    for before, after in SAVINGS.pairs(was, now):
        years = sorted({year.period for saving in (before, after) for year in saving.years})
        old, new = ({year.period: year for year in saving.years} for saving in (before, after))
        said = [words for year in years if (words := _year_changed(old.get(year), new.get(year)))]
        if not said:
            continue
        lost = _sum(after, "slipped", "undeliverable") - _sum(before, "slipped", "undeliverable")
        got = _sum(after, "delivered", "forecast") - _sum(before, "delivered", "forecast")
        worse_by = lost or -got
        turn = (worse_by < 0) - (worse_by > 0)
        yield SAVINGS.line(now, after, " ".join(said), turn=turn, rank=(-worse_by,))


def _sum(saving: SavingFact, *names: str) -> Decimal:
    return stated_sum(getattr(year, name) for year in saving.years for name in names) or Decimal(0)


def _year_changed(old: SavingYearFact | None, new: SavingYearFact | None) -> str:
    amounts = [(words, getattr(old, name, None), getattr(new, name, None)) for name, words in AMOUNTS.items()]
    changed = [f"{words} {amount_words(a)} → {amount_words(b)}" for words, a, b in amounts if a != b]
    old_status, new_status = (year.status.word if year and year.status else NOT_STATED for year in (old, new))
    if old_status != new_status:
        changed.append(f"status {old_status} → {new_status}")
    return f"{(new or old).period}: {'; '.join(changed)}." if changed else ""
