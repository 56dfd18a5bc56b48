"""The savings: planned, forecast and delivered over the four financial years of the plan."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from activities.models import Activity
from finance.models import Saving, SavingYear
from lambeth_plans import periods
from lambeth_plans.accounts.models import Officer
from lambeth_plans.imports.example_borough.chronicle import Chronicle
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


PROPOSALS = (
    Proposal(
        "More children with our own foster families",
        "A place with our own family costs about half of one that is bought.",
        9_800,
        "head-of-corporate-parenting",
        (2, 4),
        (7,),
        ((250, 180), (400, 310), (450, 450), (200, 200)),
    ),
    Proposal(
        "New transport contract",
        "Fewer single journeys, and young people who travel on their own.",
        4_150,
        "director-of-commissioning",
        (3, 4),
        (18, 21),
        ((0, 0), (220, 90), (380, 340), (150, 150)),
    ),
    Proposal(
        "Placement prices agreed anew",
        "Prices of the dearest placements are agreed anew each year.",
        12_300,
        "director-of-childrens-services",
        (4,),
        (24,),
        ((500, 520), (600, 655), (300, 300), (0, 0)),
    ),
    Proposal(
        "Fewer agency social workers",
        "Every agency post that is filled permanently saves about £14,000 a year.",
        3_600,
        "head-of-safeguarding",
        (1, 4),
        (3,),
        ((150, 40), (260, 0), (260, 120), (100, 100)),
    ),
    Proposal(
        "One building less",
        "A building is given up when the family hubs are open.",
        None,
        None,
        (4,),
        (1,),
        ((0, 0), (0, 0), (175, 175), (None, None)),
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
            _make_year(chronicle, saving, year, pounds(planned), pounds(comes_to))


def _make_year(
    chronicle: Chronicle, saving: Saving, year: int, planned: Decimal | None, comes_to: Decimal | None
) -> None:
    """Planned from the start, forecast anew each October, delivered when the year's books are closed."""
    row = SavingYear(saving=saving, period=periods.financial_year(year), planned=planned, forecast=planned)
    chronicle.write(row, chronicle.drafted)
    forecast_on, closed_on = date(year, 10, 20), date(year + 1, 5, 20)
    if comes_to is not None and chronicle.is_past(forecast_on):
        row.forecast = comes_to
        chronicle.write(row, forecast_on, because="Half-year forecast.")
    if comes_to is not None and chronicle.is_past(closed_on):
        row.delivered = comes_to
        chronicle.write(row, closed_on, because="The year's books are closed.")
