"""The pack of a plan for a board: what it says, part by part, for officers and for members of the council.

The order and the words are those that Cabinet reports use for their readers (blocks.Part). Nothing is judged here: the
ratings, orders and comparisons are the dashboards' own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from activities.models import Activity, Output, ProgressUpdate
from kpis.models import ComparatorGroup, Rebase
from lambeth_plans.accounts.models import Officer
from lambeth_plans.cycles.models import Publication
from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.reports import ahead, changed, figures, money, risks, told, workforce
from lambeth_plans.reports.blocks import EXEMPT, PART_II, Cell, Line, Made, Row, Section, Sentences, Sheet, without
from lambeth_plans.reports.source import Source
from objectives.models import BoroughGoal, DataQualityNote, Event, Milestone, Objective

#: What is read together: everything small that several parts ask for.
READ = (Activity, Output, ProgressUpdate, Milestone, Event, Officer, Objective, BoroughGoal, DataQualityNote)
READ += (Rebase, ComparatorGroup)


@dataclass(frozen=True)
class PackTerms:
    """What a publication carries. `exempt_parts` are keys of blocks.Part; without a number it is a preview.

    Raises ValueError for a part that there is none of: what is meant to be exempt must not be published by a slip.
    """

    number: int | None = None
    published_at: datetime | None = None
    note: str = ""
    corrects: int | None = None
    decisions_asked: str = ""
    exempt_parts: tuple[str, ...] = ()
    exempt_because: str = ""
    board: str = ""
    meeting_date: date | None = None
    place: str = ""
    since: str = ""  # what it is compared with, in words: "Publication 2 (3 March 2026)"

    def __post_init__(self) -> None:
        for key in self.exempt_parts:
            if key not in set(Part):
                raise ValueError(f"The pack has no part “{key}”. It has: {', '.join(Part)}.")

    @property
    def exempt(self) -> frozenset[Part]:
        return frozenset(map(Part, self.exempt_parts))

    @classmethod
    def of(cls, publication: Publication, previous: Publication | None = None) -> "PackTerms":
        """Those of a publication, read with its meeting, its board and what it corrects."""
        return cls(
            number=publication.number,
            published_at=publication.published_at,
            note=publication.note,
            corrects=publication.corrects_number,
            decisions_asked=publication.decisions_asked,
            exempt_parts=tuple(publication.exempt_parts),
            exempt_because=publication.exempt_because,
            board=publication.board_name,
            meeting_date=publication.meeting_date,
            place=publication.meeting_place,
            since=in_words(previous) if previous else "",
        )


def in_words(publication: Publication) -> str:
    """A publication in a sentence: "publication 2 (3 March 2026)"."""
    return f"publication {publication.number} ({_day(publication.published_at)})"


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


@dataclass(frozen=True)
class Pack:
    """Everything that is printed, and the registers of the workbook. `moment` is what files say they were made at."""

    title: str
    council: str
    is_invented: bool
    terms: PackTerms
    moment: datetime
    as_at: str
    is_for_members: bool
    sections: tuple[Section, ...]
    sheets: tuple[Sheet, ...]
    has_withheld: bool

    @property
    def has_exempt(self) -> bool:
        return bool(self.terms.exempt)

    @property
    def marking(self) -> str:
        """What stands on the whole: "Part II – not for publication" where it holds what is exempt."""
        return PART_II if self.has_exempt and not self.is_for_members else ""

    @property
    def name(self) -> str:
        """ "Publication 3", or that it is none."""
        return f"Publication {self.terms.number}" if self.terms.number else "Preview, not published"

    @property
    def classed(self) -> str:
        """The class of the report, as on the cover of a committee's report."""
        if not self.has_exempt:
            return "Part 1 (open to the public)"
        if self.is_for_members:
            return "Part 1. What is exempt (Part II) is left out."
        return f"Part II in part: {_numbers(self.sections)}. {self.terms.exempt_because}".strip()

    @property
    def cover(self) -> tuple[tuple[str, str], ...]:
        """The table under the title, line by line."""
        terms = self.terms
        meets = ", ".join(filter(None, (terms.board, _date(terms.meeting_date), terms.place)))
        published = f"{self.name}, {_day(terms.published_at)}" if terms.published_at else self.name
        lines = (
            ("Report title", self.title),
            ("Council", self.council),
            ("Meeting", meets or "not stated"),
            ("Class", self.classed),
            ("Publication", published),
            ("Corrects", _corrects(terms)),
            ("What it is for", "" if terms.corrects else terms.note),
            ("Read at", self.as_at),
        )
        return tuple((name, text) for name, text in lines if text)

    @property
    def file_name(self) -> str:
        """Without its ending."""
        kind = "-members" if self.is_for_members else "-part-ii" if self.has_exempt else ""
        return f"pack-{self.terms.number or 'preview'}{kind}"


def _date(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _corrects(terms: PackTerms) -> str:
    return f"Publication {terms.corrects}. {terms.note}".strip() if terms.corrects else ""


def _numbers(sections: tuple[Section, ...]) -> str:
    return ", ".join(section.title for section in sections if section.is_exempt)


#: Who says what each part says.
MAKERS: dict[Part, Callable[[Source], Made]] = {
    Part.SUMMARY: told.summary,
    Part.DECISIONS: told.decisions,
    Part.GOOD: told.good,
    Part.ATTENTION: told.attention,
    Part.CHANGED: changed.developments,
    Part.INDICATORS: figures.indicators,
    Part.RISKS: risks.on_the_matrix,
    Part.MONEY: money.finance,
    Part.CONTRACTS: money.contracts,
    Part.WORKFORCE: workforce.workforce,
    Part.AHEAD: ahead.timetable,
}


def pack_of(
    state: PlanState, since: PlanState | None = None, *, terms: PackTerms, is_for_members: bool = False
) -> Pack:
    """The pack of a plan as a state shows it, compared with the state `since` where there is one.

    The members' version has of an exempt part only its heading and the reason, and nothing elsewhere that tells what
    stands in it. The number of queries does not grow with the plan.
    """
    state.read_ahead(*READ)
    source = Source(state, since, terms.decisions_asked, terms.board, terms.since)
    made = {part: maker(source) for part, maker in MAKERS.items()}
    exempt = terms.exempt
    hidden = exempt if is_for_members else frozenset()
    sheets = (_sheet(sheet, exempt, hidden, terms) for part in Part for sheet in made[part].sheets)
    return Pack(
        title=state.plan.title,
        council=state.plan.council.name,
        is_invented=state.plan.council.is_invented,
        terms=terms,
        moment=terms.published_at or state.moment,
        as_at=state.as_at_words,
        is_for_members=is_for_members,
        sections=tuple(
            _section(part, number, made[part], exempt, hidden, terms) for number, part in enumerate(Part, start=1)
        ),
        sheets=tuple(sheets),
        has_withheld=source.has_withheld,
    )


def _section(
    part: Part, number: int, made: Made, exempt: frozenset[Part], hidden: frozenset[Part], terms: PackTerms
) -> Section:
    heading = made.heading or part.heading
    if part in hidden:
        return Section(part, number, part.heading, (), True, True, terms.exempt_because)
    blocks, left_out = without(made.blocks, hidden)
    if not blocks and not left_out:
        blocks = (Sentences((Row((Cell(part.nothing),)),)),)
    because = terms.exempt_because if part in exempt else ""
    return Section(part, number, heading, blocks, part in exempt, False, because, left_out)


def _sheet(sheet: Sheet, exempt: frozenset[Part], hidden: frozenset[Part], terms: PackTerms) -> Sheet:
    """The members' version has of an exempt register the reason, and of others not the lines that tell of it."""
    if sheet.part in hidden:
        return replace(sheet, columns=((EXEMPT, 60),), lines=(Line((terms.exempt_because,)),), is_exempt=True)
    lines = tuple(line for line in sheet.lines if not line.parts & hidden)
    tells = sheet.part in exempt or any(line.parts & exempt for line in lines)
    return replace(sheet, lines=lines, is_exempt=tells)
