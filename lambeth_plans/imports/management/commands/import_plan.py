"""`manage.py import_plan FILE.xlsx --by USERNAME` shows what a plan's workbook would change; `--commit` changes it."""

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lambeth_plans.accounts.models import User
from lambeth_plans.imports.management.commands.import_outturns import content_of, error_line
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.workbook.actions import NotWaiting, PlanMoved, confirm_plan, upload_plan
from lambeth_plans.imports.workbook.changes import NEW
from lambeth_plans.imports.workbook.sheets import BY_TITLE


class Command(BaseCommand):
    help = "Shows what a plan’s workbook would change; with --commit, changes it, all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.xlsx")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who brings it in: an administrator")
        parser.add_argument("--commit", action="store_true", help="change it, if nothing is wrong")
        parser.add_argument("--reason", default="", help="why, for the history (up to 200 characters)")

    def handle(self, *args: Any, file: str, by: str, commit: bool, reason: str, **options: Any) -> None:
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is nobody with the user name “{by}”.")
        try:
            batch = upload_plan(file_name=Path(file).name, content=content_of(file), reason=reason[:200], by=user)
        except PermissionDenied as error:
            raise CommandError(f"{by} may not set up plans: that takes an administrator.") from error
        self._show(batch)
        if batch.is_refused:
            sys.exit(1)
        if commit and batch.is_waiting:
            try:
                batch = confirm_plan(batch=batch, by=user)
            except (PlanMoved, NotWaiting, PermissionDenied) as error:
                raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(_outcome(batch))

    def _show(self, batch: ImportBatch) -> None:
        for note in batch.notes:
            self.stdout.write(f"Note: {note}")
        if batch.is_refused:
            for error in batch.errors:
                self.stdout.write(error_line(error))
            things = "thing" if batch.error_count == 1 else "things"
            self.stdout.write(f"Refused: {batch.error_count} {things} to put right. Nothing was changed.")
            return
        for row in batch.rows["rows"]:
            sheet = BY_TITLE[row["sheet"].casefold()]
            self.stdout.write(f"{row['sheet']}, row {row['row']}: {row['action']} {row['label']}")
            for name, (old, new) in row["cells"].items():
                if row["action"] != NEW:
                    heading = sheet.fields[name].column_name
                    self.stdout.write(f"    {heading}: {old or 'not stated'} → {new or 'not stated'}")
        for count in batch.rows["sheets"]:
            if any(count[name] for name in ("new", "changed", "unchanged")):
                words = ", ".join(f"{count[name]} {name}" for name in ("new", "changed", "unchanged"))
                self.stdout.write(f"{count['title']}: {words}")


def _outcome(batch: ImportBatch) -> str:
    counts = f"{batch.new_count} new, {batch.changed_count} changed, {batch.unchanged_count} unchanged"
    if batch.is_applied:
        return f"Applied as {batch.number}: {counts}."
    if batch.is_waiting:
        return f"Nothing was changed yet: {counts}. Say --commit to change it ({batch.number})."
    return f"Nothing to change: {counts} ({batch.number})."
