"""The rhythm of a plan: meetings of boards, rounds of reporting, what is published for a meeting, and what scrutiny
asks of it."""

from lambeth_plans.cycles.models.actions import MeetingAction
from lambeth_plans.cycles.models.meetings import Meeting
from lambeth_plans.cycles.models.publications import Publication, PublishedText
from lambeth_plans.cycles.models.reminders import ContractReminder, Reminder, ReminderDigest
from lambeth_plans.cycles.models.rounds import ReportingRound
from lambeth_plans.cycles.models.scrutiny import Answer, FollowUp, Question
from lambeth_plans.cycles.models.submissions import DraftReport, Submission

__all__ = [
    "Answer",
    "ContractReminder",
    "DraftReport",
    "FollowUp",
    "Meeting",
    "MeetingAction",
    "Publication",
    "PublishedText",
    "Question",
    "Reminder",
    "ReminderDigest",
    "ReportingRound",
    "Submission",
]
