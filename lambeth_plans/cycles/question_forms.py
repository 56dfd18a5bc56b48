"""Forms for asking, answering, recommending and following up."""

from typing import Any

from django import forms

from lambeth_plans.accounts.models import Board
from lambeth_plans.accounts.versioned_forms import LongTextField, ReasonForm, RecordChoiceField
from lambeth_plans.forms import Form

#: Characters; longer than anybody wants to read, short enough for a page.
LONGEST = 4000


class QuestionForm(Form):
    """A question on the record; where the plan has boards, the one in whose meeting it is to be answered."""

    text = LongTextField(
        label="Your question",
        help_text="It is put on the record with your name and today’s date.",
        max_length=LONGEST,
        rows=4,
        error_messages={"required": "Write your question."},
    )
    board = RecordChoiceField(
        label="Where should it be answered?", required=False, nothing="In writing only, at no meeting"
    )

    def __init__(self, boards: list[Board], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].offer({board.key: board for board in boards})
        if boards:
            self.initial.setdefault("board", boards[0].key)
        else:
            del self.fields["board"]


class AnswerForm(Form):
    """An answer, or an addition to one. `seen` is how many answers stood on the page that was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)
    text = LongTextField(
        label="Your answer",
        help_text="Everybody who reads this council’s plans sees it with your name. It cannot be changed afterwards.",
        max_length=LONGEST,
        rows=6,
        error_messages={"required": "Write your answer."},
    )


class RecommendationForm(ReasonForm):
    """What scrutiny recommends, in a sentence."""

    title = forms.CharField(
        label="What is recommended",
        help_text="It becomes a finding of the plan, so that activities can answer it.",
        max_length=500,
        error_messages={"required": "Say what is recommended."},
    )
    field_order = ("title", "reason")


class FollowUpForm(Form):
    """A note to oneself."""

    note = LongTextField(
        label="Note to yourself",
        help_text="Nobody else sees it.",
        max_length=1000,
        rows=3,
        error_messages={"required": "Write what you want to come back to."},
    )
