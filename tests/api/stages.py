"""What the stage of tests/stage.py has not: commitments, who was consulted, loose amounts and other areas' figures."""

from kpis.models import PlanIndicator
from objectives.models import Plan
from tests import factories


def add_commitments_and_amounts(plan: Plan, *, times: int = 1, mark: str = "") -> None:
    """`times` of each, linked to the plan's first objective and indicator."""
    words = f" {mark}" if mark else ""
    objective = plan.objective_set.first()
    indicator = PlanIndicator.objects.filter(plan=plan).first().indicator
    group = factories.ComparatorGroupFactory(council=plan.council, key="compared", name=f"Compared{words}")
    for number in range(times):
        event = factories.EventFactory(plan=plan, key=f"visit-{number}", title=f"Visit{words}", kind="visit")
        factories.SourceFactory(plan=plan, key=f"letter-{number}", title=f"Letter{words}", event=event)
        factories.MilestoneFactory(
            plan=plan, key=f"commitment-{number}", title=f"Commitment{words}", event=event, objective=objective
        )
        factories.ConsultationFactory(plan=plan, key=f"consulted-{number}", name=f"Consulted{words}")
        whole = factories.BudgetFigureFactory(plan=plan, key=f"whole-{number}", title=f"Overspend{words}")
        factories.BudgetFigureFactory(plan=plan, key=f"part-{number}", title=f"Part{words}", parent=whole, amount=1)
        factories.BenchmarkFactory(indicator=indicator, area=f"Neighbour {number}{words}", group=group)
