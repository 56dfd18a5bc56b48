"""Which figures are withheld from the public, so that nobody is recognised in a small count (ADR 0018).

For an indicator that counts people, a figure is withheld whole (value, numerator, denominator) where it holds a count
of 1 to 5 people: the value itself, the numerator, the denominator, or those of the denominator who are not in the
numerator. Nought and 6 or more may be shown. Figures that are published elsewhere stay, and everybody knows them.

Then further figures are withheld, the smallest first, until of every small count at least `ENOUGH` of its five
possible values fit everything that is shown: months, quarters and years that add up, in whatever version they ever
stood; the steps of a measure that counts up through the year; what a percentage and its denominator say of the
numerator; a group of areas and its total or mean. A total that does not add up tells nothing and ties nothing. Last,
whatever turns out to be withheld for nothing is shown again.

The outsider is thought to know which of the withheld figures hold a small count and which ones only hide it, though no
page says so. What is published elsewhere may itself give a small count away; that cannot be undone here. Pure: no
database, no clock; the same figures always give the same answer.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import groupby, pairwise

from kpis.worlds import HIGHEST, SMALL, Count, Sum, Table, least_withheld
from lambeth_plans import periods
from lambeth_plans.periods import Period, PeriodKind

#: So many of the five small values must stay possible for each small count.
ENOUGH = 3
#: What a value of 1 of each unit stands for; any other unit is no share of people.
OUT_OF = {"%": 100, "per 1,000": 1_000, "per 10,000": 10_000, "per 100,000": 100_000}
COUNTS = ("", "number")

VALUE, NUMERATOR, DENOMINATOR, OTHERS = "value", "numerator", "denominator", "others"


@dataclass(frozen=True)
class PeopleFigure:
    """A figure of an indicator that counts people, in one version; equal ones are the same. `area` is "" for the
    council itself."""

    period: Period
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    area: str = ""
    is_published: bool = False


@dataclass(frozen=True)
class Change:
    """What a period's figure was from a moment on; None where it was taken away."""

    at: Hashable
    period: Period
    figure: PeopleFigure | None


@dataclass(frozen=True)
class Measure:
    """What is known of the indicator: its unit, the decimals it is printed with at least, and whether its figures
    count from the start of the year (None: not stated)."""

    unit: str = ""
    decimals: int = 0
    is_cumulative: bool | None = None

    @property
    def is_count(self) -> bool:
        return self.unit in COUNTS


@dataclass(frozen=True)
class AreaGroup:
    """A group's own figure (its total, or the mean of its members) and those of its members; `missing` have none."""

    total: PeopleFigure
    members: tuple[PeopleFigure, ...]
    missing: int = 0


@dataclass(frozen=True)
class Withheld:
    """`figures` are withheld. Those in `given_away` are found out all the same: by what is published elsewhere, or, so
    few are they, by whoever knows from another source which of them are small."""

    figures: frozenset[PeopleFigure] = frozenset()
    given_away: frozenset[PeopleFigure] = frozenset()


def withheld(
    changes: Sequence[Change], measure: Measure, areas: Iterable[PeopleFigure] = (), groups: Iterable[AreaGroup] = ()
) -> Withheld:
    """What is withheld of one indicator, whose changes stand in the order of time (those of the same moment together),
    so that no earlier state gives away what a later one withholds; and of other areas' figures. Numbers are in the
    indicator's unit. Remembered: the same question is asked by every page.
    """
    return _withheld(tuple(changes), measure, tuple(areas), tuple(groups))


@lru_cache(maxsize=500)
def _withheld(
    changes: tuple[Change, ...], measure: Measure, areas: tuple[PeopleFigure, ...], groups: tuple[AreaGroup, ...]
) -> Withheld:
    book = _Book(measure)
    for change in changes:
        if change.figure is not None:
            book.enter(change.figure)
    for area in areas:
        book.enter(area)
    for series in _in_years(changes):
        for moment, known in enumerate(_states(series)):
            book.tie_year(known, moment)
    for group in groups:
        book.tie_group(group)
    chosen = {number for number in book.first if number not in book.table.published}
    chosen, given_away = least_withheld(book.table, chosen, ENOUGH)
    chosen = book.with_groups(chosen)
    return Withheld(*(frozenset(book.figures[number] for number in numbers) for numbers in (chosen, given_away)))


def at_once(figures: Iterable[PeopleFigure]) -> list[Change]:
    """Figures that have never been others."""
    return [Change(0, figure.period, figure) for figure in figures]


class _Book:
    """The table of one indicator: every figure in every version, its counts, and the sums an outsider knows."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.table = Table()
        self.figures: list[PeopleFigure] = []
        self.numbers: dict[PeopleFigure, int] = {}
        self.counts: dict[tuple[int, str], int] = {}
        self.first: set[int] = set()  # those that hold a small count themselves
        self.unseen: dict[Hashable, int] = {}
        self.groups: list[tuple[int, list[int]]] = []  # of shares: the group's own figure and its members'

    def enter(self, figure: PeopleFigure) -> int:
        if figure in self.numbers:
            return self.numbers[figure]
        number = self.numbers[figure] = len(self.figures)
        self.figures.append(figure)
        if figure.is_published:
            self.table.published.add(number)
        said = dict(_counts_of(figure, self.measure))
        if NUMERATOR in said and DENOMINATOR in said and said[NUMERATOR][0] <= said[DENOMINATOR][0]:
            (part, part_low, part_high), (whole, whole_low, whole_high) = said[NUMERATOR], said[DENOMINATOR]
            said[OTHERS] = (whole - part, max(whole_low - part_high, 0), whole_high - part_low)
        for name, (truth, low, high) in said.items():
            self.counts[number, name] = self.table.add(Count(number, truth, low, high))
        if OTHERS in said:
            part, others, whole = (self.counts[number, name] for name in (NUMERATOR, OTHERS, DENOMINATOR))
            self.table.tie(Sum((part, others), (whole,)))
        if VALUE in said and said[VALUE] == said.get(NUMERATOR):
            self.table.tie(Sum((self.counts[number, VALUE],), (self.counts[number, NUMERATOR],)))
        if _is_small(figure, self.measure) or any(truth in SMALL for truth, _, _ in said.values()):
            self.first.add(number)
        self.table.sizes[number] = next((truth for truth, _, _ in said.values()), 0)
        return number

    def tie_year(self, known: Mapping[Period, PeopleFigure], moment: int) -> None:
        """The sums that a year's figures, as they stood together at some moment, tell of each other."""
        for name in (VALUE, NUMERATOR, DENOMINATOR):
            counts = {period: self.counts.get((self.numbers[figure], name)) for period, figure in known.items()}
            counts = {period: count for period, count in counts.items() if count is not None}
            if self._counts_up(counts):
                self._tie_steps(counts)
            else:
                self._tie_parts(counts, name, moment)

    def _truth(self, count: int) -> int:
        truth = self.table.counts[count].truth
        return 0 if truth is None else truth

    def _counts_up(self, counts: Mapping[Period, int]) -> bool:
        """Whether each figure counts from the start: what is summed up to a day does. Where that is not stated of the
        measure, figures do that read so: the last one is the year's, and none is less than the one before."""
        if counts and all(period.kind is PeriodKind.TO_DATE for period in counts):
            return True
        if self.measure.is_cumulative is not None:
            return self.measure.is_cumulative
        for year in (period for period in counts if period.kind is PeriodKind.YEAR):
            for kind in (PeriodKind.MONTH, PeriodKind.QUARTER):
                course = [p for p in sorted(counts) if p.kind is kind and year.start <= p.start <= year.end]
                truths, total = [self._truth(counts[period]) for period in course], self._truth(counts[year])
                is_whole = len(course) > 1 and course[-1].end == year.end
                if is_whole and truths == sorted(truths) and truths[-1] == total != sum(truths):
                    return True
        return False

    def _tie_steps(self, counts: Mapping[Period, int]) -> None:
        """Each figure that counts up is the one before it and some more people; at the same point of the year all
        kinds of periods say the same."""
        by_kind = defaultdict(list)
        for period in sorted(counts):
            by_kind[period.kind].append(period)
        for course in by_kind.values():
            for before, after in pairwise(course):
                least, most = self._left(counts[after], [counts[before]])
                if most >= 0:
                    step = self._unseen((counts[before], counts[after]), most if least == most else None)
                    self.table.tie(Sum((counts[before], step), (counts[after],)))
        for one, other in pairwise(sorted(counts, key=lambda period: (period.end, period.start))):
            if one.end == other.end and self._truth(counts[one]) == self._truth(counts[other]):
                self.table.tie(Sum((counts[one],), (counts[other],)))

    def _tie_parts(self, counts: Mapping[Period, int], name: str, moment: int) -> None:
        divisions = list(_divisions(counts))
        told = self._told(counts, divisions)
        for whole, parts in divisions:
            there = [counts[part] for part in parts if part in counts]
            missing = [part for part in parts if part not in counts]
            least, most = self._left(counts[whole], there)
            left = [end - sum(told.get(part, 0) for part in missing) for end in (least, most)]
            if not there or left[1] < 0 or (left[0] > 0 and told.keys() >= set(missing)):
                continue
            # What no sum tells may have been another number at another moment.
            unseen = [self._unseen((part, name, told.get(part, f"at {moment}")), told.get(part)) for part in missing]
            self.table.tie(Sum((*there, *unseen), (counts[whole],)))

    def _told(
        self, counts: Mapping[Period, int], divisions: Sequence[tuple[Period, list[Period]]]
    ) -> dict[Period, int]:
        """The counts without a figure that the others give: the total less all the other parts."""
        told: dict[Period, int] = {}
        has_more = True
        while has_more:
            has_more = False
            for whole, parts in divisions:
                missing = [part for part in parts if part not in counts and part not in told]
                if len(missing) == 1:
                    least, most = self._left(counts[whole], [counts[part] for part in parts if part in counts])
                    left = most - sum(told.get(part, 0) for part in parts)
                    if least == most and left >= 0:
                        told[missing[0]] = left
                        has_more = True
        return told

    def _left(self, whole: int, parts: Iterable[int]) -> tuple[int, int]:
        """What is left of a whole without these parts, at least and at most."""
        known, listed = self.table.counts[whole], [self.table.counts[part] for part in parts]
        return known.low - sum(part.high for part in listed), known.high - sum(part.low for part in listed)

    def _unseen(self, which: Hashable, truth: int | None) -> int:
        """A count that no figure gives: it is one of people all the same."""
        if which not in self.unseen:
            self.unseen[which] = self.table.add(Count(None, truth, 0, HIGHEST))
        return self.unseen[which]

    def tie_group(self, group: AreaGroup) -> None:
        """A count's total or mean is tied to the members' counts."""
        total = self.enter(group.total)
        members = [self.enter(member) for member in group.members]
        value, half = _printed(group.total.value, self.measure)
        if not self.measure.is_count or value is None:
            self.groups.append((total, members))
            return
        counts = [self.counts[member, VALUE] for member in members if (member, VALUE) in self.counts]
        known, missing = sum(map(self._truth, counts)), group.missing + len(members) - len(counts)
        if (total, VALUE) in self.counts and value >= known and (missing or value == known):
            truth = int(value) - known if missing == 1 else None
            unseen = [self._unseen((total, number, truth), truth) for number in range(missing)]
            self.table.tie(Sum((*counts, *unseen), (self.counts[total, VALUE],)))
        elif not missing and counts and abs(known - value * len(counts)) <= half * len(counts):
            low, high = _whole_numbers((value - half) * len(counts), (value + half) * len(counts))
            self.table.tie(Sum(tuple(counts), (), low, high, owner=total))

    def with_groups(self, chosen: set[int]) -> set[int]:
        """Of shares, the group's own figure goes with a member's that is withheld: with the others it would give it
        back."""
        totals = {total for total, members in self.groups if chosen & set(members)}
        return chosen | (totals - self.table.published)


def _is_small(figure: PeopleFigure, measure: Measure) -> bool:
    """A part of a person is no count, and yet tells of a few."""
    parts = [figure.numerator, figure.denominator, *([figure.value] if measure.is_count else [])]
    return any(part is not None and 0 < part < SMALL[-1] + 1 for part in parts)


def _counts_of(figure: PeopleFigure, measure: Measure) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """The whole counts that a figure gives: what each is, at least and at most. A share gives its numerator or its
    denominator as exactly as it is printed, where it stands beside the other one."""
    value, numerator, denominator = (
        int(part) if part is not None and part >= 0 and part == part.to_integral_value() else None
        for part in (figure.value, figure.numerator, figure.denominator)
    )
    if measure.is_count and value is not None:
        yield VALUE, (value, value, value)
        numerator = value if numerator is None and denominator is not None else numerator
    share, half = _printed(figure.value, measure)
    out_of = OUT_OF.get(measure.unit)
    if numerator is not None:
        yield NUMERATOR, (numerator, numerator, numerator)
    elif denominator is not None and out_of and share is not None:
        yield NUMERATOR, _between(*((share + step) * denominator / out_of for step in (-half, 0, half)))
    if denominator is not None:
        yield DENOMINATOR, (denominator, denominator, denominator)
    elif numerator and out_of and share is not None and share > half:
        yield DENOMINATOR, _between(*(numerator * out_of / (share + step) for step in (half, 0, -half)))


def _printed(value: Decimal | None, measure: Measure) -> tuple[Decimal | None, Decimal]:
    """A value, and how far from it what it was rounded from may be."""
    if value is None:
        return None, Decimal(0)
    exponent = value.normalize().as_tuple().exponent
    shown = max(measure.decimals, -exponent if isinstance(exponent, int) else 0)
    return value, Decimal(5).scaleb(-shown - 1)


def _between(low: Decimal, middle: Decimal, high: Decimal) -> tuple[int, int, int]:
    """The likeliest number; a small one where that may be."""
    truth = max(int(middle.to_integral_value(ROUND_HALF_UP)), 0)
    first, last = _whole_numbers(low, high)
    first, last = max(min(first, truth), 0), max(last, truth)
    if first <= SMALL[-1] and last >= SMALL[0]:
        truth = min(max(truth, SMALL[0]), SMALL[-1])
    return truth, first, last


def _whole_numbers(low: Decimal, high: Decimal) -> tuple[int, int]:
    return int(low.to_integral_value(ROUND_CEILING)), int(high.to_integral_value(ROUND_FLOOR))


def _in_years(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes of each financial year, and of each school year that has a figure of its own; of what is summed up
    to a day, all together."""
    by_year = defaultdict(list)
    school_years = {change.period for change in changes if change.period.kind is PeriodKind.ACADEMIC_YEAR}
    for change in changes:
        period = change.period
        if period.kind is PeriodKind.TO_DATE:
            by_year[PeriodKind.TO_DATE].append(change)
        elif period.kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR):
            by_year[periods.holding(PeriodKind.YEAR, period.start)].append(change)
        school_year = periods.holding(PeriodKind.ACADEMIC_YEAR, period.start)
        if school_year in school_years and period.kind in (PeriodKind.MONTH, PeriodKind.ACADEMIC_YEAR):
            by_year[school_year].append(change)
    yield from by_year.values()


def _states(changes: Sequence[Change]) -> Iterator[Mapping[Period, PeopleFigure]]:
    """What stood together at each moment at which something changed."""
    known: dict[Period, PeopleFigure] = {}
    for _, together in groupby(changes, key=lambda change: change.at):
        for change in together:
            if change.figure is None:
                known.pop(change.period, None)
            else:
                known[change.period] = change.figure
        yield dict(known)


def _divisions(counts: Mapping[Period, int]) -> Iterator[tuple[Period, list[Period]]]:
    """Each period that has a figure, with the shorter ones that make it up: quarters or months. A quarter without a
    figure is told by its months."""
    for whole in counts:
        months = _months(whole)
        if whole.kind in (PeriodKind.QUARTER, PeriodKind.YEAR, PeriodKind.ACADEMIC_YEAR):
            yield whole, months
        if whole.kind is PeriodKind.YEAR:
            parts: list[Period] = []
            for number in range(1, 5):
                quarter = periods.quarter(whole.start.year, number)
                is_told = quarter not in counts and any(month in counts for month in _months(quarter))
                parts += _months(quarter) if is_told else [quarter]
            if parts != months:
                yield whole, parts


def _months(whole: Period) -> list[Period]:
    found = [periods.month_of(whole.start)]
    while found[-1].end < whole.end:
        found.append(periods.following(found[-1]))
    return found
