"""Savings and what they bring in each year."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Abs, Cast, Coalesce, Concat, Length, Right, Substr
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, LessThan

from finance.adding_up import NEVER_NEGATIVE, PARTS, later_year, slips_nowhere, what_is_missing, what_is_negative
from lambeth_plans import periods
from lambeth_plans.accounts.access import answerable_divisions, answerable_officers
from lambeth_plans.accounts.models import Division, Officer
from lambeth_plans.fields import AsStatedField, InPeriod, MoneyField
from lambeth_plans.history import Recorded
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import SavingStatus
from objectives.models import ChildQuerySet, Objective, Plan, PlanRecord, PlanRecordQuerySet


class SavingQuerySet(PlanRecordQuerySet):
    def answerable_to(self, user):
        """Those a person answers for: owned by their posts, by those they deputise for, or by an officer of a division
        they direct; and those of such a division."""
        mine = Q(owner__in=answerable_officers(user)) | Q(division__in=answerable_divisions(user))
        return self.visible_to(user).filter(mine)

    def reportable(self, day: date):
        """Of plans that still take reports, with the financial year that holds a day: what the monthly sheet asks about
        a month of that year."""
        year = periods.holding(PeriodKind.YEAR, day)
        of_year = SavingYear.objects.filter(period_kind=PeriodKind.YEAR, period_start=year.start)
        over = (Plan.Status.CLOSED, Plan.Status.SUPERSEDED)
        return self.exclude(plan__status__in=over).filter(pk__in=of_year.values("saving"))


class Saving(PlanRecord):
    """A saving proposal with its amounts by year. Cost avoidance is never added to cash."""

    class Kind(models.TextChoices):
        CASHABLE = "cashable", "Cashable"
        COST_AVOIDANCE = "cost_avoidance", "Cost avoidance"

    class Recurrence(models.TextChoices):
        RECURRENT = "recurrent", "Recurrent"
        ONE_OFF = "one_off", "One-off"

    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=250)
    kind = models.CharField("cash or cost avoidance", max_length=15, choices=Kind, blank=True, default="")
    recurrence = models.CharField("recurrent or one-off", max_length=10, choices=Recurrence, blank=True, default="")
    base_budget = MoneyField(null=True, blank=True)
    base_budget_as_stated = AsStatedField()
    details = models.TextField(blank=True, default="")
    investment_made = MoneyField(null=True, blank=True)
    investment_made_as_stated = AsStatedField()
    investment_needed = MoneyField(null=True, blank=True)
    investment_needed_as_stated = AsStatedField()
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_savings")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="savings")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="savings")
    activities = models.ManyToManyField("activities.Activity", blank=True, related_name="savings")
    indicators = models.ManyToManyField(
        "kpis.PlanIndicator", blank=True, related_name="savings", verbose_name="indicators it may hurt"
    )

    objects = SavingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.ref or self.title


def _stated(name: str) -> Coalesce:
    """An amount in SQL, nothing where none is stated."""
    return Coalesce(F(name), Value(Decimal(0)), output_field=models.DecimalField(max_digits=20, decimal_places=2))


class _Told(models.CheckConstraint):
    """Tells whoever validates a record what is wrong, exactly. In migrations this is a plain CheckConstraint."""

    def deconstruct(self) -> tuple:
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs


class AddsUp(_Told):
    """That a year adds up."""

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        if words := what_is_missing(instance):
            raise ValidationError(words)


class SlipsLater(_Told):
    """That what slips, slips to a later year."""

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        is_told = exclude and "slipped_to" in exclude  # by the record itself, beside its field
        if not is_told and (words := slips_nowhere(instance.slipped_to, instance.period_start)):
            raise ValidationError(words)


def _adds_up() -> Q:
    """The rule of finance/adding_up.py in SQL: SQLite adds with doubles, hence the half penny. A year from before the
    rule is left as it was found until somebody changes it."""
    left = _stated("planned") + _stated("over_delivered")
    for part in PARTS:
        left = left - _stated(part)
    is_silent = Q(over_delivered=None, forecast=None, slipped=None, undeliverable=None)
    is_silent &= Q(planned=None) | Q(delivered=None)
    return Q(is_from_before=True) | is_silent | Q(LessThan(Abs(left), Value(Decimal("0.005"))))


def _part(text: Any, place: int, length: int) -> Substr:
    """Some characters of a text, from a place on. The place is a sum because Django, reading the tables of SQLite
    (`get_table_description`), takes a lone digit between two commas of a constraint for a column without a name."""
    return Substr(text, Value(0) + place, length)


def _are_digits(text: Any, first: int, last: int) -> Q:
    """Whether some characters are digits: neither database asks that in the other's words."""
    return Q(*(Q(In(_part(text, place, 1), list("0123456789"))) for place in range(first, last + 1)))


def _slips_later() -> Q:
    """What a database can hold of `later_year`: a label of a financial year, which begins after this one does, or of
    the time after a day, which is in the year of this one's first day or later. That the two halves of a label follow
    each other, and that such a day exists, only the rule itself knows. Digits come first, so that no word is read as a
    date; and no LIKE, whose backslash hides the end of the table from Django when it reads SQLite's."""
    label, year_of_day = F("slipped_to"), Right("slipped_to", 4)
    is_year = Q(In(_part(label, 1, 1), ["1", "2"])) & _are_digits(label, 2, 4) & Q(Exact(_part(label, 5, 1), "/"))
    is_year &= _are_digits(label, 6, 7) & Q(Exact(Length(label), 7))
    is_day = Q(Exact(_part(label, 1, 6), "after ")) & Q(In(_part(year_of_day, 1, 1), ["1", "2"]))
    is_day &= _are_digits(year_of_day, 2, 4)
    begins = Cast(Concat(_part(label, 1, 4), Value("-04-01")), models.DateField())
    ends = Cast(Concat(year_of_day, Value("-12-31")), models.DateField())
    is_later = Case(
        When(is_year, then=Q(GreaterThan(begins, F("period_start")))),
        When(is_day, then=Q(GreaterThanOrEqual(ends, F("period_start")))),
        default=Value(False),
        output_field=models.BooleanField(),
    )
    return Q(is_from_before=True) | Q(slipped_to="") | Q(is_later)


class SavingYear(InPeriod, Recorded):
    """What a saving should bring, and brings, in one financial year. An empty amount is not stated; 0 is stated.

    `forecast` is what is still to come beside what is delivered; finance/adding_up.py says when a year adds up.
    """

    saving = models.ForeignKey(Saving, on_delete=models.PROTECT, related_name="years")
    planned = MoneyField(null=True, blank=True)
    planned_as_stated = AsStatedField()
    over_delivered = MoneyField("over-delivered", null=True, blank=True)
    delivered = MoneyField(null=True, blank=True)
    delivered_as_stated = AsStatedField()
    forecast = MoneyField(null=True, blank=True)
    slipped = MoneyField(null=True, blank=True)
    slipped_to = models.CharField(max_length=30, blank=True, default="")
    undeliverable = MoneyField(null=True, blank=True)
    mitigated_by = models.TextField(blank=True, default="")
    status = models.CharField(
        max_length=15, choices=[(each.value, each.word) for each in SavingStatus], blank=True, default=""
    )
    status_reason = models.TextField("reason for the status", blank=True, default="")
    #: When whoever answers for it last said on the monthly sheet what becomes of it, changed or not.
    confirmed_date = models.DateField("last confirmed", null=True, blank=True)
    #: Stored before the rule, and left as it was found: it may not add up until somebody changes it.
    is_from_before = models.BooleanField(default=False, editable=False)

    natural_fields = ("saving__plan__slug", "saving__key", "period_kind", "period_start")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["saving", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["saving", "period_kind", "period_start"],
                name="finance_savingyear_one_per_year",
                violation_error_message="This saving already has this year.",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="finance_savingyear_period"),
            AddsUp(
                condition=_adds_up(),
                name="finance_savingyear_adds_up",
                violation_error_message=(
                    "Planned and over-delivered must come to what is delivered, forecast, slipped and not deliverable."
                ),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(is_from_before=True) | Q(**{name: None}) | Q(**{f"{name}__gte": 0}),
                    name=f"finance_savingyear_{name}",
                    violation_error_message=f"What is {words} is 0 or more.",
                )
                for name, words in NEVER_NEGATIVE.items()
            ),
            models.CheckConstraint(
                condition=Q(slipped_to="") | Q(slipped__isnull=False, slipped__gt=0),
                name="finance_savingyear_slipped_to",
                violation_error_message="Say how much slips to that year.",
            ),
            SlipsLater(
                condition=_slips_later(),
                name="finance_savingyear_slips_later",
                violation_error_message="What slips, slips to a later financial year, or to after a day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.saving} {self.period}"

    def natural_key(self) -> tuple:
        return (self.saving.plan.slug, self.saving.key, self.period_kind, self.period_start.isoformat())

    natural_key.dependencies = ["finance.saving"]

    def clean(self) -> None:
        """Whoever changes a year from before the rule makes it add up."""
        super().clean()
        self.is_from_before = False
        errors = dict(what_is_negative(self))
        try:
            self.slipped_to = later_year(self.slipped_to, self.period_start) if self.slipped_to else ""
        except ValueError as error:
            errors["slipped_to"] = str(error)
        if errors:
            raise ValidationError(errors)
