"""The rhythm of a plan: meetings of boards, rounds of reporting, and what is published for a meeting."""

from lambeth_plans.cycles.models.meetings import Meeting
from lambeth_plans.cycles.models.publications import Publication, PublishedText
from lambeth_plans.cycles.models.rounds import ReportingRound

__all__ = ["Meeting", "Publication", "PublishedText", "ReportingRound"]
