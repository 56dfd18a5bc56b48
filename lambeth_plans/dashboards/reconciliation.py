"""Each total a document prints beside the one computed from its records.

A printed total names what it is the total of (finance.models.PrintedTotal):

| register       | record_key                             | measure                                                   |
|----------------|----------------------------------------|-----------------------------------------------------------|
| budget         | a budget line, "general-fund" or "all" | a column of the budget ("net_expenditure")                |
| savings        | a saving, or empty for all             | "base_budget"; "total" or a period ("2020/21") of what is |
|                |                                        | planned; a period ("delivered to 30 Jan 2018") of what is |
|                |                                        | delivered                                                 |
| workforce      | a snapshot                             | "headcount": its bands added up                           |
| budget_figures | a figure with parts                    | "parts": its parts added up                               |
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from finance.models import BudgetLine, PrintedTotal
from lambeth_plans.dashboards.facts import BudgetFigureFact, BudgetLineFact, NoteFact, PrintedTotalFact, SavingAmounts
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period, parse

Register = PrintedTotal.Register
NOTHING = Decimal(0)
#: What a measure begins with that adds up what the savings have delivered, not what they plan.
DELIVERED = "delivered "

#: The columns of a budget in the order in which they are printed, and whether they are money coming in.
BUDGET_COLUMNS = (
    ("employee_expenses", "Employee expenses", False),
    ("other_expenditure", "Non-employee expenditure", False),
    ("total_expenditure", "Total expenditure", False),
    ("grants_and_contributions", "Grants and contributions", True),
    ("other_income", "Other income", True),
    ("total_income", "Total income", True),
    ("net_expenditure", "Total net expenditure", False),
)
BUDGET_MEASURES = {measure for measure, _, _ in BUDGET_COLUMNS}


@dataclass(frozen=True)
class Comparison:
    """`computed` is None where no record is left to add up, or the printed total names nothing we compute."""

    printed: PrintedTotalFact
    computed: Decimal | None
    #: The data-quality notes on the printed total: they say why it differs.
    notes: tuple[NoteFact, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """Printed less computed."""
        return None if self.computed is None else self.printed.amount - self.computed

    @property
    def agrees(self) -> bool:
        return self.difference == 0

    @property
    def is_explained(self) -> bool:
        """Whether it agrees, or a note says why it does not."""
        return self.agrees or bool(self.notes)

    @property
    def counts_people(self) -> bool:
        return self.printed.register == Register.WORKFORCE


@dataclass(frozen=True)
class Reconciliation:
    rows: tuple[Comparison, ...]

    @property
    def agreeing(self) -> int:
        return sum(1 for row in self.rows if row.agrees)

    @property
    def all_agree(self) -> bool:
        return self.agreeing == len(self.rows)


def reconcile(state: PlanState, *registers: Register) -> Reconciliation:
    """Every printed total of some registers (all where none is named) with its computed one, as they are printed."""
    return Reconciliation(
        tuple(
            Comparison(printed, computed(state, printed), state.notes.get(("printed_total", printed.key), ()))
            for printed in state.printed_totals
            if not registers or printed.register in registers
        )
    )


def computed(state: PlanState, printed: PrintedTotalFact) -> Decimal | None:
    if printed.register == Register.BUDGET:
        return _of_budget(state.budget_lines, printed)
    if printed.register == Register.SAVINGS:
        return _of_savings(state.saving_amounts, printed)
    if printed.register == Register.BUDGET_FIGURES:
        return _of_budget_figures(state.budget_figures, printed)
    people = state.people_counted.get(printed.record_key)
    return None if people is None or printed.measure != "headcount" else Decimal(people)


def budget_total(lines: Iterable[BudgetLineFact], measure: str) -> Decimal:
    return sum((getattr(line, measure) for line in lines), NOTHING)


def _of_budget(lines: tuple[BudgetLineFact, ...], printed: PrintedTotalFact) -> Decimal | None:
    chosen = {
        "all": lines,
        "general-fund": [line for line in lines if line.fund == BudgetLine.Fund.GENERAL],
    }.get(printed.record_key, [line for line in lines if line.key == printed.record_key])
    return budget_total(chosen, printed.measure) if chosen and printed.measure in BUDGET_MEASURES else None


def _of_savings(savings: dict[str, SavingAmounts], printed: PrintedTotalFact) -> Decimal | None:
    chosen = [amounts for key, amounts in savings.items() if printed.record_key in ("", key)]
    if not chosen:
        return None
    if printed.measure == "base_budget":
        return sum((amounts.base_budget for amounts in chosen if amounts.base_budget is not None), NOTHING)
    column = "delivered" if printed.measure.startswith(DELIVERED) else "planned"
    year = _period(printed.measure.removeprefix(DELIVERED))
    if year is None and printed.measure != "total":
        return None
    stated = (item for amounts in chosen for item in getattr(amounts, column).items())
    return sum((amount for period, amount in stated if year in (None, period)), NOTHING)


def _of_budget_figures(wholes: tuple[BudgetFigureFact, ...], printed: PrintedTotalFact) -> Decimal | None:
    """None too where a part is a range or not stated: such parts cannot be added up."""
    figures = (figure for figure in _with_parts(wholes) if figure.key == printed.record_key)
    return next((figure.parts_total for figure in figures if printed.measure == "parts"), None)


def _with_parts(figures: Iterable[BudgetFigureFact]) -> Iterator[BudgetFigureFact]:
    for figure in figures:
        yield figure
        yield from _with_parts(figure.parts)


def printed_year(printed: PrintedTotalFact) -> Period | None:
    """The period of what is planned that a total of the savings is for; None where it is for no single one."""
    return _period(printed.measure)


def _period(text: str) -> Period | None:
    try:
        return parse(text)
    except ValueError:
        return None
