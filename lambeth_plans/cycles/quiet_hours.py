"""When nobody is written to: at night and, where a council says so, at weekends. A rule: no database, no settings."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

_HOURS = re.compile(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)", re.ASCII)


@dataclass(frozen=True)
class QuietHours:
    """From `begins` until `ends`, local time, over midnight where that is the earlier one; both None for no quiet."""

    begins: time | None = None
    ends: time | None = None
    at_weekends: bool = False

    @classmethod
    def of(cls, text: str, *, at_weekends: bool = False) -> "QuietHours":
        """Reads "19:00-07:00", or nothing. Raises ValueError for anything else."""
        if not text.strip():
            return cls(at_weekends=at_weekends)
        found = _HOURS.fullmatch(text.strip())
        if not found:
            raise ValueError(f"Quiet hours are two times, such as 19:00-07:00, and not {text!r}.")
        begins, ends = (time(*map(int, each.split(":"))) for each in found.groups())
        if begins == ends:
            raise ValueError("Quiet hours that end when they begin would never end.")
        return cls(begins, ends, at_weekends)

    def allow(self, moment: datetime) -> bool:
        local = timezone.localtime(moment)
        if self.at_weekends and local.weekday() >= 5:
            return False
        if self.begins is None or self.ends is None:
            return True
        clock = local.time()
        if self.begins < self.ends:
            return not self.begins <= clock < self.ends
        return self.ends <= clock < self.begins

    def next_allowed(self, moment: datetime) -> datetime:
        """The moment itself, or the first one after it that is not quiet: when the hours end or a day begins."""
        local = timezone.localtime(moment)
        while not self.allow(local):
            days = (local.date(), local.date() + timedelta(days=1))
            edges = (
                datetime.combine(day, clock, tzinfo=local.tzinfo)
                for day in days
                for clock in (time(), self.ends or time())
            )
            local = min(edge for edge in edges if edge > local)
        return local
