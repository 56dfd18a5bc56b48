"""Forms in which an administrator sets up a risk matrix: its steps and bands as lines of text."""

import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lambeth_plans import history
from lambeth_plans.accounts.versioned_forms import DayField, Difference, LongTextField, ReasonedForm
from lambeth_plans.rag import Rag
from risks.matrix_actions import Layout, layout_of
from risks.models import RiskBand, RiskMatrix, RiskStep
from risks.scoring import HIGHEST_WEIGHT, STARTS, Band, Step

RATINGS = {rag.word.casefold(): rag for rag in (Rag.RED, Rag.AMBER, Rag.GREEN)}
_STEP = re.compile(r"(?P<weight>\d{1,4})(?:\s+(?P<word>[^:]{1,200}))?(?::\s*(?P<description>.*))?", re.ASCII)
_BAND = re.compile(r"(?P<lowest>\d{1,4})\s+(?P<rag>[A-Za-z]+)(?::\s*(?P<name>.*))?", re.ASCII)


def steps_of(text: str) -> tuple[Step, ...]:
    """Steps as lines like "4 Likely: every few months". Raises ValidationError with every line that is none."""
    return _lines(text, _step)


def bands_of(text: str) -> tuple[Band, ...]:
    """Bands as lines like "16 Red: High"."""
    return _lines(text, _band)


def _lines(text: str, read: Callable[[str], Any]) -> tuple[Any, ...]:
    found, errors = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(read(" ".join(line.split())))
        except ValueError as error:
            errors.append(f"Line {number}, “{line.strip()[:60]}”: {error}")
    if errors:
        raise ValidationError(errors)
    return tuple(found)


def _step(line: str) -> Step:
    match = _STEP.fullmatch(line)
    if match is None:
        raise ValueError("write a weight, a word and what it means, like “4 Likely: every few months”.")
    weight = int(match["weight"])
    if not 1 <= weight <= HIGHEST_WEIGHT:
        raise ValueError(f"the weight is a whole number from 1 to {HIGHEST_WEIGHT}.")
    word, description = ((match[name] or "").strip() for name in ("word", "description"))
    if len(word) > 60:
        raise ValueError("the word has at most 60 characters; what it means stands after a colon.")
    if len(description) > 500:
        raise ValueError("what it means has at most 500 characters.")
    return Step(weight, word, description)


def _band(line: str) -> Band:
    match = _BAND.fullmatch(line)
    if match is None or match["rag"].casefold() not in RATINGS:
        raise ValueError("write the lowest score, Red, Amber or Green, and a name, like “16 Red: High”.")
    name = (match["name"] or "").strip()
    if len(name) > 60:
        raise ValueError("the name has at most 60 characters.")
    return Band(int(match["lowest"]), RATINGS[match["rag"].casefold()], name)


def step_lines(steps: tuple[Step, ...]) -> str:
    """Steps as they are written: "4 Likely: every few months"."""
    return "\n".join(
        f"{step.weight} {step.word}".strip() + (f": {step.description}" if step.description else "") for step in steps
    )


def band_lines(bands: tuple[Band, ...]) -> str:
    """Bands as they are written: "16 Red: High"."""
    return "\n".join(f"{band.lowest_score} {band.rag.word}" + (f": {band.name}" if band.name else "") for band in bands)


class NewMatrixForm(ReasonedForm):
    """A matrix from a ready-made start."""

    start = forms.ChoiceField(
        label="Start from",
        choices=[(name, start.label) for name, start in STARTS.items()],
        initial="5x5",
        widget=forms.RadioSelect,
        help_text="Its steps, words and bands can be changed until the matrix is agreed and in use.",
    )

    class Meta:
        model = RiskMatrix
        fields = ("name",)


LAYOUT_LABELS = {"likelihood": "Steps of likelihood", "impact": "Steps of impact", "bands": "Bands"}


def layout_lines(layout: Layout) -> dict[str, str]:
    """Steps and bands as they are written, by the name of their field."""
    return {
        "likelihood": step_lines(layout.likelihood),
        "impact": step_lines(layout.impact),
        "bands": band_lines(layout.bands),
    }


class LayoutForm(ReasonedForm):
    """A form over a matrix and its steps and bands: these are rows of their own and do not move the version of the
    matrix, so it carries them as they were when it was opened."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    kept_hidden = ("opened",)

    class Meta:
        model = RiskMatrix
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout_of(self.instance)
        self.lines = layout_lines(self.layout)
        self.initial["opened"] = json.dumps(self.lines)
        del self.columns["opened"]

    @property
    def is_stale(self) -> bool:
        return super().is_stale or (self.is_bound and self.data.get("opened") != self.initial["opened"])

    @cached_property
    def changed_by(self) -> Any:
        """The newest history entry of the matrix, its steps and its bands."""
        entries = [super().changed_by]
        for model in (RiskStep, RiskBand):
            of_matrix = history.entry_model(model)._default_manager.filter(matrix=self.instance.pk)
            entries.append(of_matrix.order_by("-history_date", "-history_id").first())
        return max(filter(None, entries), key=lambda entry: entry.history_date, default=None)

    def open_on_newest(self) -> None:
        super().open_on_newest()
        self.data["opened"] = self.initial["opened"]


class MatrixForm(LayoutForm):
    """A matrix with its steps and bands. Of one that is agreed and in use only the name and when it escalates."""

    likelihood = LongTextField(
        label=LAYOUT_LABELS["likelihood"],
        rows=6,
        help_text="One a line: weight, word, what it means. 4 Likely: every few months. A line that is taken out "
        "takes its step away.",
    )
    impact = LongTextField(label=LAYOUT_LABELS["impact"], rows=6, help_text="One a line, like those of likelihood.")
    bands = LongTextField(
        required=False,
        rows=4,
        help_text="One a line: lowest score, Red, Amber or Green, a name. 16 Red: High. A line that is taken out takes "
        "its band away.",
    )

    field_order = ("name", "likelihood", "impact", "bands", "appetite", "escalate_after")

    class Meta:
        model = RiskMatrix
        fields = ("name", "appetite", "escalate_after")
        widgets = dict.fromkeys(
            ("appetite", "escalate_after"),
            forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        )
        labels = {
            "appetite": "Appetite",
            "escalate_after": "Periods of getting worse before a risk is an exception",
        }
        help_texts = {
            "appetite": "The highest score that is accepted. Leave it empty where none is agreed.",
            "escalate_after": "A period is a month in which the risk was scored. A whole number from 1 to 12.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(self.lines)
        if self.instance.is_settled:
            self.keep_only(("name", "escalate_after"))

    def clean_likelihood(self) -> tuple[Step, ...]:
        return steps_of(self.cleaned_data["likelihood"])

    def clean_impact(self) -> tuple[Step, ...]:
        return steps_of(self.cleaned_data["impact"])

    def clean_bands(self) -> tuple[Band, ...]:
        return bands_of(self.cleaned_data["bands"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            for sentence in self.wanted.broken(cleaned.get("appetite", self.instance.appetite)):
                self.add_error(None, sentence)
        return cleaned

    @property
    def wanted(self) -> Layout:
        """The steps and bands that were typed; what is not offered stays."""
        names = ("likelihood", "impact", "bands")
        return Layout(**{name: self.cleaned_data.get(name, getattr(self.layout, name)) for name in names})


class AgreeMatrixForm(LayoutForm):
    """Who has agreed a matrix, and when; and what it said when that was typed."""

    agreed_by = forms.CharField(label="Agreed by", max_length=150, help_text="Like “Audit Committee”.")
    agreed_date = DayField(label="Agreed on", help_text="Like 31/03/2021.")

    class Meta:
        model = RiskMatrix
        fields = ("agreed_by", "agreed_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = _posted_lines(self.data.get("opened", ""))

    @cached_property
    def differences(self) -> list[Difference]:
        """Beside what was typed, the steps and bands that the page showed, where they are others now."""
        shown = {name: self.seen.get(name, "") for name in self.lines}
        of_layout = [
            Difference(f"{LAYOUT_LABELS[name]}, as the page showed them", shown[name], line)
            for name, line in self.lines.items()
            if shown[name] != line
        ]
        return [*super().differences, *of_layout]


def _posted_lines(text: str) -> dict[str, str]:
    """Steps and bands as a page carried them; nothing where that is not how it was written."""
    try:
        posted = json.loads(text)
    except ValueError:
        return {}
    return {name: str(lines) for name, lines in posted.items()} if isinstance(posted, dict) else {}


class ReplaceMatrixForm(ReasonedForm):
    """That a matrix gets a new edition, and why."""

    confirm = forms.BooleanField(
        label="Make a new edition that starts with the same steps and bands",
        error_messages={"required": "Tick this to make a new edition."},
    )

    class Meta:
        model = RiskMatrix
        fields: tuple[str, ...] = ()
