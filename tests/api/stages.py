"""What the stage of tests/stage.py has not: one of each kind of record that answers findings, and loose amounts."""

from kpis.models import PlanIndicator
from objectives.models import Plan
from tests import factories


def add_findings_and_amounts(plan: Plan, *, times: int = 1, mark: str = "") -> None:
    """`times` of each, linked to one another and to the plan's first objective, activity and indicator."""
    words = f" {mark}" if mark else ""
    objective, activity = plan.objective_set.first(), plan.activity_set.first()
    indicator = PlanIndicator.objects.filter(plan=plan).first().indicator
    group = factories.ComparatorGroupFactory(council=plan.council, key="inner-london", name=f"Inner London{words}")
    for number in range(times):
        event = factories.EventFactory(plan=plan, key=f"visit-{number}", title=f"Visit{words}", kind="visit")
        source = factories.SourceFactory(plan=plan, key=f"ofsted-{number}", title=f"Ofsted{words}", event=event)
        finding = factories.FindingFactory(
            plan=plan, source=source, key=f"aoi1-{number}", ref=f"AOI1.{number}", title=f"Finding{words}"
        )
        board = factories.BoardFactory(council=plan.council, key=f"board-{number}", name=f"Board {number}{words}")
        factories.ActivityFactory(
            plan=plan,
            key=f"answer-{number}",
            title=f"Answer {number}{words}",
            findings=[finding],
            sources=[source],
            boards=[board],
            see_also=[activity],
        )
        factories.OutputFactory(plan=plan, activity=activity, key=f"output-{number}", title=f"Output{words}")
        factories.EvidenceFactory(
            plan=plan,
            key=f"audit-{number}",
            title=f"Audit{words}",
            findings=[finding],
            objectives=[objective],
            activities=[activity],
        )
        factories.MilestoneFactory(
            plan=plan, key=f"milestone-{number}", title=f"Milestone{words}", event=event, objective=objective
        )
        factories.ConsultationFactory(plan=plan, key=f"consulted-{number}", name=f"Consulted{words}")
        whole = factories.BudgetFigureFactory(plan=plan, key=f"overspend-{number}", title=f"Overspend{words}")
        factories.BudgetFigureFactory(plan=plan, key=f"part-{number}", title=f"Part{words}", parent=whole, amount=1)
        factories.BenchmarkFactory(indicator=indicator, area=f"Area {number}{words}", group=group)
