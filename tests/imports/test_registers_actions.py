"""A council's published contracts register: refused with every reason, mended, imported, taken back. And the rules that
hold for every register."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from finance.models import Contract, Supplier
from lambeth_plans import history
from lambeth_plans.imports.actions import NotWaiting
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register, upload_register
from lambeth_plans.imports.undo import InTheWay, undo_records
from lambeth_plans.imports.workbook.actions import PlanMoved
from tests import factories
from tests.imports.registers import bring, told

PUBLISHED = (Path(__file__).parent.parent / "data" / "contracts_register" / "published.csv").read_text()

REFUSED_AT_ONCE = [
    "3 M: We do not know the column without a heading.",
    "3 N: We do not know the column without a heading.",
]
REFUSED = [
    "6 I (End date): “31/04/2021” is not a date that exists.",
    "6 C (Local authority department responsible): The council has no division “Learnin”. Did you mean Learning?",
    "7 H (Start date): “04/31/2018” has its month first.",
    "7 A (Reference number): “EX-004” stands in rows 7, 8 and 9.",
    "7 F (Sum to be paid over the length of the contract): “1.234.500,00” can mean two things.",
    "8 A (Reference number): “EX-004” stands in rows 7, 8 and 9.",
    "9 H (Start date): “01/04/18” may mean several days.",
    "9 A (Reference number): “ex-004” stands in rows 7, 8 and 9.",
    "10 H (Start date): “44286” is not a date.",
    "11 B (Title of agreement): A total is computed, never imported.",
]
MENDED = (
    ("renewed,", "renewed"),
    ("31/04/2021", "30/04/2021"),
    ("Learnin,", "Learning,"),
    ("04/31/2018", "31/03/2018"),
    ("1.234.500,00", "1,234,500.00"),
    ("EX-004,Case management system (2)", "EX-004b,Case management system (2)"),
    ("ex-004,", "EX-004c,"),
    ("01/04/18", "01/04/2018"),
    ("44286", "31 March 2021"),
)


def without_nameless(text):
    """Without the two columns that have no heading."""
    lines = [line.replace("renewed", "").replace(",,,x", ",,,") for line in text.splitlines()]
    return "\n".join(line[:-2] if line.endswith(",,") else line for line in lines)


def mended():
    text = without_nameless(PUBLISHED)
    for wrong, right in MENDED[1:]:
        assert wrong in text
        text = text.replace(wrong, right)
    return "\n".join(line for line in text.splitlines() if not line.startswith("Total,"))


@pytest.fixture
def divisions(division, other_division):
    return division, other_division


def test_a_published_register_is_refused_with_every_reason_at_its_place(plan, analyst, divisions):
    for content, expected in ((PUBLISHED, REFUSED_AT_ONCE), (without_nameless(PUBLISHED), REFUSED)):
        batch = bring("contracts", content, plan, analyst)
        assert batch.is_refused
        assert len(told(batch)) == len(expected)
        for said, beginning in zip(told(batch), expected, strict=True):
            assert said.startswith(beginning)
        assert batch.marked
    assert not Contract.objects.exists()


def test_the_mended_register_comes_in_says_what_it_understood_and_is_taken_back(plan, analyst, divisions):
    batch = bring("contracts", mended(), plan, analyst)
    assert told(batch) == []
    assert (batch.new_count, batch.changed_count) == (12, 0)
    assert "“Example Transport Ltd” is a new supplier." in batch.notes
    confirm_register(batch=batch, by=analyst)
    facts = Contract.objects.order_by("order").values_list(
        "key", "total_value", "total_value_as_stated", "annual_value", "annual_value_as_stated"
    )
    assert list(facts) == [
        ("ex-001", Decimal(10_500_000), "", None, "c.£2.1m"),
        ("ex-002", Decimal("640000.50"), "", Decimal("640000.50"), ""),
        ("ex-003", None, "TBC", Decimal(118_500), ""),
        ("ex-004", Decimal(1_234_500), "", Decimal(312_000), ""),
        ("ex-004b", Decimal(312_000), "", None, ""),
        ("ex-004c", Decimal(5_000), "", None, ""),
        ("ex-005", Decimal(3_000_000), "£3m", None, ""),
    ]
    dates = [
        [date and date.iso for date in row]
        for row in Contract.objects.order_by("order").values_list("start_date", "end_date", "review_date")
    ]
    assert dates[:2] == [["2019-04-01", "2024-03-31", "2023-10"], ["2019", "2020-03", None]]
    assert Contract.objects.get(key="ex-004").end_date_as_stated == "part of a framework"
    assert Contract.objects.get(key="ex-003").division == divisions[1]
    kinds = Supplier.objects.order_by("key").values_list(
        "key", "is_small_or_medium", "is_voluntary_or_community", "registration_number"
    )
    assert list(kinds) == [
        ("example-transport-ltd", True, None, "01234567"),
        ("example-voices-charity", None, True, "1098765"),
        ("invented-software-ltd", True, True, ""),
        ("made-up-homes-ltd", False, False, ""),
        ("made-up-meals-ltd", None, None, ""),
    ]
    again = bring("contracts", mended(), plan, analyst)
    assert (again.state, again.unchanged_count) == (ImportBatch.State.UNCHANGED, 11)
    undone = undo_records(batch=batch, by=analyst, reason="Last year’s file.")
    assert undone.is_undone
    assert not Contract.objects.exists()
    assert not Supplier.objects.exists()
    assert audit().differences == ()


def test_a_row_finds_its_record_by_reference_or_title_and_blanks_change_nothing(plan, analyst, post):
    acme = factories.SupplierFactory(council=plan.council, key="acme", name="Acme Ltd")
    kept = {"supplier": acme, "annual_value": Decimal(10_000_000), "annual_value_as_stated": "c.£10,000,000"}
    factories.ContractFactory(plan=plan, key="camhs", ref="C 1", title="CAMHS", note="As printed", **kept)
    factories.ContractFactory(plan=plan, key="meals", ref="", title="School meals", supplier=None)
    batch = bring(
        "contracts",
        "Reference,Title,Supplier,Annual value,Director,Note,Process\n"
        "c1,CAMHS,,c.£10m,director of care,clear,Open tender\n"
        "C2,school  meals,ACME LTD,,,,\n",
        plan,
        analyst,
    )
    assert told(batch) == []
    assert [row["cells"] for row in batch.rows["rows"]] == [
        {
            "annual_value": ["10000000", ""],
            "annual_value_as_stated": ["c.£10,000,000", "c.£10m"],
            "process": ["", "Published invitation to tender"],
            "director": ["", "director-of-care"],
            "note": ["As printed", ""],
        },
        {"ref": ["", "C2"], "supplier": ["", "acme"]},
    ]
    batch = bring("contracts", "Reference,Title,Annual value\nC 1,,10000000\n", plan, analyst)
    assert batch.state == ImportBatch.State.UNCHANGED


def test_what_no_cell_shows_is_refused_too(plan, analyst):
    for number in (1, 2):
        factories.ContractFactory(plan=plan, key=f"twin-{number}", title="Twins")
    batch = bring(
        "contracts",
        "Reference,Title,Supplier,SME\nA1,,,\n,,Acme,\n,Twins,,\nA2,Lone,,Yes\nA3,One,Acme,Yes\nA4,Two,acme,No\n",
        plan,
        analyst,
    )
    assert [said.split(":")[0] for said in told(batch)] == [
        "2 B (Title of agreement)",
        "3 B (Title of agreement)",
        "4 B (Title of agreement)",
        "5 C (Supplier name and details)",
        "7 D (Supplier is an SME)",
    ]
    assert "Row 6 says “Yes” here, of the same supplier. They must agree." in told(batch)[-1]


def test_only_its_maker_confirms_it_once_in_time_and_as_previewed(plan, analyst, director, borough):
    contract = factories.ContractFactory(plan=plan, key="one", ref="C1", title="One")
    content = "Reference,Title,Note\nC1,One,Mine\nC2,Two,New\n"
    batch = bring("contracts", content, plan, analyst)
    colleague = factories.UserFactory(username="colleague", role="analyst", councils=[borough])
    with pytest.raises(PermissionDenied):
        confirm_register(batch=batch, by=colleague)
    with pytest.raises(NotWaiting):
        confirm_register(batch=batch, by=analyst, at=timezone.now() + timedelta(hours=25))
    contract.note = "Meanwhile"
    history.save(contract, by=director)
    factories.ContractFactory(plan=plan, key="c2", ref="C2", title="Too")
    with pytest.raises(PlanMoved) as refusal:
        confirm_register(batch=batch, by=analyst)
    assert [(row["cells"]["note"], row["now"]["note"]) for row in refusal.value.rows] == [
        (["", "Mine"], "Meanwhile"),
        (["", "New"], ""),
    ]
    assert Contract.objects.get(key="one").note == "Meanwhile"
    batch = confirm_register(batch=bring("contracts", content, plan, analyst), by=analyst)
    assert confirm_register(batch=batch, by=analyst).applied_at == batch.applied_at
    assert Contract.objects.get(key="one").history.filter(batch=batch.number).count() == 1
    contract = Contract.objects.get(key="one")
    contract.note = "Later"
    history.save(contract, by=director)
    with pytest.raises(InTheWay) as stopped:
        undo_records(batch=batch, by=analyst, reason="Wrong file.")
    assert [(each.name, each.actor) for each in stopped.value.obstacles] == [("One", director.name)]


def test_who_may_not_edit_the_registers_brings_none_in(plan, analyst, director, administrator, stranger, elsewhere):
    for person in (director, administrator, stranger):
        with pytest.raises(PermissionDenied):
            bring("contracts", "Title\nA\n", plan, person)
    factories.PlanFactory(council=elsewhere)
    register = bring("contracts", "Title\nA\n", plan, analyst)
    with pytest.raises(ValueError, match="Say which plan of The Borough"):
        upload_register(
            register=type("", (), {"is_of_plan": True}),
            council=plan.council,
            plan=elsewhere.plans.get(),
            file_name="a.csv",
            content=b"",
            by=analyst,
        )
    history.save(analyst, by=administrator, links={"councils": []})
    with pytest.raises(PermissionDenied):
        confirm_register(batch=register, by=analyst)


def test_what_cannot_stand_beside_what_somebody_changed_is_told_with_what_stands_there_now(plan, analyst, director):
    """Only the rows that are concerned; the other snapshot is well."""
    here, _ = (
        factories.WorkforceSnapshotFactory(plan=plan, key=key, title=key, headcount=100, snapshot_date="2021-03-31")
        for key in ("here", "there")
    )
    agency, _ = (
        factories.WorkforceBandFactory(snapshot=here, order=order, kind="agency", label=str(order), number=50)
        for order in (1, 2)
    )
    text = (
        "Snapshot,Date,Headcount,Why the bands do not add up,Turnover\nhere,31/03/2021,100,,3\nthere,31/03/2021,90,,3\n"
    )
    batch = bring("workforce", text, plan, analyst)
    assert told(batch) == []
    agency.number = 40
    history.save(agency, by=director)
    with pytest.raises(PlanMoved) as refusal:
        confirm_register(batch=batch, by=analyst)
    assert [(row["label"], row["now"], len(row["why"])) for row in refusal.value.rows] == [
        ("here", {"turnover": ""}, 1)
    ]
