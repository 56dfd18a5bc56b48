"""Findings in a tree, outputs and evidence on the stage, all about its first activity, and dated commitments."""

from django.db.models import Model

from activities.models import Evidence, EvidenceFile
from lambeth_plans import history
from lambeth_plans.accounts.models import User
from objectives.models import Event, Finding, Plan
from tests import factories


def set_findings(
    plan: Plan, records: dict[str, Model], others: dict[str, Model], times: int, words: str
) -> tuple[list[Finding], list[Evidence]]:
    activity = records["activity"]
    source = factories.SourceFactory(plan=plan, key="ofsted", title=f"Inspection report{words}")
    board = factories.BoardFactory(council=plan.council, key="board", name=f"Board{words}")
    findings, evidence = [], []
    for number in range(2 * times):
        findings.append(
            factories.FindingFactory(
                plan=plan,
                source=source,
                key=f"aoi{number + 1}",
                ref=f"AOI{number + 1}",
                title=f"Finding {number + 1}{words}",
                parent=findings[0] if number else None,
                order=number,
            )
        )
        event = Event.objects.get(plan=plan, key=f"event-{number}")
        factories.MilestoneFactory(plan=plan, key=f"milestone-{number}", title=f"By June {number}{words}", event=event)
        factories.ConsultationFactory(plan=plan, key=f"asked-{number}", name=f"Asked {number}{words}")
        factories.OutputFactory(plan=plan, activity=activity, key=f"output-{number}", title=f"Output{words}")
        evidence.append(
            factories.EvidenceFactory(
                plan=plan,
                key=f"audit-{number}",
                title=f"Audit {number}{words}",
                summary=f"What it says.{words}",
                findings=findings[:1],
                objectives=[records["objective"]],
                activities=[activity],
                order=number,
            )
        )
    set_files(evidence, words)
    links = {"findings": findings[1:], "sources": [source], "boards": [board], "see_also": [others["activity"]]}
    history.save(activity, by=User.objects.system(), reason=f"Read again.{words}", links=links)
    return findings, evidence


def set_files(evidence: list[Evidence], words: str) -> None:
    """Two with each entry: one that members may open, and one that is for officers only."""
    for entry in evidence:
        for is_open in (True, False):
            name = f"{'open' if is_open else 'closed'} file{words}.txt"
            factories.EvidenceFileFactory(evidence=entry, file_name=name, may_be_published=is_open)


def files_of(plan: Plan, *, may_be_published: bool) -> list[EvidenceFile]:
    """In the order of their entries."""
    found = EvidenceFile.objects.filter(plan=plan, may_be_published=may_be_published)
    return list(found.select_related("evidence").order_by("evidence__order", "number"))
