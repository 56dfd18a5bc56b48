"""`manage.py send_reminders [--deliver]` plans the reminders that are due and hands them to the workers.

It may run as often as one likes; every ten minutes is a good measure.
"""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lambeth_plans.cycles.reminders import plan_reminders
from lambeth_plans.cycles.tasks import hand_to_workers, work_off


class Command(BaseCommand):
    help = "Plans the reminders of reporting rounds that are due, and hands them to the workers (manage.py db_worker)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deliver", action="store_true", help="send what is due at once, where no worker runs")

    def handle(self, *args: Any, deliver: bool, **options: Any) -> None:
        now = timezone.now()
        planned = plan_reminders(now=now)
        jobs = hand_to_workers(now=now)
        if deliver:
            work_off()
        call_command("prune_db_task_results", verbosity=0)  # what became of a job can be seen for two weeks
        self.stdout.write(f"New reminders: {planned.reminders}, in new e-mails: {planned.digests}. New jobs: {jobs}.")
