"""`manage.py import_register FILE --register contracts --council SLUG --plan SLUG --by USERNAME` shows what a register
would change; `--commit` changes it. The same rules as in the browser, and the same batches."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.actions import NotWaiting
from lambeth_plans.imports.management.commands.import_outturns import (
    MOST_LISTED,
    content_of,
    error_line,
    outcome,
    written,
)
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register, upload_register
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.imports.workbook.actions import PlanMoved
from lambeth_plans.imports.workbook.changes import NEW, shown_cells
from objectives.models import Plan


class Command(BaseCommand):
    help = "Shows what a register would change; with --commit, changes it, all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a CSV file or an Excel workbook (.xlsx)")
        parser.add_argument("--register", required=True, choices=sorted(REGISTERS), help="which register it is")
        parser.add_argument("--council", required=True, metavar="SLUG", help="whose register it is")
        parser.add_argument("--plan", default="", metavar="SLUG", help="of which plan, where it is a plan’s")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who brings it in: an analyst")
        parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet, where a workbook has several")
        parser.add_argument("--reason", default="", help="why, for the history (up to 200 characters)")
        parser.add_argument("--commit", action="store_true", help="change it, if nothing is wrong")
        parser.add_argument(
            "--annotated", metavar="OUT.xlsx", help="where to write a refused file with its errors marked"
        )
        parser.add_argument("--json", action="store_true", help="answer with one object, for programs")

    def handle(self, *args: Any, file: str, council: str, plan: str, by: str, **options: Any) -> None:
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is nobody with the user name “{by}”.")
        place = Council.objects.visible_to(user).filter(slug=council).first()
        if place is None:
            raise CommandError(f"{by} belongs to no council “{council}”.")
        try:
            batch = upload_register(
                register=REGISTERS[options["register"]],
                council=place,
                plan=Plan.objects.filter(council=place, slug=plan).first(),
                file_name=Path(file).name,
                content=content_of(file),
                sheet=options["sheet"],
                reason=options["reason"][:200],
                by=user,
            )
        except PermissionDenied as error:
            raise CommandError(
                f"{by} may not edit the registers of {place.name}: that takes an analyst of it."
            ) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        errors = batch.errors
        if options["commit"] and batch.is_waiting:
            batch, errors = _confirmed(batch, user)
        if options["annotated"] and batch.marked:
            written(options["annotated"], bytes(batch.marked))
        if options["json"]:
            self.stdout.write(json.dumps(outcome(batch, errors, committed=options["commit"]), ensure_ascii=False))
        else:
            self._tell(batch, errors)
        if errors:
            sys.exit(1)

    def _tell(self, batch: ImportBatch, errors: list[dict[str, Any]]) -> None:
        for note in batch.notes:
            self.stdout.write(f"Note: {note}")
        if errors:
            for error in errors:
                self.stdout.write(error_line(error))
            things = "thing" if len(errors) == 1 else "things"
            self.stdout.write(f"Refused as {batch.number}: {len(errors)} {things} to put right. Nothing was changed.")
            return
        rows = batch.rows["rows"]
        for row in rows[:MOST_LISTED]:
            self.stdout.write(f"Row {row['row']}: {row['action']} {row['label']} ({row['sheet']})")
            for _, heading, old, new in shown_cells(row):
                was = "" if row["action"] == NEW else f"{old or 'not stated'} → "
                self.stdout.write(f"    {heading}: {was}{new or 'not stated'}")
        if len(rows) > MOST_LISTED:
            self.stdout.write(f"… and {len(rows) - MOST_LISTED:,} more")
        counts = f"{batch.new_count:,} new, {batch.changed_count:,} changed, {batch.unchanged_count:,} unchanged"
        if batch.is_applied:
            self.stdout.write(f"Applied as {batch.number}: {counts}.")
        elif batch.is_waiting:
            self.stdout.write(f"Nothing was changed yet: {counts}. Say --commit to change it.")
        else:
            self.stdout.write(f"Nothing to change: {counts} ({batch.number}).")


def _confirmed(batch: ImportBatch, user: User) -> tuple[ImportBatch, list[dict[str, Any]]]:
    """The batch as it is afterwards, and what stood in the way: then nothing was changed."""
    try:
        return confirm_register(batch=batch, by=user), []
    except PlanMoved as refusal:
        message = "Somebody changed {} after the preview."
        return batch, [
            {
                "sheet": row["sheet"],
                "row": row["row"],
                "column": "",
                "value": row["label"],
                "message": " ".join([message.format(row["label"]), *row.get("why", ())]),
            }
            for row in refusal.rows
        ]
    except NotWaiting as refusal:
        return batch, [{"sheet": "", "row": 0, "column": "", "value": "", "message": str(refusal)}]
