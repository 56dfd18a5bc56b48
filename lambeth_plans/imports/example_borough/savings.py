"""The savings: planned, forecast and delivered over the four financial years of the plan."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from activities.models import Activity
from finance.models import Saving, SavingYear
from lambeth_plans import periods
from lambeth_plans.accounts.models import Officer
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from lambeth_plans.rag import SavingStatus
from objectives.models import Objective, Plan

Amount = int | None


@dataclass(frozen=True)
class Proposal:
    """A saving. Amounts are £000 by year, planned and what it comes to; None: not stated."""

    title: str
    details: str
    base_budget: Amount
    owner: str | None
    objectives: tuple[int, ...]
    activities: tuple[int, ...]
    years: tuple[tuple[Amount, Amount], ...]
    kind: str = Saving.Kind.CASHABLE
    recurrence: str = Saving.Recurrence.RECURRENT
    slips: bool = True  # what does not come, slips a year; else it is lost
    because: str = ""  # why less comes than planned
    mitigation: str = ""


PROPOSALS = (
    Proposal(
        "More children with our own foster families",
        "A place with our own family costs about half of one that is bought.",
        9_800,
        "head-of-corporate-parenting",
        (2, 4),
        (7,),
        ((250, 180), (400, 310), (450, 450), (200, 200)),
        because="Two assessments in three take longer than planned.",
        mitigation="A third assessor from January.",
    ),
    Proposal(
        "New transport contract",
        "Fewer single journeys, and young people who travel on their own.",
        4_150,
        "director-of-commissioning",
        (3, 4),
        (18, 21),
        ((0, 0), (220, 90), (380, 340), (150, 150)),
        because="The contract starts a term late.",
        mitigation="Routes of the old contract are joined meanwhile.",
    ),
    Proposal(
        "Placement prices agreed anew",
        "Prices of the dearest placements are agreed anew each year.",
        12_300,
        "director-of-childrens-services",
        (4,),
        (24,),
        ((500, 520), (600, 655), (300, 300), (0, 0)),
        recurrence=Saving.Recurrence.ONE_OFF,
    ),
    Proposal(
        "Fewer agency social workers",
        "Every agency post that is filled permanently saves about £14,000 a year.",
        3_600,
        "head-of-safeguarding",
        (1, 4),
        (3,),
        ((150, 40), (260, 0), (260, 120), (100, 100)),
        slips=False,
        because="Vacancies are filled by agency staff faster than by our own.",
        mitigation="Covered from the corporate reserve this year.",
    ),
    Proposal(
        "One building less",
        "A building is given up when the family hubs are open.",
        None,
        None,
        (4,),
        (1,),
        ((0, 0), (0, 0), (175, 175), (None, None)),
        kind="",
        recurrence="",
    ),
    Proposal(
        "Fewer children come into care",
        "Costs that do not arise, because families are helped early. Not cash: no budget is cut by it.",
        None,
        "head-of-safeguarding",
        (1,),
        (1,),
        ((300, 300), (300, 240), (300, 300), (300, 300)),
        kind=Saving.Kind.COST_AVOIDANCE,
        because="Fewer families than expected were in time.",
    ),
)


def pounds(thousands: Amount) -> Decimal | None:
    return None if thousands is None else Decimal(thousands) * 1000


def make_savings(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    officers: dict[str, Officer],
    activities: dict[str, Activity],
) -> None:
    for number, proposal in enumerate(PROPOSALS, start=1):
        owner = officers.get(proposal.owner)
        saving = Saving(
            plan=plan,
            key=f"ebs{number}",
            order=number,
            ref=f"EBS{number}",
            title=proposal.title,
            kind=proposal.kind,
            recurrence=proposal.recurrence,
            base_budget=pounds(proposal.base_budget),
            details=proposal.details,
            owner=owner,
            division=owner.division if owner else None,
        )
        chronicle.write(
            saving,
            chronicle.drafted,
            objectives=[objectives[number - 1] for number in proposal.objectives],
            activities=[activities[f"eba{number:02d}"] for number in proposal.activities],
        )
        for year, (planned, comes_to) in enumerate(proposal.years, start=chronicle.plan_year):
            _make_year(chronicle, saving, proposal, year, (pounds(planned), pounds(comes_to)))


def _make_year(
    chronicle: Chronicle,
    saving: Saving,
    proposal: Proposal,
    year: int,
    amounts: tuple[Decimal | None, Decimal | None],
) -> None:
    """Planned from the start, forecast in June and anew in October, delivered when the year's books are closed. A year
    for which nothing is planned is not monitored before that."""
    planned, comes_to = amounts
    row = SavingYear(saving=saving, period=periods.financial_year(year), planned=planned)
    chronicle.write(row, chronicle.drafted)
    june, october, may = date(year, 6, 20), date(year, 10, 20), date(year + 1, 5, 20)
    if planned and chronicle.is_past(june):
        row.forecast, row.status = planned, SavingStatus.ON_TRACK
        chronicle.write(row, june, because="First forecast.")
    if planned and chronicle.is_past(october):
        _forecast(row, proposal, planned, comes_to)
        chronicle.write(row, october, because="Half-year forecast.")
    if comes_to is not None and chronicle.is_past(may):
        row.delivered, row.forecast = comes_to, None
        if planned:
            is_whole = comes_to >= planned
            row.status = SavingStatus.SECURED if is_whole else SavingStatus.NOT_DELIVERABLE
        chronicle.write(row, may, because="The year's books are closed.")


def _forecast(row: SavingYear, proposal: Proposal, planned: Decimal, comes_to: Decimal) -> None:
    """What the year comes to, and where the rest of the plan goes."""
    missing = planned - comes_to
    row.forecast = comes_to
    if missing < 0:
        row.over_delivered = -missing
    elif missing:
        row.status = SavingStatus.AT_RISK if comes_to else SavingStatus.NOT_DELIVERABLE
        row.status_reason, row.mitigated_by = proposal.because, proposal.mitigation
        if proposal.slips:
            row.slipped, row.slipped_to = missing, periods.financial_year(row.period_start.year + 1).label
        else:
            row.undeliverable = missing
