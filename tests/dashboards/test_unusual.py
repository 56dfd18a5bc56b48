import re
from datetime import date
from decimal import Decimal

import pytest

from lambeth_plans import periods
from lambeth_plans.dashboards.unusual import Sign, UnusualLine, unusual, why_flagged, worst_first
from tests import factories
from tests.dashboards.lines import CALM, line_of, ranked

NOISE = (80, 84, 81, 85, 80, 84)
LOW = (78, 77, 79, 78, 77, 79, 78, 77)
HIGH = (83, 84, 83, 85, 83, 84, 83)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (CALM, ""),
        ((80, 81), ""),
        ((*CALM, 99), "Apr 2026, 99.0%, is above the upper limit of 87.1%."),
        ((*CALM, 60), "Apr 2026, 60.0%, is below the lower limit of 75.4%."),
        ((*NOISE, *(80, 81, 82, 83, 84, 85, 86)), "Seven figures in a row going up since Oct 2025."),
        ((*NOISE, *(86, 85, 84, 83, 82, 81, 80, 79)), "Eight figures in a row going down since Oct 2025."),
        ((*LOW[:7], *HIGH), "Seven figures in a row above the mean since Nov 2025."),
        ((*HIGH, *LOW), "Eight figures in a row below the mean since Nov 2025."),
        ((*LOW[:7], None, *HIGH[:6]), ""),  # a gap breaks the run
        ((*CALM, 86, 83, 86), "Two of three figures are close to the upper limit, since Apr 2026."),
        ((*CALM, 83, 86, 86), "Two of three figures are close to the upper limit, since May 2026."),
        ((*CALM, 86, 86), ""),  # the third is on the other side
    ],
)
def test_it_is_said_which_rule_is_broken_and_since_when(values, sentence):
    assert why_flagged(line_of(values)) == sentence


def found(values, ranks=(), **fields):
    return [(each.sign, each.sentence) for each in unusual(line_of(values, **fields), ranks)]


RED_SINCE = "Green in Feb 2026. Red: 70% is 10 points below the 80% target; amber is within 5 points. Higher is better."
AMBER_SINCE = (
    "Green in Feb 2026. Amber: 80% is 3 points below the 83% target; amber is within 5 points. Higher is better."
)
GREEN_SINCE = (
    "Amber in Feb 2026. Green: 83% is 2 points above the 81% target; amber is within 5 points. Higher is better."
)


@pytest.mark.parametrize(
    ("values", "fields", "signs"),
    [
        (CALM, {}, []),
        ((*CALM, 60), {}, [(Sign.OUTSIDE, "Apr 2026, 60.0%, is below the lower limit of 75.4%. Higher is better.")]),
        (
            (*CALM, 60),
            {"polarity": "lower"},
            [(Sign.IMPROVEMENT, "Apr 2026, 60.0%, is below the lower limit of 75.4%. Lower is better.")],
        ),
        ((*CALM, 60), {"polarity": ""}, [(Sign.CHANGE, "Apr 2026, 60.0%, is below the lower limit of 75.4%.")]),
        (
            (*CALM, 60, 70),
            {"provisional": (13,), "polarity": ""},
            [(Sign.CHANGE, "Apr 2026 is the newest final figure. Apr 2026, 60.0%, is below the lower limit of 75.4%.")],
        ),
        ((82, 70), {"targets": (80, 80), "first": None}, [(Sign.NOW_RED, RED_SINCE)]),
        (
            (82, 80),
            {"targets": (80, 83), "first": None},
            [(Sign.NOW_WORSE, f"{AMBER_SINCE} The target was 80%, now 83%.")],
        ),
        ((80, 83), {"targets": (81, 81), "first": None}, [(Sign.NOW_BETTER, GREEN_SINCE)]),
        (
            (*CALM, 60, None),
            {"polarity": ""},
            [(Sign.CHANGE, "Apr 2026 is the newest final figure. Apr 2026, 60.0%, is below the lower limit of 75.4%.")],
        ),
        ((82, 70), {"targets": (80, 80), "provisional": (1,)}, []),
        ((82, 70), {"targets": (None, 80)}, []),
        (
            (80, 81, "-"),
            {"on": date(2025, 7, 15)},
            [(Sign.LATE, "Jun 2025 is late by 5 days, due 10 Jul 2025.")],
        ),
        ((80, "-", 82), {}, [(Sign.NOT_REPORTED, "May 2025 was not reported, due 10 Jun 2025.")]),
        (
            (80, "-", "-", 82),
            {},
            [(Sign.NOT_REPORTED, "Jun 2025 was not reported, due 10 Jul 2025. The 1 before it too.")],
        ),
        ((80, "-", 82), {"data_due_lag_days": None}, [(Sign.NOT_REPORTED, "May 2025 was not reported.")]),
    ],
)
def test_everything_unusual_has_its_sign_and_its_reason(values, fields, signs):
    fields = dict(fields)
    if "first" in fields:  # the colours' sentences name the months before
        fields.pop("first")
        values = (*["-"] * 10, *values)
    assert found(values, **fields) == signs


@pytest.mark.parametrize(
    ("now", "before", "sign", "sentence"),
    [
        (3, 1, Sign.FELL, "Third quarter (3rd of 4) of Neighbours in 2025/26; best quarter (1st of 4) in 2024/25."),
        (1, 4, Sign.ROSE, "Best quarter (1st of 4) of Neighbours in 2025/26; bottom quarter (4th of 4) in 2024/25."),
        (2, 2, None, ""),
        (None, 2, None, ""),
    ],
)
def test_another_quarter_among_other_areas_is_told(now, before, sign, sentence):
    pair = ranked(periods.financial_year(2025), now), ranked(periods.financial_year(2024), before)
    assert found(CALM, [pair]) == ([(sign, sentence)] if sign else [])


def test_the_worst_stands_first_and_then_the_order_of_the_plan():
    cases = [
        line_of((*CALM, 99), number=0),
        line_of(CALM, number=1),
        line_of((82, 70), targets=(80, 80), number=2),
        line_of((*CALM, 60), number=3),
        line_of((*CALM, 60), number=4, targets=(80, 80)),
        line_of((*CALM, 60), number=5),
    ]
    lines = [UnusualLine(line, unusual(line)) for line in cases]
    assert [each.line.number for each in worst_first(each for each in lines if each.found)] == [4, 3, 5, 2, 0]


# The page


def test_the_page_says_how_many_show_nothing_unusual_and_why_the_others_do(read, plan):
    calm, odd = (factories.PlanIndicatorFactory(plan=plan, code=code) for code in ("K1", "K2"))
    for place, values in ((calm, CALM), (odd, (*CALM, 60))):
        period = periods.month(2025, 4)
        for value in values:
            factories.OutturnFactory(indicator=place.indicator, period=period, value=Decimal(value))
            period = periods.following(period)
    html = read("indicator_exceptions").content.decode()
    assert "1 of 2 indicators shows nothing unusual." in " ".join(html.split())
    assert "is below the lower limit of 75.4%" in html
    assert not re.search(r"\bK1\b", html)


def test_a_rank_is_compared_with_the_period_before(read, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    group = factories.ComparatorGroupFactory(council=plan.council, name="Neighbours", members=["A", "B", "C"])
    for year, ours in ((2023, 99), (2024, 10)):
        period = periods.financial_year(year)
        factories.OutturnFactory(indicator=place.indicator, period=period, value=Decimal(ours))
        for area, value in (("A", 50), ("B", 60), ("C", 70)):
            factories.BenchmarkFactory(
                indicator=place.indicator, area=area, group=group, period=period, value=Decimal(value)
            )
    html = read("indicator_exceptions").content.decode()
    assert "Bottom quarter (4th of 4) of Neighbours in 2024/25; best quarter (1st of 4) in 2023/24." in html
