"""What a pack is made of: parts, and in each of them sentences, lists, tables and charts, ready to print.

Nothing here reads the database or knows a file format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import ClassVar

from lambeth_plans.charts import Chart
from lambeth_plans.cycles.parts import Part
from lambeth_plans.rag import Rag

#: What stands on a part that the public and the press may not have (Local Government Act 1972, Schedule 12A).
PART_II = "Part II – not for publication"
EXEMPT = "Exempt from publication (Part II)"


@dataclass(frozen=True)
class Cell:
    """A cell of a table. A rating is told by its word and its letter, in a small one by the letter alone."""

    text: str = ""
    rag: Rag | None = None
    url: str = ""
    is_missing: bool = False  # not stated, or no rating
    is_small: bool = False

    @property
    def words(self) -> str:
        """What is printed: "Red (R)", "Red (R): 82.0%", "R", or the text alone."""
        if self.rag is None:
            return self.text
        if self.is_small:
            return f"{self.rag.letter}: {self.text}" if self.text else self.rag.letter
        rating = f"{self.rag.word} ({self.rag.letter})"
        return f"{rating}: {self.text}" if self.text else rating


@dataclass(frozen=True)
class Row:
    """A row of a table or an item of a list. `parts` are the other parts of the pack that say the same: it goes with
    them where one is exempt. One that `is_total` adds up others of its table."""

    cells: tuple[Cell, ...]
    parts: frozenset[Part] = frozenset()
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """`widths` are the shares of the columns; `figures` the columns that hold numbers. A wide one is printed across
    the page. Where it `is_headed`, a heading above it says what its caption says, which is then told to screen readers
    alone. The first cell of a row is its heading."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    figures: frozenset[int] = frozenset()
    is_wide: bool = False
    total: Row | None = None
    is_headed: bool = False


@dataclass(frozen=True)
class Sentences:
    """Paragraphs, each a row of one cell."""

    kind: ClassVar[str] = "sentences"
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Items:
    """A list under a lead-in; numbered where it is decided upon."""

    kind: ClassVar[str] = "items"
    lead: str
    rows: tuple[Row, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Picture:
    kind: ClassVar[str] = "picture"
    chart: Chart
    parts: frozenset[Part] = frozenset()


@dataclass(frozen=True)
class Group:
    """Blocks under a heading of their own within a part."""

    kind: ClassVar[str] = "group"
    heading: str
    blocks: tuple["Block", ...]


Block = Sentences | Items | Table | Picture | Group


@dataclass(frozen=True)
class Section:
    """A part as it is printed. Of an exempt one the members' version has the heading and the reason alone."""

    part: Part
    number: int
    heading: str
    blocks: tuple[Block, ...]
    is_exempt: bool = False
    is_withheld: bool = False  # exempt, and left out here
    because: str = ""
    left_out: bool = False  # something it says belongs to an exempt part

    @property
    def title(self) -> str:
        return f"{self.number}. {self.heading}"

    @property
    def is_wide(self) -> bool:
        return any(isinstance(block, Table) and block.is_wide for block in flat(self.blocks))


@dataclass(frozen=True)
class Line:
    """A row of a register: text, whole numbers and decimals; "" is an empty cell. `parts` as of a Row."""

    values: Sequence[str | int | Decimal]
    parts: frozenset[Part] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """A register in the workbook, with the part that tells of it; `columns` are headings and widths."""

    title: str
    part: Part
    columns: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    is_exempt: bool = False


@dataclass(frozen=True)
class Made:
    """What a part has to say before it is known what is exempt."""

    blocks: tuple[Block, ...] = ()
    heading: str = ""
    sheets: tuple[Sheet, ...] = field(default=())


def words(*texts: str, parts: frozenset[Part] = frozenset()) -> Sentences:
    return Sentences(tuple(Row((Cell(text),), parts) for text in texts if text))


def group(heading: str, *blocks: Block) -> tuple[Block, ...]:
    """The blocks under a heading; nothing where there are none."""
    return (Group(heading, blocks),) if blocks else ()


def flat(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, those of groups included."""
    for block in blocks:
        if isinstance(block, Group):
            yield from flat(block.blocks)
        else:
            yield block


def without(blocks: Sequence[Block], exempt: frozenset[Part]) -> tuple[tuple[Block, ...], bool]:
    """The blocks without what tells of an exempt part, and whether anything was left out."""
    kept: list[Block] = []
    has_left_out = False
    for block in blocks:
        if isinstance(block, Picture):
            left = None if block.parts & exempt else block
        elif isinstance(block, Group):
            inner, is_less = without(block.blocks, exempt)
            has_left_out |= is_less
            left = replace(block, blocks=inner) if inner else None
        else:
            rows = tuple(row for row in block.rows if not row.parts & exempt)
            has_left_out |= len(rows) < len(block.rows)
            left = replace(block, rows=rows) if rows else None
        has_left_out |= left is None and not isinstance(block, Group)
        if left is not None:
            kept.append(left)
    return tuple(kept), has_left_out
