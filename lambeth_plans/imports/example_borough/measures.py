"""The twelve indicators of Example Borough, how their figures ran and how they are judged: data only."""

from dataclasses import dataclass
from decimal import Decimal

from kpis.models import Indicator, Reason
from lambeth_plans.rag import Polarity, RuleKind, Standing

D = Decimal
AS_BEFORE = D(0)


@dataclass(frozen=True)
class Aim:
    """A target and its rule, the same for every month of a financial year; `harder_by` is added each further year."""

    kind: RuleKind
    value: Decimal | None = None
    amber: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    harder_by: Decimal = AS_BEFORE


@dataclass(frozen=True)
class Measure:
    """One indicator. Its figures run from `first` to `last` over 24 months, by chance up to `wobble` off that line.

    `out_of` is about how many a percentage is of: numerator and denominator are then given too. `activities` are
    the numbers of those it measures. `without` are months ago that have a reason instead of a figure (by month of
    the year for `without_in`), `missing` those without any row. `settles` says that each figure is provisional for
    a month first.
    """

    title: str
    definition: str
    unit: str
    polarity: Polarity
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


UNIT = Indicator.Unit

MEASURES = (
    Measure(
        "Children referred again within 12 months",
        "Referrals of the month within 12 months of an earlier referral, as a share of all referrals of the month.",
        UNIT.PERCENT,
        Polarity.LOWER,
        1,
        "goal-1-1",
        "head-of-early-help",
        D("17.5"),
        D("26.5"),
        D("1.2"),
        Aim(RuleKind.POINTS, D(20), D(3)),
        True,
        out_of=260,
        activities=(1, 4),
    ),
    Measure(
        "Assessments finished within 45 working days",
        "Assessments finished in the month within 45 working days of the referral, as a share of all finished.",
        UNIT.PERCENT,
        Polarity.HIGHER,
        1,
        "goal-1-1",
        "head-of-safeguarding",
        D("76.0"),
        D("91.5"),
        D("2.0"),
        Aim(RuleKind.POINTS, D(85), D(5), harder_by=D(2)),
        True,
        out_of=215,
        activities=(4,),
    ),
    Measure(
        "Children in our care",
        "Children in the council's care on the last day of the month, per 10,000 children who live in the borough.",
        UNIT.PER_10000,
        Polarity.NONE,
        2,
        "goal-1-2",
        "head-of-corporate-parenting",
        D("58.0"),
        D("61.4"),
        D("0.9"),
        Aim(RuleKind.POINTS, D(60), D(5)),
        True,
        activities=(7,),
    ),
    Measure(
        "Care leavers in education, employment or training",
        "Care leavers aged 17 to 21 in education, employment or training on the last day of the month.",
        UNIT.PERCENT,
        Polarity.HIGHER,
        2,
        "goal-2-2",
        "head-of-corporate-parenting",
        D("51.0"),
        D("57.0"),
        D("2.5"),
        Aim(RuleKind.PERCENT, D(60), D(10)),
        True,
        out_of=142,
        activities=(8, 10),
    ),
    Measure(
        "Care leavers in a suitable home",
        "Care leavers aged 17 to 21 whose home is suitable on the last day of the month.",
        UNIT.PERCENT,
        Polarity.HIGHER,
        2,
        "goal-2-2",
        "head-of-corporate-parenting",
        D("83.0"),
        D("93.0"),
        D("1.5"),
        Aim(RuleKind.POINTS, D(88), D(4)),
        True,
        out_of=142,
        activities=(8, 12),
    ),
    Measure(
        "Days from coming into care to moving in with an adoptive family",
        "Average over the children who moved in with an adoptive family in the twelve months to the month's end.",
        UNIT.DAYS,
        Polarity.LOWER,
        2,
        "goal-1-2",
        "head-of-corporate-parenting",
        D(472),
        D(447),
        D(9),
        Aim(RuleKind.PERCENT, D(426), D(10)),
        False,
        decimals=0,
        without=((5, Reason.NOT_AVAILABLE, "The return of the adoption agency came too late."),),
    ),
    Measure(
        "Education, health and care plans issued within 20 weeks",
        "Plans issued in the month within 20 weeks of the request, without exceptions, as a share of all issued.",
        UNIT.PERCENT,
        Polarity.HIGHER,
        3,
        "goal-2-1",
        "head-of-inclusion",
        D("38.0"),
        D("62.5"),
        D("4.0"),
        Aim(RuleKind.BOUNDS, D(60), D(50)),
        True,
        out_of=40,
        activities=(13,),
        source="Special educational needs system",
        settles=True,
    ),
    Measure(
        "Days lost to suspension",
        "Days of school lost to suspension in the month, per 1,000 pupils.",
        UNIT.PER_1000,
        Polarity.LOWER,
        3,
        "goal-1-3",
        "head-of-inclusion",
        D("9.2"),
        D("12.6"),
        D("1.1"),
        Aim(RuleKind.POINTS, D(9), D(1)),
        False,
        standing=Standing.ASSUMED,
        activities=(14,),
        source="School census",
        without_in=(8, Reason.NOT_APPLICABLE, "Schools are closed in August."),
    ),
    Measure(
        "Attendance of children in our care",
        "Sessions attended by school-age children in care in the month, as a share of possible sessions.",
        UNIT.PERCENT,
        Polarity.HIGHER,
        3,
        "goal-1-3",
        "head-of-school-improvement",
        D("91.0"),
        D("93.4"),
        D("0.8"),
        None,
        True,
        out_of=8400,
        activities=(11, 15),
        source="Attendance system",
        without_in=(8, Reason.NOT_APPLICABLE, "Schools are closed in August."),
    ),
    Measure(
        "Children per social worker",
        "Average number of children that a full-time social worker is responsible for on the last day of the month.",
        UNIT.NUMBER,
        Polarity.BAND,
        1,
        "goal-1-1",
        "head-of-safeguarding",
        D("17.9"),
        D("15.2"),
        D("0.5"),
        Aim(RuleKind.BAND, amber=D(2), lower=D(12), upper=D(16)),
        False,
        activities=(3,),
    ),
    Measure(
        "Families helped by the family hubs",
        "Families who worked with a family hub in the month.",
        UNIT.NUMBER,
        Polarity.HIGHER,
        1,
        "goal-1-1",
        "head-of-early-help",
        D(210),
        D(345),
        D(14),
        Aim(RuleKind.PERCENT, D(280), D(10), harder_by=D(40)),
        True,
        decimals=0,
        activities=(1,),
        source="Early help system",
        missing=(9, 10),
    ),
    Measure(
        "Social work posts filled by agency staff",
        "Posts filled by agency staff on the last day of the month, as a share of all social work posts.",
        UNIT.PERCENT,
        Polarity.LOWER,
        4,
        "goal-3-1",
        "director-of-commissioning",
        D("16.0"),
        D("24.5"),
        D("1.0"),
        Aim(RuleKind.POINTS, D(15), D(5)),
        True,
        out_of=208,
        activities=(3, 24),
        source="Payroll and agency contract",
    ),
)
