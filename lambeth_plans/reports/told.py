"""The parts of a pack that are told in words first: the summary, the decisions, what is good and what is not."""

from collections.abc import Iterator

from django.utils.text import capfirst

from kpis.spc import Variation
from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.facts import ActivityFact
from lambeth_plans.dashboards.indicator_lines import VARIATIONS, IndicatorLine, coverage, variations
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import Rag
from lambeth_plans.reports.blocks import Block, Cell, Group, Items, Line, Made, Row, Sentences, Sheet, Table, words
from lambeth_plans.reports.source import Source, counted, named, owner, stated
from lambeth_plans.templatetags.plans import pounds

ANY_RATING = frozenset({Part.ATTENTION, Part.GOOD})
#: The ratings that are told under what is good.
ON_TRACK = (Rag.BLUE, Rag.GREEN)
#: What process control says of a newest figure, in the words of a sentence.
UNUSUAL = {
    Variation.CONCERN: "an unusual change for the worse",
    Variation.CHANGE: "an unusual change of which it is not stated whether it is for the better",
    Variation.IMPROVEMENT: "an unusual change for the better",
}


def summary(source: Source) -> Made:
    return Made((Sentences(tuple(_summary(source))),))


def _sentence(text: str, *parts: Part) -> Row:
    return Row((Cell(text),), frozenset(parts))


def _summary(source: Source) -> Iterator[Row]:
    state, known = source.state, source.summary
    plan = state.plan
    yield _sentence(
        f"The purpose of this report is to tell how {plan.title} stands: what is good, what is not, what changed and "
        "what falls due next."
    )
    if known.ratings.total:
        counts = ", ".join(f"{each.count} {each.rag.word}" for each in known.ratings.counts)
        noun = plan.activity_word if known.ratings.total == 1 else plan.activities_word
        yield _sentence(f"Of {known.ratings.total} {noun}: {counts}.", *ANY_RATING)
        late, undated = len(known.overdue), known.undated
        dated = f" {undated} of {known.ratings.total} have no due date." if undated else ""
        yield _sentence(f"{late or 'None'} {'is' if late < 2 else 'are'} overdue.{dated}", Part.ATTENTION)
    if source.comparison:
        since = f"Since {source.since_words}: " if source.since_words else ""
        parts = (Part.CHANGED, *ANY_RATING, Part.INDICATORS)
        yield _sentence(f"{since}{source.comparison.words if not since else _lower(source.comparison.words)}", *parts)
    if state.indicators:
        yield _sentence(_indicators(source), Part.INDICATORS)
    if known.risks:
        top = known.risks[0]
        name = named(top.ref, top.title).text
        yield _sentence(f"The highest risk score is {top.current.score}: {name}.", Part.RISKS)
    if state.savings_planned is not None:
        years = [year for year in state.saving_years if year.kind is not PeriodKind.TO_DATE]
        span = f" from {years[0]} to {years[-1]}" if len(years) > 1 else f" in {years[0]}" if years else ""
        yield _sentence(f"Savings of {pounds(state.savings_planned)} are planned{span}.", Part.MONEY)
    if known.ending:
        verb = "ends or needs" if len(known.ending) == 1 else "end or need"
        told = f"{counted(len(known.ending), 'contract')} {verb} notice within 12 months."
        yield _sentence(told, Part.CONTRACTS)
    if known.in_use:
        verb = "is" if len(known.in_use) == 1 else "are"
        yield _sentence(f"{counted(len(known.in_use), 'contract')} {verb} expired and still in use.", Part.CONTRACTS)


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"


def _indicators(source: Source) -> str:
    known = coverage(source.state.indicators)
    counts = ", ".join(f"{each.count} {each.rag.word}" for each in known.counts)
    said = [known.words.rstrip(".") + (f": {counts}." if counts else ".")]
    found = dict(variations(source.lines))
    said += [
        f"{counted(found[each], 'indicator')} {'shows' if found[each] == 1 else 'show'} {UNUSUAL[each]}."
        for each in VARIATIONS
        if each in found and each in UNUSUAL
    ]
    return " ".join(said)


def decisions(source: Source) -> Made:
    """As they were written, one to a line."""
    asked = [line.strip() for line in source.decisions_asked.splitlines() if line.strip()]
    meets = source.board or "The meeting"
    if not asked:
        return Made((words(f"No decision is asked for. {meets} is invited to note and comment on this report."),))
    lead = f"{meets} is asked to decide:"
    return Made((Items(lead, tuple(Row((Cell(text),)) for text in asked), is_numbered=True),))


# What is good


def good(source: Source) -> Made:
    return Made(tuple(_good(source)))


def _good(source: Source) -> Iterator[Block]:
    state = source.state
    better = source.comparison.lines("better") if source.comparison else ()
    if better:
        rows = tuple(
            Row(
                (named(line.label, line.title, line.url), Cell(line.sentence)),
                source.parts_of(line.url) | {Part.CHANGED},
            )
            for line in better
        )
        yield Group(
            "Got better",
            (Table("Ratings that got better", ("Record", "What changed"), rows, (45, 55), is_headed=True),),
        )
    for rag, heading in zip(ON_TRACK, ("Complete", f"On track ({Rag.GREEN.word})"), strict=True):
        found = [activity for activity in state.activities if activity.rag is rag]
        if found:
            caption = f"{capfirst(state.plan.activities_word)} rated {rag.word}"
            columns = (capfirst(state.plan.activity_word), "What was reported")
            table = Table(caption, columns, tuple(_reported(source, each) for each in found), (45, 55), is_headed=True)
            yield Group(heading, (table,))
    improved = [line for line in source.lines if line.analysis.variation is Variation.IMPROVEMENT]
    if improved:
        yield Items(
            "Indicators that improved by more than the usual ups and downs:",
            tuple(_improved(source, line) for line in improved),
        )


def _reported(source: Source, activity: ActivityFact) -> Row:
    name = named(activity.ref, activity.title, source.url("activity_detail", activity.key))
    return Row((name, stated(activity.last_words)))


def _improved(source: Source, line: IndicatorLine) -> Row:
    indicator = line.indicator
    name = named(indicator.code, indicator.title).text
    return Row((Cell(f"{name}: {line.verdict}"),), frozenset({Part.INDICATORS}))


# What is not


def attention(source: Source) -> Made:
    return Made(tuple(_attention(source)), sheets=(_activities(source),))


def _attention(source: Source) -> Iterator[Block]:
    state, plan = source.state, source.state.plan
    word = capfirst(plan.activity_word)
    if source.attention:
        yield Table(
            f"{capfirst(plan.activities_word)} rated Red or Amber",
            (word, "Rating", "Owner", "Due", "What the director says", "Path to green"),
            tuple(_worry(source, activity) for activity in source.attention),
            (19, 9, 14, 13, 25, 20),
            is_wide=True,
        )
    late = [activity for activity in source.summary.overdue if not activity.rag.needs_path_to_green]
    if late:
        rows = tuple(
            Row(
                (
                    named(activity.ref, activity.title, source.url("activity_detail", activity.key)),
                    Cell(rag=activity.rag),
                    owner((activity.owner, *activity.further_owners)),
                    Cell(_due(activity)),
                )
            )
            for activity in late
        )
        table = Table(
            "Overdue, and rated neither Red nor Amber",
            (word, "Rating", "Owner", "Due"),
            rows,
            (42, 16, 22, 20),
            is_headed=True,
        )
        yield Group("Overdue besides these", (table,))
    if state.disagreements:
        rows = tuple(
            Row(
                (
                    named(each.ref, each.title, source.url("activity_detail", each.key)),
                    Cell(rag=each.rag),
                    Cell(rag=each.floor.rag),
                    stated(each.reason),
                )
            )
            for each in state.disagreements
        )
        columns = (word, "Rated", "What is known allows", "Why it is rated so")
        yield Group(
            "Rated better than what is known allows",
            (Table("Disagreements", columns, rows, (38, 14, 16, 32), is_headed=True),),
        )


def _worry(source: Source, activity: ActivityFact) -> Row:
    latest = activity.latest
    return Row(
        (
            named(activity.ref, activity.title, source.url("activity_detail", activity.key)),
            Cell(rag=activity.rag),
            owner((activity.owner, *activity.further_owners)),
            Cell(_due(activity)),
            stated(f"{activity.last_words} ({latest.period.long_label})" if activity.last_words else ""),
            stated(latest.path_to_green),
        )
    )


def _due(activity: ActivityFact) -> str:
    if activity.due_date is None:
        return "not stated"
    said = str(activity.due_date)
    if activity.has_slipped:
        said += f" (originally {activity.original_due_date})"
    return f"{said}, overdue" if activity.is_overdue else said


COLUMNS = (
    ("Reference", 14),
    ("Title", 50),
    ("Objective", 14),
    ("Owner", 24),
    ("Rating", 14),
    ("Forecast", 14),
    ("Reported for", 16),
    ("What the director says", 60),
    ("Path to green", 50),
    ("Original due date", 18),
    ("Due date", 18),
    ("Overdue", 10),
)


def _activities(source: Source) -> Sheet:
    return Sheet(
        capfirst(source.state.plan.activities_word)[:25],
        Part.ATTENTION,
        COLUMNS,
        tuple(_line(activity) for activity in source.state.activities),
    )


def _line(activity: ActivityFact) -> Line:
    latest = activity.latest
    values = (
        activity.ref,
        activity.title,
        str(activity.objective or ""),
        ", ".join(str(each) for each in (activity.owner, *activity.further_owners) if each),
        activity.rag.word,
        activity.forecast_rag.word if activity.forecast_rag else "",
        latest.period.long_label if latest else "",
        activity.last_words,
        latest.path_to_green if latest else "",
        str(activity.original_due_date or ""),
        str(activity.due_date or ""),
        "overdue" if activity.is_overdue else "",
    )
    return Line(values, frozenset({Part.GOOD} if activity.rag in ON_TRACK else ()))
