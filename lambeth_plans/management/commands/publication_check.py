import sys
from typing import Any

from django.core.management.base import BaseCommand

from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards.actions import has_moved


class Command(BaseCommand):
    help = "Computes the digest of every publication again. Exits 1 when any of them is not what it was."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, moved = 0, 0
        for publication in Publication.objects.select_related("plan__council").order_by("plan", "number"):
            checked += 1
            if has_moved(publication):
                moved += 1
                self.stdout.write(f"{publication.plan.slug}: {publication} has moved.")
        self.stdout.write(f"{moved} of {checked} publications have moved.")
        if moved:
            sys.exit(1)
