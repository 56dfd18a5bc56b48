import sys
from typing import Any

from django.core.management.base import BaseCommand

from lambeth_plans.imports.audit import audit


class Command(BaseCommand):
    help = "Compares every record with its latest history entry. Exits 1 when any of them differ."

    def handle(self, *args: Any, **options: Any) -> None:
        result = audit()
        for difference in result.differences:
            self.stdout.write(str(difference))
        number = len(result.differences)
        self.stdout.write(f"{number} difference{'' if number == 1 else 's'} in {result.records} records.")
        if number:
            sys.exit(1)
