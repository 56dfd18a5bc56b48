"""Amounts told outside a budget table: in their parts, and what came from reserves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.models import BudgetFigure
from lambeth_plans.charts import Step, Waterfall, waterfall
from lambeth_plans.dashboards.facts import BudgetFigureFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.templatetags.plans import pounds

OVERSPEND, RESERVES = BudgetFigure.Kind.OVERSPEND.label, BudgetFigure.Kind.RESERVES.label


def source_of(state: PlanState) -> str:
    return state.plan.source_document or state.plan.title


def shown_pounds(amount: Decimal) -> str:
    return str(pounds(amount))


@dataclass(frozen=True)
class FigureRow:
    """An amount told outside a budget table, so many steps under its whole."""

    figure: BudgetFigureFact
    depth: int


def figure_rows(figures: Sequence[BudgetFigureFact], depth: int = 0) -> list[FigureRow]:
    """Every whole with its parts below it."""
    return [row for each in figures for row in (FigureRow(each, depth), *figure_rows(each.parts, depth + 1))]


def figure_falls(state: PlanState) -> list[Waterfall]:
    """Every overspend that is told in parts, and every one that reserves were taken for."""
    wholes = [row.figure for row in figure_rows(state.budget_figures) if row.figure.kind == OVERSPEND]
    inner = {part.key for whole in wholes for part in whole.parts if _is_last_whole(part)}
    in_parts = [whole for whole in wholes if whole.parts and whole.key not in inner]
    relieved = [(found[0], drawn) for found, drawn in _relieved(state) if len(found) == 1]
    return [
        *(_parts_chart(state, whole) for whole in in_parts),
        *(_reserves_chart(state, whole, drawn) for whole, drawn in relieved),
    ]


def reserves_in_doubt(state: PlanState) -> list[str]:
    """In sentences, what came from reserves in a period of several overspends: the document does not say for which of
    them it was, and one of them may hold another, so it is taken from none."""
    return [
        f"In {each.period_as_stated} {each.amount_as_stated or _amount_words(each)} came from reserves ({each.title}), "
        f"and several overspends are told: {'; '.join(whole.title for whole in found)}. "
        "For which of them it was is not stated, so it is taken from none of them."
        for found, drawn in _relieved(state)
        if len(found) > 1
        for each in drawn
    ]


def _relieved(state: PlanState) -> list[tuple[list[BudgetFigureFact], list[BudgetFigureFact]]]:
    """By period, the overspends and what was taken from reserves, where there are both."""
    overspends, reserves = defaultdict(list), defaultdict(list)
    for whole in _outermost(state.budget_figures):
        overspends[whole.period_as_stated].append(whole)
    for figure in state.budget_figures:
        if figure.kind == RESERVES:
            reserves[figure.period_as_stated].append(figure)
    return [(found, reserves[period]) for period, found in overspends.items() if period and period in reserves]


def _outermost(figures: Sequence[BudgetFigureFact], above: frozenset[str] = frozenset()) -> Iterator[BudgetFigureFact]:
    """The overspends that are no part of one of the same period."""
    for each in figures:
        is_overspend = each.kind == OVERSPEND
        if is_overspend and each.period_as_stated not in above:
            yield each
        yield from _outermost(each.parts, above | {each.period_as_stated} if is_overspend else above)


def _step(title: str, figure: BudgetFigureFact, *, is_taken: bool = False) -> Step:
    """What a figure changes by; a range is told and has no bar."""
    amount = None if figure.amount is None or figure.upper_amount is not None else figure.amount
    words = _amount_words(figure) if figure.upper_amount is not None else ""
    return Step(title, -amount if is_taken and amount is not None else amount, words)


def _amount_words(figure: BudgetFigureFact) -> str:
    if figure.amount is None:
        return "an amount that is not stated"
    upper = "" if figure.upper_amount is None else f" to {shown_pounds(figure.upper_amount)}"
    return f"{shown_pounds(figure.amount)}{upper}"


def _is_last_whole(figure: BudgetFigureFact) -> bool:
    """Whether a figure has parts that have none themselves."""
    return bool(figure.parts) and not any(part.parts for part in figure.parts)


def _steps(whole: BudgetFigureFact) -> Iterator[Step]:
    """The parts of a whole; one whose own parts are the last stands in these, with what they leave over of it."""
    for part in whole.parts:
        if _is_last_whole(part) and part.parts_total is not None:
            yield from (Step(f"{each.title} ({part.title})", each.amount) for each in part.parts)
            if part.not_broken_down:
                yield Step(f"Not broken down ({part.title})", part.not_broken_down)
        else:
            yield _step(part.title, part)


def _parts_chart(state: PlanState, whole: BudgetFigureFact) -> Waterfall:
    name = f"{whole.title}, {whole.body}" if whole.body else whole.title
    return waterfall(
        title=f"{name}, in its parts",
        source=source_of(state),
        start=None,
        steps=list(_steps(whole)),
        end=_step(whole.title, whole),
        show=shown_pounds,
    )


def _reserves_chart(state: PlanState, whole: BudgetFigureFact, drawn: Sequence[BudgetFigureFact]) -> Waterfall:
    """What is left of an overspend is computed only where each amount is stated, and none is a range."""
    start = _step(whole.title, whole)
    steps = [_step(each.title, each, is_taken=True) for each in drawn]
    open_ended = [
        f"the amount of {figure.title} is {'not stated' if figure.amount is None else 'a range'}"
        for figure, step in zip((whole, *drawn), (start, *steps), strict=True)
        if step.amount is None
    ]
    left = None if open_ended else sum((step.amount for step in steps), start.amount)
    are_stated = all(figure.amount is not None for figure in (whole, *drawn))
    return waterfall(
        title=f"{whole.title} in {whole.period_as_stated}, and what came from reserves",
        source=source_of(state),
        start=start,
        steps=steps,
        end=Step("What is left of the overspend", left, "not computed" if are_stated else ""),
        show=shown_pounds,
        description=f"What is left is not computed: {'; '.join(open_ended)}." if open_ended else "",
    )
