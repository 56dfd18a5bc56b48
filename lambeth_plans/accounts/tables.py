"""A table of records that is edited and saved as a whole."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from lambeth_plans.accounts.versioned_forms import ReasonForm, VersionedForm
from lambeth_plans.forms import FormError

#: Empty rows below the table, to add records.
ADDED_ROWS = 3


@dataclass(frozen=True)
class Column:
    label: str
    width: str


class EditableTable:
    """Records as rows of one form, and empty rows to add some; all changes are saved with one reason, or none.

    Rows are named by the record's key. Those nobody touched are neither judged nor saved, and those that appeared
    since the page was opened are shown as they are.
    """

    form_class: type[VersionedForm]
    noun: str
    nouns: str
    #: What a record may lack, by the word in the address: the condition that finds those, and the fields that mend it.
    lacks: dict[str, tuple[Q, tuple[str, ...]]] = {}
    #: GOV.UK's width of the columns that need most room, by field: "one-half", "one-third", "one-quarter".
    widths: dict[str, str] = {}

    def __init__(
        self,
        records: Iterable[Model],
        *,
        new: Callable[[], Model] | None,
        data: QueryDict | None = None,
        **options: Any,
    ) -> None:
        self.is_bound = data is not None
        self.rows: list[VersionedForm] = []
        for record in records:
            prefix = f"row-{record.key}"
            posted = data if data is not None and f"{prefix}-version" in data else None
            self.rows.append(self.form_class(posted, instance=record, prefix=prefix, row_name=str(record), **options))
        for number in range(1, ADDED_ROWS + 1) if new else ():
            self.rows.append(
                self.form_class(
                    data,
                    instance=new(),
                    prefix=f"new-{number}",
                    row_name=f"New {self.noun} {number}",
                    empty_permitted=True,
                    **options,
                )
            )
        self.reason = ReasonForm(data)

    @property
    def columns(self) -> list[Column]:
        columns = self.rows[0].columns if self.rows else {}
        return [Column(label, self.widths.get(name, "")) for name, label in columns.items()]

    @property
    def adds(self) -> bool:
        """Whether there are empty rows; not in a table of what lacks something."""
        return any(row.is_new for row in self.rows)

    @classmethod
    def lacking(cls, records: QuerySet, missing: str, data: QueryDict | None) -> QuerySet:
        """The records that lack something, and those that were posted: what somebody else has mended meanwhile must
        still be told. All of them where `missing` is no word of `lacks`."""
        if missing not in cls.lacks:
            return records
        posted = [name[len("row-") : -len("-version")] for name in data or () if re.fullmatch(r"row-.+-version", name)]
        return records.filter(Q(pk__in=records.filter(cls.lacks[missing][0]).values("pk")) | Q(key__in=posted))

    @property
    def touched(self) -> list[VersionedForm]:
        return [row for row in self.rows if row.touched]

    @property
    def clashing(self) -> list[VersionedForm]:
        return [row for row in self.rows if row.clashes]

    def is_valid(self) -> bool:
        """Whether everything touched may be saved. Every row is judged, so that all errors show at once."""
        judged = [row.is_valid() for row in self.touched]
        if judged:
            judged.append(self.reason.is_valid())
        return self.is_bound and all(judged) and not self.clashing

    @property
    def errors(self) -> list[FormError]:
        return list(self.error_lines())

    def error_lines(self) -> Iterable[FormError]:
        """For the error summary: row by row, then the reason."""
        if not self.is_bound:
            return
        for row in self.touched:
            yield from row.error_lines()
        if self.touched:
            yield from self.reason.error_lines()

    @property
    def changed(self) -> list[tuple[Model, dict[str, Iterable[Model]]]]:
        """What to save, after `is_valid`: each record with its many-to-many links."""
        return [(row.instance, row.links()) for row in self.touched]

    @property
    def why(self) -> str:
        return self.reason.cleaned_data["reason"] if self.touched else ""

    def open_on_newest(self) -> None:
        for row in self.clashing:
            row.open_on_newest()

    def saved_sentence(self, saved: list[Model]) -> str:
        """ "KA1 and KA2 are saved." """
        if not saved:
            return "Nothing was changed, so nothing was saved."
        if len(saved) > 3:
            return f"{len(saved)} {self.nouns} are saved."
        names = [str(record) for record in saved]
        joined = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        return f"{joined} {'is' if len(saved) == 1 else 'are'} saved."
