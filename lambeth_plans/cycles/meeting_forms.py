"""Tables in which a board's meetings and their actions are set up."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from lambeth_plans.accounts.models import Board, Officer
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import DayField, LongTextField, RecordChoiceField, VersionedForm
from lambeth_plans.cycles.models import Meeting, MeetingAction
from lambeth_plans.forms import FormError

TAKEN = "This board already meets on that day."


class MeetingRow(VersionedForm):
    """A meeting as a row of a table. Another day moves it; a reason in the last column cancels it."""

    meeting_date = DayField(label="Day")
    starts_at = forms.TimeField(
        label="Begins at",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
        error_messages={"invalid": "Write the time like 18:30."},
    )
    note = LongTextField(required=False, rows=2)
    cancelled_because = LongTextField(label="Cancelled, because", required=False, rows=2)

    class Meta:
        model = Meeting
        fields = ["meeting_date", "starts_at", "place", "note", "cancelled_because"]


class MeetingTable(EditableTable):
    """The meetings of a board from a day on."""

    form_class = MeetingRow
    widths = {"note": "one-quarter", "cancelled_because": "one-quarter"}
    noun, nouns = "meeting", "meetings"

    def __init__(self, board: Board, data: Any = None, *, since: date) -> None:
        meetings = list(board.meetings.select_related("board").order_by("meeting_date"))
        self.standing = {meeting.meeting_date: meeting for meeting in meetings}
        super().__init__(
            [meeting for meeting in meetings if meeting.meeting_date >= since],
            new=lambda: Meeting(board=board, council_id=board.council_id),
            data=data,
        )

    def is_valid(self) -> bool:
        return super().is_valid() and not self._meet_twice()

    def error_lines(self) -> Iterable[FormError]:
        if self.is_bound and all(row.is_valid() for row in self.touched):
            self._meet_twice()
        yield from super().error_lines()

    def _meet_twice(self) -> bool:
        """Says at each row that was typed into whose day another meeting has, also where that one is moving: the day is
        free once it has moved."""
        found = False
        typed: set[date] = set()
        for row in self.touched:
            day = row.cleaned_data["meeting_date"]
            if day in typed or day in self.standing.keys() - {row.initial.get("meeting_date")}:
                row.add_error("meeting_date", TAKEN)
                found = True
            typed.add(day)
        return found


class MeetingActionRow(VersionedForm):
    """An action as a row of a table; the day on which it was done ticks it off."""

    what = LongTextField(label="What is to be done", rows=3, max_length=500)
    owner = RecordChoiceField(required=False, nothing="Not stated")
    due_date = DayField(label="Due", required=False)
    done_date = DayField(label="Done", required=False)
    done_note = LongTextField(label="What came of it", required=False, rows=3)

    class Meta:
        model = MeetingAction
        fields = ["what", "owner", "due_date", "done_date", "done_note"]

    def __init__(self, *args: Any, officers: dict[str, Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(officers)


class MeetingActionTable(EditableTable):
    """What was agreed at a meeting, and what is still open from the meetings before it."""

    form_class = MeetingActionRow
    widths = {"what": "one-third", "done_note": "one-quarter"}
    noun, nouns = "action", "actions"

    def __init__(self, meeting: Meeting, actions: list[MeetingAction], data: Any = None) -> None:
        officers = Officer.objects.filter(council_id=meeting.council_id, left_date=None)
        super().__init__(
            actions,
            new=lambda: MeetingAction(meeting=meeting, council_id=meeting.council_id),
            data=data,
            officers={officer.key: officer for officer in officers},
        )
