"""Which columns a list of the workforce has."""

from collections.abc import Iterator
from typing import Any

from finance.models import WorkforceBand
from finance.resources import CASELOADS, WORKFORCE, WORKFORCE_BANDS
from lambeth_plans.accounts.record_sheets import Values
from lambeth_plans.accounts.register_sheets import Register, RegisterColumn, RegisterRow, Said, says_of_found
from lambeth_plans.accounts.register_widgets import (
    DayWidget,
    Lookup,
    RegisterWidget,
    WordsWidget,
    folded,
)

_AGENCY, _APPRENTICE = WorkforceBand.Kind.AGENCY, WorkforceBand.Kind.APPRENTICE
BAND_KINDS = {"agency": _AGENCY.value, "apprentice": _APPRENTICE.value, "grade": "grade"}


class WorkforceRegister(Register):
    """A snapshot in each row, or one part of its headcount or the caseload of one team in each of several rows."""

    slug, label, noun = "workforce", "Workforce", "snapshot"

    title = RegisterColumn("Snapshot", RegisterWidget(WORKFORCE, "title"), "title; directorate; workforce")
    snapshot_date = RegisterColumn("Date", DayWidget(WORKFORCE, "snapshot_date"), "snapshot date; as at; on")
    headcount = RegisterColumn("Headcount", RegisterWidget(WORKFORCE, "headcount"), "staff; employees; people")
    average_sickness_days = RegisterColumn(
        "Sickness days", RegisterWidget(WORKFORCE, "average_sickness_days"), "average sickness days; sickness"
    )
    turnover = RegisterColumn(
        "Turnover %",
        RegisterWidget(WORKFORCE, "turnover"),
        "turnover; staff turnover; turnover rate",
    )
    turnover_as_stated = RegisterColumn("Turnover as printed", RegisterWidget(WORKFORCE, "turnover_as_stated"))
    difference_reason = RegisterColumn(
        "Why the bands do not add up", RegisterWidget(WORKFORCE, "difference_reason"), "reason for difference"
    )
    agency = RegisterColumn("Agency", RegisterWidget(WORKFORCE_BANDS, "number"), "agency staff; agency workers")
    apprentices = RegisterColumn("Apprentices", RegisterWidget(WORKFORCE_BANDS, "number"), "apprentice")
    kind = RegisterColumn("Band kind", WordsWidget(WORKFORCE_BANDS, "kind", BAND_KINDS), "kind; kind of band")
    band = RegisterColumn("Band", RegisterWidget(WORKFORCE_BANDS, "label"), "label; grade; part")
    number = RegisterColumn("Number", RegisterWidget(WORKFORCE_BANDS, "number"), "number of people; count")
    share_as_stated = RegisterColumn("Share as printed", RegisterWidget(WORKFORCE_BANDS, "share_as_stated"), "share; %")
    team = RegisterColumn("Team", RegisterWidget(CASELOADS, "team"), "team; caseload team")
    target = RegisterColumn("Target caseload", RegisterWidget(CASELOADS, "target"), "caseload target; target cases")
    actual = RegisterColumn("Actual caseload", RegisterWidget(CASELOADS, "actual"), "caseload; average caseload")
    key = RegisterColumn("Key", RegisterWidget(WORKFORCE, "key"))

    required = ("title",)

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        facts, _ = row.read("snapshot_date")
        if row.text("title"):
            facts["title"] = row.text("title")
        called = " ".join(filter(None, (row.text("title"), row.text("snapshot_date"))))
        snapshot = says_of_found(row, WORKFORCE, facts, called, may_repeat=True)
        if snapshot is None:
            return
        yield snapshot
        for column, kind in (("agency", _AGENCY), ("apprentices", _APPRENTICE)):
            if row.says_any(column):
                facts = {"kind": kind.value}
                yield from cls._band(row, snapshot, facts, (column,), may_repeat=True, label=str(kind.label))
        if row.says_any("kind", "band", "number"):
            facts, _ = row.read("kind", "band")
            yield from cls._band(row, snapshot, facts, ("kind", "band", "number", "share_as_stated"))
        if row.says_any(*cls.of(CASELOADS)):
            yield from cls._caseload(row, snapshot)

    @classmethod
    def _caseload(cls, row: RegisterRow, snapshot: Said) -> Iterator[Said]:
        """How many cases a team holds: the snapshot's team of this name, else a new one after the others."""
        team = row.text("team")
        if not team:
            row.refuse("team", "A caseload is of a team. Write which.")
            return
        key = snapshot.values["key"]
        teams = [each for each in row.lookup.all(CASELOADS) if each["snapshot"] == key]
        old = next((each for each in teams if folded(each["team"]) == folded(team)), None)
        values, places = row.read(*cls.of(CASELOADS), old=old)
        taken = [each["order"] for each in teams]
        order = old["order"] if old else row.lookup.new_number(CASELOADS, key, folded(team), taken=taken)
        yield Said(CASELOADS, row.number, {**values, "snapshot": key, "order": order}, {"order": "team", **places})

    @classmethod
    def _band(
        cls, row: RegisterRow, snapshot: Said, facts: Values, names: tuple[str, ...], *, label: str = "", **options: Any
    ) -> Iterator[Said]:
        """A part of the headcount: the one of the snapshot of which all facts hold, else a new one after the others."""
        if not facts:
            row.refuse("band", "Say which part of the headcount this is: its kind, and what it is called.")
            return
        key = snapshot.values["key"]
        bands = [band for band in row.lookup.all(WORKFORCE_BANDS) if band["snapshot"] == key]
        found = [band for band in bands if all(folded(band[name]) == folded(fact) for name, fact in facts.items())]
        if len(found) > 1:
            row.refuse(names[0], "The snapshot has several such parts. Write each in a row of its own, with its band.")
            return
        old = found[0] if found else None
        values, places = row.read(*names, old=old)
        if old is None:
            values = {"label": label or facts.get("label", ""), **facts, **values}
            taken = [band["order"] for band in bands]
            order = row.lookup.new_number(WORKFORCE_BANDS, key, tuple(facts.items()), taken=taken)
        identity = {"snapshot": key, "order": old["order"] if old else order}
        yield Said(WORKFORCE_BANDS, row.number, {**values, **identity}, {"order": names[0], **places}, **options)

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        bands, caseloads = lookup.all(WORKFORCE_BANDS), lookup.all(CASELOADS)
        for snapshot in lookup.all(WORKFORCE):
            parts = [
                *((WORKFORCE_BANDS, band) for band in bands if band["snapshot"] == snapshot["key"]),
                *((CASELOADS, caseload) for caseload in caseloads if caseload["snapshot"] == snapshot["key"]),
            ]
            for part in parts or [None]:
                told = [(WORKFORCE, snapshot), *([part] if part else [])]
                yield cls.cells(lookup, *told, agency=None, apprentices=None)
