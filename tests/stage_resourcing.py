"""The money and the people of a stage: a budget line with its forecast, amounts told in words, and the workforce."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from finance.models import BudgetLine, WorkforceSnapshot
from lambeth_plans import periods
from lambeth_plans.fields import PartialDate
from tests import factories


def set_budget(stage: Any, number: int, words: str) -> BudgetLine:
    """Answers with the line."""
    whole = factories.BudgetFigureFactory(plan=stage.plan, key=f"whole-{number}", title=f"Whole {number}{words}")
    factories.BudgetFigureFactory(
        plan=stage.plan, key=f"part-{number}", title=f"Part {number}{words}", parent=whole, amount=Decimal(1_000)
    )
    line = factories.BudgetLineFactory(
        plan=stage.plan, key=f"line-{number}", title=f"Line {number}{words}", division=stage.records["division"]
    )
    factories.BudgetMonitorFactory(line=line, variance_reason=f"A reason.{words}", recovery_action=f"A step.{words}")
    return line


def set_workforce(stage: Any, number: int, words: str) -> WorkforceSnapshot:
    """Answers with the snapshot."""
    this_year = periods.financial_year_start(timezone.localdate())
    snapshot = factories.WorkforceSnapshotFactory(
        plan=stage.plan,
        key=f"workforce-{number}",
        title=f"Workforce{words}",
        snapshot_date=PartialDate.of(date(this_year, 4, 1) + timedelta(days=number)),
        difference_reason=f"Posts are vacant.{words}",
    )
    for band in range(2):
        factories.WorkforceBandFactory(snapshot=snapshot, label=f"Grade {band}{words}", order=band + 1)
    factories.TeamCaseloadFactory(snapshot=snapshot, team=f"Team{words}", order=1)
    return snapshot
