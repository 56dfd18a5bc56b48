"""What was reported on an activity, in words: "Green → Amber for March 2026, because …"."""

from dataclasses import dataclass
from itertools import zip_longest

from lambeth_plans.dashboards.facts import UpdateFact
from lambeth_plans.dashboards.trail import Entry


@dataclass(frozen=True)
class UpdateLine:
    """A report beside the one before it."""

    update: UpdateFact
    was: UpdateFact | None

    @property
    def sentence(self) -> str:
        update = self.update
        was = f"{self.was.rag.word} → " if self.was else ""
        stays = self.was is not None and self.was.rag is update.rag
        rating = f"Stays {update.rag.word}" if stays else f"{was}{update.rag.word}"
        revised = ", corrected" if update.revision > 1 else ""
        moved = ""
        if update.new_due_date:
            moved = f" Due date {update.previous_due_date or 'not stated'} → {update.new_due_date}."
        return f"{rating} for {update.period.long_label}{revised}.{moved}"

    @property
    def reason(self) -> str:
        return self.update.due_date_reason or self.update.what_happened

    @property
    def entry(self) -> Entry:
        return Entry(self.update.reported_at, self.update.reported_by_name, self.sentence, self.reason)


def update_lines(updates: tuple[UpdateFact, ...]) -> list[UpdateLine]:
    """Reports, newest first, each with the one before it."""
    return [UpdateLine(update, was) for update, was in zip_longest(updates, updates[1:])]
