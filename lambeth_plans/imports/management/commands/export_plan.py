"""`manage.py export_plan SLUG FILE.xlsx` writes a plan's workbook; `--template FILE.xlsx` an empty one."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lambeth_plans.imports.workbook.export import export_plan, write_template
from objectives.models import Plan


class Command(BaseCommand):
    help = "Writes a plan as a workbook with a sheet for each register, or an empty workbook to fill in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="SLUG FILE.xlsx", help="the plan’s short name, and the file")
        parser.add_argument("--template", metavar="FILE.xlsx", help="write an empty workbook with notes and lists")

    def handle(self, *args: Any, names: list[str], template: str | None, **options: Any) -> None:
        if template and not names:
            self._write(template, write_template)
            return
        if len(names) != 2 or template:
            raise CommandError("Say which plan and which file: export_plan SLUG FILE.xlsx, or --template FILE.xlsx.")
        slug, file = names
        plan = Plan.objects.select_related("council").filter(slug=slug).first()
        if plan is None:
            known = ", ".join(Plan.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no plan “{slug}”. There are: {known}.")
        self._write(file, lambda out: export_plan(plan, out))

    def _write(self, file: str, write: Callable[[IO[bytes]], None]) -> None:
        """Writes beside the file first, so that a failure leaves the old one whole."""
        draft = Path(f"{file}.part")
        try:
            with draft.open("wb") as out:
                write(out)
            draft.replace(file)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"Written: {file}")
