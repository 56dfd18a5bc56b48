"""Which sheets of a plan's workbook hold the plan, its goals, objectives, findings and narrative."""

from typing import Any

from lambeth_plans.accounts.record_sheets import RecordSheet, sheet_of
from objectives.models import (
    Achievement,
    BoroughGoal,
    Consultation,
    DataQualityNote,
    Event,
    Finding,
    Milestone,
    Objective,
    Plan,
    Section,
    Source,
)


class GoalSheet(RecordSheet):
    """Goals: two editions of a borough plan may both have a "goal-1", so that other sheets name the edition too."""

    @classmethod
    def name_of(cls, identity: tuple[Any, ...]) -> str:
        edition, key = identity
        return f"{key} ({edition})"


PLAN = sheet_of(Plan, "Plan", identity=("slug",), headings={"slug": "Short name"})
SECTIONS = sheet_of(Section, "Sections")
ACHIEVEMENTS = sheet_of(Achievement, "Achievements")
EVENTS = sheet_of(Event, "Events")
MILESTONES = sheet_of(Milestone, "Milestones")
GOALS = sheet_of(BoroughGoal, "Goals", identity=("edition", "key"), base=GoalSheet)
OBJECTIVES = sheet_of(Objective, "Objectives")
SOURCES = sheet_of(Source, "Sources")
FINDINGS = sheet_of(Finding, "Findings")
CONSULTATIONS = sheet_of(Consultation, "Consultations")
NOTES = sheet_of(DataQualityNote, "Notes")
