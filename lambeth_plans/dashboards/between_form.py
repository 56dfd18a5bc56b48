"""The form that asks which two moments of a plan are compared: days, and for officers publications and meetings too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.cycles.models import Meeting, Publication
from lambeth_plans.dashboards.as_at import day_written, end_of, not_come, not_held
from lambeth_plans.dashboards.filters import PastDayField
from lambeth_plans.forms import FilterForm
from lambeth_plans.moments import Sealed

#: What is chosen where a day is written.
A_DAY = ("", "The end of a day")


@dataclass(frozen=True)
class End:
    """One of the two: the end of a day, or a publication. `words` say it in a sentence; `code` as in an address."""

    code: str
    words: str
    day: date
    publication: Publication | None = None

    @classmethod
    def of_day(cls, day: date) -> "End":
        return cls(day.isoformat(), date_format(day, "j F Y"), day)

    @classmethod
    def of_publication(cls, publication: Publication) -> "End":
        day = timezone.localdate(publication.published_at)
        meeting = f", for {publication.meeting_words}" if publication.meeting_words else ""
        words = f"publication {publication.number} ({date_format(day, 'j F Y')}{meeting})"
        return cls(f"publication-{publication.number}", words, day, publication)

    @classmethod
    def of_meeting(cls, meeting: Meeting) -> "End":
        """As the plan stood at the end of its day."""
        return cls(meeting.key, f"the meeting of {meeting}", meeting.meeting_date)

    @property
    def moment(self) -> datetime | Sealed:
        return self.publication.moment if self.publication else end_of(self.day)


class BetweenFilter(FilterForm):
    """Two moments of a plan that is held since `first` and shown on `latest`: `from` and `to`, by default the last 30
    days up to the second.

    `publications` and `meetings` may be chosen instead of a day (`from_is`, `to_is`); without any, days alone are asked
    for. What is chosen counts more than the day beside it.
    """

    DAYS = timedelta(days=30)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        first: date,
        latest: date,
        publications: Sequence[Publication] = (),
        meetings: Sequence[Meeting] = (),
    ) -> None:
        asked = {name: data[name].strip() for name in ("from", "to") if data.get(name, "").strip()}
        chosen = {name: data[name] for name in ("from_is", "to_is") if data.get(name)}
        self.first, self.latest, self.asked = first, latest, asked | chosen
        days = {"from": self._before(asked.get("to", "")), "to": latest.isoformat(), **asked}
        super().__init__({**days, **chosen})
        published = {each.meeting_id for each in publications}
        held = [each for each in meetings if first <= each.meeting_date <= latest and each.pk not in published]
        self.ends_offered = {
            end.code: end for end in (*map(End.of_publication, publications), *map(End.of_meeting, held))
        }
        choices = [A_DAY, *_groups(self.ends_offered.values())]
        for name, label in (("from", "From"), ("to", "To")):  # “from” is no name that a class can give its field
            if self.ends_offered:
                self.fields[f"{name}_is"] = forms.ChoiceField(
                    label=label,
                    choices=choices,
                    required=False,
                    error_messages={"invalid_choice": "Choose one of the list, or write a day."},
                )
            self.fields[name] = PastDayField(label=f"{label} the end of")

    def _before(self, text: str) -> str:
        try:
            until = min(day_written(text), self.latest)
        except ValueError:
            until = self.latest
        return max(self.first, until - self.DAYS).isoformat()

    def clean(self) -> dict[str, Any]:
        ends = {name: end for name in ("from", "to") if (end := self._end(name))}
        for name, end in ends.items():
            if end.day > self.latest:
                shown = f"{date_format(end.day, 'j F Y')} comes after the day shown, "
                shown += f"{date_format(self.latest, 'j F Y')}."
                self.add_error(name, not_come(end.day) if end.day > timezone.localdate() else shown)
            elif end.day < self.first:
                self.add_error(name, f"{not_held(end.day)} The first day is {date_format(self.first, 'j F Y')}.")
        if not self.errors and ends["from"].moment > ends["to"].moment:
            what = "moment" if len(self.asked.keys() & {"from_is", "to_is"}) else "day"
            self.add_error("from", f"The first {what} must come before the second.")
        self.cleaned_data["ends"] = ends
        return self.cleaned_data

    def _end(self, name: str) -> End | None:
        """What is chosen; else the day. A day that is not understood does not matter beside what is chosen."""
        chosen = self.ends_offered.get(self.cleaned_data.get(f"{name}_is", ""))
        if chosen:
            self.errors.pop(name, None)
            return chosen
        day = self.cleaned_data.get(name)
        return End.of_day(day) if day else None

    @property
    def ends(self) -> tuple[End, End]:
        return self.cleaned_data["ends"]["from"], self.cleaned_data["ends"]["to"]


def _groups(ends: Sequence[End]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The latest of each kind first."""
    newest = sorted(ends, key=lambda end: end.moment, reverse=True)
    groups = {
        "Publications": [(end.code, _capital(end.words)) for end in newest if end.publication],
        "Meetings": [(end.code, _capital(end.words)) for end in newest if not end.publication],
    }
    return [(name, options) for name, options in groups.items() if options]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
