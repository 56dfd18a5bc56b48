"""How a register of risks tells in one cell what keeps a risk down: a control or an action a line, and where it is an
activity of the plan, that in brackets behind it: “Weekly panel [1.2]”."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambeth_plans.accounts.record_sheets import RecordSheet, Values
from lambeth_plans.accounts.register_sheets import RegisterRow, Said
from lambeth_plans.accounts.register_widgets import CLEAR, Lookup, RegisterWidget, folded, text_of
from lambeth_plans.spreadsheets import Cell

#: A text in quotes may have lines, brackets and quotes (doubled) of its own.
_QUOTED = re.compile(r'[ \t]*"((?:[^"]|"")*)"(?:[ \t]*\[([^\[\]\n]*)\])?[ \t]*(?:\n|\Z)')
_BULLET = re.compile(r"[•▪●·*–-][ \t]+")
_NEEDS_QUOTES = re.compile(r"[\n\r\u00a0]|^[\s\"•▪●·*–-]|[\s\]]\Z")


@dataclass(frozen=True)
class Line:
    """What one line says: its text, and which activity it is (empty: it does not say)."""

    text: str
    activity: str = ""


def read_lines(text: str) -> list[Line]:
    """The lines of a cell, without empty ones and without bullets."""
    found = []
    at = 0
    while at < len(text):
        if quoted := _QUOTED.match(text, at):
            line, at = Line(quoted[1].replace('""', '"'), (quoted[2] or "").strip()), quoted.end()
        else:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            line, at = _plain(text[at:end].strip()), end + 1
        if line.text or line.activity:
            found.append(line)
    return found


def _plain(text: str) -> Line:
    words, activity = text, ""
    if text.endswith("]") and "[" in text:
        words, _, activity = text[:-1].rpartition("[")
    bullet = _BULLET.match(f"{words} ")
    return Line(words[bullet.end() if bullet else 0 :].strip(), activity.strip())


def written_lines(lines: Iterable[Line]) -> str:
    """A cell from which `read_lines` reads these lines."""
    return "\n".join(map(_written, lines))


def _written(line: Line) -> str:
    words = line.text
    if not words or _NEEDS_QUOTES.search(words) or words.casefold() == CLEAR:
        words = '"{}"'.format(words.replace('"', '""'))
    return f"{words} [{line.activity}]" if line.activity else words


class MitigationsWidget(RegisterWidget):
    """What keeps a risk down of one kind. It is rendered of all mitigations of a risk: {"all": […]}."""

    def __init__(self, sheet: type[RecordSheet], kind: str) -> None:
        super().__init__(sheet, "text", "kind", "activity")
        self.kind = kind

    @property
    def hint(self) -> str:
        return "One a line; a line that is not there yet is added. [1.2] behind it names the activity that it is."

    def render(self, value: Mapping[str, Any], obj: Any = None, *, lookup: Lookup, **kwargs: Any) -> str:
        activities = lookup.sheet_of(self.sheet.fields["activity"].links_to)
        return written_lines(
            Line(each["text"], _reference(lookup, activities, each["activity"]))
            for each in value["all"]
            if each["kind"] == self.kind
        )


def _reference(lookup: Lookup, activities: type[RecordSheet], key: str) -> str:
    """An activity as it stands in brackets."""
    words = lookup.words_of(activities, key)
    is_unfit = re.search(r"[\[\]]", words) or words.casefold() == CLEAR
    return lookup.key_words_of(activities, key) if is_unfit else words


def says_of_mitigations(
    row: RegisterRow, sheet: type[RecordSheet], risk: Said, columns: Mapping[str, str]
) -> Iterator[Said]:
    """What a row says of what keeps its risk down. `columns` are those that hold it, with the kind that each is about.
    A line is about the mitigation of this text, of its own kind before any other; what is not there yet comes last."""
    key = risk.values["key"]
    held = [each for each in row.lookup.all(sheet) if each["risk"] == key]
    lines = [(column, kind, line) for column, kind in columns.items() for line in _lines(row, column)]
    old_of = _known(lines, held)
    repeated = _repeated(lines, old_of)
    taken = [each["order"] for each in held]
    for place, (column, kind, line) in enumerate(lines):
        old = old_of.get(place)
        if place in repeated:
            row.refuse(column, f"“{line.text[:60]}” stands here twice. Keep one.")
            continue
        try:
            said = _said(row.lookup, sheet, kind, line, old)
            called = (kind, folded(line.text))
            order = old["order"] if old else row.lookup.new_number(sheet, key, called, taken=taken)
        except ValueError as error:
            row.refuse(column, str(error))
        else:
            places = dict.fromkeys(("order", "text", "kind", "activity"), column)
            yield Said(sheet, row.number, {"risk": key, "order": order, **said}, places, may_repeat=True)
    named = {each["order"] for each in old_of.values()}
    for column, kind in columns.items():
        if column in row.cells:
            row.stays(column, [each["text"] for each in held if each["kind"] == kind and each["order"] not in named])


def _lines(row: RegisterRow, column: str) -> list[Line]:
    cell = row.cells.get(column, Cell())
    text = text_of(cell)
    if text.casefold() == CLEAR:
        row.refuse(column, "A file takes nothing away that keeps a risk down. Leave the cell empty.")
        return []
    return read_lines(text)


def _known(lines: Sequence[tuple[str, str, Line]], held: Sequence[Values]) -> dict[int, Values]:
    """The mitigation that each line is about, by the line's place."""
    free, found = list(held), {}
    for any_kind in (False, True):
        for place, (_, kind, line) in enumerate(lines):
            same = (
                each
                for each in free
                if folded(each["text"]) == folded(line.text) and (any_kind or each["kind"] == kind)
            )
            if place not in found and (old := next(same, None)):
                found[place] = old
                free.remove(old)
    return found


def _repeated(lines: Sequence[tuple[str, str, Line]], old_of: Mapping[int, Values]) -> set[int]:
    """The places of new lines whose text stands in an earlier line too, or in one that is there already, of a kind that
    may be the same: no kind may be any."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for place in old_of:
        _, kind, line = lines[place]
        kinds[folded(line.text)].add(kind)
    found = set()
    for place, (_, kind, line) in enumerate(lines):
        if place in old_of or not line.text:
            continue
        others = kinds[folded(line.text)]
        if kind in others or "" in others or (others and not kind):
            found.add(place)
        others.add(kind)
    return found


def _said(lookup: Lookup, sheet: type[RecordSheet], kind: str, line: Line, old: Values | None) -> Values:
    values: Values = {"kind": kind} if kind else {}
    if old is None and not line.text:
        raise ValueError(f"“[{line.activity[:60]}]” says nothing of what is done. Write that in front of it.")
    if old is None:
        values["text"] = sheet.fields["text"].widget.clean(Cell(line.text))
    if line.activity.casefold() == CLEAR:
        values["activity"] = ""
    elif old and "/" in old["activity"] and line.activity == old["activity"]:
        values["activity"] = line.activity  # of another plan: it may stay
    elif line.activity:
        try:
            activities = lookup.sheet_of(sheet.fields["activity"].links_to)
            values["activity"] = lookup.name_of(activities, line.activity)
        except ValueError as error:
            raise ValueError(f"{error} Write the words in quotes if the brackets belong to them.") from error
    return values
