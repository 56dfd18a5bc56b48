"""Who works in the directorate, and how many cases they hold: snapshot by snapshot, as the workforce page has it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from finance.models import WorkforceBand
from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.facts import WorkforceFact
from lambeth_plans.dashboards.workforce import Snapshot, courses
from lambeth_plans.rag import plain
from lambeth_plans.reports.blocks import Block, Cell, Group, Line, Made, Picture, Row, Sheet, Table, words
from lambeth_plans.reports.source import NOT_STATED, Source, counted, stated

WORKFORCE = (
    ("Snapshot", 40),
    ("Date", 16),
    ("Headcount", 12),
    ("Bands added up", 16),
    ("Why they differ", 40),
    ("Sickness, average days", 16),
    ("Turnover %", 12),
)
BANDS = (
    ("Snapshot", 40),
    ("Date", 16),
    ("Kind", 16),
    ("Band", 30),
    ("People", 10),
    ("Share of the headcount %", 16),
    ("Printed share", 14),
)
CASELOADS = (("Snapshot", 40), ("Date", 16), ("Team", 40), ("Target", 12), ("Actual", 12), ("Above target", 12))
#: How many snapshots are printed, the latest ones: a year of quarters. All of them stand in the workbook.
PRINTED = 4


def workforce(source: Source) -> Made:
    found = source.state.workforce
    blocks: list[Block] = [Group(fact.title, tuple(_snapshot(fact))) for fact in found[:PRINTED]]
    if earlier := found[PRINTED:]:
        blocks.append(words(f"{counted(len(earlier), 'earlier snapshot')}: in the workbook of this pack."))
    if drawn := courses(source.state):
        blocks.append(Group("From one snapshot to the next", tuple(map(Picture, drawn))))
    return Made(tuple(blocks), sheets=(_snapshots(found), _bands(found), _caseloads(found)))


def _snapshot(fact: WorkforceFact) -> Iterator[Block]:
    yield words(_headcount(fact), _rest(fact))
    if fact.bands:
        yield Table(
            f"Bands, {fact.snapshot_date}",
            ("Band", "People", "Share of the headcount", "Printed share"),
            tuple(
                _row(
                    band.label, f"{band.number:,}", "" if band.share is None else f"{band.share}%", band.share_as_stated
                )
                for band in fact.bands
            ),
            (46, 14, 22, 18),
            figures=frozenset({1, 2, 3}),
            total=Row((Cell("Added up"), Cell(f"{fact.counted:,}"), Cell(), Cell())),
        )
    if fact.caseloads:
        yield Table(
            f"Cases for each worker, on average, {fact.snapshot_date}",
            ("Team", "Target", "Actual", "Above target"),
            tuple(
                _row(each.team, *map(_number, (each.target, each.actual, each.above_target))) for each in fact.caseloads
            ),
            (52, 16, 16, 16),
            figures=frozenset({1, 2, 3}),
        )


def _row(*texts: str) -> Row:
    return Row(tuple(map(stated, texts)))


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value}%"


def _headcount(fact: WorkforceFact) -> str:
    """What was counted, beside the headcount that is stated."""
    told = [f"{Snapshot(fact, None).sum_in_words}." if fact.bands else ""]
    if fact.headcount is None:
        told.append("No headcount is stated.")
    elif not fact.bands:
        told.append(f"The headcount is {fact.headcount:,}; it is not broken down.")
    elif fact.left_over == 0:
        told.append(f"The headcount that is stated is the same: {fact.headcount:,}.")
    else:
        why = (
            f"Why they differ: {fact.difference_reason.rstrip('.')}."
            if fact.difference_reason
            else "Nothing says why they differ."
        )
        told.append(f"The headcount that is stated is {fact.headcount:,}. {why}")
    if fact.agency_share is not None:
        told.append(f"Agency staff are {plain(fact.agency_share)}% of the headcount.")
    return " ".join(filter(None, told))


def _rest(fact: WorkforceFact) -> str:
    printed = f" (printed as “{fact.turnover_as_stated}”)" if fact.turnover_as_stated else ""
    turnover = NOT_STATED if fact.turnover is None else f"{plain(fact.turnover)}%"
    sickness = _number(fact.average_sickness_days) or NOT_STATED
    return f"Average days lost through sickness: {sickness}. Turnover: {turnover}{printed}."


# The workbook


def _snapshots(found: Sequence[WorkforceFact]) -> Sheet:
    lines = (
        Line(
            (
                *_who(fact),
                _value(fact.headcount),
                fact.counted if fact.bands else "",
                fact.difference_reason,
                *map(_value, (fact.average_sickness_days, fact.turnover)),
            )
        )
        for fact in found
    )
    return Sheet("Workforce", Part.WORKFORCE, WORKFORCE, tuple(lines))


def _bands(found: Sequence[WorkforceFact]) -> Sheet:
    lines = (
        Line(
            (
                *_who(fact),
                WorkforceBand.Kind(band.kind).label,
                band.label,
                band.number,
                _value(band.share),
                band.share_as_stated,
            )
        )
        for fact in found
        for band in fact.bands
    )
    return Sheet("Workforce bands", Part.WORKFORCE, BANDS, tuple(lines))


def _caseloads(found: Sequence[WorkforceFact]) -> Sheet:
    lines = (
        Line((*_who(fact), each.team, *map(_value, (each.target, each.actual, each.above_target))))
        for fact in found
        for each in fact.caseloads
    )
    return Sheet("Caseloads", Part.WORKFORCE, CASELOADS, tuple(lines))


def _who(fact: WorkforceFact) -> tuple[str, str]:
    return fact.title, str(fact.snapshot_date)


def _value(number: Decimal | int | None) -> Decimal | int | str:
    return "" if number is None else number
