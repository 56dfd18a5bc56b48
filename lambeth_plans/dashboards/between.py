"""What changed in a plan between two days, in sentences and in groups, the worst first.

`compare` takes the plan's state on both days and tells only what these show: what one of them withholds is told by no
comparison. It is told from the first day to the second; the other way round, every worse is a better.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from activities.models import Evidence
from finance.models import Contract, Saving
from lambeth_plans.accounts.models import Officer
from lambeth_plans.dashboards import differences, movements
from lambeth_plans.dashboards.differences import Line
from lambeth_plans.dashboards.state import PlanState
from objectives.models import BoroughGoal, DataQualityNote, Objective
from risks.models import Risk

#: What stands around the registers, read together; of a past day more, where nothing is joined to what is read.
AROUND = (Officer, BoroughGoal, Objective, DataQualityNote, Saving)
AROUND_THEN = (*AROUND, Evidence, Risk, Contract)
#: So many lines of a group are shown before the rest is folded away.
SHOWN = 20
NOTHING = "No rating, date, figure, score, saving or owner changed, and no record came or went."
#: What stands over the reasons of a group, where it is not "Why".
WHY = {"figures": "Direction of travel"}


@dataclass(frozen=True)
class Group:
    """Changes of one kind, the worst first. `figure`, `label` and `note` are its count at the top of the page."""

    key: str
    heading: str
    lines: tuple[Line, ...]
    figure: int
    label: str
    note: str = ""

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:SHOWN]

    @property
    def folded(self) -> tuple[Line, ...]:
        return self.lines[SHOWN:]

    @property
    def anchor(self) -> str:
        return f"#{self.key}"

    @property
    def why(self) -> str:
        """The heading over its reasons; empty where no line has one."""
        return WHY.get(self.key, "Why") if any(line.why for line in self.lines) else ""


@dataclass(frozen=True)
class Comparison:
    """Every group in which something changed, in the order of the page."""

    groups: tuple[Group, ...]
    has_withheld: bool = False

    def lines(self, key: str) -> tuple[Line, ...]:
        return next((group.lines for group in self.groups if group.key == key), ())

    @property
    def words(self) -> str:
        """The first thing to know, in a sentence: "3 ratings got worse and 2 got better; 4 due dates moved."."""
        if not self.groups:
            return NOTHING
        worse, better, dates = (len(self.lines(key)) for key in ("worse", "better", "dates"))
        moved = f"{_count(dates, 'due date')} moved" if dates else "no due date moved"
        return (
            f"{_count(worse, 'rating') if worse else 'No rating'} got worse and {better or 'none'} got better; {moved}."
        )


def compare(was: PlanState, now: PlanState) -> Comparison:
    """What is different in `now` from what `was`. The queries of the registers of both."""
    for state in (was, now):
        state.read_ahead(*(AROUND_THEN if state.at else AROUND))
    groups = tuple(group for group in _groups(was, now) if group.lines)
    return Comparison(groups, any(line.is_withheld for group in groups for line in group.lines))


def _groups(was: PlanState, now: PlanState) -> Iterator[Group]:
    ratings = list(chain(movements.activity_ratings(was, now), movements.indicator_ratings(was, now)))
    for key, turn, heading in (("worse", -1, "Got worse"), ("better", 1, "Got better")):
        yield _group(key, heading, [line for line in ratings if line.turn == turn], f"got {key}")
    others = [line for line in ratings if not line.turn]
    yield _group("rated", "Other changes of rating", others, "other {} of rating", "change")
    yield _overdue(list(movements.overdue(was, now)))
    dates = list(movements.due_dates(was, now))
    yield _group("dates", "Due dates moved", dates, "due {} moved", "date", ("later", "earlier"))
    yield _figures(list(movements.figures(was, now)))
    risks = list(movements.risks(was, now))
    yield _group("risks", "Risks", risks, "{} changed", "risk", ("up", "down"))
    savings = list(movements.savings(was, now))
    yield _group("savings", "Savings", savings, "{} changed", "saving", ("for the worse", "for the better"))
    yield _group("new", "New in the plan", list(differences.came(was, now)), "new in the plan")
    yield _group("gone", "No longer in the plan", list(differences.went(was, now)), "no longer in the plan")
    yield _group("owners", "Who answers for it", list(differences.owners(was, now)), "{} of ownership", "change")


def _group(
    key: str, heading: str, lines: list[Line], label: str, noun: str = "", ways: tuple[str, str] | None = None
) -> Group:
    """`noun` stands in the label where it is {}; `ways` are what is said of lines for the worse and for the better."""
    label = label.format(noun if len(lines) == 1 else f"{noun}s")
    return Group(key, heading, _worst_first(lines), len(lines), label, _each_way(lines, ways) if ways else "")


def _each_way(lines: list[Line], ways: tuple[str, str]) -> str:
    counts = [(sum(line.turn == turn for line in lines), way) for turn, way in zip((-1, 1), ways, strict=True)]
    return ", ".join(f"{count} {way}" for count, way in counts if count)


def _overdue(lines: list[Line]) -> Group:
    late = sum(line.turn < 0 for line in lines)
    label = "now overdue" if late else "no longer overdue"
    note = f"{len(lines) - late} no longer" if late and late < len(lines) else ""
    return Group("overdue", "Overdue", _worst_first(lines), late or len(lines), label, note)


def _figures(lines: list[Line]) -> Group:
    came = sum(line.count for line in lines)
    indicators = sum(line.count > 0 for line in lines)
    crossed = sum(line.crossed != 0 for line in lines)
    notes = [f"of {_count(indicators, 'indicator')}"] if came else []
    notes += [f"{crossed} crossed {'its' if crossed == 1 else 'their'} target"] if crossed else []
    if not came:
        return Group("figures", "Figures", _worst_first(lines), len(lines), "indicators with changed figures")
    label = "new figure" if came == 1 else "new figures"
    return Group("figures", "Figures", _worst_first(lines), came, label, ", ".join(notes))


def _worst_first(lines: list[Line]) -> tuple[Line, ...]:
    """For the worse, neither, for the better; then by rank. The order of the plan decides between equals."""
    return tuple(sorted(lines, key=lambda line: (line.turn, line.rank)))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
