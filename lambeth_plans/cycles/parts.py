"""The parts of the pack that a board gets of a publication."""

from enum import StrEnum


class Part(StrEnum):
    """A part of the pack: its key, its heading, and what it says where there is nothing to say.

    Order and headings are those of the Cabinet report of March 2016 and the select committee's report of January 2018:
    the summary and what is to be decided stand first, the timetable last.
    """

    def __new__(cls, value: str, heading: str, nothing: str) -> "Part":
        member = str.__new__(cls, value)
        member._value_, member.heading, member.nothing = value, heading, nothing
        return member

    SUMMARY = "summary", "Summary of the report", "The plan holds nothing yet that could be summed up."
    DECISIONS = "decisions", "Recommendations", "No decision is asked for."
    GOOD = (
        "good",
        "Progress and improvements to date",
        "Nothing is reported as complete or on track, and nothing got better.",
    )
    ATTENTION = "attention", "Priorities for improvement", "Nothing is rated Red or Amber, and nothing is overdue."
    CHANGED = "changed", "Key developments", "Nothing changed."
    INDICATORS = "indicators", "Performance indicators", "The plan has no indicators."
    RISKS = "risks", "Risk management", "The plan has no risks."
    MONEY = "money", "Finance", "The plan states no savings and no budget."
    CONTRACTS = "contracts", "Contracts that end", "No contract ends or needs notice within 12 months."
    WORKFORCE = "workforce", "Workforce", "The plan states nothing about its workforce."
    AHEAD = "ahead", "Timetable for the next three months", "Nothing is due in the next three months."
