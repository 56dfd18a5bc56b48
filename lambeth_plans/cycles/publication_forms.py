"""Publishing a plan, as somebody who may fills it in."""

from typing import Any

from django import forms

from lambeth_plans.accounts.versioned_forms import LongTextField, RecordChoiceField
from lambeth_plans.cycles.models import Meeting, Publication
from lambeth_plans.cycles.parts import Part
from lambeth_plans.forms import Form
from objectives.models import Plan


class PublishForm(Form):
    """For which meeting, what it corrects, what is asked of the meeting, and what the public may not have.

    `after` is the number of the latest publication when the page was opened.
    """

    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    meeting = RecordChoiceField(label="For the meeting", required=False, nothing="No meeting")
    note = LongTextField(
        label="What it is for", required=False, rows=3, max_length=2000, help_text="Members read this with the plan."
    )
    corrects = RecordChoiceField(
        label="It corrects",
        required=False,
        nothing="Nothing: it carries on from the one before",
        help_text="A publication stays as it is. Say above what was wrong with it and is right now.",
    )
    decisions_asked = LongTextField(
        label="Decisions asked for",
        required=False,
        max_length=5000,
        help_text="One on each line. They stand in the pack.",
    )
    exempt_parts = forms.MultipleChoiceField(
        label="Parts of the pack that are exempt from publication (Part II)",
        required=False,
        choices=[(part.value, part.heading) for part in Part],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        help_text="Members get the heading and the reason only.",
    )
    exempt_because = forms.CharField(
        label="Why they are exempt",
        required=False,
        max_length=500,
        help_text="For example, paragraph 3 of Schedule 12A.",
    )

    def __init__(self, plan: Plan, publications: list[Publication], data: Any = None) -> None:
        """`publications` are those of the plan, the newest first."""
        self.latest = publications[0] if publications else None
        super().__init__(data, initial={"after": self.latest.number if self.latest else 0})
        meetings = Meeting.objects.filter(board__plans=plan, cancelled_because="").select_related("board")
        self.fields["meeting"].offer({meeting.key: meeting for meeting in meetings.order_by("-meeting_date", "board")})
        self.fields["corrects"].offer({str(each.number): each for each in publications}, label=_numbered)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("corrects") and not answers.get("note"):
            self.add_error("note", "Say what was wrong and is right now.")
        if answers.get("exempt_parts") and not answers.get("exempt_because"):
            self.add_error("exempt_because", "Say why these parts are exempt.")
        return answers

    @property
    def is_outrun(self) -> bool:
        """Whether somebody has published since the page was opened."""
        number = self.latest.number if self.latest else 0
        return self.is_bound and str(number) != self.data.get("after", "").strip()

    def look_again(self) -> None:
        """What was typed is kept; sent again, it publishes after the newest."""
        self.data = self.data.copy()
        self.data["after"] = str(self.latest.number if self.latest else 0)


def _numbered(publication: Publication) -> str:
    return f"{publication}: {publication.words.removeprefix('As published ')}"
