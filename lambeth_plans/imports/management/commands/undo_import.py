"""`manage.py undo_import BATCH --by USERNAME --reason TEXT` takes an import back, all of it or nothing: of figures, of
a register, or of a plan's workbook."""

import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lambeth_plans.accounts.models import User
from lambeth_plans.imports.actions import ChangedSince, NotApplied, undo_batch
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.undo import InTheWay, undo_records


class Command(BaseCommand):
    help = "Takes an import back: what is new is removed, what it changed is what it was before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH", help="its number, like lambeth-0012")
        parser.add_argument(
            "--by",
            required=True,
            metavar="USERNAME",
            help="who undoes it: an analyst of the council, of a workbook an administrator",
        )
        parser.add_argument("--reason", required=True, help="why, for the history (up to 200 characters)")

    def handle(self, *args: Any, batch: str, by: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is nobody with the user name “{by}”.")
        found = ImportBatch.objects.visible_to(user).filter(number=batch).first()
        if found is None:
            raise CommandError(f"There is no import “{batch}” among those {by} may see.")
        was_undone = found.is_undone
        if found.kind != ImportBatch.Kind.FIGURES:
            found = self._undo_records(found, user, reason[:200])
            self._tell(found, "records", was_undone=was_undone)
            return
        try:
            found = undo_batch(batch=found, by=user, reason=reason[:200])
        except ChangedSince as refusal:
            for later in refusal.later:
                named = f"{later.proposal.code} for {later.proposal.period.label}"
                words = f"{later.proposal.new_words} → {later.now_words}"
                when = f" on {later.changed_at:%-d %B %Y}" if later.changed_at else ""
                self.stdout.write(f"{named}: {words}, changed by {later.actor}{when}")
            self.stdout.write(f"Not undone: {len(refusal.later)} figures were changed since. Nothing was changed.")
            sys.exit(1)
        except (NotApplied, PermissionDenied, ValueError) as error:
            raise CommandError(str(error)) from error
        self._tell(found, "figures", was_undone=was_undone)

    def _undo_records(self, batch: ImportBatch, user: User, reason: str) -> ImportBatch:
        try:
            return undo_records(batch=batch, by=user, reason=reason)
        except InTheWay as refusal:
            for each in refusal.obstacles:
                when = f" on {each.changed_at:%-d %B %Y}" if each.changed_at else ""
                who = f" Last changed by {each.actor}{when}." if each.actor else ""
                self.stdout.write(f"{each.kind} {each.name}: {each.message}{who}")
            count = len(refusal.obstacles)
            records = "1 record stands" if count == 1 else f"{count} records stand"
            self.stdout.write(f"Not undone: {records} in the way. Nothing was changed.")
            sys.exit(1)
        except (NotApplied, PermissionDenied, ValueError) as error:
            raise CommandError(str(error)) from error

    def _tell(self, found: ImportBatch, things: str, *, was_undone: bool) -> None:
        if was_undone:
            self.stdout.write(f"{found.number} was undone before, by {found.undone_by_name}.")
        else:
            counts = f"{found.new_count:,} new {things} removed, {found.changed_count:,} changed ones put back"
            self.stdout.write(f"{found.number} is undone: {counts}.")
