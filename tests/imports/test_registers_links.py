"""Several records in one cell of a register: whatever they are called, what goes out comes in again."""

import csv
import io
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from activities.models import Activity
from activities.resources import ACTIVITIES
from finance.models import Supplier
from finance.resources import CONTRACTS, SUPPLIERS
from finance.supplier_widgets import SupplierWidget
from kpis.models import PlanIndicator
from kpis.resources import PLACES
from lambeth_plans.accounts.register_widgets import RecordsWidget
from lambeth_plans.imports.registers.lookup import RegisterLookup
from lambeth_plans.spreadsheets import Cell
from lambeth_plans.spreadsheets.csv_files import write_csv
from objectives.models import Objective
from objectives.resources import OBJECTIVES
from risks.mitigation_cells import MitigationsWidget
from risks.models import RiskMatrix
from risks.resources import MATRICES, MITIGATIONS, RISKS

WIDGET = RecordsWidget(RISKS, "objectives")
NASTY = some.text(some.sampled_from("aB1;,'\"=+-@ \u00a0\u2212\n/()[]clear"), max_size=8)
CALLED = some.one_of(
    NASTY,
    some.sampled_from(["clear", "o1", "o2", "O1", "o1; o2", "O2;", "'=o1", "-", "a,b", "", ";", "key: o1", "Key:O2"]),
)


def lookup_of(called):
    """What a lookup knows of a plan with objectives of these references and titles, whose keys are o1, o2 …"""
    records = {
        number: Objective(pk=number, key=f"o{number}", ref=ref, title=title)
        for number, (ref, title) in enumerate(called, start=1)
    }
    names = {number: record.key for number, record in records.items()}
    held = {Objective: SimpleNamespace(sheet=OBJECTIVES, records=records)}
    return RegisterLookup(SimpleNamespace(by_model=held, names={Objective: names}, plan=None), SimpleNamespace())


def through_a_file(text):
    ((cell,),) = csv.reader(io.StringIO(write_csv([[text]]).decode("utf-8-sig"), newline=""))
    return Cell(cell)


@given(called=some.lists(some.tuples(NASTY | CALLED, CALLED), min_size=1, max_size=5), data=some.data())
def test_what_goes_out_comes_in_again_whatever_records_are_called(called, data):
    lookup = lookup_of(called)
    chosen = data.draw(some.sets(some.sampled_from([f"o{number + 1}" for number in range(len(called))])))
    written = WIDGET.render({"objectives": tuple(sorted(chosen))}, lookup=lookup)
    said = WIDGET.clean(through_a_file(written), lookup=lookup)
    assert said == ({"objectives": tuple(sorted(chosen))} if chosen else {})


READ = {
    "a reference, case and blanks aside": ("ka 1", ("o1",)),
    "several, by reference, title and key, one of them twice": ("KA1; More homes;o3 ;ka1", ("o1", "o2", "o3")),
    "one a line": ("KA1\nMore homes\n", ("o1", "o2")),
    "a title with a semicolon is one": ("Cleaner; safer", ("o3",)),
    "and stands in a line of its own beside others": ("Cleaner; safer\nKA1; More homes", ("o1", "o2", "o3")),
    "a title with commas is one": ("Fewer, better buildings", ("o4",)),
    "what takes them away": ("Clear", ()),
    "what of another plan it leads to": ("other-plan/x1; KA1", ("o1", "other-plan/x1")),
}
CALLED_SO = [("KA1", "Care"), ("", "More homes"), ("3", "Cleaner; safer"), ("4", "Fewer, better buildings")]


@pytest.mark.parametrize("case", READ)
def test_a_cell_names_several_records(case):
    text, names = READ[case]
    old = {"objectives": ("other-plan/x1",)}
    assert WIDGET.clean(Cell(text), lookup=lookup_of(CALLED_SO), old=old) == {"objectives": names}


@pytest.mark.parametrize("text", ["", ";", " ; \n;", "\n"])
def test_a_cell_that_names_nothing_says_nothing(text):
    assert WIDGET.clean(Cell(text), lookup=lookup_of(CALLED_SO)) == {}


def test_of_many_unknown_names_ten_are_told():
    with pytest.raises(ValueError, match=r"no objective “Z9”.+And 19,990 more names\.") as refusal:
        WIDGET.clean(Cell(";".join(f"Z{number}" for number in range(20_000))), lookup=lookup_of(CALLED_SO))
    assert "“Z10”" not in str(refusal.value)


REFUSED = {
    "KA2; KA1; Lots": [
        "The plan has no objective “KA2”. Did you mean KA1",
        "The plan has no objective “Lots”.",
    ],
    "KA1, More homes": ["The plan has no objective “KA1, More homes”.", "Part several with semicolons."],
    "other-plan/x1": ["The plan has no objective “other-plan/x1”."],
    "other-plan/x1; clear": ["“other-plan/x1”", "“clear”"],
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_there_is_refused_all_at_once(text):
    with pytest.raises(ValueError, match="The plan has no objective") as refusal:
        WIDGET.clean(Cell(text), lookup=lookup_of(CALLED_SO), old={"objectives": ()})
    for words in REFUSED[text]:
        assert words in str(refusal.value)


def test_what_several_are_called_is_refused_and_told_apart():
    lookup = lookup_of([("A", "One"), ("a", "Two"), ("o1", "Three")])
    with pytest.raises(ValueError, match=r"“A” may be One or Two. Write which of these is meant\."):
        WIDGET.clean(Cell("A"), lookup=lookup)
    assert WIDGET.render({"objectives": ("o1", "o2", "o3")}, lookup=lookup) == "One; Two; Three"


def test_a_key_that_is_the_reference_of_another_record_is_refused():
    """Keys stay when a new edition counts its objectives anew."""
    lookup = lookup_of([("o2", "Early help"), ("o1", "Placements"), ("o9", "Homes"), ("o3", "")])
    with pytest.raises(ValueError, match=r"“o1” may be Early help or Placements. Write which of these is meant\."):
        WIDGET.clean(Cell("o1"), lookup=lookup)
    assert WIDGET.clean(Cell("Key: o1; o9"), lookup=lookup) == {"objectives": ("o1", "o3")}
    assert WIDGET.render({"objectives": ("o1", "o4")}, lookup=lookup) == "Early help; o4"


def test_a_supplier_is_found_by_a_name_that_is_the_key_of_another_only_if_the_file_says_which():
    suppliers = {1: Supplier(pk=1, key="acme", name="Acme (North)"), 2: Supplier(pk=2, key="acme-2", name="Acme")}
    held = {Supplier: SimpleNamespace(sheet=SUPPLIERS, records=suppliers)}
    names = {Supplier: {1: "acme", 2: "acme-2"}}
    lookup = RegisterLookup(SimpleNamespace(by_model=held, names=names, plan=None), SimpleNamespace())
    widget = SupplierWidget(CONTRACTS, "supplier", SUPPLIERS, "supplier_as_stated")
    with pytest.raises(ValueError, match=r"“Acme” may be Acme \(North\) or acme-2. Write which of these is meant\."):
        widget.clean(Cell("Acme"), lookup=lookup)
    assert widget.clean(Cell("acme-2"), lookup=lookup)["supplier"] == "acme-2"


def test_an_activity_whose_title_has_brackets_stands_in_brackets_by_its_key():
    activities = {1: Activity(pk=1, key="panel", title="A [weekly] panel"), 2: Activity(pk=2, key="x", ref="panel")}
    held = {Activity: SimpleNamespace(sheet=ACTIVITIES, records=activities)}
    names = {Activity: {1: "panel", 2: "x"}}
    lookup = RegisterLookup(SimpleNamespace(by_model=held, names=names, plan=None), SimpleNamespace())
    widget = MitigationsWidget(MITIGATIONS, "")
    written = widget.render({"all": [{"kind": "", "text": "Meet", "activity": "panel"}]}, lookup=lookup)
    assert (written, lookup.name_of(ACTIVITIES, "key: panel")) == ("Meet [key: panel]", "panel")


def test_an_indicator_is_found_by_any_code_it_has():
    """“LC.06” and “LC06” are the same; the code that the plan prints may be another one."""
    place = PlanIndicator(pk=1, key="visits", code="LC.06", title="Visits", indicator_id=7)
    held = {PlanIndicator: SimpleNamespace(sheet=PLACES, records={1: place})}
    indicators = SimpleNamespace(find=lambda text: SimpleNamespace(pk=7) if text in ("LC06", "N 21") else None)
    holdings = SimpleNamespace(by_model=held, names={PlanIndicator: {1: "visits"}}, plan=None)
    lookup = RegisterLookup(holdings, indicators)
    assert [lookup.name_of(PLACES, text) for text in ("lc.06", "LC06", "N 21", "Visits")] == ["visits"] * 4
    with pytest.raises(ValueError, match="The plan has no indicator “LC07”"):
        lookup.name_of(PLACES, "LC07")
    held[PlanIndicator].records[2] = PlanIndicator(pk=2, key="other", code="N 21", title="Others", indicator_id=8)
    holdings.names[PlanIndicator][2] = "other"
    with pytest.raises(ValueError, match=r"“N 21” may be Others or LC\.06"):
        RegisterLookup(holdings, indicators).name_of(PLACES, "N 21")


def test_editions_of_a_matrix_share_a_name_and_are_told_apart_by_it():
    first, second = (RiskMatrix(pk=number, key=f"grid-{number}", name="Grid", edition=number) for number in (1, 2))
    held = {RiskMatrix: SimpleNamespace(sheet=MATRICES, records={1: first, 2: second})}
    names = {RiskMatrix: {1: "grid-1", 2: "grid-2"}}
    lookup = RegisterLookup(SimpleNamespace(by_model=held, names=names, plan=None), SimpleNamespace())
    assert [lookup.words_of(MATRICES, key) for key in ("grid-1", "grid-2")] == ["Grid, edition 1", "Grid, edition 2"]
    assert lookup.name_of(MATRICES, "grid, edition 2") == "grid-2"
    with pytest.raises(ValueError, match="may be Grid, edition 1 or Grid, edition 2"):
        lookup.name_of(MATRICES, "Grid")
