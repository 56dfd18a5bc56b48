"""A snapshot of the workforce as one form: its headcount, the bands that make it up, and what teams have to do."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from finance.models import TeamCaseload, WorkforceBand, WorkforceSnapshot
from finance.workforce_actions import check_headcount
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import LongTextField, PartialDateInput, ReasonForm, VersionedForm
from lambeth_plans.forms import FormError

_SMALL = {"class": "govuk-input--width-5", "inputmode": "decimal"}


class SnapshotForm(VersionedForm):
    """What a snapshot says of the directorate as a whole. Empty is not stated."""

    title = forms.CharField(max_length=150)
    snapshot_date = PartialDateInput(label="Counted on", help_text="A day, a month or a year.")
    headcount = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, widget=forms.TextInput(_SMALL))
    average_sickness_days = forms.DecimalField(
        label="Average days lost through sickness",
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(_SMALL),
    )
    turnover = forms.DecimalField(
        label="Turnover, percent",
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(_SMALL),
    )
    difference_reason = LongTextField(
        label="Why the bands do not add up to the headcount",
        help_text="Only where they do not.",
        required=False,
        max_length=500,
        rows=2,
    )

    class Meta:
        model = WorkforceSnapshot
        fields = ["title", "snapshot_date", "headcount", "average_sickness_days", "turnover", "difference_reason"]


class BandRow(VersionedForm):
    label = forms.CharField(label="Band", max_length=100)
    number = forms.IntegerField(
        label="People", min_value=0, max_value=1_000_000, widget=forms.TextInput({"class": "govuk-input--width-5"})
    )

    class Meta:
        model = WorkforceBand
        fields = ["kind", "label", "number"]


class CaseloadRow(VersionedForm):
    team = forms.CharField(max_length=150)
    target = forms.DecimalField(
        required=False, min_value=0, max_digits=6, decimal_places=1, widget=forms.TextInput(_SMALL)
    )
    actual = forms.DecimalField(
        required=False, min_value=0, max_digits=6, decimal_places=1, widget=forms.TextInput(_SMALL)
    )

    class Meta:
        model = TeamCaseload
        fields = ["team", "target", "actual"]


class PartTable(EditableTable):
    """The parts of one snapshot, by their place, and empty rows to add some."""

    def __init__(
        self, name: str, form_class: type[VersionedForm], parts: list, new: Any, data: QueryDict | None
    ) -> None:
        self.form_class, self.is_bound, self.rows = form_class, data is not None, []
        self.reason = ReasonForm(data)
        last = max((part.order for part in parts), default=0)
        for part in parts:
            prefix = f"{name}-{part.order}"
            posted = data if data is not None and _is_filled_in(data, prefix, form_class) else None
            self.rows.append(form_class(posted, instance=part, prefix=prefix, row_name=str(part)))
        for order in range(last + 1, last + 4):
            prefix = f"{name}-{order}"
            added = {"instance": new(order), "prefix": prefix, "row_name": f"New {name} {order - last}"}
            posted = data if data is not None and _is_filled_in(data, prefix, form_class) else None
            self.rows.append(form_class(posted, empty_permitted=True, use_required_attribute=False, **added))


def _as_it_is(snapshot: WorkforceSnapshot, data: QueryDict) -> QueryDict:
    """What was posted, with the snapshot itself as it is now: who did not touch it takes back no correction of it."""
    form, now = SnapshotForm(instance=snapshot), data.copy()
    for field in form:
        now[field.html_name] = str(field.value() if field.value() is not None else "")
    return now


def _is_filled_in(data: QueryDict, prefix: str, form_class: type[VersionedForm]) -> bool:
    """Whether a row was on the page that was posted: a new one only where something is written in it."""
    if data.get(f"{prefix}-version"):
        return True
    return any(data.get(f"{prefix}-{name}", "").strip() for name in form_class._meta.fields)


class WorkforceSheet:
    """A snapshot with its bands and caseloads; all of it is saved with one reason, or none of it."""

    def __init__(self, snapshot: WorkforceSnapshot, data: QueryDict | None = None) -> None:
        self.is_bound = data is not None
        bands = list(snapshot.bands.all()) if snapshot.pk else []
        caseloads = list(snapshot.caseloads.all()) if snapshot.pk else []
        self.head = SnapshotForm(data, instance=snapshot)
        if snapshot.pk and self.is_bound and not self.head.touched:
            self.head = SnapshotForm(_as_it_is(snapshot, data), instance=snapshot)
        self.bands = PartTable("band", BandRow, bands, lambda order: WorkforceBand(order=order), data)
        self.caseloads = PartTable("team", CaseloadRow, caseloads, lambda order: TeamCaseload(order=order), data)
        self.reason = ReasonForm(data)

    @property
    def parts(self) -> list[VersionedForm]:
        return [self.head, *self.bands.rows, *self.caseloads.rows]

    @property
    def touched(self) -> list[VersionedForm]:
        return [part for part in self.parts if part.touched]

    @property
    def clashing(self) -> list[VersionedForm]:
        return [part for part in self.parts if part.clashes]

    @cached_property
    def _judged(self) -> bool:
        judged = [part.is_valid() for part in self.touched]
        if judged:
            judged.append(self.reason.is_valid())
        if self.is_bound and all(judged):
            self._add_up()
        return self.is_bound and all(judged) and not self.head.errors

    def _add_up(self) -> None:
        """Holds the headcount against the bands as they would be."""
        snapshot = self.head.instance if self.head.is_valid() else None
        bands = [row.instance for row in self.bands.rows if not row.is_new or row.touched]
        if snapshot is None:
            return
        try:
            check_headcount(snapshot, bands)
        except ValidationError as error:
            self.head.add_error("headcount", error)

    def is_valid(self) -> bool:
        return self._judged and not self.clashing

    @property
    def errors(self) -> list[FormError]:
        return list(self.error_lines())

    def error_lines(self) -> Iterator[FormError]:
        if not self.is_bound:
            return
        for part in {id(part): part for part in (self.head, *self.touched)}.values():
            yield from part.error_lines()
        if self.touched:
            yield from self.reason.error_lines()

    @property
    def changed_bands(self) -> list[WorkforceBand]:
        return [row.instance for row in self.bands.touched]

    @property
    def changed_caseloads(self) -> list[TeamCaseload]:
        return [row.instance for row in self.caseloads.touched]

    def open_on_newest(self) -> None:
        for part in self.clashing:
            part.open_on_newest()
