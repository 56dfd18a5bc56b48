"""How a round stands on a day, and which round a report belongs to."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from lambeth_plans.cycles.models import Publication, ReportingRound
from lambeth_plans.periods import Period, month_of
from objectives.models import Plan

#: How long a closed round still takes late reports, unless the next one opens before.
DAYS_FOR_LATE_REPORTS = 31


class RoundState(StrEnum):
    """How a round stands on a day, in words."""

    NOT_OPEN = "not open yet"
    OPEN = "open"
    DUE_TODAY = "due today"
    IN_GRACE = "in its days of grace"
    LATE = "late, not closed yet"
    CLOSED = "closed"
    PUBLISHED = "published"


def state_of(reporting_round: ReportingRound, day: date, *, is_published: bool = False) -> RoundState:
    """How a round stands on a day; whether it is published by then tells `published`."""
    if is_published:
        return RoundState.PUBLISHED
    if day < reporting_round.opens_date:
        return RoundState.NOT_OPEN
    if day > reporting_round.closes_date:
        return RoundState.CLOSED
    if day < reporting_round.due_date:
        return RoundState.OPEN
    if day == reporting_round.due_date:
        return RoundState.DUE_TODAY
    return RoundState.IN_GRACE if day <= reporting_round.last_day_in_time else RoundState.LATE


def published(rounds: Iterable[ReportingRound], day: date) -> set[int]:
    """The primary keys of the rounds that were published by a day: for their meeting, or, where they have none, with
    any publication of the plan since they were due. One query."""
    rounds = list(rounds)
    publications = Publication.objects.filter(plan__in={each.plan_id for each in rounds}).order_by("pk")
    by_plan: dict[int, list[tuple[int | None, date]]] = {}
    for plan, meeting, moment in publications.values_list("plan_id", "meeting_id", "published_at"):
        by_plan.setdefault(plan, []).append((meeting, timezone.localdate(moment)))
    return {
        each.pk
        for each in rounds
        for meeting, then in by_plan.get(each.plan_id, ())
        if then <= day and (meeting == each.meeting_id if each.meeting_id else then >= each.due_date)
    }


def rounds_in_hand(plans: Collection[int], today: date) -> dict[int, ReportingRound]:
    """The round that takes the reports on each plan today, by the plan's primary key: the last one that has opened, for
    some weeks after it has closed. A plan without one is not in it. One query."""
    if not plans:
        return {}
    opened = ReportingRound.objects.filter(plan=OuterRef("plan"), opens_date__lte=today).order_by("-month_date")
    last = ReportingRound.objects.filter(plan__in=plans, pk=Subquery(opened.values("pk")[:1]))
    earliest = today - timedelta(days=DAYS_FOR_LATE_REPORTS)
    return {each.plan_id: each for each in last.filter(closes_date__gte=earliest)}


def month_asked(plan: Plan, reporting_round: ReportingRound | None, today: date) -> Period:
    """The month a report belongs to: that of the round in hand, otherwise the plan's own."""
    return month_of(reporting_round.month_date) if reporting_round else plan.reporting_month(today)


def is_late(reporting_round: ReportingRound | None, today: date) -> bool:
    """Whether what is handed in today comes after the days of grace."""
    return bool(reporting_round and today > reporting_round.last_day_in_time)


def is_closed(reporting_round: ReportingRound | None, today: date) -> bool:
    """Whether what is handed in today needs a reason: the round has closed."""
    return bool(reporting_round and today > reporting_round.closes_date)
