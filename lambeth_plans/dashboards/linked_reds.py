"""Which indicators that an activity aims at are Red, for the forms on which people report."""

from collections import defaultdict
from collections.abc import Sequence

from activities.models import Activity
from kpis.models import Outturn, PlanIndicator, Target
from kpis.withholding import NOTHING
from lambeth_plans.dashboards.parts.figures import FigureRow, Figures, TargetRow, period_of_row, tuples
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.rag import Rag


def linked_reds(activities: Sequence[Activity]) -> dict[int, tuple[str, ...]]:
    """Activity → the names of the indicators it aims at whose latest figure is Red, as their pages say it.

    Three queries for any number of activities of any number of plans; one where no indicator is tied to them.
    """
    ends = {each.pk: each.plan.end_date if each.plan.is_closed else None for each in activities}
    through = PlanIndicator.activities.through.objects.filter(activity__in=ends.keys())
    ties = list(through.select_related("planindicator__indicator"))
    pks = {tie.planindicator.indicator_id for tie in ties}
    outturns, targets = defaultdict(list), defaultdict(dict)
    if pks:
        for row in tuples(Outturn.objects.filter(indicator__in=pks).order_by(), FigureRow):
            outturns[row.indicator_id].append(row)
        for row in tuples(Target.objects.filter(indicator__in=pks).order_by(), TargetRow):
            targets[row.indicator_id][period_of_row(row)] = row
    found = defaultdict(list)
    for tie in ties:
        place, end = tie.planindicator, ends[tie.activity_id]
        # An indicator outlives a plan: what came after its end is told by the plans that followed.
        rows = [row for row in outturns[place.indicator_id] if end is None or row.period_start <= end]
        # Who reports is a director, and directors see small counts.
        figures = Figures.of(place.indicator, rows, targets[place.indicator_id], NOTHING).outturns
        if figures and figures[-1].judgement.rag is Rag.RED:
            found[tie.activity_id].append((place.order, natural_order(place.key), place.code or place.title))
    return {pk: tuple(name for _, _, name in sorted(names)) for pk, names in found.items()}
