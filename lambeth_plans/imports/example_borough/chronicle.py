"""When things happened in Example Borough, and the pen that writes them down as of then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User
from lambeth_plans.history import Record
from lambeth_plans.periods import Period, PeriodKind

REASON = "Invented history of Example Borough."
#: Months of progress updates and of outturns that are complete; the running month comes on top.
MONTHS_OF_UPDATES = 18
MONTHS_OF_OUTTURNS = 36


def dice(name: str) -> Random:
    """Chance that falls the same way every time for the same name."""
    return Random(f"Example Borough: {name}")  # noqa: S311 - invents figures, keeps no secrets


def shifted(period: Period, months: int) -> Period:
    """The month so many months later (earlier for a negative number)."""
    count = period.start.year * 12 + period.start.month - 1 + months
    return periods.month(count // 12, count % 12 + 1)


def working_day(on: date) -> date:
    """That day, or the Monday after a Saturday or Sunday."""
    return on + timedelta(days=7 - on.weekday() if on.weekday() > 4 else 0)


@dataclass(frozen=True)
class Chronicle:
    """Writes records as of a past day. Nothing is dated on `today` or later."""

    by: User
    today: date

    def month(self, offset: int) -> Period:
        """The running month (0), a past one (-1 is last month) or a future one."""
        return shifted(periods.month_of(self.today), offset)

    @property
    def plan_year(self) -> int:
        """The financial year in which the plan begins: 18 months of reports lie within it and the ones after."""
        return periods.financial_year_start(self.month(-MONTHS_OF_UPDATES).start)

    @property
    def year(self) -> int:
        """The financial year that holds today."""
        return periods.financial_year_start(self.today)

    @property
    def plan_start(self) -> date:
        return date(self.plan_year, 4, 1)

    @property
    def plan_end(self) -> date:
        return date(self.plan_year + 4, 3, 31)

    @property
    def founded(self) -> date:
        """Before everything else: the council, its posts and its indicators."""
        first_figure = self.month(-MONTHS_OF_OUTTURNS - 1).start
        return date(periods.financial_year_start(first_figure), 2, 3)

    @property
    def drafted(self) -> date:
        return date(self.plan_year, 2, 16)

    @property
    def published(self) -> date:
        return date(self.plan_year, 3, 18)

    def last_periods(self, kind: PeriodKind, count: int, lag: int) -> list[Period]:
        """The last so many periods of a kind that ended more than `lag` days ago, oldest first. Of figures "to" a day
        it is always to the last day of September."""
        found: list[Period] = []
        walked = periods.holding(PeriodKind.YEAR if kind is PeriodKind.TO_DATE else kind, self.today)
        while len(found) < count:
            period = periods.to_date(date(walked.start.year, 9, 30)) if kind is PeriodKind.TO_DATE else walked
            if self.is_past(period.end + timedelta(days=lag)):
                found.append(period)
            walked = periods.holding(walked.kind, walked.start - timedelta(days=1))
        return found[::-1]

    def is_past(self, on: date) -> bool:
        return on < self.today

    def moment(self, on: date, hour: int = 10) -> datetime:
        """That hour of a past day in London. Raises ValueError for today and later."""
        if not self.is_past(on):
            raise ValueError(f"{on} is not over yet on {self.today}.")
        return timezone.make_aware(datetime.combine(on, time(hour)))

    def write(self, record: Record, on: date, *, because: str = "", hour: int = 10, **links: Sequence) -> Record:
        """Creates or changes one record with its links. What it says it happened `because` of stands first."""
        reason = f"{because} {REASON}".strip()
        return history.save(record, by=self.by, reason=reason, links=links, at=self.moment(on, hour))

    def write_all(self, records: Sequence[Record], on: date) -> list[Record]:
        """Creates many records of one model, without links."""
        return history.create_all(records, by=self.by, reason=REASON, at=self.moment(on))

    def change_all(self, records: Sequence[Record], on: date) -> list[Record]:
        """Changes many records of one model, without links."""
        return history.change_all(records, by=self.by, reason=REASON, at=self.moment(on))

    def quarter_days(self, count: int, *, day: int = 10) -> list[date]:
        """The last so many past review days, oldest first: that day of January, April, July and October."""
        months = (self.month(-offset).start for offset in range(3 * count + 4))
        days = [start + timedelta(days=day - 1) for start in months if start.month in (1, 4, 7, 10)]
        return sorted([on for on in days if self.is_past(on)][:count])
