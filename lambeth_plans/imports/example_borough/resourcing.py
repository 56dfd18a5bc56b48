"""This year's budget and the workforce of the last three half-years."""

from datetime import date, timedelta
from decimal import Decimal

from finance.models import BudgetLine, WorkforceBand, WorkforceSnapshot
from lambeth_plans import periods
from lambeth_plans.accounts.models import Division
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from objectives.models import Plan

#: division, fund, employees, other spending, grants and contributions, other income; pounds.
BUDGET = (
    ("commissioning", BudgetLine.Fund.GENERAL, 3_120_000, 5_460_000, 610_000, 95_000),
    ("social-care", BudgetLine.Fund.GENERAL, 21_350_000, 34_780_000, 6_240_000, 415_000),
    ("education", BudgetLine.Fund.GENERAL, 6_870_000, 9_130_000, 2_050_000, 1_240_000),
    ("education", BudgetLine.Fund.SCHOOLS_GRANT, 8_940_000, 96_300_000, 105_240_000, 0),
)
#: kind, label, and how many at each of three snapshots, the last one last.
WORKFORCE = (
    (WorkforceBand.Kind.AGENCY, "Agency staff", (41, 47, 51)),
    (WorkforceBand.Kind.APPRENTICE, "Apprentices", (6, 8, 9)),
    (WorkforceBand.Kind.GRADE, "Up to £30,000", (96, 91, 88)),
    (WorkforceBand.Kind.GRADE, "£30,000 to £45,000", (214, 208, 203)),
    (WorkforceBand.Kind.GRADE, "£45,000 to £60,000", (87, 86, 84)),
    (WorkforceBand.Kind.GRADE, "Over £60,000", (21, 21, 22)),
)
SICKNESS_DAYS = (Decimal("8.40"), Decimal("9.10"), Decimal("9.75"))
#: Days until a snapshot has been counted.
COUNTED_AFTER = 14


def make_budget(chronicle: Chronicle, plan: Plan) -> None:
    """The budget that the council agreed before the running financial year."""
    divisions = {division.key: division for division in Division.objects.filter(council=plan.council)}
    lines = []
    for order, (key, fund, employees, other, grants, income) in enumerate(BUDGET, start=1):
        line = BudgetLine(
            plan=plan,
            key=f"{key}-{fund.value.replace('_', '-')}",
            order=order,
            title=divisions[key].name,
            period=periods.financial_year(chronicle.year),
            division=divisions[key],
            fund=fund,
            employee_expenses=Decimal(employees),
            other_expenditure=Decimal(other),
            grants_and_contributions=Decimal(grants),
            other_income=Decimal(income),
        )
        lines.append(line)
    chronicle.write_all(lines, date(chronicle.year, 3, 1))


def make_workforce(chronicle: Chronicle, plan: Plan) -> None:
    """Half-yearly snapshots, each written down when it had been counted."""
    for number, on in enumerate(_snapshot_days(chronicle)):
        snapshot = WorkforceSnapshot(
            plan=plan,
            key=f"workforce-{on:%Y-%m}",
            order=number + 1,
            title=f"Workforce in {on:%B %Y}",
            snapshot_date=on,
            headcount=sum(numbers[number] for _, _, numbers in WORKFORCE),
            average_sickness_days=SICKNESS_DAYS[number],
        )
        counted = on + timedelta(days=COUNTED_AFTER)
        chronicle.write(snapshot, counted)
        bands = [
            WorkforceBand(snapshot=snapshot, order=order, kind=kind, label=label, number=numbers[number])
            for order, (kind, label, numbers) in enumerate(WORKFORCE, start=1)
        ]
        chronicle.write_all(bands, counted)


def _snapshot_days(chronicle: Chronicle) -> list[date]:
    """The ends of the last three half-years that have been counted, oldest first."""
    ends = (chronicle.month(-ago).end for ago in range(30))
    days = [on for on in ends if on.month in (3, 9) and chronicle.is_past(on + timedelta(days=COUNTED_AFTER))]
    return sorted(days[: len(SICKNESS_DAYS)])
