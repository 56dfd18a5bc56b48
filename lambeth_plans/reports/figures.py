"""The indicators of a plan: what needs attention first, as a table and as charts, and every figure for the workbook."""

from collections.abc import Iterator
from decimal import Decimal

from kpis.models import Outturn
from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.drawings import course_of
from lambeth_plans.dashboards.facts import IndicatorFact, OutturnFact
from lambeth_plans.dashboards.indicator_lines import IndicatorLine
from lambeth_plans.reports.blocks import Block, Cell, Group, Line, Made, Picture, Row, Sheet, Table, words
from lambeth_plans.reports.source import Source, counted, named, stated

#: So many indicators are drawn, those that need attention first: a board looks at a dozen charts, not at a hundred.
MOST_CHARTS = 12
COLUMNS = (
    ("Code", 12),
    ("Title", 50),
    ("Group", 24),
    ("Owner", 24),
    ("Period", 16),
    ("Figure", 14),
    ("As shown", 14),
    ("Unit", 10),
    ("Target", 14),
    ("Rating", 12),
    ("Why this rating, or none", 60),
    ("Latest change", 40),
    ("What needs attention", 40),
)
FIGURES = (
    ("Code", 12),
    ("Title", 50),
    ("Period", 16),
    ("Figure", 14),
    ("As shown", 16),
    ("Status", 14),
    ("Numerator", 14),
    ("Denominator", 14),
    ("Target", 14),
    ("Note", 40),
)
WITHHELD = "“c” stands for a figure that is withheld, because so few people are counted that one might be recognised."


def indicators(source: Source) -> Made:
    lines = source.lines
    return Made(tuple(_blocks(source, lines)) if lines else (), sheets=(_sheet(lines), _figures(lines)))


def _blocks(source: Source, lines: list[IndicatorLine]) -> Iterator[Block]:
    urgent = [line for line in lines if line.attention]
    others = sorted((line for line in lines if not line.attention), key=lambda line: line.number)
    if source.has_withheld:
        yield words(WITHHELD)
    if urgent:
        yield Group("Indicators that need attention", (_table(source, "What needs attention first", urgent),))
    else:
        yield words("No indicator needs attention.")
    if others:
        heading = "All other indicators" if urgent else "All indicators"
        yield Group(heading, (_table(source, heading, others, is_brief=True),))
    drawn = [each for each in ((line, course_of(line.indicator, line.analysis)) for line in lines) if each[1]]
    if drawn:
        pictures = tuple(Picture(chart) for _, chart in drawn[:MOST_CHARTS])
        left = len(drawn) - len(pictures)
        more = f" {counted(left, 'further one is', 'further ones are')} drawn on the plan's own pages." if left else ""
        yield Group("Charts", (words(f"What needs attention first.{more}"), *pictures))


def _table(source: Source, caption: str, lines: list[IndicatorLine], *, is_brief: bool = False) -> Table:
    columns = ("Indicator", "Latest figure", "Target", "Rating", "Latest change")
    rows = tuple(_row(source, line, is_brief=is_brief) for line in lines)
    if is_brief:
        return Table(caption, columns, rows, (36, 18, 12, 14, 20), is_wide=True, is_headed=True)
    return Table(
        caption, (*columns, "Why it needs attention"), rows, (28, 14, 10, 12, 16, 20), is_wide=True, is_headed=True
    )


def _row(source: Source, line: IndicatorLine, *, is_brief: bool) -> Row:
    indicator, latest = line.indicator, line.indicator.latest
    name = named(indicator.code, indicator.title, source.url("indicator_detail", indicator.key))
    rating = Cell(rag=indicator.rag) if indicator.rag else Cell("no colour", is_missing=True)
    cells = (
        name,
        Cell(f"{latest.text}, {latest.period.label}") if latest else Cell("no figure", is_missing=True),
        stated(latest.target_text if latest else ""),
        rating,
        stated(line.direction.words) if line.direction else Cell("nothing to compare", is_missing=True),
    )
    why = "; ".join(line.attention)
    return Row(cells if is_brief else (*cells, Cell(f"{why[:1].upper()}{why[1:]}.")))


def _sheet(lines: list[IndicatorLine]) -> Sheet:
    ordered = sorted(lines, key=lambda line: line.number)
    return Sheet("Indicators", Part.INDICATORS, COLUMNS, tuple(Line(_values(line)) for line in ordered))


def _values(line: IndicatorLine) -> tuple:
    indicator, latest = line.indicator, line.indicator.latest
    return (
        indicator.code,
        indicator.title,
        indicator.group,
        str(indicator.owner or ""),
        latest.period.label if latest else "",
        _value(latest),
        latest.text if latest else "",
        indicator.unit,
        latest.target_text if latest else "",
        indicator.rag.word if indicator.rag else "",
        indicator.reason,
        line.direction.words if line.direction else "",
        "; ".join(line.attention),
    )


def _figures(lines: list[IndicatorLine]) -> Sheet:
    ordered = sorted(lines, key=lambda line: line.number)
    told = (Line(_figure(line.indicator, each)) for line in ordered for each in line.indicator.outturns)
    return Sheet("Figures", Part.INDICATORS, FIGURES, tuple(told))


def _figure(indicator: IndicatorFact, outturn: OutturnFact) -> tuple:
    """A withheld figure has no number here, and nothing it could be computed from."""
    is_open = not outturn.is_withheld
    return (
        indicator.code,
        indicator.title,
        outturn.period.label,
        _value(outturn),
        outturn.text,
        dict(Outturn.Status.choices).get(outturn.status, ""),
        _amount(outturn.numerator) if is_open else "",
        _amount(outturn.denominator) if is_open else "",
        outturn.target_text,
        outturn.note,
    )


def _value(outturn: OutturnFact | None) -> Decimal | str:
    return _amount(outturn.value) if outturn and not outturn.is_withheld else ""


def _amount(number: Decimal | None) -> Decimal | str:
    return "" if number is None else number
