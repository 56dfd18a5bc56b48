"""On which meetings' agendas something stands that is open until it is done. Pure: days in, days out."""

from collections.abc import Iterable
from datetime import date


def stands_at(
    opened: date, closed: date | None, meetings: Iterable[date], *, today: date, with_first_day: bool
) -> tuple[date, ...]:
    """The meetings at which it was open, or told as done for the first time; of those to come only the next one.

    `opened` is the day since which it is open: a meeting on that very day is one of them where `with_first_day`. What
    is closed is told in the first meeting from that day on. Days without order in, in order out.
    """
    until = closed or today
    found: list[date] = []
    for day in sorted(meetings):
        if day < opened or (day == opened and not with_first_day):
            continue
        found.append(day)
        if day >= until:
            break
    return tuple(found)
