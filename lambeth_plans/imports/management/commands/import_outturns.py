"""`manage.py import_outturns FILE --council SLUG --by USERNAME` shows what a file of figures would change; `--commit`
changes it. The same rules as in the browser, and the same batches."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpis.packing import Unpacked
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.actions import Conflicts, NotWaiting, confirm_batch, upload_figures
from lambeth_plans.imports.models import ImportBatch

#: More changes than these are counted, not listed.
MOST_LISTED = 500
#: Of a file of so many bytes it is told, beside the answer, how far it has come.
LONG_FROM_BYTES = 500_000


class Command(BaseCommand):
    help = "Shows what a file of figures would change; with --commit, changes it, all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a CSV file or an Excel workbook (.xlsx)")
        parser.add_argument("--council", required=True, metavar="SLUG", help="whose figures they are")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who brings it in: an analyst")
        parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet, where a workbook has several")
        parser.add_argument("--reason", default="", help="why, for the history (up to 200 characters)")
        parser.add_argument("--commit", action="store_true", help="change it, if nothing is wrong")
        parser.add_argument(
            "--annotated", metavar="OUT.xlsx", help="where to write a refused file with its errors marked"
        )
        parser.add_argument("--json", action="store_true", help="answer with one object, for programs")

    def handle(self, *args: Any, file: str, council: str, by: str, **options: Any) -> None:
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is nobody with the user name “{by}”.")
        place = Council.objects.visible_to(user).filter(slug=council).first()
        if place is None:
            raise CommandError(f"{by} belongs to no council “{council}”.")
        content = content_of(file)
        self.is_long = len(content) >= LONG_FROM_BYTES
        self._progress(f"Reading and comparing {Path(file).name} …")
        try:
            batch = upload_figures(
                council=place,
                file_name=Path(file).name,
                content=content,
                sheet=options["sheet"],
                reason=options["reason"][:200],
                by=user,
            )
            errors = batch.errors
            if options["commit"] and batch.is_waiting:
                self._progress(f"Writing {batch.new_count + batch.changed_count:,} figures …")
                batch, errors = self._confirm(batch, user)
        except PermissionDenied as error:
            raise CommandError(f"{by} may not import figures for {place.name}: that takes an analyst of it.") from error
        if options["annotated"] and batch.marked:
            written(options["annotated"], bytes(batch.marked))
        if options["json"]:
            self.stdout.write(json.dumps(outcome(batch, errors, committed=options["commit"]), ensure_ascii=False))
        else:
            self._tell(batch, errors, committed=options["commit"])
        if errors:
            sys.exit(1)

    def _progress(self, words: str) -> None:
        """Goes to the error stream, so that a program reads nothing but its answer."""
        if self.is_long:
            self.stderr.write(words, self.style.NOTICE)

    def _confirm(self, batch: ImportBatch, user: User) -> tuple[ImportBatch, list[dict[str, Any]]]:
        """The batch as it is afterwards, and what stood in the way: then nothing was changed."""
        try:
            return confirm_batch(batch=batch, by=user), []
        except Conflicts as refusal:
            return batch, [
                {
                    "sheet": "",
                    "row": conflict.proposal.row,
                    "column": "",
                    "value": conflict.proposal.new_words,
                    "message": f"Somebody changed {conflict.proposal.code} for {conflict.proposal.period.label} "
                    f"after the preview, from {conflict.proposal.old_words} to {conflict.now.old_words}.",
                }
                for conflict in refusal.conflicts
            ]
        except NotWaiting as refusal:
            return batch, [{"sheet": "", "row": 0, "column": "", "value": "", "message": str(refusal)}]

    def _tell(self, batch: ImportBatch, errors: list[dict[str, Any]], *, committed: bool) -> None:
        for note in batch.notes:
            self.stdout.write(f"Note: {note}")
        if errors:
            for error in errors:
                self.stdout.write(error_line(error))
            things = "thing" if len(errors) == 1 else "things"
            self.stdout.write(f"Refused as {batch.number}: {len(errors)} {things} to put right. Nothing was changed.")
            return
        moving = Unpacked(batch.rows).moving
        for proposal in moving[:MOST_LISTED]:
            was = f"{proposal.old_words} → " if proposal.action == "changed" else ""
            named = f"{proposal.code} for {proposal.period.label}"
            self.stdout.write(f"Row {proposal.row}: {proposal.action} {named}: {was}{proposal.new_words}")
        if len(moving) > MOST_LISTED:
            self.stdout.write(f"… and {len(moving) - MOST_LISTED:,} more")
        counts = f"{batch.new_count:,} new, {batch.changed_count:,} changed, {batch.unchanged_count:,} unchanged"
        if batch.is_applied:
            self.stdout.write(f"Applied as {batch.number}: {counts}.")
        elif batch.is_waiting:
            self.stdout.write(f"Nothing was changed yet: {counts}. Say --commit to change it.")
        else:
            self.stdout.write(f"Nothing to change: {counts} ({batch.number}).")


def outcome(batch: ImportBatch, errors: list[dict[str, Any]], *, committed: bool) -> dict[str, Any]:
    """What a program is told: counts of rows, and every error with its place. A file that changes nothing counts as
    applied where it was to be."""
    state = "refused" if errors else "applied" if committed else "previewed"
    names = ("sheet", "row", "column", "value", "message")
    return {
        "state": state,
        "batch": batch.number,
        "rows": batch.new_count + batch.changed_count + batch.unchanged_count,
        "new": batch.new_count,
        "changed": batch.changed_count,
        "unchanged": batch.unchanged_count,
        "errors": [{name: error[name] for name in names} for error in errors],
    }


def content_of(file: str) -> bytes:
    """What stands in a file. Raises CommandError where it cannot be read or is too large."""
    try:
        path = Path(file)
        if path.stat().st_size > settings.UPLOAD_LIMIT_BYTES:
            raise CommandError(f"{file} is larger than {settings.UPLOAD_LIMIT_BYTES:,} bytes (UPLOAD_LIMIT_BYTES).")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def written(file: str, content: bytes) -> None:
    """Writes a file. Raises CommandError where it cannot be written."""
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error


def error_line(error: dict[str, Any]) -> str:
    """An error in a line: "Sheet1, row 3, column C (Value) “c. 40”: message"."""
    parts = [
        error["sheet"],
        f"row {error['row']}" if error["row"] else "",
        f"column {error['column']}" if error["column"] else "",
    ]
    value = f" “{error['value']}”" if error["value"] else ""
    return f"{', '.join(part for part in parts if part) or 'The file'}{value}: {error['message']}"
