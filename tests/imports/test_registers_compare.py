"""What a row of each register changes, and what is refused; contracts have a file of their own."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import BooleanField, Func
from django.test.utils import CaptureQueriesContext

from finance.models import Contract, WorkforceBand
from kpis.models import Target
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register
from lambeth_plans.imports.undo import undo_records
from lambeth_plans.imports.workbook import checks
from risks.models import RiskScore
from tests import factories
from tests.imports.registers import bring, told

STEPS = ("Rare", "Unlikely", "Possible", "Likely", "Certain")


@pytest.fixture
def held(plan, division, post):
    """One record of each register, and what it may name."""
    council = plan.council
    matrix = factories.RiskMatrixFactory(council=council, key="matrix", name="Corporate", steps=STEPS)
    risk = factories.RiskFactory(plan=plan, key="r1", ref="R1", title="Too few homes", matrix=matrix)
    factories.RiskScoreFactory(
        risk=risk,
        kind="current",
        scored_date="2020-04-01",
        score=8,
        score_as_stated="eight",
        likelihood=2,
        impact=4,
        matrix=matrix,
    )
    saving = factories.SavingFactory(plan=plan, key="s1", ref="S1", title="Fewer buildings", base_budget=Decimal(100))
    factories.SavingYearFactory(saving=saving, period="2020/21", planned=Decimal(10))
    factories.BudgetLineFactory(plan=plan, key="b1", title="Care", period="2020/21", division=division)
    snapshot = factories.WorkforceSnapshotFactory(
        plan=plan, key="w1", title="Staff", snapshot_date="2020-03", headcount=59
    )
    factories.WorkforceBandFactory(snapshot=snapshot, order=1, kind="agency", label="Agency staff", number=9)
    factories.WorkforceBandFactory(snapshot=snapshot, order=2, kind="grade", label="Scale 1", number=50)
    indicator = factories.IndicatorFactory(council=council, key="visits", title="Visits", unit="%")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.TargetFactory(indicator=indicator, period="2020/21", value=Decimal(90))
    factories.ComparatorGroupFactory(council=council, key="inner", name="Inner London")
    factories.BenchmarkFactory(indicator=indicator, area="England", period="2020/21", value=Decimal(80))
    return plan


NEW_SCORE = {
    "risk": ["", "r1"],
    "kind": ["", "Current"],
    "scored_date": ["", "2021-04-01"],
    "score": ["", "16"],
    "likelihood": ["", "4"],
    "impact": ["", "4"],
    "matrix": ["", "matrix"],
}
CHANGES = {
    "risks: a score of another day is a new one, and says who owns it": (
        "risks",
        [
            "Reference,Title,Owner,Review date,Likelihood,Impact,Scored on",
            "r1,Too few homes,Director of Care,Jun-21,4 - Likely,4,1 April 2021",
        ],
        [{"owner": ["", "director-of-care"], "review_date": ["", "2021-06"]}, NEW_SCORE],
    ),
    "risks: the score of a day is changed, and the target comes beside it": (
        "risks",
        ["Ref,Title,Likelihood,Impact,Scored on,Target score", "R1,,4,,01/04/2020,4"],
        [
            {"score": ["8", "16"], "score_as_stated": ["eight", ""], "likelihood": ["2", "4"]},
            {"risk": ["", "r1"], "kind": ["", "Target"], "scored_date": ["", "2020-04-01"], "score": ["", "4"]},
        ],
    ),
    "risks: a total is enough": (
        "risks",
        ["Ref,Title,Score,Scored on", "R2,New,12,2021-01-05"],
        [
            {"key": ["", "r2"], "ref": ["", "R2"], "title": ["", "New"], "order": ["", "1"]},
            {
                "risk": ["", "r2"],
                "kind": ["", "Current"],
                "scored_date": ["", "2021-01-05"],
                "score": ["", "12"],
            },
        ],
    ),
    "savings: a row for each year, what is the saving's own on one of them": (
        "savings",
        [
            "Ref,Title,Base budget,Year,Planned,Delivered,Slipped",
            'S1,Fewer buildings,,2020/21,10,£4,"6"',
            'S1,,"£1,200",2021-22,TBC,,',
        ],
        [
            {"base_budget": ["100", "1200"]},
            {"delivered": ["", "4"], "slipped": ["", "6"]},
            {"saving": ["", "s1"], "period": ["", "2021/22"], "planned_as_stated": ["", "TBC"]},
        ],
    ),
    "budget: a line is found by title, fund and year": (
        "budget",
        [
            "Line,Fund,Year,Employee,Non-employee,Grants,Other income",
            "care,General Fund,2020/21,£900000,400000,150000,50000",
            "Care,DSG,2020/21,1,2,3,0",
        ],
        [
            {"employee_expenses": ["800000", "900000"]},
            {
                "key": ["", "care-dsg-2020-21"],
                "title": ["", "Care"],
                "period": ["", "2020/21"],
                "order": ["", "1"],
                "fund": ["", "Dedicated Schools Grant"],
                "employee_expenses": ["", "1"],
                "other_expenditure": ["", "2"],
                "grants_and_contributions": ["", "3"],
                "other_income": ["", "0"],
            },
        ],
    ),
    "workforce: parts by columns and by rows, a new date is a new snapshot": (
        "workforce",
        [
            "Snapshot,Date,Headcount,Sickness days,Agency,Band kind,Band,Number",
            "Staff,March 2020,66,9.5,11,Grade band,Scale 1,55",
            "Staff,2021-03,60,,,grade,Scale 1,60",
        ],
        [
            {"headcount": ["59", "66"], "average_sickness_days": ["", "9.5"]},
            {
                "key": ["", "staff-2021-03"],
                "title": ["", "Staff"],
                "order": ["", "1"],
                "snapshot_date": ["", "2021-03"],
                "headcount": ["", "60"],
            },
            {"number": ["9", "11"]},
            {"number": ["50", "55"]},
            {
                "snapshot": ["", "staff-2021-03"],
                "order": ["", "1"],
                "kind": ["", "Grade band"],
                "label": ["", "Scale 1"],
                "number": ["", "60"],
            },
        ],
    ),
    "budget: what a line is expected to come to, month by month": (
        "budget",
        [
            "Line,Year,Month,Forecast,Spent to date,Reason for variance,Recovery action",
            'Care,2020/21,Sep 2020,"1,050,000",500000,More children,A panel',
            "Care,2020/21,Oct 2020,1000000,,,",
        ],
        [
            {
                "line": ["", "b1"],
                "period": ["", "Sep 2020"],
                "forecast": ["", "1050000"],
                "actual_to_date": ["", "500000"],
                "variance_reason": ["", "More children"],
                "recovery_action": ["", "A panel"],
            },
            {"line": ["", "b1"], "period": ["", "Oct 2020"], "forecast": ["", "1000000"]},
        ],
    ),
    "workforce: turnover, and the caseload of a team": (
        "workforce",
        ["Snapshot,Date,Turnover,Team,Target caseload,Caseload", "Staff,March 2020,15.1,Referral,10,22"],
        [
            {"turnover": ["", "15.1"]},
            {
                "snapshot": ["", "w1"],
                "order": ["", "1"],
                "team": ["", "Referral"],
                "target": ["", "10"],
                "actual": ["", "22"],
            },
        ],
    ),
    "targets: found by any code and its period": (
        "targets",
        [
            "Indicator,Period,Target,Rule,Amber,Standing,Agreed by",
            "lc06,2020/21,95%,percent,10,agreed,Board",
            "visits,2021/22,TBC,,,,",
        ],
        [
            {
                "value": ["90", "95"],
                "value_as_stated": ["", "95%"],
                "amber": ["5", "10"],
                "rule_kind": ["points", "percent"],
                "standing": ["Stated", "Agreed"],
                "agreed_by": ["", "Board"],
            },
            {
                "indicator": ["", "visits"],
                "period": ["", "2021/22"],
                "value_as_stated": ["", "TBC"],
                "standing": ["", "Stated"],
            },
        ],
    ),
    "benchmarks: a figure or the reason why there is none": (
        "benchmarks",
        [
            "Indicator,Area,Group,Period,Value,Source",
            "LC.06,England,,2020/21,c,",
            "LC.06,Camden,Inner London,Q1 2020/21,70,LAIT",
        ],
        [
            {"value": ["80", ""], "value_as_stated": ["", "c"], "reason": ["", "Suppressed"]},
            {
                "indicator": ["", "visits"],
                "area": ["", "Camden"],
                "period": ["", "Q1 2020/21"],
                "group": ["", "inner"],
                "value": ["", "70"],
                "value_as_stated": ["", "70"],
                "source": ["", "LAIT"],
            },
        ],
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_row_changes_what_it_says_and_the_batch_is_taken_back(held, analyst, case):
    register, lines, changes = CHANGES[case]
    batch = bring(register, "\n".join(lines), held, analyst)
    assert told(batch) == []
    assert [row["cells"] for row in batch.rows["rows"]] == changes
    batch = confirm_register(batch=batch, by=analyst)
    again = bring(register, "\n".join(lines), held, analyst)
    assert (again.state, again.rows["rows"]) == (ImportBatch.State.UNCHANGED, [])
    undo_records(batch=batch, by=analyst, reason="Only a test.")
    assert RiskScore.objects.get().score == 8
    assert list(WorkforceBand.objects.values_list("number", flat=True)) == [9, 50]
    assert Target.objects.get().value == 90
    assert [row["cells"] for row in bring(register, "\n".join(lines), held, analyst).rows["rows"]] == changes


REFUSED = {
    "risks": (
        [
            "Ref,Title,Owner,Likelihood,Impact,Score,Scored on,Target score",
            "R1,,Directr of Care,Sure,4,,01/04/2021,",
            "R2,New,,4,4,,,",
            "R3,Newer,,2,4,9,2021-01-05,lots",
            "R4,Other,,4,,,2021-01-05,",
        ],
        [
            "2 C (Owner): The council has no officer “Directr of Care”. Did you mean Director of Care?",
            "2 D (Likelihood): “Sure” is no step of likelihood that we know.",
            "3 G (Scored on): A score is of a day.",
            "4 : A score is its likelihood times its impact.",
            "4 H (Target score): “lots” is not a whole number.",
            "5 F (Score): A new risk score needs this (Score).",
        ],
    ),
    "savings": (
        [
            "Ref,Title,Base budget,Year,Planned,Forecast",
            "S1,,1,2020/21,10,",
            "S1,,2,2020/21,11,",
            "S1,,,,5,TBC",
            "S2,Two,,2019/21,1,",
        ],
        [
            "2 D (Year): “S1, 2020/21” stands in rows 2 and 3. Keep one",
            "3 D (Year): “S1, 2020/21” stands in rows 2 and 3. Keep one",
            "3 C (Base budget): Row 2 says “1” here, of the same saving. They must agree.",
            "4 D (Year): An amount is of a year.",
            "5 D (Year): “2019/21” is not a year",
        ],
    ),
    "budget": (
        ["Line,Fund,Year,Employee,Non-employee,Grants", "Care,General Fund,2021/22,1,,3", "Care,DSG,,1,2,3"],
        [
            "2 Other income: A new budget line needs this (Other income).",
            "2 E (Non-employee): A new budget line needs this",
            "3 C (Year): A budget is of a year.",
        ],
    ),
    "workforce": (
        [
            "Snapshot,Date,Headcount,Agency,Number",
            "Staff,2020-03,100,,5",
            "Staff,2020-03,101,12,",
            "Later,,7,,",
            "Staff,2020-03,,13,",
        ],
        [
            "2 Band: Say which part of the headcount this is",
            "3 C (Headcount): Row 2 says “100” here",
            "4 B (Date): A new workforce snapshot needs this",
            "5 D (Agency): Row 3 says “12” here",
        ],
    ),
    "targets": (
        [
            "Indicator,Period,Target,Rule,Amber",
            "LC07,2020/21,90,,",
            "LC06,,90,,",
            "LC06,2021/22,£5,,",
            "LC06,2022/23,90,points,",
        ],
        [
            "2 A (Indicator): We know no indicator “LC07”. Did you mean LC.06?",
            "3 B (Period): The row has no period.",
            "4 C (Target): “£5” is in pounds",
            "5 : A rule needs an amber tolerance.",
        ],
    ),
    "benchmarks": (
        [
            "Indicator,Area,Period,Value,Group",
            "LC06,England,2020/21,c. 40,Innr London",
            "LC06,,2020/21,40,",
            "LC06,Kent,2020/21,,",
        ],
        [
            "2 D (Value): “c. 40” is not a figure.",
            "2 E (Group): The council has no comparator group “Innr London”. Did you mean Inner London?",
            "3 B (Area): The row has no area.",
            "4 : Give a figure, or the reason why there is none.",
        ],
    ),
}


@pytest.mark.parametrize("register", REFUSED)
def test_every_error_of_a_register_is_told_at_its_place(held, analyst, register):
    lines, expected = REFUSED[register]
    batch = bring(register, "\n".join(lines), held, analyst)
    assert len(told(batch)) == len(expected), told(batch)
    for said, beginning in zip(told(batch), expected, strict=True):
        assert said.startswith(beginning), told(batch)


def test_a_contract_may_name_several_directors_parted_by_a_stroke(plan, analyst):
    for key, name in (("ann", "Ann Example"), ("ben", "Ben Example"), ("cy", "Cy Example")):
        factories.OfficerFactory(council=plan.council, key=key, name=name)
    content = "Title,Director\nSchool meals,Ann Example/ Ben Example\nBooks,Cy Example\n"
    batch = confirm_register(batch=bring("contracts", content, plan, analyst), by=analyst)
    meals = Contract.objects.get(plan=plan, title="School meals")
    assert (meals.director.key, meals.director_as_stated) == ("ann", "Ann Example/ Ben Example")
    assert [officer.key for officer in meals.further_directors.all()] == ["ben"]
    assert bring("contracts", content, plan, analyst).state == ImportBatch.State.UNCHANGED
    assert told(bring("contracts", "Title,Director\nSchool meals,Ann Example/Dee Example\n", plan, analyst)) != []
    undo_records(batch=batch, by=analyst, reason="Only a test.")
    assert not Contract.objects.filter(plan=plan).exists()


def test_new_rows_are_judged_together_and_each_is_told_what_is_wrong_with_it(plan, analyst, monkeypatch):
    def contracts(number):
        return "Ref,Title,Notice\n" + "".join(f"C{each},Title {each},6\n" for each in range(number))

    asked = []
    for number in (2, 90):
        with CaptureQueriesContext(connection) as queries:
            batch = bring("contracts", contracts(number), plan, analyst)
        assert (told(batch), batch.new_count) == ([], number)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    with_one = contracts(4).replace("Title 2,6", "Title 2,0")
    (together,) = told(bring("contracts", with_one, plan, analyst))
    assert together.startswith("4 : A notice period is 1 to ")

    def nothing_the_database_knows(condition, record):
        return Func(function="UNKNOWN_TO_ALL", output_field=BooleanField())

    monkeypatch.setattr(checks, "_asked", nothing_the_database_knows)
    assert told(bring("contracts", with_one, plan, analyst)) == [together]
