"""Done, signed off, and its impact evidenced: three things about an activity that are told apart, in words."""

from dataclasses import dataclass

from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.cycles.models import Submission
from lambeth_plans.dashboards.facts import ActivityFact, EvidenceFact, OutputFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag


@dataclass(frozen=True)
class Standing:
    """Each in a sentence or two; `evidence` is what bears on it, for its dates and notes."""

    done: str
    signed_off: str
    evidence: tuple[EvidenceFact, ...]


def standing(
    state: PlanState,
    activity: ActivityFact,
    outputs: tuple[OutputFact, ...],
    evidence: tuple[EvidenceFact, ...],
) -> Standing:
    """How an activity stands at the moment of a state. One query."""
    return Standing(_done(activity, outputs, state), _signed_off(state, activity), evidence)


def _done(activity: ActivityFact, outputs: tuple[OutputFact, ...], state: PlanState) -> str:
    sentences = []
    if activity.rag is Rag.BLUE:
        sentences.append(f"Yes, reported complete for {activity.latest.period.long_label}.")
    else:
        sentences.append("Not reported complete.")
    if outputs:
        done = sum(bool(output.done_date and output.done_date.earliest <= state.as_of) for output in outputs)
        sentences.append(f"{done} of {len(outputs)} output{'s' * (len(outputs) != 1)} done.")
    if activity.stage_as_stated:
        sentences.append(f"Stage in the document: {activity.stage_as_stated}.")
    return " ".join(sentences)


def _signed_off(state: PlanState, activity: ActivityFact) -> str:
    if activity.latest is None:
        return "Nothing to sign off: nobody has reported on it."
    submissions = history.rows(Submission, state.at).filter(activity_id=activity.id).select_related("report")
    newest = submissions.order_by("-report__period_start", "-report__revision").first()
    month = activity.latest.period.long_label
    if newest is None or newest.report_id != activity.latest.id:
        return f"No: the report for {month} was not handed in to a round."
    who = f"{newest.step_by_name}, {timezone.localdate(newest.step_at):%-d %B %Y}"
    if newest.state == Submission.State.SIGNED_OFF:
        return f"Yes: the report for {month}, by {who}."
    return f"No: the report for {month} is {newest.get_state_display().lower()} ({who})."
