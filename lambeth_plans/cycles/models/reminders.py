"""Reminders of a round and of contracts that end, and the e-mails in which they go out."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from finance.ending import WARNED
from finance.models import Contract
from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models.rounds import ReportingRound
from lambeth_plans.history import HistoryEntry, Recorded, Versioned, VersionedQuerySet


class ReminderDigestQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """Those with a reminder of a round or a contract of the user's own councils, and empty ones to people there."""
        kinds = (Reminder, ContractReminder)
        empty = Q(person__in=User.objects.visible_to(user).order_by().values("pk"))
        shown = Q()
        for kind in kinds:
            empty &= ~Exists(kind.objects.filter(digest=OuterRef("pk")))
            shown |= Q(pk__in=kind.objects.visible_to(user).order_by().values("digest_id"))
        return self.filter(shown | empty)


class ReminderDigest(Versioned):
    """The one e-mail of a day to a person: every reminder that is due then, of all plans and rounds.

    It waits until `due_at` (a failed try waits again, with its error), then a worker claims it, which fixes subject and
    text, and sends it. While it waits it takes up what becomes due, so that a person has at most one that waits.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        NOT_NEEDED = "not-needed", "Not needed: nothing was open any more"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reminder_digests")
    day_date = models.DateField("day")
    due_at = models.DateTimeField("not sent before")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField("times tried", default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField("why it failed", blank=True, default="")

    # What stands in it may be of councils of which a reader of the trail is none.
    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=["text"])

    objects = ReminderDigestQuerySet.as_manager()

    class Meta:
        ordering = ["-day_date", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day_date"], name="cycles_digest_one_a_day"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="cycles_digest_one_that_waits"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="cycles_digest_sent_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="cycles_digest_state")]

    def __str__(self) -> str:
        return f"Reminder of {self.day_date.day} {self.day_date:%B %Y}"

    @property
    def message_id(self) -> str:
        """Always the same for the same e-mail, however often it is tried."""
        host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
        return f"<reminders.{self.day_date:%Y-%m-%d}.{self.person_id}@{host}>"


class ReminderQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "reporting_round__plan__council"))


class Reminder(Recorded):
    """That a person is reminded of a round, once of each kind."""

    class Kind(models.TextChoices):
        """In the order of their days."""

        OPENING = "opening", "It is open"
        SOON = "soon", "Due in three days"
        DUE = "due", "Due today"
        OVERDUE = "overdue", "Overdue"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reminders")
    reporting_round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    digest = models.ForeignKey(ReminderDigest, on_delete=models.PROTECT, related_name="reminders")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["digest", "reporting_round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reporting_round", "kind"], name="cycles_reminder_once_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ContractReminderQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "contract__plan__council"))


class ContractReminder(Recorded):
    """That a person is told of a contract which ends, or must be given notice, in so many months: once for each day its
    warnings count to. Where that day is moved, the person is told of the new one."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contract_reminders")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="reminders")
    months = models.PositiveSmallIntegerField("months before", choices=[(each, f"{each} months") for each in WARNED])
    deadline_date = models.DateField("counted to")
    digest = models.ForeignKey(ReminderDigest, on_delete=models.PROTECT, related_name="contract_reminders")

    objects = ContractReminderQuerySet.as_manager()

    class Meta:
        ordering = ["digest", "deadline_date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "contract", "months", "deadline_date"], name="cycles_contractreminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months} months before {self.deadline_date.day} {self.deadline_date:%B %Y}"
