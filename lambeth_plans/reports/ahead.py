"""What falls due in the next three months, month by month, and what is overdue by then."""

from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.dated import CONTRACT, Dated, dated_items
from lambeth_plans.dashboards.timeline import lists_of
from lambeth_plans.reports.blocks import Cell, Group, Line, Made, Row, Sheet, Table
from lambeth_plans.reports.source import Source, named, owner

COLUMNS = (("When", 18), ("Kind", 16), ("Reference", 14), ("Title", 60), ("Who", 30), ("How it stands", 40))


def timetable(source: Source) -> Made:
    """From the day shown, 92 days on (dashboards/timeline.py)."""
    months = lists_of(dated_items(source.state), source.state.as_of).next
    blocks = tuple(Group(heading, (_table(source, heading, items),)) for heading, items in months)
    lines = tuple(
        Line(
            (str(item.due), item.kind, item.ref, item.title, ", ".join(map(str, item.owners)), item.words),
            _parts(source, item),
        )
        for _, items in months
        for item in items
    )
    return Made(blocks, sheets=(Sheet("Next three months", Part.AHEAD, COLUMNS, lines),))


def _table(source: Source, heading: str, items: list[Dated]) -> Table:
    rows = tuple(
        Row(
            (
                Cell(str(item.due)),
                named(item.ref, item.title, item.url),
                Cell(item.kind),
                owner(item.owners),
                Cell(item.words),
            ),
            _parts(source, item),
        )
        for item in items
    )
    columns = ("When", "What", "Kind", "Who", "How it stands")
    return Table(f"Due in {heading}", columns, rows, (17, 31, 13, 22, 17), is_headed=True)


def _parts(source: Source, item: Dated) -> frozenset[Part]:
    return frozenset({Part.CONTRACTS}) if item.kind == CONTRACT[0] else source.parts_of(item.url)
