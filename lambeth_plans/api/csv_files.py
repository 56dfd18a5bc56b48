"""A list as a CSV file, made for Excel and Power BI: one line per item, streamed.

A list of texts becomes one cell ("A; B"). A list of parts (a saving's years, a workforce's bands) becomes a line for
each part, with the item repeated beside it; an item without parts keeps one line.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import get_args

from ninja import Schema

from lambeth_plans.api.items import Item
from lambeth_plans.spreadsheets.csv_files import neutral

Cell = str | int

LINES_AT_ONCE = 200
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _schema_in(annotation: object) -> type[Schema] | None:
    """The schema that a field holds one or several of: of `Judged`, `Judged | None` and `list[SavingYear]`."""
    if isinstance(annotation, type) and issubclass(annotation, Schema):
        return annotation
    return next((found for part in get_args(annotation) if (found := _schema_in(part))), None)


def columns(schema: type[Schema], prefix: str = "") -> list[str]:
    """The heading of each column: "title", "judgement_reason", "years_planned"."""
    found = []
    for name, field in schema.model_fields.items():
        inner = _schema_in(field.annotation)
        found += columns(inner, f"{prefix}{name}_") if inner else [f"{prefix}{name}"]
    return found


def lines(item: Item) -> list[list[Cell]]:
    """The cells of an item's lines, in the order of `columns`. At most one of its fields is a list of parts."""
    inner = {name: _schema_in(field.annotation) for name, field in type(item).model_fields.items()}
    listed = next((name for name, schema in inner.items() if schema and isinstance(getattr(item, name), list)), "")
    parts = (getattr(item, listed) or [None]) if listed else [None]
    found = []
    for part in parts:
        cells: list[Cell] = []
        for name, schema in inner.items():
            value = part if name == listed else getattr(item, name)
            if schema:
                cells += [_cell(getattr(value, column)) if value else "" for column in schema.model_fields]
            else:
                cells.append(_cell(value))
        found.append(cells)
    return found


def _cell(value: object) -> Cell:
    """A number stays one, a minus included; a text that would be a formula is made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return value
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return text if NUMBER.fullmatch(text) else neutral(text)


def csv_parts(schema: type[Item], items: Iterable[Item]) -> Iterator[bytes]:
    """The file in parts of some lines each, its heading first: UTF-8 with the mark by which Excel knows it."""
    encoder = codecs.getincrementalencoder("utf-8-sig")()
    rows = itertools.chain([columns(schema)], (line for item in items for line in lines(item)))
    while some := list(itertools.islice(rows, LINES_AT_ONCE)):
        out = io.StringIO(newline="")
        csv.writer(out).writerows(some)
        yield encoder.encode(out.getvalue())
