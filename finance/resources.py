"""Which sheets of a plan's workbook hold money, contracts and the workforce, and which columns their registers have.

The contracts register has the columns that the Local Government Transparency Code asks for.
"""

from collections.abc import Iterator
from typing import Any

from finance.models import (
    BudgetFigure,
    BudgetLine,
    Contract,
    PrintedTotal,
    Saving,
    SavingYear,
    Supplier,
    WorkforceBand,
    WorkforceSnapshot,
)
from finance.supplier_widgets import KindWidget, SupplierWidget
from lambeth_plans.accounts.record_sheets import Values, sheet_of
from lambeth_plans.accounts.register_sheets import (
    Register,
    RegisterColumn,
    RegisterRow,
    Said,
    says_of_found,
    says_of_main,
)
from lambeth_plans.accounts.register_widgets import (
    AmountWidget,
    DayWidget,
    Lookup,
    NameWidget,
    PeriodWidget,
    RegisterWidget,
    SharedNameWidget,
    WordsWidget,
    folded,
)
from lambeth_plans.accounts.resources import DIVISIONS, PEOPLE

BUDGET = sheet_of(BudgetLine, "Budget")
BUDGET_FIGURES = sheet_of(BudgetFigure, "Budget figures")
SAVINGS = sheet_of(Saving, "Savings")
SAVING_YEARS = sheet_of(SavingYear, "Saving years")
SUPPLIERS = sheet_of(Supplier, "Suppliers")
CONTRACTS = sheet_of(Contract, "Contracts")
WORKFORCE = sheet_of(WorkforceSnapshot, "Workforce")
WORKFORCE_BANDS = sheet_of(WorkforceBand, "Workforce bands")
PRINTED_TOTALS = sheet_of(PrintedTotal, "Printed totals")


# Contracts

_QUOTE, _TENDER = Contract.Process.QUOTE.value, Contract.Process.TENDER.value
PROCESSES = {
    **dict.fromkeys(("quote", "quotation", "request for quotation", "rfq", "itq"), _QUOTE),
    **dict.fromkeys(("tender", "invitation to tender", "itt", "open tender", "published tender"), _TENDER),
    **dict.fromkeys(("none", "neither", "n/a", "not applicable", "other"), ""),
}


class ContractsRegister(Register):
    """One contract in each row, with its supplier."""

    slug, label, noun = "contracts", "Contracts", "contract"

    ref = RegisterColumn(
        "Reference number",
        RegisterWidget(CONTRACTS, "ref"),
        "reference; ref; contract reference; reference no; reference no.; contract ref",
    )
    title = RegisterColumn(
        "Title of agreement",
        RegisterWidget(CONTRACTS, "title"),
        "title; contract title; agreement; contract; title of contract",
    )
    division = RegisterColumn(
        "Local authority department responsible",
        NameWidget(CONTRACTS, "division", DIVISIONS),
        "department; division; department responsible; service; local authority department",
    )
    description = RegisterColumn(
        "Description of the goods or services",
        RegisterWidget(CONTRACTS, "description"),
        "description; details; description of the goods and/or services being provided",
    )
    supplier = RegisterColumn(
        "Supplier name and details",
        SupplierWidget(CONTRACTS, "supplier", SUPPLIERS, "supplier_as_stated"),
        "supplier; supplier name; contractor; name of supplier",
    )
    is_small_or_medium = RegisterColumn(
        "Supplier is an SME",
        RegisterWidget(SUPPLIERS, "is_small_or_medium"),
        "sme; small or medium-sized enterprise; small or medium sized enterprise",
    )
    is_voluntary_or_community = RegisterColumn(
        "Supplier is a VCSE",
        RegisterWidget(SUPPLIERS, "is_voluntary_or_community"),
        "vcse; vcs; voluntary or community sector organisation",
    )
    kind = RegisterColumn(
        "SME or VCSE",
        KindWidget(SUPPLIERS, "is_small_or_medium", "is_voluntary_or_community"),
        "sme/vcse; sme or vcse; vcse/sme; supplier type",
    )
    registration_number = RegisterColumn(
        "Supplier registration number",
        RegisterWidget(SUPPLIERS, "registration_number"),
        "registration number; company number; charity number; company or charity number",
    )
    annual_value = RegisterColumn(
        "Estimated annual value",
        AmountWidget(CONTRACTS, "annual_value", "annual_value_as_stated"),
        "annual value; value a year; annual contract value; estimated annual spend",
    )
    annual_value_as_stated = RegisterColumn(
        "Annual value as printed", RegisterWidget(CONTRACTS, "annual_value_as_stated"), "annual value as stated"
    )
    total_value = RegisterColumn(
        "Sum to be paid over the length of the contract",
        AmountWidget(CONTRACTS, "total_value", "total_value_as_stated"),
        "total value; contract value; value; sum to be paid; total contract value",
    )
    total_value_as_stated = RegisterColumn(
        "Sum as printed", RegisterWidget(CONTRACTS, "total_value_as_stated"), "total value as stated"
    )
    irrecoverable_vat = RegisterColumn(
        "VAT that cannot be recovered",
        AmountWidget(CONTRACTS, "irrecoverable_vat"),
        "irrecoverable vat; vat not recoverable; vat; vat that cannot be recovered",
    )
    start_date = RegisterColumn(
        "Start date", DayWidget(CONTRACTS, "start_date"), "start; starts; contract start date; begins"
    )
    end_date = RegisterColumn(
        "End date", DayWidget(CONTRACTS, "end_date", "end_date_as_stated"), "end; ends; contract end date; expiry date"
    )
    end_date_as_stated = RegisterColumn(
        "End date as printed", RegisterWidget(CONTRACTS, "end_date_as_stated"), "end date as stated"
    )
    review_date = RegisterColumn("Review date", DayWidget(CONTRACTS, "review_date"), "review; contract review date")
    process = RegisterColumn(
        "Invitation to quote or tender",
        WordsWidget(CONTRACTS, "process", PROCESSES),
        "process; procurement process; procurement route; tender process; result of",
    )
    director = RegisterColumn(
        "Director",
        SharedNameWidget(CONTRACTS, "director", PEOPLE, "director_as_stated", "further_directors"),
        "responsible director; contract owner; owner",
    )
    note = RegisterColumn("Note", RegisterWidget(CONTRACTS, "note"), "notes; comment; comments")
    key = RegisterColumn("Key", RegisterWidget(CONTRACTS, "key"), "record key")

    required = ("title",)

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        contract = says_of_main(row, CONTRACTS, cls.of(CONTRACTS))
        if contract is None:
            return
        yield contract
        held = row.lookup.values(CONTRACTS, contract.identity)
        supplier = contract.values.get("supplier", held["supplier"] if held else "")
        old = row.lookup.values(SUPPLIERS, (supplier,)) if supplier else None
        values, places = row.read(*cls.of(SUPPLIERS), old=old)
        if values and not supplier:
            row.refuse("supplier", "The row says what kind of supplier it is, but not who. Write the supplier’s name.")
        elif supplier and (old is None or values):
            name = {} if old else {"name": row.lookup.words_of(SUPPLIERS, supplier)}
            yield Said(
                SUPPLIERS,
                row.number,
                {"key": supplier, **name, **values},
                {"key": "supplier", "name": "supplier", **places},
                may_repeat=True,
            )

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        for contract in lookup.all(CONTRACTS):
            supplier = lookup.values(SUPPLIERS, (contract["supplier"],)) if contract["supplier"] else None
            yield cls.cells(lookup, (CONTRACTS, contract), *([(SUPPLIERS, supplier)] if supplier else []))


# Budget and workforce

FUNDS = {"general": "general", "gf": "general", "dsg": "schools_grant", "schools grant": "schools_grant"}


class BudgetRegister(Register):
    """One line of the budget for one year in each row."""

    slug, label, noun = "budget", "Budget", "budget line"

    title = RegisterColumn("Line", RegisterWidget(BUDGET, "title"), "title; budget line; service")
    division = RegisterColumn("Division", NameWidget(BUDGET, "division", DIVISIONS), "department")
    fund = RegisterColumn("Fund", WordsWidget(BUDGET, "fund", FUNDS), "funding")
    period = RegisterColumn("Year", PeriodWidget(BUDGET, "period"), "period; financial year")
    employee_expenses = RegisterColumn(
        "Employee",
        AmountWidget(BUDGET, "employee_expenses", "employee_expenses_as_stated"),
        "employees; employee expenses",
    )
    employee_expenses_as_stated = RegisterColumn(
        "Employee as printed", RegisterWidget(BUDGET, "employee_expenses_as_stated")
    )
    other_expenditure = RegisterColumn(
        "Non-employee", AmountWidget(BUDGET, "other_expenditure"), "non employee; non-employee expenditure"
    )
    grants_and_contributions = RegisterColumn(
        "Grants", AmountWidget(BUDGET, "grants_and_contributions"), "grants and contributions; grants & contributions"
    )
    other_income = RegisterColumn("Other income", AmountWidget(BUDGET, "other_income"), "income")
    key = RegisterColumn("Key", RegisterWidget(BUDGET, "key"))

    required = ("title", "period")

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        facts, _ = row.read("period", "fund")
        if not row.text("period"):
            row.refuse("period", "A budget is of a year. Write which, like 2019/20.")
        if row.text("title"):
            facts["title"] = row.text("title")
        called = " ".join(filter(None, (row.text("title"), row.text("fund"), row.text("period"))))
        if line := says_of_found(row, BUDGET, facts, called):
            yield line

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        for line in lookup.all(BUDGET):
            yield cls.cells(lookup, (BUDGET, line))


_AGENCY, _APPRENTICE = WorkforceBand.Kind.AGENCY, WorkforceBand.Kind.APPRENTICE
BAND_KINDS = {"agency": _AGENCY.value, "apprentice": _APPRENTICE.value, "grade": "grade"}


class WorkforceRegister(Register):
    """A snapshot in each row, or one part of its headcount in each of several rows."""

    slug, label, noun = "workforce", "Workforce", "snapshot"

    title = RegisterColumn("Snapshot", RegisterWidget(WORKFORCE, "title"), "title; directorate; workforce")
    snapshot_date = RegisterColumn("Date", DayWidget(WORKFORCE, "snapshot_date"), "snapshot date; as at; on")
    headcount = RegisterColumn("Headcount", RegisterWidget(WORKFORCE, "headcount"), "staff; employees; people")
    average_sickness_days = RegisterColumn(
        "Sickness days", RegisterWidget(WORKFORCE, "average_sickness_days"), "average sickness days; sickness"
    )
    agency = RegisterColumn("Agency", RegisterWidget(WORKFORCE_BANDS, "number"), "agency staff; agency workers")
    apprentices = RegisterColumn("Apprentices", RegisterWidget(WORKFORCE_BANDS, "number"), "apprentice")
    kind = RegisterColumn("Band kind", WordsWidget(WORKFORCE_BANDS, "kind", BAND_KINDS), "kind; kind of band")
    band = RegisterColumn("Band", RegisterWidget(WORKFORCE_BANDS, "label"), "label; grade; part")
    number = RegisterColumn("Number", RegisterWidget(WORKFORCE_BANDS, "number"), "number of people; count")
    share_as_stated = RegisterColumn("Share as printed", RegisterWidget(WORKFORCE_BANDS, "share_as_stated"), "share; %")
    key = RegisterColumn("Key", RegisterWidget(WORKFORCE, "key"))

    required = ("title",)

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        facts, _ = row.read("snapshot_date")
        if row.text("title"):
            facts["title"] = row.text("title")
        called = " ".join(filter(None, (row.text("title"), row.text("snapshot_date"))))
        snapshot = says_of_found(row, WORKFORCE, facts, called, may_repeat=True)
        if snapshot is None:
            return
        yield snapshot
        for column, kind in (("agency", _AGENCY), ("apprentices", _APPRENTICE)):
            if row.says_any(column):
                facts = {"kind": kind.value}
                yield from cls._band(row, snapshot, facts, (column,), may_repeat=True, label=str(kind.label))
        if row.says_any("kind", "band", "number"):
            facts, _ = row.read("kind", "band")
            yield from cls._band(row, snapshot, facts, ("kind", "band", "number", "share_as_stated"))

    @classmethod
    def _band(
        cls, row: RegisterRow, snapshot: Said, facts: Values, names: tuple[str, ...], *, label: str = "", **options: Any
    ) -> Iterator[Said]:
        """A part of the headcount: the one of the snapshot of which all facts hold, else a new one after the others."""
        if not facts:
            row.refuse("band", "Say which part of the headcount this is: its kind, and what it is called.")
            return
        key = snapshot.values["key"]
        bands = [band for band in row.lookup.all(WORKFORCE_BANDS) if band["snapshot"] == key]
        found = [band for band in bands if all(folded(band[name]) == folded(fact) for name, fact in facts.items())]
        if len(found) > 1:
            row.refuse(names[0], "The snapshot has several such parts. Write each in a row of its own, with its band.")
            return
        old = found[0] if found else None
        values, places = row.read(*names, old=old)
        if old is None:
            values = {"label": label or facts.get("label", ""), **facts, **values}
            last = max((band["order"] for band in bands), default=0)
            order = row.lookup.new_number(WORKFORCE_BANDS, key, tuple(facts.items()), after=last)
        identity = {"snapshot": key, "order": old["order"] if old else order}
        yield Said(WORKFORCE_BANDS, row.number, {**values, **identity}, {"order": names[0], **places}, **options)

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        bands = lookup.all(WORKFORCE_BANDS)
        for snapshot in lookup.all(WORKFORCE):
            own = [band for band in bands if band["snapshot"] == snapshot["key"]]
            for band in own or [None]:
                told = [(WORKFORCE, snapshot), *([(WORKFORCE_BANDS, band)] if band else [])]
                yield cls.cells(lookup, *told, agency=None, apprentices=None)
