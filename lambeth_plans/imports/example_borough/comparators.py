"""What the indicators are compared with: invented boroughs, how they were grouped, and their yearly figures."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from kpis.models import Benchmark, ComparatorGroup, Indicator, Outturn, Reason
from lambeth_plans.accounts.models import Council
from lambeth_plans.imports.example_borough.chronicle import Chronicle, dice
from lambeth_plans.imports.example_borough.figures import COMPARED_DAYS
from lambeth_plans.imports.example_borough.measures import Measure
from lambeth_plans.periods import Period, PeriodKind

NEIGHBOURS = (
    "Alder",
    "Birch Vale",
    "Cedarmarsh",
    "Dogwood Quay",
    "Elderbrink",
    "Furzeley Park",
    "Gorsehithe",
    "Hazelmoat",
    "Ivywater",
    "Junipergate",
)
#: Our own council is one of them.
INNER = ("Example Borough", "Kingcup", "Larchlane", "Maplewharf", "Nettlemarket", "Oakum Fields")
ALL = "All boroughs"
YEARS_COMPARED = 3
SOURCE = "Yearly returns of all boroughs (invented)"


def make_comparators(
    chronicle: Chronicle, council: Council, indicators: list[tuple[Indicator, Measure]], outturns: list[Outturn]
) -> None:
    """The groups, and year by year the figures of the other areas as they were published."""
    vintage = str(chronicle.founded.year)
    neighbours, inner = chronicle.write_all(
        [
            ComparatorGroup(
                council=council,
                key="statistical-neighbours",
                name="Statistical neighbours",
                vintage=vintage,
                members=list(NEIGHBOURS),
            ),
            ComparatorGroup(
                council=council, key="inner-boroughs", name="Inner boroughs", vintage=vintage, members=list(INNER)
            ),
        ],
        chronicle.founded,
    )
    ours = {(outturn.indicator.key, outturn.period): outturn.value for outturn in outturns}
    for kind in (PeriodKind.YEAR, PeriodKind.ACADEMIC_YEAR):
        compared = [each for each in indicators if each[1].beside and _compared_by(each[1]) is kind]
        for year in chronicle.last_periods(kind, YEARS_COMPARED, COMPARED_DAYS):
            rows = []
            for indicator, measure in compared:
                rows += _neighbours(indicator, measure, year, neighbours, ours.get((indicator.key, year)))
                if measure.beside.inner:
                    rows += [_figure(indicator, measure, year, area, inner) for area in INNER[1:]]
                rows.append(_figure(indicator, measure, year, ALL, None))
            chronicle.write_all(rows, max(year.end + timedelta(days=COMPARED_DAYS), chronicle.founded))


def _compared_by(measure: Measure) -> PeriodKind:
    """Other areas' figures are of whole years, whatever ours are."""
    return PeriodKind.ACADEMIC_YEAR if measure.kind is PeriodKind.ACADEMIC_YEAR else PeriodKind.YEAR


def _neighbours(
    indicator: Indicator, measure: Measure, year: Period, group: ComparatorGroup, ours: Decimal | None
) -> list[Benchmark]:
    beside, found = measure.beside, []
    for place, area in enumerate(NEIGHBOURS):
        figure = _figure(indicator, measure, year, area, group)
        if place in beside.suppressed:
            figure.value, figure.value_as_stated, figure.reason = None, "c", Reason.SUPPRESSED
        elif place in beside.ties and ours is not None:
            figure.value = ours
        if place not in beside.without:
            found.append(figure)
    return found


def _figure(
    indicator: Indicator, measure: Measure, year: Period, area: str, group: ComparatorGroup | None
) -> Benchmark:
    """An area is as far from the middle every year, give or take a little; all boroughs together are close to it."""
    usual = dice(f"{area} in {indicator.key}").randint(-80, 80)
    this_year = dice(f"{area} in {indicator.key}, {year.start.year}").randint(-20, 20)
    away = Decimal(this_year if group is None else usual + this_year) / 100
    value = (measure.beside.middle + measure.beside.spread * away).quantize(
        Decimal(1).scaleb(-measure.decimals), ROUND_HALF_UP
    )
    return Benchmark(indicator=indicator, area=area, group=group, period=year, value=value, source=SOURCE)
