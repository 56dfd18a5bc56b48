from datetime import UTC, datetime

import pytest

from lambeth_plans.cycles.parts import Part
from lambeth_plans.reports.blocks import EXEMPT, PART_II
from lambeth_plans.reports.pack import PackTerms
from tests.reports.conftest import BECAUSE, WORDS, text_of_section

pytestmark = pytest.mark.django_db

#: What each part says of the plan that has something for it, beside its word.
SAID = {
    "summary": ["Of 3 activities: 1 Red, 1 Not started, 1 Complete.", "The highest risk score is 20: R1 Wombat digs."],
    "decisions": ["Improvement Board is asked to decide:", "That it be fed."],
    "good": ["Got better", "Amber → Complete.", "Complete", "KA2 Feed the Galah"],
    "attention": ["Red (R)", "They\nhid & bit <us>. (May 2025)", "A net."],
    "changed": ["Key developments since publication 2 (3 February 2026)", "Green → Red.", "The Emu ran."],
    "indicators": ["N1 Share of Numbat", "Share of Numbat by month", "Amber (A)"],
    "risks": ["R: R1", "R2 Told in total: 12", "Not on a matrix, because no score is stated:", "R3 Not scored"],
    "money": ["Planned savings by year, £000", "S1 =Bilby+1", "£1,000", "Grand total"],
    "contracts": ["Dingo fence", "The Director"],
    "workforce": ["Grade bands and other 10 = 10.", "Night watch\n15\n17\n2", "Keepers\n10\n100.00%"],
    "ahead": ["Possum counted", "Dingo fence", "to come"],
}


@pytest.mark.parametrize("part", Part)
def test_a_part_says_what_there_is_and_else_that_there_is_nothing(shelf, part: Part):
    full = text_of_section(next(section for section in shelf.pack().sections if section.part == part))
    assert [words for words in (WORDS[part], *SAID[part]) if words not in full] == []
    bare = next(section for section in shelf.bare().sections if section.part == part)
    title, *said = text_of_section(bare).splitlines()
    assert title == f"{list(Part).index(part) + 1}. {part.heading}"
    if part is Part.SUMMARY:
        assert said[0].startswith("The purpose of this report")
    elif part is Part.DECISIONS:
        assert said == ["No decision is asked for. The meeting is invited to note and comment on this report."]
    elif part is Part.CHANGED:
        assert said == ["This is the first publication of this plan, so there is nothing to compare it with."]
    else:
        assert said == [part.nothing]


@pytest.mark.parametrize("part", Part)
def test_the_members_version_tells_nothing_of_an_exempt_part(shelf, told, part: Part):
    officers, members = shelf.pack(part), shelf.pack(part, members=True)
    whole, left = (next(section for section in pack.sections if section.part == part) for pack in (officers, members))
    assert WORDS[part] in text_of_section(whole)
    assert text_of_section(left) == f"{left.number}. {part.heading}\n{BECAUSE}"
    assert (left.is_withheld, left.blocks, whole.is_withheld) == (True, (), False)
    assert WORDS[part] not in told(members)
    assert (officers.marking, members.marking) == (PART_II, "")
    others = [section for section in members.sections if section.part != part]
    assert all(section.blocks or section.left_out for section in others)


def test_what_tells_of_an_exempt_part_elsewhere_is_left_out_and_the_rest_stays(shelf, told):
    members = shelf.pack("money", "contracts", members=True)
    ahead = next(section for section in members.sections if section.part is Part.AHEAD)
    assert ahead.left_out
    assert "Possum" in text_of_section(ahead)
    assert "Quokka" in told(members)
    shut = {sheet.title: [line.values for line in sheet.lines] for sheet in members.sheets if sheet.is_exempt}
    assert shut == {
        "Savings": [(BECAUSE,)],
        "Budget": [(BECAUSE,)],
        "Budget forecasts": [(BECAUSE,)],
        "Contracts": [(BECAUSE,)],
    }
    assert {sheet.columns for sheet in members.sheets if sheet.is_exempt} == {((EXEMPT, 60),)}


def test_a_part_that_there_is_none_of_cannot_be_exempt():
    with pytest.raises(ValueError, match="The pack has no part “finances”"):
        PackTerms(exempt_parts=("finances",))


def test_small_counts_are_withheld_from_members_in_every_form(shelf, told):
    figures = {
        members: [
            line.values[3:5]
            for sheet in shelf.pack(members=members).sheets
            for line in sheet.lines
            if sheet.title == "Figures" and line.values[0] == "N2"
        ]
        for members in (False, True)
    }
    assert figures == {False: [(3, "3")], True: [("", "c")]}
    assert shelf.pack(members=True).has_withheld
    assert "c, " in told(shelf.pack(members=True))


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        ({}, ("Publication", "Publication 3, 3 March 2026")),
        ({}, ("Meeting", "Improvement Board, 10 March 2026")),
        ({}, ("Class", "Part 1 (open to the public)")),
        ({"board": "", "meeting_date": None}, ("Meeting", "not stated")),
        ({"number": None, "published_at": None}, ("Publication", "Preview, not published")),
        ({"corrects": 2, "note": "A figure was wrong."}, ("Corrects", "Publication 2. A figure was wrong.")),
        (
            {"exempt_parts": ("risks",), "exempt_because": "A firm."},
            ("Class", "Part II in part: 7. Risk management. A firm."),
        ),
    ],
)
def test_the_cover_says_what_a_clerk_asks_for(shelf, terms: dict, line: tuple[str, str]):
    assert line in shelf.pack(**terms).cover


def test_files_are_dated_by_the_publication(shelf):
    assert shelf.pack().moment == datetime(2026, 3, 3, 18, 30, tzinfo=UTC)
    names = [shelf.pack(*exempt, members=members).file_name for exempt in ((), ("risks",)) for members in (False, True)]
    assert names == ["pack-3", "pack-3-members", "pack-3-part-ii", "pack-3-members"]
