"""The rhythm of a plan: meetings of boards, rounds of reporting, and what is published for a meeting."""

from lambeth_plans.cycles.models.meetings import Meeting
from lambeth_plans.cycles.models.publications import Publication, PublishedText
from lambeth_plans.cycles.models.rounds import ReportingRound
from lambeth_plans.cycles.models.submissions import DraftReport, Submission

__all__ = ["DraftReport", "Meeting", "Publication", "PublishedText", "ReportingRound", "Submission"]
