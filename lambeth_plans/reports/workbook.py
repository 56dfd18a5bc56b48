"""The pack as a workbook: one sheet a register, values only, and a first one that says what it is."""

import io

from lambeth_plans.reports.blocks import EXEMPT, PART_II
from lambeth_plans.reports.pack import Pack
from lambeth_plans.reports.word import INVENTED, NOTE
from lambeth_plans.spreadsheets.books import BookColumn, BookSheet, write_book

ABOUT = "About"
#: What a sheet of an exempt part is called behind its own name; Excel takes 31 letters.
SUFFIX = " (Part II)"


def workbook_of(pack: Pack) -> bytes:
    """The file. The same pack gives the same bytes."""
    sheets = [_about(pack)]
    for sheet in pack.sheets:
        is_marked = sheet.is_exempt and not pack.is_for_members
        sheets.append(
            BookSheet(
                f"{sheet.title}{SUFFIX if is_marked else ''}",
                [BookColumn(heading, width=width) for heading, width in sheet.columns],
                [line.values for line in sheet.lines],
                PART_II if is_marked else "",
            )
        )
    out = io.BytesIO()
    title = f"{pack.title}: {pack.name}"
    write_book(out, sheets, changed_at=pack.moment, spare_rows=0, title=title, author=pack.council)
    return out.getvalue()


def _about(pack: Pack) -> BookSheet:
    told = [*pack.cover, ("Note", NOTE)]
    if pack.is_invented:
        told.append(("Note", INVENTED.format(council=pack.council)))
    if pack.has_withheld:
        told.append(("Note", "“c” stands for a figure that is withheld: so few people are counted."))
    for sheet in pack.sheets:
        exempt = EXEMPT if pack.is_for_members else PART_II
        told.append((f"Sheet {sheet.title}", exempt if sheet.is_exempt else f"{len(sheet.lines)} lines"))
    return BookSheet(ABOUT, [BookColumn("About", width=24), BookColumn("This pack", width=90)], told, pack.marking)
