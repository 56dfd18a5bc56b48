"""What is said of an indicator of Example Borough: how its figures ran and how they are judged."""

from dataclasses import dataclass
from decimal import Decimal

from kpis.models import Indicator, Reason
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import Polarity, RuleKind, Standing

AS_BEFORE = Decimal(0)
#: By month of the year, January first: nothing happens by the season.
ALL_YEAR_ALIKE = (AS_BEFORE,) * 12


@dataclass(frozen=True)
class Aim:
    """A target and its rule, the same for every period of a financial year; `harder_by` is added each further year.

    For what counts up through the year it is the share of one period. `tolerance` says who says how far off is Amber,
    where that is not whoever agreed the target.
    """

    kind: RuleKind
    value: Decimal | None = None
    amber: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    harder_by: Decimal = AS_BEFORE
    tolerance: Standing | None = None


@dataclass(frozen=True)
class NewStart:
    """From so many periods ago on the chart has limits of its own."""

    ago: int
    reason: str


@dataclass(frozen=True)
class Beside:
    """Other areas' yearly figures: about `middle`, up to `spread` off it.

    By their place among the statistical neighbours: `ties` have our very figure, `without` have no row and
    `suppressed` a mark instead of a figure. `inner`: those of the inner boroughs are known too.
    """

    middle: Decimal
    spread: Decimal
    ties: tuple[int, ...] = ()
    without: tuple[int, ...] = ()
    suppressed: tuple[int, ...] = ()
    inner: bool = False


@dataclass(frozen=True)
class Measure:
    """One indicator. Its `count` figures run from `first` to `last` over the newest `over` periods (before that they
    are at `first`), by the season and by chance up to `wobble` off that line.

    Periods are counted back from the newest one whose figure is in (0). `jump`: figures from before so many periods
    ago lie so much higher. `given` are figures not left to chance, `ends` the newest of them, oldest first. `without`
    have a reason instead of a figure (by month of the year for `without_in`), `missing` no row at all. `out_of` is
    about how many a percentage is of: numerator and denominator are then given too; `suppresses`: counts of 1 to 5
    are not told. `settles` says that each figure is provisional for a period first.

    `frequency` None: not stated. `lag`: days from the end of a period until its figure is due, None where that is not
    stated. `checked` is how many months ago the quality of the data was looked at. `activities` are the numbers of
    those it measures. `years`: so many yearly figures stand beside the others; `years_behind`: the newest of all
    yearly ones is so many years older than the other areas' newest.
    """

    title: str
    definition: str
    unit: str
    polarity: Polarity | None
    objective: int
    goal: str
    owner: str
    first: Decimal
    last: Decimal
    wobble: Decimal
    aim: Aim | None
    counts_people: bool
    decimals: int = 1
    standing: Standing = Standing.AGREED
    out_of: int | None = None
    activities: tuple[int, ...] = ()
    source: str = "Case management system"
    without: tuple[tuple[int, Reason, str], ...] = ()
    without_in: tuple[int, Reason, str] | None = None
    missing: tuple[int, ...] = ()
    settles: bool = False
    why: str = ""
    counted: str = ""
    out_of_what: str = ""
    kind: PeriodKind = PeriodKind.MONTH
    count: int = 36
    over: int = 24
    frequency: str | None = Indicator.Frequency.MONTH
    lag: int | None = 12
    checked: int | None = None
    steady_gap: Decimal | None = None
    is_cumulative: bool | None = False
    is_screened: bool = True
    season: tuple[Decimal, ...] = ALL_YEAR_ALIKE
    jump: tuple[int, Decimal] | None = None
    given: tuple[tuple[int, Decimal], ...] = ()
    ends: tuple[Decimal, ...] = ()
    suppresses: bool = False
    notes: tuple[tuple[int, str], ...] = ()
    new_starts: tuple[NewStart, ...] = ()
    years: int = 0
    years_behind: int = 0
    beside: Beside | None = None

    @property
    def not_left_to_chance(self) -> dict[int, Decimal]:
        """Periods ago → the figure."""
        return dict(self.given) | dict(zip(reversed(range(len(self.ends))), self.ends, strict=True))

    def line(self, ago: int) -> Decimal:
        """The figure so many periods ago but for season and chance."""
        along = self.last + (self.first - self.last) * min(ago, self.over - 1) / max(self.over - 1, 1)
        return along + (self.jump[1] if self.jump and ago > self.jump[0] else AS_BEFORE)
