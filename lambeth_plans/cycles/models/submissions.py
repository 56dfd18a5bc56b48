"""What becomes of a report in its round, and what is typed for one that is not handed in yet."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.accounts.typed_texts import TypedText, typed_texts
from lambeth_plans.cycles.models.rounds import ReportingRound
from lambeth_plans.history import Recorded


class Submission(Recorded):
    """The report on an activity in a round, and how far it has come. Its history is the list of its steps.

    Who took the last step stands with the name as it is printed: "Post A for Post B" where A deputises for B.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        CHECKED = "checked", "Checked"
        SIGNED_OFF = "signed_off", "Signed off"
        RETURNED = "returned", "Returned"

    reporting_round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="submissions")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="submissions")
    report = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    is_late = models.BooleanField("handed in after the days of grace", default=False)
    late_because = models.TextField("why it came after the round had closed", blank=True, default="")
    step_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    step_by_name = models.CharField(max_length=310)  # two posts: "Post A for Post B"
    step_at = models.DateTimeField()
    returned_because = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["reporting_round", "activity"]
        constraints = [
            models.UniqueConstraint(fields=["reporting_round", "activity"], name="cycles_submission_one_a_round"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_because=""),
                name="cycles_submission_returned_has_reason",
                violation_error_message="Say why it goes back.",
            ),
            models.CheckConstraint(
                condition=Q(late_because="") | Q(is_late=True), name="cycles_submission_reason_is_for_late"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}, {self.reporting_round}"

    @property
    def is_returned(self) -> bool:
        return self.state == self.State.RETURNED


class DraftReport(models.Model):
    """What somebody has typed about an activity and not handed in. No report, and no record either: nothing of it is in
    the history.

    It belongs to the post that answers for the activity, so that whoever holds that post and whoever deputises for it
    find it, and nobody else does. `typed` is what stands in each field of the form.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    number = models.PositiveIntegerField("how often it was saved", default=1)

    class Meta:
        ordering = ["activity", "officer"]
        constraints = [models.UniqueConstraint(fields=["activity", "officer"], name="cycles_draft_one_of_a_post")]

    def __str__(self) -> str:
        return f"Draft on {self.activity}"

    @property
    def lines(self) -> list[TypedText]:
        """What is typed, field by field, to be read beside another draft."""
        post = QueryDict(mutable=True)
        post.update({name: value for name, value in self.typed.items() if value and value is not True})
        return typed_texts(post)
