"""Which score a form was opened on: scoring leaves the risk's own version as it is."""

from typing import Any

from django import forms
from django.db.models import Model

from lambeth_plans.accounts.versioned_forms import VersionedForm
from risks.actions import mark_of
from risks.models import RiskScore


class SeenField(forms.CharField):
    """It is the page's own, so nobody changes it."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, max_length=60)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class OpenedOnScore(VersionedForm):
    """A form for a new score. It clashes too where somebody scored the risk meanwhile. Say with `open_on` which score
    is the newest."""

    seen = SeenField()
    kept_hidden = ("seen",)
    now: RiskScore | None = None

    def open_on(self, now: RiskScore | None) -> None:
        self.now = now
        self.initial["seen"] = mark_of(now)
        self.columns.pop("seen", None)

    @property
    def is_outscored(self) -> bool:
        return self.is_bound and self["seen"].data != mark_of(self.now)

    @property
    def clashes(self) -> bool:
        return super().clashes or bool(self.is_outscored and self.touched)

    @property
    def changed_by(self) -> Model | None:
        if self.is_outscored and self.now:
            return self.now.history.order_by("-history_id").first()
        return super().changed_by

    def open_on_newest(self) -> None:
        super().open_on_newest()
        self.data[self.add_prefix("seen")] = mark_of(self.now)
