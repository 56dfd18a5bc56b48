"""The activities with eighteen months of reports on them."""

from datetime import date, timedelta

from activities.challenge import Known
from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.models import Officer
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.example_borough.chronicle import MONTHS_OF_UPDATES, Chronicle, dice, working_day
from lambeth_plans.imports.example_borough.findings import ANSWERS
from lambeth_plans.imports.example_borough.stories import STORIES, Story
from lambeth_plans.rag import Rag
from objectives.models import BoroughGoal, Finding, Objective, Plan, Source

#: Who reports where no owner is stated.
SPOKESPERSON = "director-of-childrens-services"
#: The activity that went from one post to another the day before yesterday, and whose it was until then.
HANDED_OVER, HANDED_OVER_BY = 9, "head-of-safeguarding"
#: For how many months an owner has had to say why a rating is better than what is known allows.
MONTHS_EXPLAINED = 3
#: What a month of each rating adds to an activity, in thousandths of the whole.
PACE = {Rag.RED: 4, Rag.AMBER: 18, Rag.GREEN: 42, Rag.NOT_STARTED: 0}
USUAL_FORECAST = {Rag.RED: Rag.AMBER, Rag.AMBER: Rag.GREEN, Rag.GREEN: Rag.GREEN, Rag.NOT_STARTED: Rag.GREEN}


def make_activities(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    goals: dict[str, BoroughGoal],
    officers: dict[str, Officer],
    identified: tuple[dict[str, Source], dict[str, Finding]],
) -> dict[str, Activity]:
    """All activities by key, each with its reports."""
    made = {}
    for objective, stories in zip(objectives, STORIES, strict=True):
        for story in stories:
            number = len(made) + 1
            activity = Activity(
                plan=plan,
                key=f"eba{number:02d}",
                order=number,
                ref=f"EBA{number:02d}",
                title=story.title,
                objective=objective,
                owner=officers.get(HANDED_OVER_BY if number == HANDED_OVER else story.owner),
                goal=goals[story.goal],
                programme=story.programme,
                intended_outcome=story.outcome,
            )
            made[activity.key] = activity
            further = [objectives[other - 1] for other in story.further_objectives]
            _begin(chronicle, activity, story, officers, further, _identified(number, *identified))
            if story.went:
                _report(chronicle, activity, story, activity.owner or officers[SPOKESPERSON])
            if number == HANDED_OVER:
                activity.owner = officers[story.owner]
                on = chronicle.today - timedelta(days=2)
                chronicle.write(activity, on, because="The post that held it has other duties.")
    return made


def _identified(number: int, sources: dict[str, Source], findings: dict[str, Finding]) -> dict[str, list]:
    """The links of an activity to where the need for it was identified."""
    of_findings, of_sources = ANSWERS.get(number, ((), ()))
    return {"findings": [findings[key] for key in of_findings], "sources": [sources[key] for key in of_sources]}


def _begin(
    chronicle: Chronicle, activity: Activity, story: Story, officers, further: list[Objective], identified: dict
) -> None:
    if story.due is not None:
        activity.original_due_date = _due(chronicle, story, story.due - sum(move.later_by for move in story.moves))
        activity.due_date = activity.original_due_date
    chronicle.write(
        activity,
        chronicle.drafted,
        further_objectives=further,
        further_owners=[officers[key] for key in story.shared],
        lead_members=[officers["lead-member"]],
        **identified,
    )


def _due(chronicle: Chronicle, story: Story, offset: int) -> PartialDate:
    """The last day of a month, or that month or year where nothing more precise is promised."""
    last_day = chronicle.month(offset).end.isoformat()
    return PartialDate(last_day[: {"day": 10, "month": 7, "year": 4}[story.precision]])


def _report(chronicle: Chronicle, activity: Activity, story: Story, post: Officer) -> None:
    moves = {move.months_ago: move for move in story.moves}
    chance = dice(f"reports on {activity.key}")
    done = 50
    told = ""
    last: ProgressUpdate | None = None
    for months_ago in range(MONTHS_OF_UPDATES, -1, -1):
        rag = story.rating(months_ago)
        done = 1000 if rag is Rag.BLUE else min(done + PACE[rag], 960)
        on = working_day(chronicle.month(-months_ago).start + timedelta(days=chance.randint(19, 25)))
        forgotten = chance.randint(1, 9) == 1 and months_ago != MONTHS_OF_UPDATES
        turned = last is not None and rag is not last.rag
        if months_ago == 0:
            # The running month: most have not reported yet.
            on = working_day(chronicle.month(0).start + timedelta(days=chance.randint(2, 6)))
            if not story.early or not chronicle.is_past(on):
                continue
        elif months_ago < story.silent or (forgotten and not turned and months_ago not in (*moves, story.corrected)):
            continue
        update = ProgressUpdate(
            activity=activity,
            period=chronicle.month(-months_ago),
            rag=rag,
            forecast_rag=_forecast(story, months_ago),
            what_happened=_what_happened(story, rag, done, turned),
            path_to_green=story.path if rag.needs_path_to_green else "",
            reported_by=chronicle.by,
            reported_by_name=post.name,
        )
        if last and rag is last.rag and update.what_happened == told:
            update.is_unchanged, update.what_happened = True, ""
        else:
            told = update.what_happened
        if move := moves.get(months_ago):
            update.previous_due_date = activity.due_date
            update.new_due_date = _due(chronicle, story, _offset_after(story, months_ago))
            update.due_date_reason = move.reason
        if story.rosier and months_ago < MONTHS_EXPLAINED:
            floor = Known(on=on, linked_reds=(story.known,)).floor(rag)
            update.floor, update.floor_because, update.rosier_reason = floor.rag, floor.because, story.rosier
        if months_ago == story.corrected:
            _report_too_well(chronicle, update, on)
        _append(chronicle, update, on)
        last = update
        if rag is Rag.BLUE:
            return


def _offset_after(story: Story, months_ago: int) -> int:
    """Where the due date stands after the move made so many months ago."""
    return story.due - sum(move.later_by for move in story.moves if move.months_ago < months_ago)


def _forecast(story: Story, months_ago: int) -> Rag | str:
    """What was expected then: mostly what came to be two months later."""
    rag = story.rating(months_ago)
    if rag is Rag.BLUE:
        return ""
    if months_ago > 3:
        return story.rating(months_ago - 2)
    return story.expects or USUAL_FORECAST[rag]


def _what_happened(story: Story, rag: Rag, done: int, turned: bool) -> str:
    count = f"{story.counted}: {story.total * done // 1000} of {story.total}." if story.counted else ""
    if rag is Rag.NOT_STARTED:
        return story.trouble or "Work has not begun."
    if rag is Rag.BLUE:
        return f"{count} The work is complete and has been handed over."
    if not rag.needs_path_to_green:
        return f"{count} Back on course." if turned else count
    raised = " Raised with the Director of Children's Services." if turned and rag is Rag.RED else ""
    return f"{count} {story.trouble}{raised}"


def _report_too_well(chronicle: Chronicle, update: ProgressUpdate, on: date) -> None:
    """A first report that was too hopeful and is corrected three days later by the one that holds."""
    hopeful = ProgressUpdate(
        activity=update.activity,
        period=update.period,
        rag=Rag.GREEN,
        forecast_rag=Rag.GREEN,
        what_happened="All courses are planned.",
        reported_by=update.reported_by,
        reported_by_name=update.reported_by_name,
    )
    _append(chronicle, hopeful, on - timedelta(days=3))
    update.revision = 2


def _append(chronicle: Chronicle, update: ProgressUpdate, on: date) -> None:
    """Writes a report as the product does: the activity moves with it."""
    activity = update.activity
    update.reported_at = activity.last_reported_at = chronicle.moment(on, 15)
    if update.new_due_date:
        activity.due_date = update.new_due_date
    because = update.due_date_reason or f"Progress reported for {update.period.long_label}."
    chronicle.write(activity, on, because=because, hour=15)
    chronicle.write(update, on, because=update.what_happened or "No change since the last report.", hour=15)
