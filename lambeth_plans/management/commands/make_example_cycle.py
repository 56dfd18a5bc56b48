"""`manage.py make_example_cycle`: the monthly cycle of Example Borough. Run again, it changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lambeth_plans.management.example_cycle import play


class Command(BaseCommand):
    help = (
        "Makes the rounds, meetings and questions of Example Borough, the invented council, of its last three months."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if play(timezone.localdate()):
            self.stdout.write("The monthly cycle of Example Borough is there.")
        else:
            self.stdout.write("Nothing was changed: there is no Example Borough, or its cycle was there already.")
