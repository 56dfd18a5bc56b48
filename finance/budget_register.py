"""Which columns a list of a council's budget has, with what it is expected to come to month by month."""

from collections.abc import Iterator

from finance.resources import BUDGET, BUDGET_MONITORS
from lambeth_plans.accounts.register_sheets import (
    Register,
    RegisterColumn,
    RegisterRow,
    Said,
    rows_of_parts,
    says_of_found,
    says_of_part,
)
from lambeth_plans.accounts.register_widgets import (
    AmountWidget,
    Lookup,
    NameWidget,
    PeriodWidget,
    RegisterWidget,
    WordsWidget,
)
from lambeth_plans.accounts.resources import DIVISIONS

FUNDS = {"general": "general", "gf": "general", "dsg": "schools_grant", "schools grant": "schools_grant"}


class BudgetRegister(Register):
    """One line of the budget for one year in each row; what it is expected to come to in a month stands beside it, on
    one row or on several."""

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
    month = RegisterColumn("Month", PeriodWidget(BUDGET_MONITORS, "period"), "forecast month; month of forecast; as at")
    forecast = RegisterColumn(
        "Forecast outturn", AmountWidget(BUDGET_MONITORS, "forecast"), "forecast; projected outturn; full year forecast"
    )
    actual_to_date = RegisterColumn(
        "Spent to date", AmountWidget(BUDGET_MONITORS, "actual_to_date"), "actual; actual to date; spend to date"
    )
    variance_reason = RegisterColumn(
        "Reason for variance",
        RegisterWidget(BUDGET_MONITORS, "variance_reason"),
        "reason; variance reason; explanation",
    )
    recovery_action = RegisterColumn(
        "Recovery action", RegisterWidget(BUDGET_MONITORS, "recovery_action"), "recovery; mitigating action; action"
    )
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
        line = says_of_found(row, BUDGET, facts, called, may_repeat=True)
        if line is None:
            return
        yield line
        yield from says_of_part(
            row,
            BUDGET_MONITORS,
            line,
            "line",
            "month",
            lacks_when="A forecast is of a month. Write which, like Sep 2020.",
        )

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        return rows_of_parts(cls, lookup, BUDGET, BUDGET_MONITORS, "line")
