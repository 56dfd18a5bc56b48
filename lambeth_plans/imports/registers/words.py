"""A register's preview in the words that people use: references, titles and names where the sheets have keys; and what
is said of cells that are empty. Nothing here is read again: a batch keeps the keys beside the words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lambeth_plans.accounts.record_sheets import RecordSheet, Values
from lambeth_plans.imports.registers.lookup import RegisterLookup
from lambeth_plans.imports.workbook.changes import NEW, RowChange, as_text
from lambeth_plans.imports.workbook.sheets import BY_TITLE
from lambeth_plans.spreadsheets import Cell

#: How many rows are named that leave something out of a list, and how much of it.
MOST_ROWS, MOST_TEXTS, LONGEST_TEXT = 20, 3, 80


def words_of_value(sheet: type[RecordSheet], name: str, value: Any, lookup: RegisterLookup) -> str:
    """What a cell says, as people call what it leads to."""
    column = sheet.fields[name]
    if not column.links_to or not value:
        return as_text(sheet, name, value)
    target = lookup.sheet_of(column.links_to)
    return "; ".join(lookup.words_of(target, each) for each in (value if column.is_many else [value]))


def label_of(sheet: type[RecordSheet], values: Values, lookup: RegisterLookup) -> str:
    """How people call a record: its reference or title, else what tells it apart, or what it says."""
    if told := values.get("ref") or values.get("title") or values.get("name"):
        return str(told)
    parts = [words_of_value(sheet, name, values[name], lookup) for name in sheet.identity]
    if values.get("text"):
        parts[-1] = values["text"][:LONGEST_TEXT]
    return ", ".join(parts)


def add_words(stored: dict[str, Any], change: RowChange, lookup: RegisterLookup, *, says_key: bool) -> None:
    """Adds to a row of a batch how people call its record and what its cells lead to. A key and a place that we made
    ourselves are not shown."""
    stored["label"] = label_of(change.sheet, change.values, lookup)
    sides = (change.old, change.values)
    words = {
        name: [words_of_value(change.sheet, name, side[name], lookup) if side else "" for side in sides]
        for name in stored["cells"]
        if change.sheet.fields[name].links_to
    }
    if words:
        stored["words"] = words
        stored["called"] = {name: _called(change, name, lookup) for name in words}
    if change.action == NEW:
        ours = ("order",) if says_key else ("key", "order")
        stored["unsaid"] = [name for name in ours if name in stored["cells"]]


def _called(change: RowChange, name: str, lookup: RegisterLookup) -> dict[str, str]:
    """How people call what a cell leads to, by what links call it."""
    column, value = change.sheet.fields[name], change.values[name]
    target = lookup.sheet_of(column.links_to)
    return {each: lookup.words_of(target, each) for each in (value if column.is_many else [value]) if each}


def now_in_words(rows: Iterable[Mapping[str, Any]], lookup: RegisterLookup) -> list[dict[str, Any]]:
    """Rows whose records were changed since the preview, with what stands there now in words."""
    found = []
    for row in rows:
        sheet = BY_TITLE[row["sheet"].casefold()]
        now = {name: _in_words(sheet, name, text, lookup) for name, text in row.get("now", {}).items()}
        found.append({**row, "now": now})
    return found


def _in_words(sheet: type[RecordSheet], name: str, text: str, lookup: RegisterLookup) -> str:
    """What a cell says of what it leads to. Other text stands as it is: what a form took, a cell may not take."""
    if not text or not sheet.fields[name].links_to:
        return text
    return words_of_value(sheet, name, sheet.fields[name].widget.clean(Cell(text)), lookup)


def notes_of_empty(counts: Mapping[str, int], of_lists: Mapping[str, int]) -> Iterator[str]:
    """What becomes of empty cells where something stands, by heading; `of_lists` are those that nothing takes away."""
    for found, more in ((counts, " Write “clear” to take it away."), (of_lists, "")):
        if found:
            cells = ", ".join(f"{heading} ({number})" for heading, number in found.items())
            yield f"Empty cells where something stands change nothing, and it stays: {cells}.{more}"


def notes_of_staying(staying: Sequence[tuple[int, str, Sequence[str]]]) -> Iterator[str]:
    """What a list in a cell does not name, by row and heading: an import removes nothing."""
    for number, heading, texts in staying[:MOST_ROWS]:
        named = ", ".join(f"“{text[:LONGEST_TEXT]}”" for text in texts[:MOST_TEXTS])
        more = f" and {len(texts) - MOST_TEXTS} more" if len(texts) > MOST_TEXTS else ""
        verb = "is not in the cell and stays" if len(texts) == 1 else "are not in the cell and stay"
        yield f"Row {number}, {heading}: {named}{more} {verb}."
    if len(staying) > MOST_ROWS:
        yield f"So it is in {len(staying) - MOST_ROWS:,} more cells."
