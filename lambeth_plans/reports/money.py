"""Savings, the budget, and the contracts that end."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from django.utils.formats import date_format

from finance.models import BudgetLine
from finance.reconciling import is_outturn
from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.budget_figures import figure_falls, figure_rows
from lambeth_plans.dashboards.budget_outlook import (
    FundOutlook,
    course_charts,
    outlook_charts,
    outlook_of,
)
from lambeth_plans.dashboards.budgets import budget_rows
from lambeth_plans.dashboards.facts import BudgetFigureFact, BudgetLineFact, BudgetMonitorFact, ContractFact, SavingFact
from lambeth_plans.dashboards.reconciliation import BUDGET_COLUMNS
from lambeth_plans.dashboards.savings import COLUMNS, Told, Tracker, delivery, savings_chart
from lambeth_plans.reports.blocks import Block, Cell, Group, Line, Made, Picture, Row, Sheet, Table, words
from lambeth_plans.reports.source import NOT_STATED, Source, counted, named, owner, stated
from lambeth_plans.templatetags.plans import pounds

SAVINGS = (
    ("Reference", 14),
    ("Title", 50),
    ("Owner", 24),
    ("Year", 16),
    ("Planned £", 14),
    ("As printed", 14),
    ("Delivered £", 14),
    ("Forecast £", 14),
    ("Slipped £", 14),
    ("Not deliverable £", 16),
    ("Over-delivered £", 16),
    ("Slipped to", 12),
    ("Status", 16),
    ("Why", 40),
    ("Cash or cost avoidance", 20),
)
BUDGET = (("Year", 12), ("Fund", 16), ("Line", 40), *((f"{label} £", 22) for _, label, _ in BUDGET_COLUMNS))
FORECASTS = (
    ("Year", 12),
    ("Fund", 16),
    ("Line", 40),
    ("Month", 12),
    ("Forecast or outturn", 18),
    ("Budget £", 16),
    ("Spent to date £", 16),
    ("Comes to £", 16),
    ("Variance £", 16),
    ("Why", 50),
    ("Recovery action", 50),
)
CONTRACTS = (
    ("Title", 50),
    ("Supplier", 30),
    ("Annual value £", 16),
    ("As printed", 20),
    ("Starts", 16),
    ("Ends", 16),
    ("Last day for notice", 16),
    ("May be extended to", 16),
    ("How it stands", 22),
    ("Director", 24),
)


def finance(source: Source) -> Made:
    return Made(tuple(_finance(source)), sheets=(_savings(source), _budget(source), _forecasts(source)))


def _finance(source: Source) -> Iterator[Block]:
    state = source.state
    if state.savings:
        blocks: list[Block] = [Picture(savings_chart(state, state.saving_years))]
        if found := delivery(state):
            rows = tuple(Row((Cell(group.label), *(_pounds(amount) for _, amount in group.cells))) for group in found)
            columns = ("Year", *COLUMNS.values())
            figures = frozenset(range(1, len(columns)))
            widths = (16, *([14] * len(COLUMNS)))
            blocks.append(Table("Savings by year", columns, rows, widths, figures=figures))
        if gaps := Tracker(state).gaps:
            rows = tuple(_gap(source, told) for told in gaps)
            columns = ("Saving", "Year", "Missing", "What becomes of it")
            blocks.append(Table("The biggest gaps", columns, rows, (36, 14, 16, 34), figures=frozenset({2})))
        if broken := Tracker(state).unreconciled:
            names = "; ".join(f"{told.saving.name} {told.year.period}" for told in broken)
            said = "These years do not add up, and count as planned only until somebody mends them"
            blocks.append(words(f"{said}: {names}."))
        if state.costs_avoided:
            avoided = pounds(Tracker(state).avoided_planned)
            blocks.append(words(f"Cost avoidance is not cash and is in no sum: {avoided} planned."))
        everything = "All savings, without cost avoidance" if state.costs_avoided else "All savings"
        total = (Cell(everything), _pounds(state.savings_planned), Cell(), Cell())
        blocks.append(
            Table(
                "Savings",
                ("Saving", "Planned", "Delivered", "Owner"),
                tuple(_saving(source, saving) for saving in state.savings),
                (42, 16, 16, 26),
                figures=frozenset({1, 2}),
                total=Row(total),
            )
        )
        yield Group("Savings", tuple(blocks))
    if state.budget_figures:
        rows = tuple(
            Row((Cell(f"{'– ' * row.depth}{row.figure.title}"), stated(row.figure.period_as_stated), _told(row.figure)))
            for row in figure_rows(state.budget_figures)
        )
        caption = "Amounts that the plan tells in words"
        table = Table(
            caption, ("Amount of", "For", "Amount"), rows, (55, 20, 25), figures=frozenset({2}), is_headed=True
        )
        yield Group(caption, (table, *map(Picture, figure_falls(state))))
    ordered = sorted(state.budget_lines, key=lambda line: line.period)
    for period, of_year in groupby(ordered, key=lambda line: line.period):
        lines = list(of_year)
        rows = [Row((Cell(row.title), *(_pounds(amount) for amount in row.amounts))) for row in budget_rows(lines)]
        columns = ("Line", *(label for _, label, _ in BUDGET_COLUMNS))
        share = 84 // len(BUDGET_COLUMNS)
        table = Table(
            f"Budget {period}",
            columns,
            tuple(rows[:-1]),
            (100 - share * len(BUDGET_COLUMNS), *([share] * len(BUDGET_COLUMNS))),
            figures=frozenset(range(1, len(columns))),
            is_wide=True,
            is_headed=True,
            total=rows[-1],
        )
        yield Group(f"Budget {period}", (table, *_outlook(source, lines)))


def _outlook(source: Source, lines: list[BudgetLineFact]) -> Iterator[Block]:
    """What the lines of a year are expected to come to, in the latest month, and how that came about."""
    outlook = outlook_of(lines)
    if outlook is None:
        return
    rows = tuple(
        Row(
            (
                Cell(f"{each.name} ({when})" if when else each.name),
                *map(_pounds, (each.monitor.budget, each.monitor.forecast, each.monitor.variance)),
                stated(_why(each.monitor)),
            )
        )
        for each, when in outlook.seen_when
    )
    *apart, last = outlook.by_fund
    yield Table(
        f"{outlook.heading}, {outlook.seen_words}",
        ("Line", "Budget", outlook.noun.capitalize(), "Variance", "Why, and what is done"),
        (*rows, *(_sum_row(f"{each.name} total", each) for each in apart)),
        (18, 17, 17, 15, 33),
        figures=frozenset({1, 2, 3}),
        total=_sum_row(f"{last.name} total" if apart else "Total", last),
    )
    said = "What one fund leaves over does not pay for the other." if apart else ""
    if said or outlook.not_counted:
        yield words(said, outlook.not_counted)
    yield from map(Picture, outlook_charts(source.state, outlook))
    yield from map(Picture, course_charts(source.state, lines))


def _sum_row(name: str, outlook: FundOutlook) -> Row:
    sums = map(_pounds, (outlook.budget, outlook.forecast, outlook.variance))
    return Row((Cell(name), *sums, Cell()), is_total=True)


def _why(monitor: BudgetMonitorFact) -> str:
    return " ".join(filter(None, (monitor.variance_reason, monitor.recovery_action)))


def _pounds(amount: Decimal | None) -> Cell:
    return Cell(NOT_STATED, is_missing=True) if amount is None else Cell(str(pounds(amount)))


def _told(figure: BudgetFigureFact) -> Cell:
    """As it is printed, else as it was understood."""
    return Cell(figure.amount_as_stated) if figure.amount_as_stated else _pounds(figure.amount)


def _gap(source: Source, told: Told) -> Row:
    year, saving = told.year, told.saving
    slipped = f"{pounds(year.slipped)} slipped{f' to {year.slipped_to}' if year.slipped_to else ''}."
    lost = f"{pounds(year.undeliverable)} cannot be delivered."
    said = [slipped if year.slipped else "", lost if year.undeliverable else "", year.mitigated_by]
    name = named(saving.ref, saving.title, source.url("saving_detail", saving.key))
    return Row((name, Cell(str(year.period)), _pounds(told.gap), Cell(" ".join(filter(None, said)))))


def _saving(source: Source, saving: SavingFact) -> Row:
    avoidance = " (cost avoidance)" if saving.is_cost_avoidance else ""
    return Row(
        (
            named(saving.ref, f"{saving.title}{avoidance}", source.url("saving_detail", saving.key)),
            _pounds(saving.planned_total),
            _pounds(saving.delivered_total),
            stated(saving.owner),
        )
    )


def _savings(source: Source) -> Sheet:
    lines = (
        Line(
            (
                saving.ref,
                saving.title,
                str(saving.owner or ""),
                str(year.period),
                _number(year.planned),
                year.planned_as_stated,
                *map(_number, (year.delivered, year.forecast, year.slipped, year.undeliverable, year.over_delivered)),
                year.slipped_to,
                year.status.word if year.status else "",
                year.status_reason,
                saving.kind_words,
            )
        )
        for saving in source.state.savings
        for year in saving.years
    )
    return Sheet("Savings", Part.MONEY, SAVINGS, tuple(lines))


def _budget(source: Source) -> Sheet:
    lines = (
        Line(
            (
                str(line.period),
                BudgetLine.Fund(line.fund).label,
                line.title,
                *(getattr(line, measure) for measure, _, _ in BUDGET_COLUMNS),
            )
        )
        for line in source.state.budget_lines
    )
    return Sheet("Budget", Part.MONEY, BUDGET, tuple(lines))


def _forecasts(source: Source) -> Sheet:
    lines = (
        Line(
            (
                str(line.period),
                BudgetLine.Fund(line.fund).label,
                line.title,
                str(monitor.month),
                "outturn" if is_outturn(monitor.month, line.period) else "forecast",
                monitor.budget,
                _number(monitor.actual_to_date),
                monitor.forecast,
                monitor.variance,
                monitor.variance_reason,
                monitor.recovery_action,
            )
        )
        for line in source.state.budget_lines
        for monitor in line.monitors
    )
    return Sheet("Budget forecasts", Part.MONEY, FORECASTS, tuple(lines))


def _number(amount: Decimal | None) -> Decimal | str:
    return "" if amount is None else amount


# Contracts


def contracts(source: Source) -> Made:
    ending, state = source.summary.ending, source.state
    blocks: tuple[Block, ...] = ()
    if state.plan.is_closed and state.contracts:
        ended = sum(contract.has_ended for contract in state.contracts)
        day = date_format(state.as_of, "j F Y")
        blocks = (
            words(
                f"The plan is closed. {ended} of its {counted(len(state.contracts), 'contract')} had ended by {day}."
            ),
        )
    in_use = [contract for contract in state.contracts if contract.is_expired_and_in_use]
    tables = (
        ("Contracts that are expired and still in use", in_use),
        ("Contracts that end or need notice within 12 months, the next first", ending),
    )
    blocks += tuple(
        Table(
            caption,
            ("Contract", "Supplier", "Annual value", "Ends", "Last day for notice", "Director"),
            tuple(_contract(source, contract) for contract in contracts),
            (23, 16, 15, 14, 14, 18),
            figures=frozenset({2}),
        )
        for caption, contracts in tables
        if contracts
    )
    unknown = [contract for contract in state.contracts if contract.end_date is None]
    if unknown and not state.plan.is_closed:
        blocks += (words(f"Of {counted(len(unknown), 'contract')} the end is not stated, so nothing warns of it."),)
    return Made(blocks, sheets=(_register(source),))


def _contract(source: Source, contract: ContractFact) -> Row:
    return Row(
        (
            named(contract.ref, contract.title, source.url("contract_detail", contract.key)),
            stated(contract.supplier),
            _pounds(contract.annual_value)
            if not contract.annual_value_printed
            else Cell(contract.annual_value_as_stated),
            stated(contract.end_date),
            stated(contract.ending.notice_words),
            owner((contract.director, *contract.further_directors)),
        )
    )


def _register(source: Source) -> Sheet:
    lines = (
        Line(
            (
                contract.title,
                contract.supplier,
                _number(contract.annual_value),
                contract.annual_value_as_stated,
                str(contract.start_date or ""),
                str(contract.end_date or ""),
                contract.ending.notice_words,
                str(contract.latest_end_date or ""),
                contract.status.words,
                owner((contract.director, *contract.further_directors)).text,
            )
        )
        for contract in source.state.contracts
    )
    return Sheet("Contracts", Part.CONTRACTS, CONTRACTS, tuple(lines))
