"""Which columns a register of contracts has: what the Local Government Transparency Code asks for, and what councils
keep for themselves."""

from collections.abc import Iterator

from finance.models import Contract
from finance.resources import CONTRACTS, SUPPLIERS
from finance.supplier_widgets import KindWidget, MonthsWidget, SupplierWidget
from lambeth_plans.accounts.register_sheets import Register, RegisterColumn, RegisterRow, Said, says_of_main
from lambeth_plans.accounts.register_widgets import (
    AmountWidget,
    DayWidget,
    Lookup,
    NameWidget,
    RecordsWidget,
    RegisterWidget,
    SharedNameWidget,
    WordsWidget,
)
from lambeth_plans.accounts.resources import DIVISIONS, PEOPLE

_QUOTE, _TENDER, _NEITHER = (each.value for each in Contract.Process)
PROCESSES = {
    **dict.fromkeys(("quote", "quotation", "request for quotation", "rfq", "itq"), _QUOTE),
    **dict.fromkeys(("tender", "invitation to tender", "itt", "open tender", "published tender"), _TENDER),
    **dict.fromkeys(("none", "neither", "other", "direct award", "no"), _NEITHER),
    **dict.fromkeys(("n/a", "not applicable"), ""),
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
        "Start date",
        DayWidget(CONTRACTS, "start_date", "start_date_as_stated"),
        "start; starts; contract start date; begins",
    )
    start_date_as_stated = RegisterColumn(
        "Start date as printed", RegisterWidget(CONTRACTS, "start_date_as_stated"), "start date as stated"
    )
    end_date = RegisterColumn(
        "End date", DayWidget(CONTRACTS, "end_date", "end_date_as_stated"), "end; ends; contract end date; expiry date"
    )
    end_date_as_stated = RegisterColumn(
        "End date as printed", RegisterWidget(CONTRACTS, "end_date_as_stated"), "end date as stated"
    )
    review_date = RegisterColumn(
        "Review date",
        DayWidget(CONTRACTS, "review_date", "review_date_as_stated"),
        "review; contract review date",
    )
    review_date_as_stated = RegisterColumn(
        "Review date as printed", RegisterWidget(CONTRACTS, "review_date_as_stated"), "review date as stated"
    )
    notice_months = RegisterColumn(
        "Notice period in months",
        MonthsWidget(CONTRACTS, "notice_months"),
        "notice period; notice; notice months; notice period (months); termination notice period",
    )
    notice_date = RegisterColumn(
        "Last day for notice",
        DayWidget(CONTRACTS, "notice_date", "notice_date_as_stated"),
        "notice date; notice by; last notice date; date for notice",
    )
    notice_date_as_stated = RegisterColumn(
        "Notice as printed", RegisterWidget(CONTRACTS, "notice_date_as_stated"), "notice as stated"
    )
    extension_options = RegisterColumn(
        "Options to extend",
        RegisterWidget(CONTRACTS, "extension_options"),
        "extension options; extension; extensions; option to extend; extension option",
    )
    latest_end_date = RegisterColumn(
        "Latest end if extended",
        DayWidget(CONTRACTS, "latest_end_date"),
        "latest end date; extended end date; end date with extensions; maximum end date",
    )
    is_still_in_use = RegisterColumn(
        "Still in use after its end",
        RegisterWidget(CONTRACTS, "is_still_in_use"),
        "still in use; expired and in use; in use",
    )
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
    objectives = RegisterColumn(
        "Objectives it serves", RecordsWidget(CONTRACTS, "objectives"), "objectives; objective; linked objectives"
    )
    savings = RegisterColumn(
        "Savings tied to it", RecordsWidget(CONTRACTS, "savings"), "savings; saving; linked savings"
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
