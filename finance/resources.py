"""Which sheets of a plan's workbook hold money, contracts and the workforce, and which columns their registers have.

The contracts register has the columns that the Local Government Transparency Code asks for.
"""

from collections.abc import Iterator

from finance.models import (
    BudgetFigure,
    BudgetLine,
    BudgetMonitor,
    Contract,
    PrintedTotal,
    Saving,
    SavingYear,
    Supplier,
    TeamCaseload,
    WorkforceBand,
    WorkforceSnapshot,
)
from finance.supplier_widgets import KindWidget, SupplierWidget
from lambeth_plans.accounts.record_sheets import sheet_of
from lambeth_plans.accounts.register_sheets import (
    Register,
    RegisterColumn,
    RegisterRow,
    Said,
    says_of_main,
)
from lambeth_plans.accounts.register_widgets import (
    AmountWidget,
    DayWidget,
    Lookup,
    NameWidget,
    RegisterWidget,
    SharedNameWidget,
    WordsWidget,
)
from lambeth_plans.accounts.resources import DIVISIONS, PEOPLE

BUDGET = sheet_of(BudgetLine, "Budget")
BUDGET_MONITORS = sheet_of(BudgetMonitor, "Budget forecasts")
BUDGET_FIGURES = sheet_of(BudgetFigure, "Budget figures")
SAVINGS = sheet_of(Saving, "Savings")
SAVING_YEARS = sheet_of(SavingYear, "Saving years")
SUPPLIERS = sheet_of(Supplier, "Suppliers")
CONTRACTS = sheet_of(Contract, "Contracts")
WORKFORCE = sheet_of(WorkforceSnapshot, "Workforce")
WORKFORCE_BANDS = sheet_of(WorkforceBand, "Workforce bands")
CASELOADS = sheet_of(TeamCaseload, "Caseloads")
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
