"""What keeps a risk down, told in one cell of a register."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lambeth_plans.accounts.register_widgets import folded, text_of
from lambeth_plans.spreadsheets import Cell
from lambeth_plans.spreadsheets.csv_files import write_csv
from risks.mitigation_cells import Line, read_lines, written_lines

READ = {
    "a line for each, without bullets and numbers kept": (
        "Weekly panel\n\n- Case audits\n• Duty desk \n1. Rota",
        [Line("Weekly panel"), Line("Case audits"), Line("Duty desk"), Line("1. Rota")],
    ),
    "an activity in brackets": (
        "Recruit (ten) [1.2]\nTrain [sic] people\n[KA3]\nStop [clear]",
        [Line("Recruit (ten)", "1.2"), Line("Train [sic] people"), Line("", "KA3"), Line("Stop", "clear")],
    ),
    "brackets that belong to the words": (
        '"Panel [monthly]"\n"Audit" [KA1]',
        [Line("Panel [monthly]"), Line("Audit", "KA1")],
    ),
    "words that only begin with a quote": (
        '"Safer" panel\nA "last" one',
        [Line('"Safer" panel'), Line('A "last" one')],
    ),
    "lines within quotes": ('"Panel\nand ""audit"""\nDesk', [Line('Panel\nand "audit"'), Line("Desk")]),
    "semicolons part nothing": ("Panel; audit", [Line("Panel; audit")]),
    "a dash without a blank": ("-5 staff", [Line("-5 staff")]),
    "a bracket that is not opened, or empty": ("Panel]\nDesk []", [Line("Panel]"), Line("Desk")]),
    "nothing": (" \n\n ", []),
    "bullets alone": ("•\n - \n* [KA1]", [Line("", "KA1")]),
}


@pytest.mark.parametrize("case", READ)
def test_lines_are_read(case):
    text, lines = READ[case]
    assert read_lines(text) == lines


TEXTS = some.text(some.sampled_from("aB1;,'\"=+-@ \u00a0\u2028\n[]•–"), min_size=1, max_size=12).filter(folded)
LINES = some.lists(some.builds(Line, some.one_of(TEXTS, some.just("clear")), some.sampled_from(["", "KA1", "=1; 2"])))


@given(LINES)
def test_what_goes_out_comes_in_again(lines):
    ((cell,),) = csv.reader(io.StringIO(write_csv([[written_lines(lines)]]).decode("utf-8-sig"), newline=""))
    read = read_lines(text_of(Cell(cell)))
    assert [line.text for line in read] == [line.text.replace("\u00a0", " ") for line in lines]
    assert [line.activity for line in read] == [line.activity for line in lines]


def test_a_cell_full_of_blanks_and_quotes_is_read_at_once():
    for text in (f"x{' ' * 100_000}y", '"' * 100_001, '"a\n' * 30_000, f"[{'[' * 100_000}]"):
        read_lines(text)
