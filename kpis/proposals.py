"""What a sheet of figures would change: each row held against the figure we have, every error at once.

Reads the council's indicators, codes, the figures concerned and their targets in four queries, however many rows
there are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpis import figures
from kpis.finding import Indicators
from kpis.models import Indicator, Outturn, Target, rule_of
from kpis.resources import CellError, FigureSheet
from kpis.unusual import unusual
from lambeth_plans.accounts.models import Council
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag, judge
from lambeth_plans.spreadsheets import Cell

#: How many of the places are named where the same figure stands more than once.
MOST_PLACES = 5


@dataclass(frozen=True)
class FigureFacts:
    """What a figure says. `value` None and `reason` empty: there is no figure."""

    value: Decimal | None = None
    reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""

    @classmethod
    def of(cls, outturn: Outturn | None) -> "FigureFacts":
        if outturn is None:
            return cls()
        return cls(outturn.value, outturn.reason, outturn.numerator, outturn.denominator, outturn.note)

    def as_json(self) -> dict[str, str | None]:
        return {
            name: f"{held.normalize():f}" if isinstance(held, Decimal) else held for name, held in vars(self).items()
        }

    @classmethod
    def from_json(cls, stored: dict[str, str | None]) -> "FigureFacts":
        numbers = ("value", "numerator", "denominator")
        return cls(**{name: Decimal(held) if name in numbers and held else held for name, held in stored.items()})


@dataclass(frozen=True)
class Proposal:
    """One row: what it says of which figure, what we hold, and the version of that (0 where there is none)."""

    row: int
    code: str
    indicator: str
    title: str
    unit: str
    period: Period
    new: FigureFacts
    old: FigureFacts
    stated: str
    version: int
    #: How the old and the new figure are rated by the target of the period (a value of Rag), "" for no colour.
    old_rag: str = ""
    new_rag: str = ""
    #: Why the figure should be looked at again, in words.
    unusual: str = ""

    @property
    def action(self) -> str:
        if self.new == self.old:
            return "unchanged"
        return "changed" if self.version else "new"

    @property
    def new_words(self) -> str:
        return figures.words(self.new.value, self.new.reason, self.unit)

    @property
    def old_words(self) -> str:
        return figures.words(self.old.value, self.old.reason, self.unit)

    @property
    def move_words(self) -> str:
        return figures.move(self.old.value, self.new.value, self.unit)

    @property
    def old_rating(self) -> Rag | None:
        return Rag(self.old_rag) if self.old_rag else None

    @property
    def new_rating(self) -> Rag | None:
        return Rag(self.new_rag) if self.new_rag else None

    @property
    def changes_rating(self) -> bool:
        """Whether a figure that had a colour gets another one, or none."""
        return bool(self.old_rag) and self.old_rag != self.new_rag

    @property
    def further_changes(self) -> list[tuple[str, str, str]]:
        """Label, old and new words of what changes beside the value."""
        pairs = [
            (name.capitalize(), *(figures.plain_or_none(getattr(facts, name)) for facts in (self.old, self.new)))
            for name in ("numerator", "denominator")
        ]
        pairs.append(("Note", self.old.note or "none", self.new.note or "none"))
        return [pair for pair in pairs if pair[1] != pair[2]]

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "period": figures.period_code(self.period),
            "new": self.new.as_json(),
            "old": self.old.as_json(),
            "action": self.action,
            "changes_rating": self.changes_rating,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Proposal":
        parts = {name: held for name, held in stored.items() if name not in ("action", "changes_rating")}
        parts["period"] = figures.period_of_code(parts["period"])
        for name in ("new", "old"):
            parts[name] = FigureFacts.from_json(parts[name])
        return cls(**parts)


def held_figures(council: Council, keys: Iterable[str]) -> dict[tuple[str, str, date], Outturn]:
    """The figures we hold of some indicators, by indicator key, kind and first day of the period. One query."""
    outturns = Outturn.objects.filter(indicator__council=council, indicator__key__in=set(keys))
    return {
        (outturn.indicator.key, outturn.period_kind, outturn.period_start): outturn
        for outturn in outturns.select_related("indicator")
    }


def _row_in_words(number: int) -> str:
    return f"row {number}"


def propose(
    council: Council,
    rows: Sequence[tuple[int, dict[str, Cell]]],
    *,
    today: date,
    place: Callable[[int], str] = _row_in_words,
) -> tuple[list[Proposal], list[CellError]]:
    """Reads every row and says what each would change. `rows` are (row number, cells by field); `place` says in words
    where a row stands."""
    indicators = Indicators(council)
    errors: list[CellError] = []
    read: list[tuple[int, Indicator, dict[str, Any]]] = []
    for number, cells in rows:
        if FigureSheet.says_nothing(cells):
            continue
        values, problems = FigureSheet.read_row(number, cells, today=today)
        indicator = indicators.find(values["code"]) if "code" in values else None
        if "code" in values and indicator is None:
            problems.append(CellError(number, "code", values["code"], indicators.unknown(values["code"])))
        errors += problems
        if indicator and not problems:
            read.append((number, indicator, values))
    errors += _repeated(read, place)
    held = held_figures(council, {indicator.key for _, indicator, _ in read})
    others: dict[str, dict[Any, Decimal]] = defaultdict(dict)
    for (key, kind, start), outturn in held.items():
        others[key][kind, start] = outturn.value
    for _, indicator, values in read:
        if values["value"] and values["value"].value is not None:
            period = values["period"]
            others[indicator.key][period.kind.value, period.start] = values["value"].value
    look = _Looks(council, held)
    proposals = []
    for number, indicator, values in read:
        try:
            proposals.append(look.at(_proposal(number, indicator, values, held, others[indicator.key]), indicator))
        except _Refused as refusal:
            errors.append(CellError(number, refusal.column, _text(values, refusal.column), str(refusal)))
    return proposals, sorted(errors, key=lambda error: error.row)


class _Looks:
    """What a reader should notice of a proposal: its rating before and after, and whether it is unlike the others."""

    def __init__(self, council: Council, held: Mapping[tuple[str, str, date], Outturn]) -> None:
        self.held = held
        targets = Target.objects.filter(indicator__council=council).select_related("indicator")
        self.targets = {(target.indicator.key, target.period_kind, target.period_start): target for target in targets}
        self.series: dict[tuple[str, str], list[Outturn]] = defaultdict(list)
        for (key, kind, _), outturn in sorted(held.items(), key=lambda each: each[0][2]):
            if outturn.value is not None:
                self.series[key, kind].append(outturn)

    def at(self, proposal: Proposal, indicator: Indicator) -> Proposal:
        if proposal.action == "unchanged":
            return proposal
        kind, start = proposal.period.kind.value, proposal.period.start
        others = [each.value for each in self.series[indicator.key, kind] if each.period_start != start]
        changes = {"unusual": unusual(proposal.new.value, others, proposal.unit)}
        for name, facts in (("old_rag", proposal.old), ("new_rag", proposal.new)):
            changes[name] = self._rating(indicator, (indicator.key, kind, start), facts)
        return replace(proposal, **changes)

    def _rating(self, indicator: Indicator, place: tuple[str, str, date], facts: FigureFacts) -> str:
        outturn = self.held.get(place)
        provisional = outturn is not None and outturn.status == Outturn.Status.PROVISIONAL
        try:
            rule = rule_of(indicator, self.targets.get(place))
            rag = judge(facts.value, rule, unit=indicator.unit, provisional=provisional).rag
        except ValueError:  # a rule that cannot judge is told on the indicator's page
            return ""
        return rag.value if rag else ""


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


def _text(values: dict[str, Any], column: str) -> str:
    value = values.get(column)
    return value.text if isinstance(value, figures.Figure) else "" if value is None else str(value)


def _repeated(read: Sequence[tuple[int, Indicator, dict[str, Any]]], place: Callable[[int], str]) -> list[CellError]:
    """The same indicator and period twice would let the last row win in silence."""
    places = defaultdict(list)
    for number, indicator, values in read:
        places[indicator.key, values["period"]].append((number, values["code"]))
    errors = []
    for (_, period), rows in places.items():
        if len(rows) > 1:
            where = " and ".join(place(number) for number, _ in rows[:MOST_PLACES])
            more = f" and {len(rows) - MOST_PLACES:,} more" if len(rows) > MOST_PLACES else ""
            errors += [
                CellError(number, "code", code, f"{code} for {period.label} stands in {where}{more}. Keep one.")
                for number, code in rows
            ]
    return errors


def _proposal(number: int, indicator: Indicator, values: dict[str, Any], held: dict, others: dict) -> Proposal:
    period, figure = values["period"], values["value"]
    place = (period.kind.value, period.start)
    outturn = held.get((indicator.key, *place))
    old = FigureFacts.of(outturn)
    if figure:
        known = [value for at, value in others.items() if at != place and value is not None]
        try:
            figures.check(figure, unit=indicator.unit, others=known)
        except ValueError as error:
            raise _Refused("value", str(error)) from error
    return Proposal(
        row=number,
        code=values["code"],
        indicator=indicator.key,
        title=indicator.title,
        unit=indicator.unit,
        period=period,
        new=merged(old, figure, values["numerator"], values["denominator"], values["note"]),
        old=old,
        stated=figure.text if figure else "",
        version=outturn.version if outturn else 0,
    )


def merged(
    old: FigureFacts,
    figure: figures.Figure | None,
    numerator: Decimal | str | None,
    denominator: Decimal | str | None,
    note: str | None,
) -> FigureFacts:
    """What we would hold: blanks (None) keep what is there, "clear" takes it away. Raises ValueError with `column`."""
    given = {"numerator": numerator, "denominator": denominator}
    if note == old.note.replace("\r\n", "\n").strip():  # as a sheet gives it back
        note = None
    if figure is None and old == FigureFacts() and any(part is not None for part in (*given.values(), note)):
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
    return FigureFacts(value, reason, note=old.note if note is None else note, **counts)
