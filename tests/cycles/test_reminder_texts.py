from datetime import date

import pytest

from lambeth_plans.cycles.reminder_texts import Part, composed, standing


@pytest.mark.django_db
def test_the_message_lists_what_is_open_with_whole_addresses(november, activity, director, settings):
    settings.SITE_ADDRESS = "https://plans.here.example"
    subject, text = composed(director, [Part(november, [activity])], date(2026, 11, 27))
    assert subject == "Lambeth Plans: 1 update to report"
    assert text == (
        "Dear Director,\n\n"
        "You have 1 update to report.\n\n"
        "The Borough's Plan, November 2026\n"
        "Due on Monday 30 November 2026.\n\n"
        "- KA1 Refresh the early help offer\n"
        "  https://plans.here.example/plans/borough-plan/activities/ka1/report/\n\n"
        "All on one sheet: https://plans.here.example/my-updates/\n\n"
        "You get this because you answer for these, or deputise for somebody who does. "
        "What is submitted is not asked for again.\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (29, "due on Monday 30 November 2026"),
        (30, "due today, Monday 30 November 2026"),
        (31, "was due on Monday 30 November 2026, and is in time until Wednesday 2 December 2026"),
        (33, "overdue: it was due on Monday 30 November 2026"),
        (35, "overdue: it was due on Monday 30 November 2026 and closed on Friday 4 December 2026"),
    ],
)
def test_a_round_says_where_it_stands(november, day, words):
    assert standing(november, date.fromordinal(date(2026, 10, 31).toordinal() + day)) == words
