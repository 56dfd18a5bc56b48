"""What a sheet of figures would change: each row held against the figure we have, every error at once.

Reads the council's indicators, codes, the figures concerned and their targets in four queries, however many rows
there are.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kpis import figures
from kpis.finding import Indicators
from kpis.held import (
    NOTHING,
    RAW_PK,
    RAW_REASON,
    RAW_VALUE,
    RAW_VERSION,
    Decimals,
    FigureFacts,
    Place,
    RawFigure,
    figure_of,
    held_raw,
)
from kpis.looks import Looks
from kpis.models import Indicator
from kpis.packing import Packed, empty, packed_facts
from kpis.reading import FigureTable, Numbers, Reader, ReadRow
from kpis.resources import FigureSheet
from lambeth_plans.accounts.models import Council
from lambeth_plans.accounts.record_sheets import CellError

#: How many of the places are named where the same figure stands more than once.
MOST_PLACES = 5


def _row_in_words(number: int) -> str:
    return f"row {number}"


def propose(
    council: Council,
    table: FigureTable,
    *,
    today: date,
    place: Callable[[int], str] = _row_in_words,
    row_of: Callable[[int], int] = int,
) -> tuple[Packed, list[CellError]]:
    """Reads every row of a sheet and says what each would change, packed (see `packing`); and every error in them.

    `place` says in words where a row stands, `row_of` in which row of the file.
    """
    reader = Reader(Indicators(council), today=today)
    read = reader.read(table)
    errors = [*reader.errors, *_repeated(read, reader, place)]
    held = held_raw(council, {indicator.pk for indicator in reader.indicators})
    comparing = _Comparing(council, reader, read, held)
    packed = comparing.packed(row_of)
    packed["indicators"] = [[each.pk, each.key, each.title, each.unit] for each in reader.indicators]
    packed["periods"] = list(map(figures.period_code, reader.periods))
    return packed, sorted([*errors, *comparing.errors], key=lambda error: error.row)


def spellings(council: Council) -> dict[str, str]:
    """What each indicator of a council is called in a file: its first code, or its key. By key, in two queries."""
    return Indicators(council).spellings


def rows_to_fill(council: Council) -> list[list[str]]:
    """A row for each indicator of a council with its code (or key) and title, the rest to be filled in."""
    indicators = Indicators(council)
    known = [[indicators.spellings[key], indicator.title] for key, indicator in indicators.by_key.items()]
    return [[*names, *[""] * (len(FigureSheet.columns()) - 2)] for names in sorted(known)]


class _Refused(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _repeated(read: Sequence[ReadRow], reader: Reader, place: Callable[[int], str]) -> list[CellError]:
    """The same indicator and period twice would let the last row win in silence."""
    if len({row[2:4] for row in read}) == len(read):
        return []
    places = defaultdict(list)
    for row in read:
        places[row[2:4]].append(row)
    errors = []
    for (_, when), rows in places.items():
        if len(rows) > 1:
            where = " and ".join(place(number) for number, *_ in rows[:MOST_PLACES])
            more = f" and {len(rows) - MOST_PLACES:,} more" if len(rows) > MOST_PLACES else ""
            said = f"for {reader.periods[when].label} stands in {where}{more}. Keep one."
            errors += [CellError(number, "code", code, f"{code} {said}") for number, code, *_ in rows]
    return errors


class _Plain(dict):
    """Numbers as texts, without an exponent: each different one is written once."""

    def __missing__(self, number: Decimal | None) -> str | None:
        text = self[number] = None if number is None else f"{number:f}"
        return text


class _Comparing:
    """Holds rows against the figures we have."""

    def __init__(
        self, council: Council, reader: Reader, read: Sequence[ReadRow], held: Mapping[Place, RawFigure]
    ) -> None:
        self.council, self.indicators, self.read, self.held = council, reader.indicators, read, held
        self.errors: list[CellError] = []
        self._pks = [indicator.pk for indicator in reader.indicators]
        self._units = [indicator.unit for indicator in reader.indicators]
        self._days = [(period.kind.value, period.start.isoformat()) for period in reader.periods]
        self._others: dict[int, dict[Place, Decimal]] = {}
        # By the figure itself: equal texts are read once, so each is one object for all its rows.
        self._fits: dict[tuple[int, str], bool | str] = {}

    def packed(self, row_of: Callable[[int], int]) -> Packed:
        """What each row would change; what does not fit goes to `errors`."""
        pks, units, days, held = self._pks, self._units, self._days, self.held
        fits, numbers, texts, codes = self._fits, Decimals(), _Plain(), Numbers()
        found = empty()
        same: list[tuple[Any, ...]] = []
        moving: list[tuple[list[Any], Place, FigureFacts, FigureFacts]] = []
        for row in self.read:
            number, code, which, when, figure, further = row
            place = (pks[which], *days[when])
            raw = held.get(place)
            try:
                if figure and fits.get((id(figure), units[which])) is not True:
                    self._check(figure, units[which], place, raw)
                if raw and figure and not further:
                    value = numbers[raw[RAW_VALUE]]
                    if value == figure.value and raw[RAW_REASON] == figure.reason:
                        if value is None:
                            found["reasons"][str(len(same))] = figure.reason
                        text = texts[value]
                        same.append((row_of(number), which, when, raw[RAW_VERSION], raw[RAW_PK], codes[code], text))
                        continue
                pk, version, stated, old = figure_of(raw) if raw else (None, 0, "", NOTHING)
                new, why = self._merged(old, figure, further)
            except _Refused as refusal:
                self.errors.append(CellError(number, refusal.column, _text(row, refusal.column), str(refusal)))
                continue
            line = [row_of(number), which, when, version, pk, codes[code]]
            if new is old:
                if old.value is None:
                    found["reasons"][str(len(same))] = old.reason
                same.append((*line, texts[old.value]))
                continue
            if not (raw and new[:2] == old[:2]):
                stated = figure.text if figure else ""
            line += (packed_facts(new), packed_facts(old), stated, why)
            moving.append((line, place, old, new))
        self._look_at(moving)
        if same:
            found["unchanged"] = list(map(list, zip(*same, strict=True)))
        return found | {"codes": list(codes), "moving": [line for line, *_ in moving]}

    def _look_at(self, moving: Sequence[tuple[list[Any], Place, FigureFacts, FigureFacts]]) -> None:
        """Adds what a reader should notice of the rows that change anything."""
        look = Looks(self.council, self.held, [place for _, place, _, _ in moving])
        for line, place, old, new in moving:
            indicator = self.indicators[line[1]]
            line += (*look.ratings(indicator, place, old, new), look.unusual(place, new.value, indicator.unit))

    def _merged(
        self, old: FigureFacts, figure: figures.Figure | None, further: Mapping[str, Any] | None
    ) -> tuple[FigureFacts, str]:
        """What we would hold, the old facts themselves where that is the same, and why."""
        if figure and not further and old.numerator is old.denominator is None:
            return FigureFacts(figure.value, figure.reason, None, None, old.note, old.status), ""
        given = further or {}
        new = merged(old, figure, *(given.get(name) for name in ("numerator", "denominator", "note", "status")))
        return (old if new == old else new), given.get("why") or ""

    def _check(self, figure: figures.Figure, unit: str, place: Place, raw: RawFigure | None) -> None:
        key = (id(figure), unit)
        if key not in self._fits:
            self._fits[key] = _fit(figure, unit)
        fit = self._fits[key]
        if fit is True:
            return
        try:
            if isinstance(fit, str):
                raise ValueError(fit)
            figures.check(figure, unit=unit, others=self._others_of(figure, place, raw))
        except ValueError as error:
            raise _Refused("value", str(error)) from error

    def _others_of(self, figure: figures.Figure, place: Place, raw: RawFigure | None) -> list[Decimal]:
        """What an indicator usually comes to: what we hold says so, and a file, whose figures may all be shares, only
        where we hold nothing. A figure that stays as it is is not asked about."""
        old = figure_of(raw).facts.value if raw else None
        if old is not None and figure.value == old:
            return []
        return [value for at, value in self._of(place[0]).items() if at != place or old is not None]

    def _of(self, indicator: int) -> dict[Place, Decimal]:
        """All values of an indicator; gathered when first asked for."""
        if not self._others:
            self._others = defaultdict(dict)
            for place, raw in self.held.items():
                if raw[RAW_VALUE] is not None:
                    self._others[place[0]][place] = figure_of(raw).facts.value
            held = set(self._others)
            for _, _, which, when, figure, _ in self.read:
                pk = self._pks[which]
                if pk not in held and figure and figure.value is not None:
                    self._others[pk][(pk, *self._days[when])] = figure.value
        return self._others[indicator]


def _text(row: ReadRow, column: str) -> str:
    *_, figure, further = row
    if column == "value":
        return figure.text if figure else ""
    value = (further or {}).get(column)
    return "" if value is None else str(value)


def _fit(figure: figures.Figure, unit: str) -> bool | str:
    """True where a figure fits a unit whatever the others say, False where they must be asked, or why it does not."""
    try:
        figures.check(figure, unit=unit)
    except ValueError as error:
        return str(error)
    is_small = figure.value is not None and not figure.sign and 0 < abs(figure.value) < 1
    return not (unit == Indicator.Unit.PERCENT and is_small)


def merged(
    old: FigureFacts,
    figure: figures.Figure | None,
    numerator: Decimal | str | None,
    denominator: Decimal | str | None,
    note: str | None,
    status: str | None = None,
) -> FigureFacts:
    """What we would hold: blanks (None) keep what is there, "clear" takes it away. Raises ValueError with `column`."""
    given = {"numerator": numerator, "denominator": denominator}
    if note == old.note.replace("\r\n", "\n").strip():  # as a sheet gives it back
        note = None
    if figure is None and old == NOTHING and any(part is not None for part in (*given.values(), note, status)):
        raise _Refused("value", "Give a figure, or the word for why there is none, such as TBC.")
    value, reason = (figure.value, figure.reason) if figure else (old.value, old.reason)
    counts = {}
    for name, count in given.items():
        was = getattr(old, name)
        if value is None and isinstance(count, Decimal):
            raise _Refused(name, f"A row without a figure has no {name}. Leave it blank.")
        if name == "denominator" and isinstance(count, Decimal) and count <= 0:
            raise _Refused(name, "A denominator is more than 0.")
        if count is None and was is not None and value is not None and value != old.value:
            raise _Refused(
                name,
                f"The value changes, and we hold the {name} {figures.written(was, '')} of the old one. "
                f"Give the new {name}, or write “{figures.CLEAR}”.",
            )
        counts[name] = None if value is None or count == figures.CLEAR else was if count is None else count
    return FigureFacts(
        value,
        reason,
        note=old.note if note is None else note,
        status=old.status if status is None else status,
        **counts,
    )
