"""What cells of a register mean: stored, kept as printed, or refused; never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from finance.resources import CONTRACTS, SAVING_YEARS
from lambeth_plans.accounts.register_widgets import AmountWidget, DayWidget, PeriodWidget, WordsWidget
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.spreadsheets import Cell
from risks.resources import SCORES

PRINTED = AmountWidget(CONTRACTS, "annual_value", "annual_value_as_stated")
EXACT = AmountWidget(CONTRACTS, "irrecoverable_vat")
PARTIAL = DayWidget(CONTRACTS, "start_date")
END = DayWidget(CONTRACTS, "end_date", "end_date_as_stated")
WHOLE = DayWidget(SCORES, "scored_date")
YEAR = PeriodWidget(SAVING_YEARS, "period")
PROCESS = WordsWidget(CONTRACTS, "process", {"itt": "tender", "none": ""})


def amount(value, printed=""):
    return {"annual_value": value and Decimal(value), "annual_value_as_stated": printed}


def end(iso, printed=""):
    return {"end_date": iso and PartialDate(iso), "end_date_as_stated": printed}


READ = [
    (PRINTED, "", {}),
    (PRINTED, " \u00a0 ", {}),
    (PRINTED, "0", amount("0")),
    (PRINTED, "£1,234.50", amount("1234.50")),
    (PRINTED, "1234.5", amount("1234.5")),
    (PRINTED, "(3,000)", amount("-3000")),
    (PRINTED, "\u2212£500", amount("-500")),
    (PRINTED, "£1.5m", amount("1500000", "£1.5m")),
    (PRINTED, "£450k", amount("450000", "£450k")),
    (PRINTED, "£2 million", amount("2000000", "£2 million")),
    (PRINTED, "c.£10,000,000", amount(None, "c.£10,000,000")),
    (PRINTED, "TBC", amount(None, "TBC")),
    (PRINTED, "'-", amount(None, "-")),
    (PRINTED, "Clear", amount(None)),
    (EXACT, "£99", {"irrecoverable_vat": Decimal(99)}),
    (EXACT, "clear", {"irrecoverable_vat": None}),
    *((PARTIAL, text, {"start_date": PartialDate("2021-03-31")}) for text in ("31/03/2021", "31 March 2021")),
    *((PARTIAL, text, {"start_date": PartialDate("2021-03-31")}) for text in ("31st Mar 2021", "31-Mar-2021")),
    *((PARTIAL, text, {"start_date": PartialDate("2021-03-31")}) for text in ("31.3.2021", "31-03-2021", "2021-03-31")),
    *(
        (PARTIAL, text, {"start_date": PartialDate("2021-03")})
        for text in ("Mar-21", "Mar 2021", "March 2021", "2021-03")
    ),
    (PARTIAL, "2021", {"start_date": PartialDate("2021")}),
    (END, "October 2022", end("2022-10")),
    (END, "ongoing", end(None, "ongoing")),
    (WHOLE, "1/4/2020", {"scored_date": date(2020, 4, 1)}),
    (YEAR, "2019–20", None),
    (PROCESS, "ITT", {"process": "tender"}),
    (PROCESS, "invitation to quote", {"process": "quote"}),
    (PROCESS, "None", {"process": ""}),
]
REFUSED = [
    (PRINTED, "1.234,50", "can mean two things"),
    (PRINTED, "20,440,00", "can mean two things"),
    (PRINTED, "1.234.567", "can mean two things"),
    (PRINTED, "1e400", "not an amount"),
    (PRINTED, "NaN", "not an amount"),
    (PRINTED, "1_000", "not an amount"),
    (PRINTED, "9" * 20, "too large"),
    (PRINTED, "1.005", "more than 2 decimals"),
    (EXACT, "£1.5m", "is rounded"),
    (EXACT, "TBC", "not an exact amount"),
    (EXACT, "c. 40", "not an exact amount"),
    (EXACT, "\u0661\u0662", "not an amount"),
    (PARTIAL, "04/31/2021", "month first"),
    (PARTIAL, "31/02/2021", "not a date that exists"),
    (PARTIAL, "01/02/03", "four digits"),
    (PARTIAL, "21 Mar 31", "four digits"),
    (PARTIAL, "31/03/0202", "in no year"),
    (PARTIAL, "TBC", "not a date"),
    (PARTIAL, "Spring 2021", "not a date"),
    (END, "5 years from 2019", "not a date"),
    (WHOLE, "March 2021", "not a day"),
    (PROCESS, "auction", "not one of the list"),
]


@pytest.mark.parametrize(("widget", "text", "said"), READ)
def test_a_cell_is_read_as_people_write_it(widget, text, said):
    found = widget.clean(Cell(text))
    assert found == said if said is not None else [period.label for period in found.values()] == ["2019/20"]


@pytest.mark.parametrize(("widget", "text", "words"), REFUSED)
def test_what_could_mean_two_things_is_refused_with_a_sentence(widget, text, words):
    with pytest.raises(ValueError, match=words):
        widget.clean(Cell(text))


def test_a_number_that_a_workbook_keeps_for_a_date_is_refused():
    with pytest.raises(ValueError, match="is a number, not a date"):
        PARTIAL.clean(Cell("44286", is_number=True))
    assert PARTIAL.clean(Cell("2021", is_number=True)) == {"start_date": PartialDate("2021")}


def test_headings_and_hints_are_written_as_people_write_them():
    read_as_well = {
        text for register in REGISTERS.values() for _, _, also in register.explained() for text in also.split(", ")
    }
    assert {"KPIs", "Risk ID", "SME", "SME/VCSE", "VCSE", "Irrecoverable VAT", "VAT", "RAG"} <= read_as_well
    hints = {heading: hint for heading, hint, _ in REGISTERS["risks"].explained()}
    assert hints["Owner"] == "An officer that is there, by name, post or key."
    assert hints["Matrix"] == "A risk matrix that is there, by name or key."
    assert hints["Further plans"] == "Plans that are there, by title or key; several parted by semicolons."
    assert hints["Indicators"] == "Indicators that are there, by code, title or key; several parted by semicolons."
