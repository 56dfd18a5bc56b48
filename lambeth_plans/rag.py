"""What Red means: the one place for every colour, word, letter and shape, and the rule that judges a figure.

Pure: numbers in, judgement out. No database, no clock, no settings. Nothing is ever averaged.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Rag(StrEnum):
    """A rating: value, word, letter, shape and colour together, worst first (a group in which something has not
    started must never read Complete).

    The value is what the database stores; `colour` names a class of our style sheet; `shape` a drawing in
    `templates/components/rag.html`, so that no rating is told by colour alone.
    """

    def __new__(cls, value: str, word: str, letter: str, shape: str, colour: str) -> "Rag":
        member = str.__new__(cls, value)
        member._value_ = value
        member.word, member.letter, member.shape, member.colour = word, letter, shape, colour
        return member

    RED = "red", "Red", "R", "diamond", "red"
    AMBER = "amber", "Amber", "A", "triangle", "amber"
    GREEN = "green", "Green", "G", "circle", "green"
    NOT_STARTED = "not_started", "Not started", "N", "ring", "grey"
    BLUE = "blue", "Complete", "B", "square", "blue"
    NOT_REPORTED = "not_reported", "Not reported", "–", "dash", "white"

    @property
    def severity(self) -> int:
        """0 is the worst known rating; an unknown one (not reported) comes after every known one."""
        return list(Rag).index(self)

    @property
    def paper(self) -> str:
        """The pale colour behind its word where there is no style sheet (Word), as six hexadecimal digits: the same as
        in frontend/src/styles/_rag.scss."""
        return PAPER[self.colour]

    @property
    def needs_path_to_green(self) -> bool:
        """Whether whoever reports this rating must say how it gets back to Green."""
        return self in (Rag.RED, Rag.AMBER)


PAPER = {
    "red": "fbe4e1",
    "amber": "fff0d9",
    "green": "ddf0e4",
    "blue": "dfebf7",
    "white": "ffffff",
    "grey": "f1f2f2",
}
#: The ratings a person may give. "Not reported" is the absence of a report, never a choice.
REPORTABLE = tuple(rating for rating in Rag if rating is not Rag.NOT_REPORTED)


class SavingStatus(StrEnum):
    """How a year of a saving stands, best first: our own convention, for there is no national one (methods.md, 4.6).

    Drawn like a rating, but with words of its own: a secured saving is not "Complete".
    """

    def __new__(cls, value: str, word: str, rag: Rag) -> "SavingStatus":
        member = str.__new__(cls, value)
        member._value_, member.rag = value, rag
        member.word, member.letter, member.shape, member.colour = word, rag.letter, rag.shape, rag.colour
        return member

    SECURED = "secured", "Secured", Rag.BLUE
    ON_TRACK = "on_track", "On track", Rag.GREEN
    AT_RISK = "at_risk", "At risk", Rag.AMBER
    NOT_DELIVERABLE = "not_deliverable", "Not deliverable", Rag.RED

    @property
    def needs_reason(self) -> bool:
        """Whether whoever says so must say why."""
        return self in (SavingStatus.AT_RISK, SavingStatus.NOT_DELIVERABLE)


def turn_of(was: Rag | None, now: Rag | None) -> int:
    """−1 where a rating got worse, 1 where it got better, 0 where it did neither or one of them is not known.

    "Not started" warns nobody, like Green (activities/challenge.py); Complete is better than both.
    """
    if was is None or now is None or Rag.NOT_REPORTED in (was, now):
        return 0
    steps = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2, Rag.NOT_STARTED: 2, Rag.BLUE: 3}
    return (steps[now] > steps[was]) - (steps[now] < steps[was])


@dataclass(frozen=True)
class RagCount:
    rag: Rag
    count: int


@dataclass(frozen=True)
class RollUp:
    """The worst rating of a group with how many there are of each; never an average.

    `worst` is the worst of the reported ratings, or NOT_REPORTED when there is none; `counts` holds the ratings
    that occur, worst first; `reported` of `total` have a rating at all.
    """

    worst: Rag
    counts: tuple[RagCount, ...]
    reported: int
    total: int


def roll_up(ratings: Iterable[Rag]) -> RollUp:
    """Worst-of with counts (peers.md, "Averages hide": one Red among nine Greens must never read Green)."""
    tally = Counter(ratings)
    known = [rating for rating in Rag if tally[rating] and rating is not Rag.NOT_REPORTED]
    return RollUp(
        worst=known[0] if known else Rag.NOT_REPORTED,
        counts=tuple(RagCount(rating, tally[rating]) for rating in Rag if tally[rating]),
        reported=sum(tally[rating] for rating in known),
        total=sum(tally.values()),
    )


class Polarity(StrEnum):
    """Which way is better. Empty in the database where no document says."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    NONE = "none"


class RuleKind(StrEnum):
    """How far from its target a figure may be (methods.md, 4.1)."""

    POINTS = "points"  # tolerance in the indicator's own unit
    PERCENT = "percent"  # tolerance in percent of the target; a target of 0 demands points
    BOUNDS = "bounds"  # explicit green and amber values
    BAND = "band"  # green inside lower..upper, amber within the tolerance outside
    IMPROVEMENT = "improvement"  # green within the tolerance (percent); beyond it amber if no worse than last year
    NONE = "none"  # context only, never coloured


class Standing(StrEnum):
    """Who says so: the document, a decision with a date, or nobody yet (assumed by us: nothing is coloured)."""

    STATED = "stated"
    AGREED = "agreed"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Rule:
    """How one figure is judged. Numbers are in the indicator's unit.

    POINTS and PERCENT: `target` and `amber` (tolerance; percent of the target for PERCENT).
    BOUNDS: `target` is the green bound, `amber` the amber bound itself. BAND: `lower`, `upper`, `amber` (distance).
    IMPROVEMENT: `target` and `amber` (percent of the target) inside which a figure is green.
    `standing` is the weakest standing of polarity, target and tolerance, `assumed` those that are assumed, in words;
    `polarity` is None where none is stated.
    """

    kind: RuleKind
    polarity: Polarity | None
    target: Decimal | None = None
    amber: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    standing: Standing = Standing.STATED
    agreed_by: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """`rag` is None where no colour may be given; `reason` is then the words shown instead. `reason` never empty."""

    rag: Rag | None
    reason: str


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no needless zeros, thousands by comma, a real minus sign."""
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") if text not in ("-0", "0") else "0"


def with_unit(number: str, unit: str) -> str:
    """A number in words with its unit: "47.5%", "−£5", "12 days"."""
    if unit == "£":
        return f"−£{number[1:]}" if number.startswith("−") else f"£{number}"
    if unit == "%":
        return f"{number}%"
    return number if unit in ("", "number") else f"{number} {unit}"


def judge(
    value: Decimal | None,
    rule: Rule | None,
    *,
    unit: str = "",
    provisional: bool = False,
    last_year: Decimal | None = None,
) -> Judgement:
    """Judges one figure by one rule.

    A boundary gets the better colour; numbers are compared as stored, never as displayed. No value, no rule or
    target, a provisional value, an assumed standing or no direction: no colour, the reason in words.
    `unit` is what follows a number on screen ("%" makes distances "points"); `last_year` is the figure of the same
    period a year before, which only a rule of improvement asks for.
    Raises ValueError for a rule that cannot judge (a percent rule on a target of 0, a missing tolerance, an amber
    bound on the better side of the target).
    Source: methods.md 4.1 (Brighton & Hove, Reigate, Pentana; improvement: Havering 2014).
    """
    if value is None:
        return Judgement(None, "No figure to judge.")
    if rule is None or (rule.kind is RuleKind.NONE and rule.target is None):
        return Judgement(None, "No target is stated, so no colour.")
    away = f" {_apart(value, rule, unit)}"
    if rule.polarity is None:
        return Judgement(None, f"Which way is better is not stated, so no colour.{away}")
    if rule.polarity is Polarity.NONE:
        return Judgement(None, f"Neither higher nor lower is better, so no colour.{away}")
    if rule.kind is RuleKind.NONE:
        return Judgement(None, f"The target has no rule that says what is Red, so no colour.{away}")
    gap = _gap(value, rule)
    distance = _distance(gap, rule, unit, _goal(rule, unit))
    if provisional:
        return Judgement(None, f"The figure is provisional, so no colour yet. It is {distance}.")
    if rule.standing is Standing.ASSUMED:
        named = " and ".join(rule.assumed) or "what counts as good"
        verb = "are" if len(rule.assumed) > 1 else "is"
        return Judgement(
            None, f"{named[0].upper()}{named[1:]} {verb} assumed, not agreed, so no colour. It is {distance}."
        )
    rating = _rating(value, rule, last_year)
    told = f"{with_unit(plain(value), unit)} is {distance}"
    if rating is None:
        return Judgement(
            None, f"No figure of the same period last year to compare with, so no colour. It is {distance}."
        )
    agreed = f" ({rule.agreed_by})" if rule.agreed_by else ""
    return Judgement(
        rating, f"{rating.word}: {told}; {_tolerance_words(rule, unit, last_year)}{agreed}. {_better(rule)}"
    )


def rate(
    value: Decimal | None, rule: Rule | None, *, provisional: bool = False, last_year: Decimal | None = None
) -> Rag | None:
    """The colour that `judge` gives, without its words, for many figures at once. Raises ValueError as that does."""
    if value is None or rule is None or rule.kind is RuleKind.NONE or rule.polarity in (None, Polarity.NONE):
        return None
    if provisional or rule.standing is Standing.ASSUMED:
        _gap(value, rule)  # a rule that cannot judge is refused all the same
        return None
    return _rating(value, rule, last_year)


def cautions(rule: Rule | None, before: Decimal | None, unit: str = "") -> tuple[str, ...]:
    """What to doubt about a target, in sentences: one that was met before its period began, and a 0 that may mean that
    none was set. `before` is the last figure of the same kind before the target's period, None where there is none.
    Source: methods.md 4.1 (the choice of a target is explained)."""
    if rule is None or rule.target is None or rule.polarity not in (Polarity.HIGHER, Polarity.LOWER):
        return ()
    told = []
    if rule.target == 0 and rule.polarity is Polarity.HIGHER:
        told.append("The target is 0 although higher is better: it may mean that none was set.")
    elif before is not None and _gap(before, rule) >= 0:
        told.append(
            f"An easy target: the figure before it, {with_unit(plain(before), unit)}, had met "
            f"{with_unit(plain(rule.target), unit)} already."
        )
    return tuple(told)


def apart(value: Decimal, target: Decimal, unit: str, of: str) -> str:
    """How far a figure is from a target that may not judge it, without a word on better or worse; `of` says which
    target ("the 2007/08 target of 90%")."""
    if value == target:
        return f"{with_unit(plain(value), unit)} is exactly {of}."
    side = "above" if value > target else "below"
    return f"{with_unit(plain(value), unit)} is {step(abs(value - target), unit)} {side} {of}."


def _apart(value: Decimal, rule: Rule, unit: str) -> str:
    if rule.target is None:
        return ""
    return apart(value, rule.target, unit, f"the target of {with_unit(plain(rule.target), unit)}")


def _rating(value: Decimal, rule: Rule, last_year: Decimal | None) -> Rag | None:
    """None only where a rule of improvement needs last year's figure and there is none."""
    gap = _gap(value, rule)
    room = _tolerance(rule)  # asked even where the figure is Green, so that a broken rule never goes unseen
    if gap >= 0:
        return Rag.GREEN
    if rule.kind is not RuleKind.IMPROVEMENT:
        return Rag.AMBER if gap >= -room else Rag.RED
    if gap >= -room:
        return Rag.GREEN
    if last_year is None:
        return None
    return Rag.AMBER if gap >= _gap(last_year, rule) else Rag.RED


def _gap(value: Decimal, rule: Rule) -> Decimal:
    """The signed distance to the goal: 0 or more is green."""
    if rule.kind is RuleKind.BAND or rule.polarity is Polarity.BAND:
        if rule.lower is None or rule.upper is None:
            raise ValueError("A band rule needs a lower and an upper value.")
        outside = max(rule.lower - value, value - rule.upper)
        return Decimal(0) if outside <= 0 else -outside
    if rule.target is None:
        raise ValueError("A rule needs a target.")
    return value - rule.target if rule.polarity is Polarity.HIGHER else rule.target - value


def _goal(rule: Rule, unit: str) -> str:
    if rule.kind is RuleKind.BAND or rule.polarity is Polarity.BAND:
        return f"the band {with_unit(plain(rule.lower), unit)} to {with_unit(plain(rule.upper), unit)}"
    return f"the {with_unit(plain(rule.target), unit)} target"


def _tolerance(rule: Rule) -> Decimal:
    """The amber distance in the indicator's unit."""
    if rule.amber is None:
        raise ValueError("A rule needs an amber tolerance.")
    if rule.kind in (RuleKind.PERCENT, RuleKind.IMPROVEMENT):
        if not rule.target:
            raise ValueError("A target of 0 needs a rule in points, not in percent.")
        return abs(rule.target) * rule.amber / 100
    if rule.kind is RuleKind.BOUNDS:
        if rule.target is None:
            raise ValueError("A rule with bounds needs a green bound.")
        room = rule.target - rule.amber if rule.polarity is Polarity.HIGHER else rule.amber - rule.target
        if room < 0:
            raise ValueError("The amber bound needs to be worse than the target.")
        return room
    return rule.amber


def step(number: Decimal, unit: str) -> str:
    """A distance in words; percentages differ by points: "3.8 points", "1 point", "£300", "1 day"."""
    if unit == "%":
        return f"{plain(number)} {'point' if number == 1 else 'points'}"
    return with_unit(plain(number), "day" if unit == "days" and number == 1 else unit)


def _distance(gap: Decimal, rule: Rule, unit: str, goal: str) -> str:
    if rule.kind is RuleKind.BAND or rule.polarity is Polarity.BAND:
        return f"inside {goal}" if gap == 0 else f"{step(-gap, unit)} outside {goal}"
    if gap == 0:
        return f"exactly on {goal}"
    above = (gap > 0) == (rule.polarity is Polarity.HIGHER)
    return f"{step(abs(gap), unit)} {'above' if above else 'below'} {goal}"


def _tolerance_words(rule: Rule, unit: str, last_year: Decimal | None) -> str:
    if rule.kind is RuleKind.IMPROVEMENT:
        before = "" if last_year is None else f" ({with_unit(plain(last_year), unit)})"
        return (
            f"green is within {plain(rule.amber or Decimal(0))}% of the target, amber beyond it but no worse than the "
            f"same period last year{before}"
        )
    if rule.kind is RuleKind.PERCENT:
        return f"amber is within {plain(rule.amber or Decimal(0))}% of the target"
    if rule.kind is RuleKind.BOUNDS:
        return f"amber is as far as {with_unit(plain(rule.amber or Decimal(0)), unit)}"
    return f"amber is within {step(rule.amber or Decimal(0), unit)}"


def _better(rule: Rule) -> str:
    if rule.kind is RuleKind.BAND:
        return "Inside the band is better."
    return {Polarity.HIGHER: "Higher is better.", Polarity.LOWER: "Lower is better."}.get(
        rule.polarity, "Inside the band is better."
    )
