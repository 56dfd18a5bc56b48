"""The table of bad inputs, each with what it must get. `tests/imports/test_actions_bad_inputs.py` goes through it.

A row is a file (`Case`) or, where the answer is a page's, a small story of its own (`Story`). The numbers are those of
the list that the table keeps: 1 to 16 the container, 17 to 27 text, 28 to 39 headings and rows, 40 to 49 values, 50 to
57 the way from the upload to the undo.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

REFUSED, TAKEN, UNCHANGED = "refused", "taken", "unchanged"

#: What is held before each case, by key of the indicator and period.
HELD = {
    "assessments 2017/18": "45",
    "assessments 2018/19": "40",
    "exclusions 2017/18": "0.5",
    "exclusions 2018/19": "0.05",
}


@dataclass(frozen=True)
class Error:
    """What an error must say and where: `words` is a piece of its message."""

    words: str
    row: int = 0
    column: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Case:
    """A file and its verdict. `errors` are all that a refused one must get; `stored` what a taken one adds or changes,
    by key and period; `comments` the notes of figures; `notes` pieces of what its reader is told; `control` names the
    good file beside it."""

    number: str
    what: str
    content: Callable[[], bytes]
    file_name: str = "figures.csv"
    sheet: str = ""
    errors: tuple[Error, ...] = ()
    stored: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    comments: dict[str, str] = field(default_factory=dict)
    verdict: str = ""
    control: str = "csv"

    @property
    def expected(self) -> str:
        return self.verdict or (REFUSED if self.errors else TAKEN)

    @property
    def title(self) -> str:
        return f"{self.number} {self.what} ({self.file_name.rpartition('.')[2]})"


@dataclass(frozen=True)
class Story:
    """A case whose answer is a page's: `tell(stage)` walks it and compares. `answer` is what it comes to, in words."""

    number: str
    what: str
    tell: Callable[[Any], None]
    answer: str
    control: str = "pages"

    @property
    def title(self) -> str:
        return f"{self.number} {self.what}"
