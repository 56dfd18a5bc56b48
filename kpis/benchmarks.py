"""Our figure among those of other areas: rank, middle and range, each of one and the same period.

Pure: figures in, a comparison out. A member without a figure is named and never counts as a zero; a mark such as "c"
stays a mark; a part of a year is never set beside a whole one. Source: methods.md 4.4 (LG Inform, the DfE's statistical
neighbours: members and vintage are kept with the group, their number is never assumed).
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.rag import Polarity, plain, step, with_unit

#: From how many areas on, ours among them, a quarter says something.
ENOUGH_FOR_QUARTERS = 4
QUARTERS = {1: "best quarter", 2: "second quarter", 3: "third quarter", 4: "bottom quarter"}
WHOLE_YEARS = frozenset({PeriodKind.YEAR, PeriodKind.ACADEMIC_YEAR})
PART_YEARS = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER})
NOTHING_GIVEN = "no figure given"


@dataclass(frozen=True)
class AreaFigure:
    """An area's figure of a period in the indicator's unit, or `value` None with its mark.

    `text` is ready to print ("86%", "c", "Suppressed"); `reason` says why there is no value; `source` where it is from.
    """

    area: str
    period: Period
    value: Decimal | None
    text: str
    reason: str = ""
    source: str = ""


@dataclass(frozen=True)
class Group:
    """Areas to compare with, as they were grouped in a year (`vintage`). Our own area may be among the members."""

    name: str
    vintage: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Our figure among those of a group in one period. Numbers are in the indicator's unit.

    `period`: the newest for which we and any member have a figure; where there is none, the group's newest (None where
    it has none at all). `ours` is our row of that very period, with a value or a mark, None where there is no row;
    `our_latest` our newest figure of any period. `figures`: the members' figures by value, lowest first; `missing`: the
    members without one, by name, with their mark. `mean` (each area counts once: not the group's own published
    figure), `median`, `lowest` and `highest` are of the members, without ours. `rank` 1 is best, `of` counts those with
    a figure and us; `is_joint` where another area does as well. `quartile` is 1 (best) to 4. `ranks` are those of
    `figures`, in their order, ours counted with them; empty where there is no rank. Where one is None, a `reason` says
    why. `sentence` says the comparison, `older` that the newest figures are of another period, `target_sentence` where
    the target lies; the last two may be empty.
    """

    group: str
    vintage: str
    period: Period | None
    our_latest: AreaFigure | None
    ours: AreaFigure | None = None
    figures: tuple[AreaFigure, ...] = ()
    missing: tuple[AreaFigure, ...] = ()
    mean: Decimal | None = None
    median: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    rank: int | None = None
    of: int | None = None
    is_joint: bool = False
    quartile: int | None = None
    ranks: tuple[int, ...] = ()
    reason: str = ""
    sentence: str = ""
    older: str = ""
    target_sentence: str = ""

    @property
    def quartile_words(self) -> str:
        """ "best quarter" to "bottom quarter"; empty where there is none."""
        return QUARTERS.get(self.quartile or 0, "")


def compare(
    ours: Sequence[AreaFigure],
    others: Sequence[AreaFigure],
    group: Group,
    *,
    our_area: str,
    polarity: Polarity | None,
    unit: str = "",
    is_cumulative: bool | None = None,
    target: Decimal | None = None,
    band: tuple[Decimal, Decimal] | None = None,
) -> Comparison:
    """Compares our newest comparable figure with those of a group.

    `ours`: our figures of any periods; `others`: other areas' figures, of which only the members' are read (names
    are the same but for spaces and capitals); both in any order. Compared is the very same period alone: its kind, its
    start and its end, so that neither a quarter that counts up (`is_cumulative`; here it only chooses the words) nor a
    month stands beside a year, and a figure "to" a day only beside one to the same day. `polarity` is None where none
    is stated or it is only assumed; `band` are the edges of what is best, for Polarity.BAND; `target` is ours for the
    compared period; `unit` is the indicator's.

    Ties share the better rank, and an edge of a quarter belongs to the better one. No rank (the difference is said
    instead) without a direction, without our figure, or with a single member's figure: England is no order of areas.
    An area with two unlike figures of one period has none. No quarter under 4 areas, or where all are equal.
    Raises ValueError for a number that is not finite or a band whose edges are crossed.
    """
    if band is not None and band[0] > band[1]:
        raise ValueError("A band has its lower edge first.")
    if any(figure.value is not None and not figure.value.is_finite() for figure in [*ours, *others]):
        raise ValueError("A figure is a finite number.")
    mine = {period: replace(_one_of(rows), area=our_area) for period, rows in _together(ours).items()}
    members = {_name(member): " ".join(member.split()) for member in sorted(group.members, reverse=True)}
    members.pop(_name(our_area), None)
    known = {period: figure for period, figure in mine.items() if figure.value is not None}
    our_latest = known[max(known, key=_age)] if known else None
    period, rows, newest = _compared_period(known, members, others)
    comparison = Comparison(group.name, group.vintage, period, our_latest)
    if not members:
        return _without_rank(comparison, f"The areas of {group.name} are not stated.")
    if period is None:
        return _without_rank(comparison, f"No area of {group.name} has a figure.")
    comparison = _described(replace(comparison, ours=mine.get(period)), members, rows)
    comparison = _ranked(comparison, our_area, polarity, band)
    return replace(
        comparison,
        sentence=_sentence(comparison, our_area, unit),
        older=_older(our_latest, newest, period, is_cumulative),
        target_sentence=_target_sentence(comparison, target, unit),
    )


# Which figures


def _name(area: str) -> str:
    return " ".join(area.split()).casefold()


def _age(period: Period) -> tuple[date, date, PeriodKind]:
    return period.end, period.start, period.kind


def _together(figures: Iterable[AreaFigure]) -> dict[Period, list[AreaFigure]]:
    found: dict[Period, list[AreaFigure]] = defaultdict(list)
    for figure in figures:
        found[figure.period].append(figure)
    return found


def _compared_period(
    known: Container[Period], members: dict[str, str], others: Sequence[AreaFigure]
) -> tuple[Period | None, list[AreaFigure], Period | None]:
    """The period to compare, one row of each member that has one there, and the newest period with a member's figure.

    Looks from the newest period back and no further than it must: the first with a value of ours (`known`) and of
    theirs, else the newest with a value of theirs, else their newest.
    """
    fallback: tuple[Period | None, list[AreaFigure]] = (None, [])
    newest = None
    theirs = _together(figure for figure in others if _name(figure.area) in members)
    for period in sorted(theirs, key=_age, reverse=True):
        by_area: dict[str, list[AreaFigure]] = defaultdict(list)
        for figure in theirs[period]:
            by_area[_name(figure.area)].append(figure)
        rows = [replace(_one_of(same), area=members[name]) for name, same in by_area.items()]
        has_value = any(row.value is not None for row in rows)
        if has_value and period in known:
            return period, rows, newest or period
        if fallback[0] is None or (has_value and newest is None):
            fallback = (period, rows)
        newest = newest or (period if has_value else None)
    return *fallback, newest


def _one_of(figures: list[AreaFigure]) -> AreaFigure:
    """Of several rows for one area and period: any where they agree, none where they do not."""
    if len(figures) == 1:
        return figures[0]
    figures = sorted(figures, key=lambda figure: (figure.value is None, figure.text, figure.source, figure.reason))
    values = sorted({figure.value for figure in figures if figure.value is not None})
    if len(values) < 2:
        return figures[0]
    return replace(figures[0], value=None, text=f"two figures given: {plain(values[0])} and {plain(values[-1])}")


def _described(comparison: Comparison, members: dict[str, str], rows: list[AreaFigure]) -> Comparison:
    """With the figures of the period, and what they have in common."""
    known = sorted((row for row in rows if row.value is not None), key=lambda row: (row.value, row.area))
    marked = {_name(row.area): replace(row, text=row.text or row.reason or NOTHING_GIVEN) for row in rows}
    with_value = {_name(row.area) for row in known}
    missing = tuple(
        marked.get(name) or AreaFigure(members[name], comparison.period, None, NOTHING_GIVEN)
        for name in sorted(members.keys() - with_value)
    )
    comparison = replace(comparison, figures=tuple(known), missing=missing)
    if not known:
        return comparison
    values = [row.value for row in known]
    half = len(values) // 2
    return replace(
        comparison,
        mean=sum(values) / len(values),
        median=values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2,
        lowest=values[0],
        highest=values[-1],
    )


# Rank


def _without_rank(comparison: Comparison, reason: str) -> Comparison:
    return replace(comparison, reason=reason, sentence=reason)


def _ranked(
    comparison: Comparison, our_area: str, polarity: Polarity | None, band: tuple[Decimal, Decimal] | None
) -> Comparison:
    reason = _why_no_rank(comparison, our_area, polarity, band)
    if reason:
        return replace(comparison, reason=reason)

    def distance(value: Decimal) -> Decimal:
        if polarity is Polarity.BAND:
            return max(band[0] - value, value - band[1], Decimal(0))
        return -value if polarity is Polarity.HIGHER else value

    our_distance = distance(comparison.ours.value)
    distances = [distance(figure.value) for figure in comparison.figures]
    rank = 1 + sum(each < our_distance for each in distances)
    of = 1 + len(distances)
    has_quarters = of >= ENOUGH_FOR_QUARTERS and {our_distance} != set(distances)
    return replace(
        comparison,
        rank=rank,
        of=of,
        is_joint=our_distance in distances,
        ranks=tuple(1 + sum(other < each for other in (our_distance, *distances)) for each in distances),
        quartile=(rank - 1) * 4 // of + 1 if has_quarters else None,
    )


def _why_no_rank(
    comparison: Comparison, our_area: str, polarity: Polarity | None, band: tuple[Decimal, Decimal] | None
) -> str:
    known, period = comparison.figures, comparison.period.long_label
    if not known:
        return f"No area of {comparison.group} has a figure for {period}, so there is no rank."
    if comparison.ours is None:
        return f"{our_area} has no figure for {period}, so there is no rank."
    if comparison.ours.value is None:
        mark = comparison.ours.text or comparison.ours.reason or NOTHING_GIVEN
        return f"{our_area} has no figure for {period} ({mark}), so there is no rank."
    if len(known) == 1:
        only = "There is one area" if not comparison.missing else f"Only {known[0].area} has a figure for {period}"
        return f"{only}, so there is no rank."
    if polarity is None:
        return "Which way is better is not stated, so there is no rank."
    if polarity is Polarity.NONE:
        return "Neither higher nor lower is better, so there is no rank."
    if polarity is Polarity.BAND and band is None:
        return "The band that is best is not stated, so there is no rank."
    return ""


# Words


def ordinal(number: int) -> str:
    """ "1st", "2nd", "3rd", "11th", "22nd"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _sentence(comparison: Comparison, our_area: str, unit: str) -> str:
    ours, period = comparison.ours, comparison.period
    if comparison.median is None:
        return f"No area of {comparison.group} has a figure for {period.long_label}."
    middle = with_unit(plain(comparison.median), unit)
    if ours is None or ours.value is None:
        return f"{our_area} has no figure for {period.long_label}; {_middle_of(comparison)} is {middle}."
    text = ours.text or with_unit(plain(ours.value), unit)
    if len(comparison.figures) == 1:
        return f"{text} is {_against(ours.value, comparison, unit)}, {period.label}."
    if comparison.rank is None:
        return f"{text} {_when(period)} is {_against(ours.value, comparison, unit)}, {middle}."
    place = f"{'joint ' if comparison.is_joint else ''}{ordinal(comparison.rank)} of {comparison.of}"
    return f"{text} {_when(period)} is {place} (best first): {_middle_of(comparison)} is {middle}."


def _middle_of(comparison: Comparison) -> str:
    if len(comparison.figures) == 1:
        return f"the figure of {comparison.figures[0].area}"
    return f"the middle of {comparison.group}"


def _against(value: Decimal, comparison: Comparison, unit: str) -> str:
    """How far a value lies from the middle of a group, or from its one figure: "2.1 points above England"."""
    alone = len(comparison.figures) == 1
    place = comparison.figures[0].area if alone else _middle_of(comparison)
    gap = value - comparison.median
    if gap == 0:
        return f"the same as {place}"
    return f"{step(abs(gap), unit)} {'above' if gap > 0 else 'below'} {place}"


def _when(period: Period) -> str:
    if period.kind in (PeriodKind.TO_DATE, PeriodKind.UNDATED):
        return period.label
    return f"{'on' if period.kind is PeriodKind.SNAPSHOT else 'in'} {period.long_label}"


def _older(our_latest: AreaFigure | None, newest: Period | None, period: Period, is_cumulative: bool | None) -> str:
    if our_latest is None or newest is None or our_latest.period == period == newest:
        return ""
    mine, kinds = our_latest.period, {our_latest.period.kind, newest.kind}
    said = f"Our newest figure is of {_of(mine)}; the group's newest is of {_of(newest)}."
    if len(kinds) == 1:
        return said
    if not (kinds & WHOLE_YEARS and kinds & PART_YEARS):
        return f"{said} Only periods of the same kind are compared."
    part = "What counts up through the year" if is_cumulative else "A part of a year"
    return f"{said} {part} is not compared with a whole year."


def _of(period: Period) -> str:
    return f"the time {period.long_label}" if period.kind is PeriodKind.TO_DATE else period.long_label


def _target_sentence(comparison: Comparison, target: Decimal | None, unit: str) -> str:
    if target is None or comparison.median is None:
        return ""
    return f"The {with_unit(plain(target), unit)} target is {_against(target, comparison, unit)}."
