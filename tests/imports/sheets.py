"""Workbooks of several sheets for the tests, without the child process that reads real ones."""

from collections.abc import Callable, Sequence

from lambeth_plans.spreadsheets import Cell, Problem, Row, Sheet, Unreadable, WhichSheet


def reading(hidden: Sequence[str] = (), **sheets: list[list[str]] | str) -> Callable[..., Sheet]:
    """What answers in place of `spreadsheets.read`: the rows of each sheet, or what is wrong with it."""

    def read(file_name: str, content: bytes, *, limit_rows: int, sheet: str = "") -> Sheet:
        if not sheet:
            raise WhichSheet(list(sheets), list(hidden))
        if sheet not in sheets:
            raise Unreadable(f"The workbook has no visible sheet “{sheet}”.")
        held = sheets[sheet]
        if isinstance(held, str):
            raise Unreadable(Problem(held, sheet))
        return Sheet(sheet, tuple(Row(number, tuple(map(Cell, row))) for number, row in enumerate(held, 1)))

    return read
