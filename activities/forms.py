"""The form with which a director reports on an activity."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator

from activities.challenge import Floor, Known, is_rosier
from activities.models import Activity, ProgressUpdate
from lambeth_plans import periods
from lambeth_plans.accounts.versioned_forms import LongTextField, PartialDateInput
from lambeth_plans.fields import PartialDate
from lambeth_plans.forms import Form, RagChoiceField
from lambeth_plans.rag import Rag

LONGEST_TEXT = 5_000
TOO_LONG = {"max_length": "This has %(show_value)d characters. Use %(limit_value)d at most."}


class ProgressForm(Form):
    """A report on one activity. It starts empty: what was reported last stands beside it, and "no change" copies it.

    `last` is the activity's last report, from `ProgressUpdate.objects.latest_of_each()`, or None; `known` is what is
    known of it, from `activities.known.what_is_known`. `asks_late` asks why it comes after its round has closed.
    `answers` is what `lambeth_plans.cycles.actions.submit_reports` asks for.
    """

    mark_optional = False

    is_unchanged = forms.BooleanField(
        label="No change since the last report",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes--small"}),
    )
    rag = RagChoiceField(label="RAG rating now", required=False)
    forecast_rag = RagChoiceField(label="Forecast RAG (optional)", required=False)
    what_happened = LongTextField(rows=2, required=False, max_length=LONGEST_TEXT, error_messages=TOO_LONG)
    path_to_green = LongTextField(
        label="Path to green, if Red or Amber",
        rows=2,
        required=False,
        max_length=LONGEST_TEXT,
        error_messages=TOO_LONG,
    )
    new_due_date = PartialDateInput(label="New due date, like 30/06/2021 or June 2021 (optional)", required=False)
    due_date_reason = forms.CharField(
        label="Why the date moves",
        required=False,
        max_length=LONGEST_TEXT,
        error_messages=TOO_LONG,
    )
    rosier_reason = LongTextField(
        label="If you rate it better than that, say why",
        rows=2,
        required=False,
        max_length=LONGEST_TEXT,
        error_messages=TOO_LONG,
    )
    late_because = LongTextField(
        label="The round is closed: why this comes after it",
        rows=2,
        max_length=LONGEST_TEXT,
        error_messages={"required": "Say why it comes after the round has closed.", **TOO_LONG},
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "Open this page again: it has lost its place."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        activity: Activity,
        last: ProgressUpdate | None,
        known: Known,
        prefix: str | None = None,
        initial: dict[str, Any] | None = None,
        asks_late: bool = False,
    ) -> None:
        super().__init__(data, prefix=prefix, initial={"version": activity.version, **(initial or {})})
        if not asks_late:
            del self.fields["late_because"]
        self.activity = activity
        self.last = last
        self.known = known
        # What was not rated yet may come out anywhere, short of Complete.
        self.floor = known.floor(last.rag if last else Rag.NOT_REPORTED)
        self.error_prefix = activity.ref or Truncator(activity.title).chars(60)
        if last:
            self.fields["is_unchanged"].help_text = self._what_stays
        else:
            del self.fields["is_unchanged"]

    @property
    def _what_stays(self) -> str:
        forecast = f", forecast {self.last.forecast_rag.word}" if self.last.forecast_rag else ""
        return f"Keeps {self.last.rag.word}{forecast} and the last text."

    @property
    def is_touched(self) -> bool:
        """Whether somebody has filled in anything; the version is the page's, not theirs."""
        return any(name != "version" for name in self.changed_data)

    def as_draft(self) -> "ProgressForm":
        """The same form with everything typed, and not judged yet: for what was not asked to be saved."""
        return ProgressForm(
            activity=self.activity,
            last=self.last,
            known=self.known,
            prefix=self.prefix,
            initial=self.typed,
            asks_late="late_because" in self.fields,
        )

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in every field of a form that was posted, as it was typed."""
        return {name: self[name].data for name in self.fields}

    @classmethod
    def correcting(
        cls, activity: Activity, last: ProgressUpdate, known: Known, asks_late: bool = False
    ) -> "ProgressForm":
        """The form filled in with the last report, to put that right. Its date has moved already."""
        names = ("is_unchanged", "rag", "forecast_rag", "what_happened", "path_to_green", "rosier_reason")
        initial = {name: getattr(last, name) for name in names}
        return cls(activity=activity, last=last, known=known, initial=initial, asks_late=asks_late)

    @property
    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "linked_reds": self.known.linked_reds}

    @property
    def asks_why(self) -> bool:
        """Whether the question for a reason is shown: something is known against a good rating, or one was given."""
        return bool(self.floor.rag or self["rosier_reason"].value())

    def ask_why(self, floor: Floor) -> None:
        """The rating is better than its floor, and no reason stands beside it."""
        rag, self.floor = self.cleaned_data["rag"], floor
        self.add_error(
            "rosier_reason",
            f"You rate it {rag.word}, but what is known allows {floor.rag.word} at best. {floor.because} "
            f"Say why it is still {rag.word}.",
        )

    def reopen(self, current: Activity) -> None:
        """Opens the form on the activity as it is now, with everything typed: saving again is then done knowingly."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = current.version

    def clean_new_due_date(self) -> PartialDate | None:
        moved = self.cleaned_data["new_due_date"]
        if moved and moved == self.activity.due_date:
            raise ValidationError(f"It is due on {moved} already. Give another date, or none.")
        if moved and moved.latest < self.activity.plan.start_date:
            raise ValidationError(f"{moved} is before the plan starts. Give a later date.")
        if moved and moved.latest.year > periods.LATEST_YEAR:
            raise ValidationError(f"{moved} is too far away. Give a date up to {periods.LATEST_YEAR}.")
        return moved

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        answers.setdefault("is_unchanged", False)
        if answers["is_unchanged"]:
            self._carry_forward(answers)
        if "rag" in answers:
            self._judge_rating(answers)
        if "what_happened" in answers and not answers["what_happened"] and not answers["is_unchanged"]:
            self.add_error("what_happened", f"Say what happened{', or tick “No change”' if self.last else ''}.")
        if "new_due_date" in answers and "due_date_reason" in answers:
            self._judge_due_date(answers)
        if answers.get("rag"):
            self._challenge(answers)
        return answers

    def _challenge(self, answers: dict[str, Any]) -> None:
        """The floor is that of the report itself: with its new due date."""
        self.floor = self.known.moved_to(answers.get("new_due_date")).floor(answers["rag"])
        if is_rosier(answers["rag"], self.floor.rag) and answers.get("rosier_reason") == "":
            self.ask_why(self.floor)

    def _carry_forward(self, answers: dict[str, Any]) -> None:
        """ "No change" fills in what was left empty from the last report; what was given stays."""
        if "rag" in answers and not answers["rag"]:
            answers["rag"] = self.last.rag
            answers["forecast_rag"] = answers.get("forecast_rag") or self.last.forecast_rag
        if answers.get("rag") == self.last.rag and "path_to_green" in answers:
            answers["path_to_green"] = answers["path_to_green"] or self.last.path_to_green

    def _judge_rating(self, answers: dict[str, Any]) -> None:
        rag = answers["rag"]
        if not rag:
            self.add_error("rag", "Choose a rating.")
            return
        if rag.needs_path_to_green and "path_to_green" in answers and not answers["path_to_green"]:
            self.add_error("path_to_green", f"Say how it gets from {rag.word} back to Green.")
        if answers["is_unchanged"] and rag != self.last.rag and not answers.get("what_happened"):
            self.add_error("what_happened", f"The rating changes from {self.last.rag.word}: say what happened.")

    def _judge_due_date(self, answers: dict[str, Any]) -> None:
        if answers["new_due_date"] and not answers["due_date_reason"]:
            self.add_error("due_date_reason", "Say why the due date moves.")
        elif answers["due_date_reason"] and not answers["new_due_date"]:
            self.add_error("new_due_date", "Give the new due date, or take out the reason.")
