"""Batches of change: who brought in which file, what it would change, and whether it was applied."""

from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.history import HistoryEntry, Recorded, Versioned, VersionedQuerySet
from objectives.models import Plan

#: How long a preview may wait for its confirmation, and a file for its columns.
LIFETIME = timedelta(hours=24)


class ImportBatchQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """Those of a person's councils, and their own that have no council yet."""
        return self.filter(of_visible_councils(user, "council") | Q(council=None, made_by=user))

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def briefly(self):
        """Without what a list does not show: a batch may hold thousands of rows."""
        return self.defer("rows", "errors", "marked", "content")

    def without_file(self):
        """Without the uploaded file, which may be large; `has_file` says whether it is kept."""
        is_kept = models.ExpressionWrapper(Q(content__isnull=False), output_field=models.BooleanField())
        return self.defer("content").annotate(has_file=is_kept)

    def forget_files(self, council: Council, now: datetime) -> None:
        """Empties the files of a council's batches that waited too long. A file is no part of a batch's history."""
        late = self.filter(council=council, made_at__lt=now - LIFETIME).exclude(content=None)
        for batch in late.only("pk", "state"):
            batch.content = None
            batch.save(update_fields=["content"])

    def applied_with(self, council: Council, sha256: str):
        """The batches that brought in the very same file, newest first."""
        same = self.filter(council=council, sha256=sha256, state=ImportBatch.State.APPLIED)
        return same.briefly().order_by("-applied_at")


class ImportBatch(Versioned):
    """One upload, kept as it was previewed. `number` names it in addresses and in the history of what it changed.

    `rows` are the rows as previewed, each with the version it was compared with (figures packed as `kpis.packing` says;
    of a plan's workbook or a register the rows that change anything, the counts of each sheet, and the slugs of plan
    and council); `errors` what was wrong, by sheet, row and column; `marked` shows them in the file. They stay out of
    the batch's own history: they change only with the choice of columns, which has its own. `content` is the file
    itself, so that its columns can be chosen: it is
    never served, and emptied when the batch is applied or has waited too long.
    """

    class Kind(models.TextChoices):
        FIGURES = "figures", "Figures of indicators"
        PLAN = "plan", "A plan's workbook"
        REGISTER = "register", "A register"

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for its columns"
        PREVIEWED = "previewed", "Waiting to be confirmed"
        REFUSED = "refused", "Refused"
        UNCHANGED = "unchanged", "Nothing to change"
        APPLIED = "applied", "Applied"
        UNDONE = "undone", "Undone"

    number = models.SlugField(max_length=40, unique=True, editable=False)
    # Empty where a plan's workbook could not be read so far, or brings its council with it and is not confirmed yet.
    council = models.ForeignKey(Council, on_delete=models.PROTECT, null=True, blank=True, related_name="import_batches")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FIGURES)
    #: Which register, and of which plan: none where it is the whole council's, or no register.
    register = models.CharField(max_length=20, blank=True, default="")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="import_batches")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="import_batches")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=100)
    sha256 = models.CharField("fingerprint of the file", max_length=64)
    reason = models.CharField(max_length=200, blank=True, default="")
    notes = models.JSONField("how the file was read", default=list, encoder=DjangoJSONEncoder)
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    errors = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    #: A refused file as a workbook with the errors marked in its cells; none where it could not be opened.
    marked = models.BinaryField(null=True, blank=True, editable=False)
    content = models.BinaryField(null=True, blank=True, editable=False)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=200, blank=True, default="")
    undone_because = models.CharField(max_length=200, blank=True, default="")

    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=["rows", "errors", "marked", "content"])

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "import batches"
        indexes = [models.Index(fields=["council", "sha256"], name="imports_batch_of_file")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["applied", "undone"], applied_at__isnull=False)
                | (~Q(state__in=["applied", "undone"]) & Q(applied_at=None)),
                name="imports_batch_applied_has_date",
                violation_error_message="A batch has a moment of applying exactly when it was applied.",
            ),
            models.CheckConstraint(
                condition=(Q(state="undone", undone_at__isnull=False) & ~Q(undone_because=""))
                | (~Q(state="undone") & Q(undone_at=None)),
                name="imports_batch_undone_has_date_and_reason",
                violation_error_message="A batch has a moment and a reason of undoing exactly when it was undone.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_applied:  # its file has done its work
            self.content = None
        super().save(*args, **kwargs)

    @property
    def is_asked(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PREVIEWED

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED

    @property
    def is_applied(self) -> bool:
        return self.state == self.State.APPLIED

    @property
    def is_undone(self) -> bool:
        return self.state == self.State.UNDONE

    @property
    def expires_at(self) -> datetime:
        return self.made_at + LIFETIME

    @property
    def fingerprint(self) -> str:
        """The beginning of the file's SHA-256, enough to tell two files apart by eye."""
        return self.sha256[:12]

    def has_expired(self, now: datetime) -> bool:
        return (self.is_waiting or self.is_asked) and now > self.expires_at

    def may_be_read_anew(self, now: datetime) -> bool:
        """Whether its columns can (still) be chosen, as far as time and state go; that also takes its file."""
        states = (self.State.ASKED, self.State.PREVIEWED, self.State.REFUSED, self.State.UNCHANGED)
        return self.state in states and now <= self.expires_at


class ColumnMapping(Recorded):
    """How somebody of a council chose to read the columns of one shape of sheet; kept for its next files.

    `headings` are those of the sheet and `columns` what each of them is: a field, "" for one left out, or a period by
    its heading. `shape` is their fingerprint (lambeth_plans/imports/remembered.py), `kind` the door of the files.
    """

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="column_mappings")
    kind = models.CharField("what is in the files", max_length=20)
    shape = models.CharField("fingerprint of the headings", max_length=64)
    sheet = models.CharField("name of the sheet", max_length=100, blank=True, default="")
    headings = models.JSONField(encoder=DjangoJSONEncoder)
    columns = models.JSONField(encoder=DjangoJSONEncoder)
    chosen_by_name = models.CharField(max_length=200)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["council", "kind", "shape"],
                name="imports_mapping_of_shape",
                violation_error_message="The columns of such a sheet are remembered already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.council.slug}, {self.kind}: {', '.join(self.headings)[:100]}"
