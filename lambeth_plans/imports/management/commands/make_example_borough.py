"""`manage.py make_example_borough`: the invented council that shows movement. Run again, it changes nothing."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lambeth_plans.imports import example_borough


class Command(BaseCommand):
    help = "Makes Example Borough, a wholly invented council with three years of figures before today."

    def add_arguments(self, parser):
        parser.add_argument("--today", help="the day it stands on, like 2026-03-31 (default: today)")

    def handle(self, *args, today: date | str | None = None, **options):
        if example_borough.make(_day(today) if today else timezone.localdate()):
            self.stdout.write("Example Borough is there.")
        else:
            self.stdout.write("Example Borough was there already; nothing was changed.")


def _day(text: date | str) -> date:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise CommandError(f"“{text}” is not a day. Write it like 2026-03-31.") from None
    if not 1990 <= day.year < 2100:
        raise CommandError("Choose a day between 1990 and 2099.")
    return day
