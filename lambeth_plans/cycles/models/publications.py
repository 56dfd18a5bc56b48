"""What a plan said at a meeting: an instant of its history, with a digest of it, and not a copy."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models.meetings import Meeting
from lambeth_plans.cycles.parts import Part
from lambeth_plans.history import Recorded, VersionedQuerySet
from lambeth_plans.moments import Sealed
from objectives.models import Plan


class PublicationQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "plan__council"))


class Publication(Recorded):
    """A plan as members of the council see it from `published_at` on, until the next one.

    `marks` says of each model's history which row was the last one then: what is written afterwards is not part of it,
    even where it says that it holds from earlier. `digest` is the SHA-256 of all that was part of it
    (lambeth_plans/cycles/digest.py), so that anybody can prove that nothing has moved since. A publication is never
    changed: what was wrong in one is put right by a later one that `corrects` it and says what.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="publications")
    published_by_name = models.CharField(max_length=200)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="publications")
    #: The meeting as it was called then: later its board may be renamed, and it may be moved.
    board_name = models.CharField("board it is for", max_length=150, blank=True, default="")
    meeting_date = models.DateField("day of the meeting", null=True, blank=True)
    meeting_place = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField("what it is for", blank=True, default="")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by")
    corrects_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    decisions_asked = models.TextField("decisions asked for", blank=True, default="")
    #: The parts of the pack that members of the public and the press may not have, by name, and under which paragraph.
    exempt_parts = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)
    exempt_because = models.TextField(blank=True, default="")
    marks = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    digest = models.CharField(max_length=64, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="cycles_publication_number"),
            models.CheckConstraint(
                condition=Q(meeting=None, board_name="", meeting_date=None)
                | Q(meeting__isnull=False, meeting_date__isnull=False) & ~Q(board_name=""),
                name="cycles_publication_names_its_meeting",
                violation_error_message="A publication for a meeting keeps its board and day.",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(note=""),
                name="cycles_publication_says_what_it_corrects",
                violation_error_message="Say what this publication corrects.",
            ),
            models.CheckConstraint(
                condition=Q(exempt_parts=[]) | ~Q(exempt_because=""),
                name="cycles_publication_says_why_exempt",
                violation_error_message="Say why parts are exempt from publication.",
            ),
        ]

    def __str__(self) -> str:
        return f"Publication {self.number}"

    @property
    def exempt_headings(self) -> list[str]:
        """The headings of the parts that are exempt, in the order of the pack."""
        return [part.heading for part in Part if part.value in self.exempt_parts]

    @property
    def words(self) -> str:
        """What is shown, in a sentence: "As published on 26 November 2026 for the Improvement Board of 30 November"."""
        day = date_format(timezone.localtime(self.published_at), "j F Y")
        correction = f" It corrects publication {self.corrects_number}." if self.corrects_id else ""
        held = (
            f" for the meeting of {self.board_name} on {date_format(self.meeting_date, 'j F Y')}"
            if self.board_name
            else ""
        )
        return f"As published on {day}{held}.{correction}"

    @property
    def meeting_words(self) -> str:
        """ "Improvement Board, 30 November 2026"; empty for none."""
        return f"{self.board_name}, {date_format(self.meeting_date, 'j F Y')}" if self.board_name else ""

    @property
    def moment(self) -> Sealed:
        """The moment to read the history at."""
        return Sealed.of(self.published_at, self.marks)


class PublishedText(models.Model):
    """A record as the search of those who see only what is published finds it: an index, made anew with each
    publication of the plan and never read for what a page says. Columns as in dashboards/finder.py::Found."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=20)
    plan = models.CharField("slug of the plan it is seen in", max_length=80, blank=True, default="")
    plan_title = models.TextField(blank=True, default="")
    council = models.CharField("slug of its council", max_length=50)
    key = models.CharField(max_length=80)
    ref = models.TextField(blank=True, default="")
    title = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    #: The references that find it exactly, without blanks and in capitals, each on its own line.
    codes = models.TextField(blank=True, default="")
    when_date = models.DateField(null=True, blank=True)
    order = models.IntegerField(default=0)

    class Meta:
        ordering = ["publication", "kind", "order"]
        indexes = [models.Index(fields=["publication", "kind"], name="cycles_text_of_kind")]

    def __str__(self) -> str:
        return self.title
