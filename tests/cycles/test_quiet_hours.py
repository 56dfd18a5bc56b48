from datetime import datetime

import pytest
from django.utils import timezone

from lambeth_plans.cycles.quiet_hours import QuietHours

NIGHT = QuietHours.of("19:00-07:00")
LUNCH = QuietHours.of("12:00 – 13:30")
NEVER = QuietHours.of("")
WEEKEND = QuietHours.of("19:00-07:00", at_weekends=True)


def local(text):
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("quiet", "moment", "allowed"),
    [
        (NIGHT, "2026-11-26 18:59", "2026-11-26 18:59"),
        (NIGHT, "2026-11-26 19:00", "2026-11-27 07:00"),
        (NIGHT, "2026-11-27 00:00", "2026-11-27 07:00"),
        (NIGHT, "2026-11-27 06:59", "2026-11-27 07:00"),
        (NIGHT, "2026-11-27 07:00", "2026-11-27 07:00"),
        (NIGHT, "2026-03-28 22:00", "2026-03-29 07:00"),  # the clocks go forward
        (NIGHT, "2026-10-24 22:00", "2026-10-25 07:00"),  # and back
        (LUNCH, "2026-11-26 12:00", "2026-11-26 13:30"),
        (LUNCH, "2026-11-26 13:30", "2026-11-26 13:30"),
        (NEVER, "2026-11-28 03:00", "2026-11-28 03:00"),
        (WEEKEND, "2026-11-27 18:00", "2026-11-27 18:00"),  # a Friday
        (WEEKEND, "2026-11-27 19:30", "2026-11-30 07:00"),
        (WEEKEND, "2026-11-29 12:00", "2026-11-30 07:00"),
        (QuietHours(at_weekends=True), "2026-11-28 00:00", "2026-11-30 00:00"),
    ],
)
def test_what_is_due_in_quiet_hours_waits_for_their_end(quiet, moment, allowed):
    assert quiet.next_allowed(local(moment)) == local(allowed)
    assert quiet.allow(local(moment)) == (moment == allowed)


@pytest.mark.parametrize("text", ["night", "19-7", "19:00", "25:00-07:00", "07:00-07:00", "19:00-07:00-09:00"])
def test_what_are_no_hours_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        QuietHours.of(text)
