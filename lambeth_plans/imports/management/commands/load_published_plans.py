from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lambeth_plans.accounts.models import User
from lambeth_plans.imports.published import PUBLISHED_PLANS, PublishedPlanError, load_published_plan


class Command(BaseCommand):
    help = "Loads the published plans, each once. A plan that is there is left alone, with what people changed in it."

    def handle(self, *args: Any, **options: Any) -> None:
        for slug in PUBLISHED_PLANS:
            try:
                loaded = load_published_plan(slug, by=User.objects.system())
            except PublishedPlanError as error:
                raise CommandError(str(error)) from error
            if loaded.records:
                self.stdout.write(f"{loaded.plan.council}: {loaded.plan} loaded, {loaded.records} records.")
            else:
                self.stdout.write(f"{loaded.plan.council}: {loaded.plan} is already there and was left alone.")
