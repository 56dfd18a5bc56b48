"""CSV files that people open in a spreadsheet program: no text of theirs becomes a formula there."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """A text cell for a file that people open in a spreadsheet: one that would be a formula gets an apostrophe."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def restored(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def write_csv(rows: Iterable[Sequence[str | int]]) -> bytes:
    """A CSV file that Excel opens rightly (UTF-8 with its mark), its texts made harmless by `neutral`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")
