"""Rounds of reporting on the stage: over for weeks, so that whoever reports on it does so without one."""

from datetime import timedelta

from django.utils import timezone

from activities.models import ProgressUpdate
from lambeth_plans import periods
from lambeth_plans.cycles.models import ReportingRound
from objectives.models import Plan
from tests import factories


def set_rounds(plan: Plan, times: int, words: str) -> list[ReportingRound]:
    """Twice `times` rounds of a plan; everything that was reported last month is handed in to the first."""
    today = timezone.localdate()
    month = periods.month_of(today)
    rounds = []
    for number in range(2 * times):
        month = periods.previous_month(month)
        rounds.append(
            factories.ReportingRoundFactory(
                plan=plan,
                month_date=month.start,
                opens_date=today - timedelta(days=60),
                due_date=today - timedelta(days=50),
                closes_date=today - timedelta(days=40),
                order=number,
                because=f"Monthly.{words}",
            )
        )
    reports = ProgressUpdate.objects.filter(activity__plan=plan, period_start=rounds[0].month_date)
    for report in reports.select_related("activity", "reported_by"):
        factories.SubmissionFactory(
            reporting_round=rounds[0],
            activity=report.activity,
            report=report,
            is_late=True,
            late_because=f"The figures came late.{words}",
            because=f"Submitted.{words}",
        )
    return rounds
