"""By how much a date moved, as exactly as the two dates are stated. Pure: dates in, words out."""

from dataclasses import dataclass
from datetime import timedelta

from lambeth_plans.fields import PartialDate

#: From so many days on, the words say about how many months that is.
LONG = 62
DAYS_OF_A_MONTH = 30.44


@dataclass(frozen=True)
class Move:
    """From one date to another that it cannot be the same as. `least` and `most` are days, negative towards the past;
    they are equal where both dates are days."""

    before: PartialDate
    after: PartialDate
    least: int
    most: int

    @property
    def is_later(self) -> bool:
        return self.least > 0

    @property
    def amount(self) -> str:
        """ "12 days", "92 days (about 3 months)", "3 months", "1 year"; "76 to 106 days" of dates unlike in kind."""
        if self.before.precision == self.after.precision == "year":
            return _counted(abs(self.after.earliest.year - self.before.earliest.year), "year")
        if self.before.precision == self.after.precision == "month":
            was, now = self.before.earliest, self.after.earliest
            return _counted(abs((now.year - was.year) * 12 + now.month - was.month), "month")
        least, most = sorted((abs(self.least), abs(self.most)))
        if least != most:
            return f"{least} to {_counted(most, 'day')}"
        months = f" (about {round(most / DAYS_OF_A_MONTH)} months)" if most >= LONG else ""
        return f"{_counted(most, 'day')}{months}"

    @property
    def words(self) -> str:
        return f"{self.amount} {'later' if self.is_later else 'earlier'}"


def move_between(before: PartialDate | None, after: PartialDate | None) -> Move | None:
    """None where a date is missing, and where both may mean the same day: "March 2021" and "15 March 2021" are one
    date, told more exactly."""
    if not before or not after or (before.earliest <= after.latest and after.earliest <= before.latest):
        return None
    least, most = after.earliest - before.latest, after.latest - before.earliest
    one_day = timedelta(days=1)
    return Move(before, after, least // one_day, most // one_day)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
