"""Which sheets of a plan's workbook hold risks, their scores, and the matrix they are scored on; and which columns a
risk register has."""

from collections.abc import Iterator

from lambeth_plans.accounts.record_sheets import Values, sheet_of
from lambeth_plans.accounts.register_sheets import Register, RegisterColumn, RegisterRow, Said, says_of_main
from lambeth_plans.accounts.register_widgets import (
    DayWidget,
    Lookup,
    NameWidget,
    RecordsWidget,
    RegisterWidget,
    folded,
)
from lambeth_plans.accounts.resources import PEOPLE
from lambeth_plans.spreadsheets import Cell
from risks.mitigation_cells import MitigationsWidget, says_of_mitigations
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep

RISKS = sheet_of(Risk, "Risks")
SCORES = sheet_of(RiskScore, "Risk scores")
MITIGATIONS = sheet_of(Mitigation, "Mitigations")
MATRICES = sheet_of(RiskMatrix, "Risk matrices")
STEPS = sheet_of(RiskStep, "Risk steps")
BANDS = sheet_of(RiskBand, "Risk bands", headings={"rag": "Rating"})


class StepWidget(RegisterWidget):
    """A step of likelihood or impact: its weight (4), its words (Likely), or both (4 Likely, 4 - Likely)."""

    @property
    def hint(self) -> str:
        return "A step of the risk’s matrix: its weight, its words, or both (4 Likely)."

    def read(self, text: str, cell: Cell, lookup: Lookup) -> Values:
        steps = [step for step in lookup.all(STEPS) if step["axis"] == self.name]
        weights = {
            step["weight"]
            for step in steps
            for words in (step["word"], f"{step['weight']} {step['word']}", f"{step['weight']} - {step['word']}")
            if folded(words) == folded(text)
        }
        if len(weights) == 1:
            return {self.name: weights.pop()}
        if text.isdecimal():
            return {self.name: self.inner.clean(Cell(text))}
        known = ", ".join(f"{step['weight']} {step['word']}" for step in steps) or "4"
        raise ValueError(f"“{text[:60]}” is no step of {self.name} that we know. Write its number: {known}.")


class ScoreWidget(RegisterWidget):
    """A score. How another one was printed goes with that."""

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        return {**super().read(text, cell, lookup), "score_as_stated": ""}


#: Which columns hold what keeps a risk down, and of which kind.
KEPT_DOWN_BY = {"controls": Mitigation.Kind.CONTROL.value, "actions": Mitigation.Kind.ACTION.value, "mitigations": ""}
LINKS = ("objectives", "indicators", "savings", "contracts", "plans")


class RisksRegister(Register):
    """One risk in each row, with what it scores on a day and what it should score, what keeps it down and what it may
    hurt."""

    slug, label, noun = "risks", "Risks", "risk"

    ref = RegisterColumn("Reference", RegisterWidget(RISKS, "ref"), "ref; risk reference; risk ref; risk id; id")
    title = RegisterColumn("Title", RegisterWidget(RISKS, "title"), "risk; risk title; risk description")
    cause = RegisterColumn("Cause", RegisterWidget(RISKS, "cause"), "causes; risk cause")
    event = RegisterColumn("Event", RegisterWidget(RISKS, "event"), "risk event")
    effect = RegisterColumn("Effect", RegisterWidget(RISKS, "effect"), "effects; consequence; consequences; impact if")
    owner = RegisterColumn("Owner", NameWidget(RISKS, "owner", PEOPLE), "risk owner; lead")
    review_date = RegisterColumn("Review date", DayWidget(RISKS, "review_date"), "review; next review; review on")
    proximity = RegisterColumn("How soon", RegisterWidget(RISKS, "proximity"), "proximity; how soon it may happen")
    inherent_score = RegisterColumn(
        "Inherent score", ScoreWidget(SCORES, "score", "score_as_stated"), "inherent; gross score; inherent risk score"
    )
    likelihood = RegisterColumn("Likelihood", StepWidget(SCORES, "likelihood"), "probability; current likelihood")
    impact = RegisterColumn("Impact", StepWidget(SCORES, "impact"), "severity; current impact")
    score = RegisterColumn(
        "Score", ScoreWidget(SCORES, "score", "score_as_stated"), "risk score; current score; total; rating"
    )
    matrix = RegisterColumn("Matrix", NameWidget(SCORES, "matrix", MATRICES), "risk matrix; scored with")
    scored_date = RegisterColumn("Scored on", DayWidget(SCORES, "scored_date"), "date; scored; date scored; score date")
    target_score = RegisterColumn(
        "Target score", ScoreWidget(SCORES, "score", "score_as_stated"), "target; target risk score"
    )
    target_likelihood = RegisterColumn("Target likelihood", StepWidget(SCORES, "likelihood"))
    target_impact = RegisterColumn("Target impact", StepWidget(SCORES, "impact"))
    target_due = RegisterColumn(
        "Target to be reached by", DayWidget(SCORES, "due_date"), "target date; target due; target by; to be reached by"
    )
    target_date = RegisterColumn("Target set on", DayWidget(SCORES, "scored_date"), "target scored on")
    controls = RegisterColumn(
        "Controls in place",
        MitigationsWidget(MITIGATIONS, KEPT_DOWN_BY["controls"]),
        "controls; existing controls; current controls; control measures; controls already in place",
    )
    actions = RegisterColumn(
        "Further actions",
        MitigationsWidget(MITIGATIONS, KEPT_DOWN_BY["actions"]),
        "actions; further action; planned actions; further actions needed; actions needed; further controls",
    )
    mitigations = RegisterColumn(
        "Mitigations",
        MitigationsWidget(MITIGATIONS, KEPT_DOWN_BY["mitigations"]),
        "mitigation; mitigating actions; mitigating action",
    )
    objectives = RegisterColumn("Objectives", RecordsWidget(RISKS, "objectives"), "objective; linked objectives")
    indicators = RegisterColumn(
        "Indicators", RecordsWidget(RISKS, "indicators"), "indicator; linked indicators; kpis; kpi"
    )
    savings = RegisterColumn("Savings", RecordsWidget(RISKS, "savings"), "saving; linked savings")
    contracts = RegisterColumn("Contracts", RecordsWidget(RISKS, "contracts"), "contract; linked contracts")
    plans = RegisterColumn("Further plans", RecordsWidget(RISKS, "plans"), "other plans; plans; further plan")
    key = RegisterColumn("Key", RegisterWidget(RISKS, "key"))

    required = ("title",)

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        names = ("ref", "title", "cause", "event", "effect", "owner", "review_date", "proximity", *LINKS)
        risk = says_of_main(row, RISKS, names)
        if risk is None:
            return
        held = row.lookup.values(RISKS, risk.identity) or {"plans": ()}
        if row.lookup.own_plan in set(risk.values.get("plans", ())).difference(held["plans"]):
            row.refuse("plans", "This plan has the risk already. Name other plans that it may hurt.")
        yield risk
        yield from says_of_mitigations(row, MITIGATIONS, risk, KEPT_DOWN_BY)
        if row.says_any("likelihood", "impact", "score"):
            yield from cls._score(row, risk, "current", "scored_date", ("likelihood", "impact", "score", "matrix"))
        if row.says_any("inherent_score"):
            yield from cls._score(row, risk, "inherent", "scored_date", ("inherent_score",))
        target = ("target_likelihood", "target_impact", "target_score", "target_due")
        if row.says_any(*target):
            date = "target_date" if row.says_any("target_date") else "scored_date"
            yield from cls._score(row, risk, "target", date, target)

    @classmethod
    def _score(cls, row: RegisterRow, risk: Said, kind: str, date: str, names: tuple[str, ...]) -> Iterator[Said]:
        told = len(row.errors)
        day, places = row.read(date)
        if not day.get("scored_date"):
            if len(row.errors) == told:
                row.refuse(date, "A score is of a day. Write when the risk was scored.")
            return
        identity = {"risk": risk.values["key"], "kind": kind, **day}
        old = row.lookup.values(SCORES, SCORES.identity_of(identity))
        values, more = row.read(*names, old=old)
        if len(row.errors) == told:
            total = next(name for name in names if name.endswith("score"))
            values |= cls._whole(row, risk, values, old or {}, total)
        yield Said(SCORES, row.number, {**values, **identity}, {**places, **more})

    @classmethod
    def _whole(cls, row: RegisterRow, risk: Said, values: Values, old: Values, total: str) -> Values:
        """What follows from likelihood and impact: the score, where the column `total` does not say it, and the matrix
        they are steps of."""
        likelihood, impact = (values.get(name, old.get(name)) for name in ("likelihood", "impact"))
        further: Values = {}
        if not likelihood or not impact or not values.keys() & {"likelihood", "impact", "matrix"}:
            return further
        if "score" not in values and not row.says_any(total):
            further["score"] = likelihood * impact
            if old and further["score"] != old["score"]:
                further["score_as_stated"] = ""
        if not values.get("matrix") and not old.get("matrix"):
            held = row.lookup.values(RISKS, risk.identity) or {}
            named = row.read("matrix")[0].get("matrix")
            councils = [matrix["key"] for matrix in row.lookup.all(MATRICES)]
            further["matrix"] = named or held.get("matrix") or (councils[0] if len(councils) == 1 else "")
            if not further["matrix"]:
                row.refuse("matrix", "We do not know on which matrix this is scored. Name it, or give the score only.")
        return further

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        mitigations = lookup.all(MITIGATIONS)
        latest: dict[tuple[str, str], Values] = {}
        for score in sorted(lookup.all(SCORES), key=lambda score: score["scored_date"]):
            latest[score["risk"], score["kind"]] = score
        for risk in lookup.all(RISKS):
            current, target, inherent = (latest.get((risk["key"], kind)) for kind in ("current", "target", "inherent"))
            scores = dict.fromkeys(("likelihood", "impact", "score", "matrix", "scored_date"), current)
            targets = ("target_score", "target_likelihood", "target_impact", "target_due", "target_date")
            scores |= dict.fromkeys(targets, target)
            # A register has one day for both: an inherent score of another day than the current one would move.
            same_day = inherent and current and inherent["scored_date"] == current["scored_date"]
            held = {"all": [each for each in mitigations if each["risk"] == risk["key"]]}
            kept_down = dict.fromkeys(KEPT_DOWN_BY, held)
            yield cls.cells(lookup, (RISKS, risk), **scores, **kept_down, inherent_score=inherent if same_day else None)
