"""Everything of a plan that has a date, or should have one: what falls due, takes place or ends, and how it stands on
the day shown. Facts in, lines out; nothing here reads the database but through the state."""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.urls import reverse
from django.utils.text import capfirst

from activities.challenge import is_postponed
from lambeth_plans.charts import TimelineLook
from lambeth_plans.dashboards.facts import ActivityFact, ContractFact, EventFact, MilestoneFact, OfficerFact, OutputFact
from lambeth_plans.dashboards.moves import Move, move_between
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.fields import PartialDate
from lambeth_plans.periods import month_of
from lambeth_plans.rag import Rag

#: What is not the plan's own word: one, and several of them.
OUTPUT, MILESTONE = ("output", "outputs"), ("milestone", "milestones")
EVENT, CONTRACT = ("event", "events"), ("contract end", "contract ends")


@dataclass(frozen=True)
class Dated:
    """One thing with its date. `kind` and `kinds` name it and its like; `standing` says in words how it stands;
    `days_late` counts from the last day its date may mean, 0 where it is not overdue; `times_moved` counts how often it
    was postponed, and `reason` says why it was moved last."""

    kind: str
    kinds: str
    ref: str
    title: str
    url: str
    owners: tuple[OfficerFact, ...]
    due: PartialDate | None
    as_stated: str
    look: TimelineLook
    standing: str
    days_late: int = 0
    original: PartialDate | None = None
    times_moved: int = 0
    reason: str = ""

    @cached_property
    def move(self) -> Move | None:
        """From its original date to the one it has; None where they may be the same day."""
        return move_between(self.original, self.due)

    @property
    def moved(self) -> str:
        """ "3 months later than March 2021, postponed twice"; empty where it was not moved."""
        if self.move is None:
            return ""
        often = {0: "", 1: "", 2: ", postponed twice"}.get(self.times_moved, f", postponed {self.times_moved} times")
        return f"{self.move.words} than {self.original}{often}"

    @property
    def words(self) -> str:
        return f"{self.standing}; {self.moved}" if self.moved else self.standing


def dated_items(state: PlanState) -> tuple[Dated, ...]:
    """Activities, outputs, milestones, events and contracts, each in the order of the plan."""
    activities = {activity.id: activity for activity in state.activities}
    outputs = [(activities[pk], output) for pk in activities for output in state.outputs.get(pk, ())]
    is_told = says_what_is_done(state)
    return tuple(
        chain(
            (_activity(activity, state) for activity in state.activities),
            (_output(activity, output, state, is_told) for activity, output in outputs),
            (_milestone(milestone, state) for milestone in state.milestones),
            (_event(event, state) for event in state.events),
            (_contract(contract, state) for contract in state.contracts),
        )
    )


def says_what_is_done(state: PlanState) -> bool:
    """Whether the plan states of any output that it is done: else nothing says that one is still to do."""
    return any(
        output.done_date and output.done_date.earliest <= state.as_of
        for found in state.outputs.values()
        for output in found
    )


def _address(state: PlanState, page: str, key: str = "", mark: str = "") -> str:
    return reverse(page, args=[state.plan.slug, *([key] if key else [])]) + (f"#{mark}" if mark else "")


def _activity(activity: ActivityFact, state: PlanState) -> Dated:
    due, moves = activity.due_date, [update for update in activity.updates if update.new_due_date]
    late = (state.as_of - due.latest).days if activity.is_overdue else 0
    look, standing = _standing(
        due, state, is_done=activity.rag is Rag.BLUE, late=late, past="gone by, nothing reported"
    )
    return Dated(
        kind=state.plan.activity_word,
        kinds=state.plan.activities_word,
        ref=activity.ref,
        title=activity.title,
        url=_address(state, "activity_detail", activity.key),
        owners=tuple(filter(None, (activity.owner, *activity.further_owners))),
        due=due,
        as_stated=activity.due_date_as_stated,
        look=look,
        standing="complete" if look is TimelineLook.DONE else standing,
        days_late=late,
        original=activity.original_due_date,
        times_moved=sum(is_postponed(update.previous_due_date, update.new_due_date) for update in moves),
        reason=moves[0].due_date_reason if moves else "",
    )


def _output(activity: ActivityFact, output: OutputFact, state: PlanState, is_told: bool) -> Dated:
    due, done = output.due_date, output.done_date
    is_done = bool(done and done.earliest <= state.as_of)
    is_late = bool(due and due.latest < state.as_of and is_told and not is_done)
    late = (state.as_of - due.latest).days if is_late else 0
    look, standing = _standing(due, state, is_done=is_done, late=late, past="gone by, not stated whether it is done")
    return Dated(
        *OUTPUT,
        ref="",
        title=output.title,
        url=_address(state, "activity_detail", activity.key, f"output-{output.key}"),
        owners=tuple(filter(None, (activity.owner, *activity.further_owners))),
        due=due,
        as_stated="",
        look=look,
        standing=f"done {done}" if is_done else standing,
        days_late=late,
    )


def _milestone(milestone: MilestoneFact, state: PlanState) -> Dated:
    look, standing = _standing(milestone.due_date, state, past="gone by, not stated whether it was met")
    url = _address(state, "narrative", mark=f"milestone-{milestone.key}")
    return Dated(
        *MILESTONE,
        ref=milestone.ref,
        title=milestone.title,
        url=url,
        owners=(),
        due=milestone.due_date,
        as_stated=milestone.due_date_as_stated,
        look=look,
        standing=standing,
    )


def _event(event: EventFact, state: PlanState) -> Dated:
    look, standing = _standing(event.event_date, state, past="gone by")
    url = _address(state, "narrative", mark=f"event-{event.key}")
    return Dated(*EVENT, "", event.title, url, (), event.event_date, "", look, standing)


def _contract(contract: ContractFact, state: PlanState) -> Dated:
    look, standing = _standing(contract.end_date, state, past="ended")
    return Dated(
        *CONTRACT,
        ref=contract.ref,
        title=contract.title,
        url=_address(state, "contract_detail", contract.key),
        owners=tuple(filter(None, (contract.director, *contract.further_directors))),
        due=contract.end_date,
        as_stated=contract.end_date_as_stated,
        look=look,
        standing=standing,
    )


def _standing(
    due: PartialDate | None, state: PlanState, *, is_done: bool = False, late: int = 0, past: str
) -> tuple[TimelineLook, str]:
    if is_done:
        return TimelineLook.DONE, "done"
    if late:
        return TimelineLook.OVERDUE, f"overdue by {late} day{'' if late == 1 else 's'}"
    if due and due.latest < state.as_of:
        return TimelineLook.PAST, past
    return TimelineLook.TO_COME, "to come" if due else "no date stated"


def heading_of(item: Dated) -> str:
    """The month its date is over in, or the year where no month is stated."""
    due = item.due
    if due.precision == "year":
        return f"{due}, no month stated"
    return month_of(due.latest).long_label


def in_time(item: Dated) -> tuple:
    """By the last day a date may mean; what names only a year comes after its December."""
    return item.due.latest, item.due.precision == "year", item.due.earliest, capfirst(item.kinds)
