"""The rhythm of a plan: meetings of boards, rounds of reporting, reminders, and what is published for a meeting."""

from lambeth_plans.cycles.models.meetings import Meeting
from lambeth_plans.cycles.models.publications import Publication, PublishedText
from lambeth_plans.cycles.models.reminders import Reminder, ReminderDigest
from lambeth_plans.cycles.models.rounds import ReportingRound

__all__ = ["Meeting", "Publication", "PublishedText", "Reminder", "ReminderDigest", "ReportingRound"]
