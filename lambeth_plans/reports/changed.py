"""What changed since the last publication: what the comparison of two days found, the worst first."""

from collections.abc import Iterator

from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.between import NOTHING, Comparison
from lambeth_plans.dashboards.between import Group as Changes
from lambeth_plans.dashboards.differences import Line as Change
from lambeth_plans.reports.blocks import Block, Cell, Group, Line, Made, Row, Sheet, Table, words
from lambeth_plans.reports.source import Source, counted, named, stated

FIRST = "This is the first publication of this plan, so there is nothing to compare it with."
COLUMNS = (("Kind of change", 22), ("Reference", 14), ("Title", 50), ("What changed", 60), ("Why", 50))


def developments(source: Source) -> Made:
    compared = source.comparison
    if compared is None:
        return Made((words(FIRST),))
    return Made(
        tuple(_blocks(source, compared)),
        heading=f"{Part.CHANGED.heading} since {source.since_words}" if source.since_words else "",
        sheets=(_sheet(source, compared),),
    )


def _blocks(source: Source, compared: Comparison) -> Iterator[Block]:
    if not compared.groups:
        yield words(NOTHING)
        return
    for group in compared.groups:
        blocks = [_table(source, group)]
        if group.folded:
            blocks.append(words(f"{counted(len(group.folded), 'more is', 'more are')} in the workbook of this pack."))
        yield Group(f"{group.heading} ({group.figure})", tuple(blocks))


def _table(source: Source, group: Changes) -> Table:
    why = (group.why,) if group.why else ()
    rows = tuple(
        Row(
            (
                named(line.label, line.title, line.url),
                Cell(line.sentence),
                *((stated(line.why),) if why else ()),
            ),
            _parts(source, group, line),
        )
        for line in group.shown
    )
    widths = (34, 33, 33) if why else (45, 55)
    return Table(group.heading, ("Record", "What changed", *why), rows, widths, is_headed=True)


def _parts(source: Source, group: Changes, line: Change) -> frozenset[Part]:
    """The parts that tell of the record; a rating that was or is Red or Amber belongs to what needs attention."""
    parts = set(source.parts_of(line.url))
    if Part.INDICATORS not in parts and any(rag and rag.needs_path_to_green for rag in line.ratings or ()):
        parts.add(Part.ATTENTION)
    return frozenset(parts | ({Part.GOOD} if group.key == "better" else set()))


def _sheet(source: Source, compared: Comparison) -> Sheet:
    lines = tuple(
        Line(
            (group.heading, line.label, line.title, line.sentence, line.why),
            _parts(source, group, line),
        )
        for group in compared.groups
        for line in group.lines
    )
    return Sheet("Changes", Part.CHANGED, COLUMNS, lines)
