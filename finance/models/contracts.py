"""The contracts register and who the contracts are with."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from finance.ending import LONGEST_NOTICE, Ending, ending_on
from finance.models.savings import Saving
from lambeth_plans.accounts.access import answerable_officers
from lambeth_plans.accounts.models import CouncilRecord, Division, Officer
from lambeth_plans.fields import AsStatedField, MoneyField, PartialDate, PartialDateField
from objectives.models import Objective, PlanRecord, PlanRecordQuerySet


class Supplier(CouncilRecord):
    """Who a contract is with. What kind of body it is stays empty where no register says so."""

    name = models.CharField(max_length=150)
    is_small_or_medium = models.BooleanField("small or medium-sized enterprise", null=True, blank=True)
    is_voluntary_or_community = models.BooleanField("voluntary or community sector", null=True, blank=True)
    registration_number = models.CharField(max_length=60, blank=True, default="")

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "name"]

    def __str__(self) -> str:
        return self.name


class ContractQuerySet(PlanRecordQuerySet):
    """Contracts and who answers for them."""

    def answerable_to(self, user):
        """Those of which a director is an officer that this person answers for."""
        officers = answerable_officers(user)
        shared = Contract.further_directors.through.objects.filter(officer__in=officers)
        return self.filter(Q(director__in=officers) | Q(pk__in=shared.values("contract_id")))


class Contract(PlanRecord):
    """A contract of the register: what the document says beside what was understood.

    Besides what plans print, it holds what the Local Government Transparency Code asks councils to publish. Whether it
    is still in use after its end is said by a person, never guessed from the date.
    """

    class Process(models.TextChoices):
        QUOTE = "quote", "Invitation to quote"
        TENDER = "tender", "Published invitation to tender"
        NEITHER = "neither", "Neither of the two"

    ref = models.CharField(max_length=60, blank=True, default="")
    title = models.CharField(max_length=250)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    supplier_as_stated = AsStatedField()
    annual_value = MoneyField(null=True, blank=True)
    annual_value_as_stated = AsStatedField()
    start_date = PartialDateField()
    start_date_as_stated = AsStatedField()
    end_date = PartialDateField()
    end_date_as_stated = AsStatedField()
    review_date = PartialDateField()
    review_date_as_stated = AsStatedField()
    notice_months = models.PositiveSmallIntegerField("notice period in months", null=True, blank=True)
    notice_date = PartialDateField("last day for notice")
    notice_date_as_stated = AsStatedField("notice as stated")
    extension_options = models.TextField("options to extend", blank=True, default="")
    latest_end_date = PartialDateField("latest end if extended")
    is_still_in_use = models.BooleanField("still in use after its end", null=True, blank=True)
    total_value = MoneyField("value over the whole contract", null=True, blank=True)
    total_value_as_stated = AsStatedField("value over the whole contract as stated")
    irrecoverable_vat = MoneyField("VAT that cannot be recovered", null=True, blank=True)
    process = models.CharField(max_length=8, choices=Process.choices, blank=True, default="")
    description = models.TextField(blank=True, default="")
    director = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    further_directors = models.ManyToManyField(Officer, blank=True, related_name="shared_contracts")
    director_as_stated = AsStatedField()
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="contracts")
    savings = models.ManyToManyField(Saving, blank=True, related_name="contracts")
    note = models.TextField(blank=True, default="")

    objects = ContractQuerySet.as_manager()

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(notice_months=None) | Q(notice_months__gte=1, notice_months__lte=LONGEST_NOTICE),
                name="finance_contract_notice_months",
                violation_error_message=f"A notice period is 1 to {LONGEST_NOTICE} months.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A partial date is in order where it may be: only what cannot be is refused."""
        super().clean()
        self._forget_of_another_end()
        start, end, notice, latest = (
            each if isinstance(each, PartialDate) else None  # what is no date is told by its field
            for each in (self.start_date, self.end_date, self.notice_date, self.latest_end_date)
        )
        errors = {}
        if start and end and end.latest < start.earliest:
            errors["end_date"] = f"The contract ends before it starts, on {start}."
        if latest and not self.end_date:
            errors["latest_end_date"] = "Say when the contract ends before saying how long it may be extended."
        elif latest and end and latest.latest < end.earliest:
            errors["latest_end_date"] = f"Extended, the contract would end before its end, {end}."
        if notice and end and notice.earliest > end.latest:
            errors["notice_date"] = f"Notice is given before the contract ends, on {end}."
        if errors:
            raise ValidationError(errors)

    def _forget_of_another_end(self) -> None:
        """Whether it is still in use was said of the end it had: where that moves, nobody has said so any more, unless
        another answer comes with the new end. One query, where there is an answer."""
        if self.pk is None or self.is_still_in_use is None:
            return
        said = Contract.objects.filter(pk=self.pk).values_list("end_date", "is_still_in_use").first()
        if said and said[0] != self.end_date and said[1] == self.is_still_in_use:
            self.is_still_in_use = None

    def ending_on(self, day: date) -> Ending:
        """Where it stands on a day (finance/ending.py)."""
        return ending_on(day, self.end_date, self.notice_date, self.notice_months)
