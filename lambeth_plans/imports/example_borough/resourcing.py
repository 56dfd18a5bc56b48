"""This year's budget with its monthly forecasts, and the workforce of the last three half-years."""

from datetime import date, timedelta
from decimal import Decimal

from finance.models import BudgetLine, BudgetMonitor, TeamCaseload, WorkforceBand, WorkforceSnapshot
from lambeth_plans import periods
from lambeth_plans.accounts.models import Division
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from lambeth_plans.periods import Period
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
TURNOVER = (Decimal("12.80"), Decimal("14.10"), Decimal("15.60"))
#: team, target, and cases for each worker at each of the three snapshots.
CASELOADS = (
    ("Referral and assessment", Decimal(14), (Decimal("16.5"), Decimal("18.2"), Decimal("19.4"))),
    ("Child protection and children in need", Decimal(16), (Decimal("17.1"), Decimal("17.8"), Decimal("17.2"))),
    ("Children in our care", Decimal(15), (Decimal("14.2"), Decimal("14.6"), Decimal("14.9"))),
)
#: division and fund; of each month of the year, what more (below nought: less) than the budget it will come to, £000.
PRESSURES = {
    ("commissioning", BudgetLine.Fund.GENERAL): (0, 0, -20, -35, -35, -60, -60, -85, -85, -90, -95, -95),
    ("social-care", BudgetLine.Fund.GENERAL): (0, 180, 240, 390, 520, 610, 780, 840, 910, 905, 880, 870),
    ("education", BudgetLine.Fund.GENERAL): (0, 0, 60, 60, 140, 140, 210, 190, 175, 170, 160, 160),
    ("education", BudgetLine.Fund.SCHOOLS_GRANT): (0, 0, 0, 450, 450, 700, 700, 950, 950, 1_100, 1_100, 1_100),
}
#: Why each comes to more or less, and what is done where it is more.
BECAUSE = {
    ("commissioning", BudgetLine.Fund.GENERAL): ("Two posts are vacant and a contract starts later.", ""),
    ("social-care", BudgetLine.Fund.GENERAL): (
        "More children live in residential homes than the budget foresaw, and agency staff cover vacant posts.",
        "A weekly panel looks at each placement above £5,000 a week; agency posts are offered as permanent ones.",
    ),
    ("education", BudgetLine.Fund.GENERAL): (
        "Journeys to school cost more since two routes were let again.",
        "Routes are planned anew for January, and young people are offered travel training.",
    ),
    ("education", BudgetLine.Fund.SCHOOLS_GRANT): (
        "More places in independent special schools than the grant pays for.",
        "Thirty more places open in our own schools in September; the deficit is agreed with the Department.",
    ),
}
#: Days after the end of a month until its forecast is written down.
FORECAST_AFTER = 12
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
    _make_monitors(chronicle, lines)


def _make_monitors(chronicle: Chronicle, lines: list[BudgetLine]) -> None:
    """One forecast of each line for every month of the year that has been closed."""
    for number in range(12):
        month = periods.month(chronicle.year + (number + 3) // 12, (number + 3) % 12 + 1)
        written = month.end + timedelta(days=FORECAST_AFTER)
        if not chronicle.is_past(written):
            return
        chronicle.write_all([_monitor(line, month, number) for line in lines], written)


def _monitor(line: BudgetLine, month: Period, number: int) -> BudgetMonitor:
    whose = (line.division.key, line.fund)
    more = Decimal(PRESSURES[whose][number]) * 1_000
    reason, recovery = BECAUSE[whose]
    spent = (line.net_expenditure + more) * (number + 1) / 12
    return BudgetMonitor(
        line=line,
        period=month,
        forecast=line.net_expenditure + more,
        actual_to_date=spent.quantize(Decimal(1)),
        variance_reason=reason if more else "",
        recovery_action=recovery if more > 0 else "",
    )


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
            turnover=TURNOVER[number],
        )
        counted = on + timedelta(days=COUNTED_AFTER)
        chronicle.write(snapshot, counted)
        bands = [
            WorkforceBand(snapshot=snapshot, order=order, kind=kind, label=label, number=numbers[number])
            for order, (kind, label, numbers) in enumerate(WORKFORCE, start=1)
        ]
        chronicle.write_all(bands, counted)
        caseloads = [
            TeamCaseload(snapshot=snapshot, order=order, team=team, target=target, actual=actual[number])
            for order, (team, target, actual) in enumerate(CASELOADS, start=1)
        ]
        chronicle.write_all(caseloads, counted)


def _snapshot_days(chronicle: Chronicle) -> list[date]:
    """The ends of the last three half-years that have been counted, oldest first."""
    ends = (chronicle.month(-ago).end for ago in range(30))
    days = [on for on in ends if on.month in (3, 9) and chronicle.is_past(on + timedelta(days=COUNTED_AFTER))]
    return sorted(days[: len(SICKNESS_DAYS)])
