"""The lists of the API, as data: the one place that names them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lambeth_plans.api import activities, finances, indicators, narrative, risks, spine
from lambeth_plans.api.items import Item
from lambeth_plans.api.reading import Reading
from lambeth_plans.dashboards.state import PlanState


@dataclass(frozen=True)
class Register:
    """A list: its name in addresses, what an item is, what stands in it, how it is read. `singular` is the name of
    one item in addresses, for those that can be asked for alone."""

    name: str
    item: type[Item]
    about: str
    read: Callable[[Reading], Iterator[Item]]
    singular: str = ""
    has_past: bool = True

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


Of = Callable[[PlanState], Iterator[Item]]


def _of_plans(read: Of) -> Callable[[Reading], Iterator[Item]]:
    """Plan after plan."""
    return lambda reading: (item for state in reading.states() for item in read(state))


def _of_councils(read: Of) -> Callable[[Reading], Iterator[Item]]:
    """What belongs to a council, once, whatever the number of its plans."""
    return lambda reading: (item for state in reading.states_of_councils() for item in read(state))


# fmt: off
REGISTERS = (
    Register("councils", spine.CouncilItem, "The councils you belong to.", spine.councils, has_past=False),
    Register("plans", spine.PlanItem, "The plans you may see.", spine.plans, has_past=False),
    Register("objectives", spine.ObjectiveItem, "What each plan wants to achieve, in its own word for it (objective, "
             "priority, work stream, strategy).", _of_plans(spine.objectives), "objective"),
    Register("activities", activities.ActivityItem, "What each plan says will be done, with the latest report on it.",
             _of_plans(activities.activities), "activity"),
    Register("outputs", activities.OutputItem, "What an activity delivers.", _of_plans(activities.outputs)),
    Register("findings", activities.FindingItem, "What inspections, reviews, audits, strategies and complaints asked "
             "for.", _of_plans(activities.findings)),
    Register("indicators", indicators.IndicatorItem, "The measures of each plan, with the latest figure and how it is "
             "judged.", _of_plans(indicators.indicators), "indicator"),
    Register("outturns", indicators.OutturnItem, "Each figure of each indicator, or the reason why there is none.",
             _of_plans(indicators.outturns)),
    Register("targets", indicators.TargetItem, "What each indicator should reach, and the rule that judges it.",
             _of_plans(indicators.targets)),
    Register("risks", risks.RiskItem, "Risks with their current and target scores.", _of_plans(risks.risks), "risk"),
    Register("savings", finances.SavingItem, "Savings with their amounts by year.", _of_plans(finances.savings),
             "saving"),
    Register("budgets", finances.BudgetItem, "Budget lines by division and fund, with their forecasts.",
             _of_plans(finances.budgets)),
    Register("contracts", finances.ContractItem, "The register of contracts.", _of_plans(finances.contracts),
             "contract"),
    Register("workforce", finances.WorkforceItem, "How many people work in the directorate, by band.",
             _of_plans(finances.workforce)),
    Register("caseloads", finances.CaseloadItem, "Cases for each worker, team by team.", _of_plans(finances.caseloads)),
    Register("evidence", activities.EvidenceItem, "Audits, feedback and views that stand beside the figures.",
             _of_plans(activities.evidence)),
    Register("reports", activities.ReportItem, "Every report on every activity.", _of_plans(activities.reports)),
    Register("sources", activities.SourceItem, "Where something to be improved was identified.",
             _of_plans(activities.sources)),
    Register("benchmarks", indicators.BenchmarkItem, "Other areas' figures for the same measures.",
             _of_plans(indicators.benchmarks)),
    Register("budget_figures", finances.BudgetFigureItem, "Amounts told outside a budget table, wholes before their "
             "parts.", _of_plans(finances.budget_figures)),
    Register("milestones", narrative.MilestoneItem, "Dated commitments.", _of_plans(narrative.milestones)),
    Register("events", narrative.EventItem, "Inspections, visits, notices and decisions.",
             _of_plans(narrative.events)),
    Register("achievements", narrative.AchievementItem, "What a plan claims to have reached.",
             _of_plans(narrative.achievements)),
    Register("sections", narrative.SectionItem, "The plan in words.", _of_plans(narrative.sections)),
    Register("consultations", narrative.ConsultationItem, "Who was asked about a report.",
             _of_plans(narrative.consultations)),
    Register("notes", spine.NoteItem, "Slips of the documents: what is printed, what was understood and why.",
             _of_plans(spine.notes)),
    Register("goals", spine.GoalItem, "The pillars, goals, values and ambitions of the borough plan.",
             _of_councils(spine.goals)),
    Register("divisions", spine.DivisionItem, "The parts of the directorate.", _of_councils(spine.divisions)),
    Register("officers", spine.OfficerItem, "Post holders and elected members.", _of_councils(spine.officers)),
    Register("boards", spine.BoardItem, "Boards and what they report to.", _of_councils(spine.boards)),
)
# fmt: on
