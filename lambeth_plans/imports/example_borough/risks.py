"""The risk register: nine risks on the council's own 5 × 5 matrix, scored every quarter, and one with a total alone.

The matrix has a second edition, agreed lately, on which nobody has scored yet: its re-scoring is proposed.
"""

from dataclasses import dataclass
from datetime import date

from activities.models import Activity
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans.accounts.models import Council, Officer
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from lambeth_plans.rag import Rag, Standing
from objectives.models import Objective, Plan
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep

LIKELIHOODS = (
    ("Very unlikely", "Not in the next ten years."),
    ("Unlikely", "Once in five to ten years."),
    ("Possible", "Once in two to five years."),
    ("Likely", "About once a year."),
    ("Very likely", "Several times a year, or now."),
)
IMPACTS = (
    ("Very small", "Noticed by few; mended within a week."),
    ("Small", "A service is worse for some weeks."),
    ("Medium", "Some children wait for help, or up to £250,000 is lost."),
    ("Large", "Many children wait for help, or up to £1m is lost."),
    ("Very large", "A child is seriously harmed, or more than £1m is lost."),
)
BANDS = ((1, Rag.GREEN, "Low"), (8, Rag.AMBER, "Medium"), (15, Rag.RED, "High"))
#: Up to this score the council accepts a risk; so many quarters of getting worse make it an exception.
APPETITE, ESCALATE_AFTER = 9, 3

Point = tuple[int, int]  # likelihood, impact


@dataclass(frozen=True)
class Threat:
    """A risk. `scored` is likelihood and impact at publication and at the last six quarterly reviews.

    A mitigation that is a number is that activity; of the others the first so many are `controls`. `reviewed_late` says
    that its review is overdue, `target_in` in how many months its target is to be reached (below 0: it should have
    been), and `inherent` what it would score if nothing were done.
    """

    title: str
    cause: str
    effect: str
    owner: str | None
    objectives: tuple[int, ...]
    scored: tuple[Point, ...]
    target: Point
    mitigations: tuple[str | int, ...]
    why: str = "Reviewed each quarter."
    reviewed_late: bool = False
    controls: int = 1
    target_in: int | None = 6
    inherent: Point | None = None
    proximity: str = Risk.Proximity.YEAR
    indicators: tuple[str, ...] = ()
    savings: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()


THREATS = (
    Threat(
        "Too few social workers",
        "Neighbouring boroughs pay more and the work is hard.",
        "Children change their social worker often and wait for help.",
        "head-of-safeguarding",
        (1, 2),
        ((3, 3), (3, 3), (3, 3), (3, 3), (3, 4), (4, 4), (5, 4)),
        (2, 4),
        ("Newly qualified workers have a protected first year.", 3, "A new agency contract with a price cap."),
        "More people left than joined.",
        target_in=-2,
        inherent=(5, 5),
        proximity=Risk.Proximity.NOW,
        indicators=("eb10", "eb12"),
        savings=("ebs4",),
        contracts=("ebc03",),
    ),
    Threat(
        "Placements cost more than the budget holds",
        "There are too few foster families and prices rise.",
        "Money for early help is spent on placements.",
        "director-of-childrens-services",
        (2, 4),
        ((4, 5), (4, 5), (4, 5), (4, 4), (4, 4), (3, 4), (3, 4)),
        (2, 4),
        (7, 24, "Each placement above £10,000 a week is reviewed every month."),
        "Prices of 60 placements were agreed anew.",
        controls=0,
        inherent=(5, 5),
        savings=("ebs1", "ebs3"),
    ),
    Threat(
        "A child known to us comes to serious harm",
        "Signs are missed where services do not share what they know.",
        "A child suffers, and trust in all services is lost.",
        "director-of-social-care",
        (1,),
        ((2, 5), (2, 5), (2, 5), (2, 5), (2, 5), (2, 5), (2, 5)),
        (1, 5),
        (2, 6, "Managers read ten case files every month.", "Partners review each serious incident within 15 days."),
        controls=2,
        inherent=(5, 5),
        proximity=Risk.Proximity.NOW,
    ),
    Threat(
        "Plans for children with special educational needs stay late",
        "Advice arrives late and requests rise by a tenth each year.",
        "Children wait for help, and families go to the tribunal.",
        "head-of-inclusion",
        (3,),
        ((5, 4), (5, 4), (4, 4), (4, 4), (4, 3), (3, 3), (3, 3)),
        (2, 3),
        (13, "Weekly meeting about every plan that is about to be late."),
        "The backlog shrinks each month.",
        indicators=("eb07",),
    ),
    Threat(
        "Data about children is wrong, lost or seen by the wrong people",
        "Four systems hold the same child, and some letters are still typed by hand.",
        "Children are at risk, and the council is fined.",
        "head-of-performance",
        (4,),
        ((2, 3), (2, 3), (2, 3), (2, 4), (3, 4), (3, 4), (3, 4)),
        (2, 3),
        (20, "Everybody repeats the training each year.", "Letters are checked by a second person."),
        "The new interface has failed its test twice.",
    ),
    Threat(
        "The transport firm gives up",
        "Drivers are scarce and fuel is dear.",
        "Children with special needs cannot get to school.",
        "head-of-commissioning",
        (3, 4),
        ((2, 4), (2, 4), (2, 4), (3, 4), (3, 4), (3, 4), (3, 5)),
        (2, 3),
        (21, "A second firm is ready to take on the most urgent routes."),
        "Only two firms answered the first call.",
        controls=0,
        proximity=Risk.Proximity.THREE_MONTHS,
        savings=("ebs2",),
        contracts=("ebc01",),
    ),
    Threat(
        "Schools do not take part",
        "Trusts set their own policies.",
        "Suspensions rise and children lose days of school.",
        "director-of-education",
        (3,),
        ((2, 3), (2, 3), (2, 3), (2, 3), (2, 3), (2, 2), (2, 2)),
        (2, 3),
        (14, "The director meets all headteachers each half-term."),
        reviewed_late=True,
        indicators=("eb08",),
    ),
    Threat(
        "The savings of the plan are not reached",
        "They depend on changes that take longer than planned.",
        "The council must save elsewhere at short notice.",
        None,
        (4,),
        ((3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3)),
        (2, 2),
        ("The directors look at every saving once a month.",),
        target_in=None,
        savings=("ebs1", "ebs2", "ebs3", "ebs4", "ebs5"),
    ),
    Threat(
        "An attack on its systems stops the service for days",
        "Old systems cannot be mended quickly.",
        "Nobody can see which child is at risk.",
        "head-of-performance",
        (1, 4),
        ((2, 5), (2, 5), (2, 5), (2, 5), (2, 5), (3, 5), (3, 5)),
        (2, 5),
        ("Copies are kept apart from the systems.", "Every service can work on paper for three days."),
        "Two neighbouring councils were attacked.",
        controls=2,
        proximity=Risk.Proximity.LATER,
    ),
)

#: A risk that came in with a total alone, as documents often give it: it stands beside the map.
TOTAL_ALONE = ("Works on the new family hub are late", 12, 6)


def make_risks(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    officers: dict[str, Officer],
    activities: dict[str, Activity],
) -> None:
    """After savings and contracts, which risks may hurt."""
    matrix = _matrix(chronicle, plan.council)
    reviews = chronicle.quarter_days(len(THREATS[0].scored) - 1)
    for number, threat in enumerate(THREATS, start=1):
        risk = Risk(
            plan=plan,
            key=f"ebr{number:02d}",
            order=number,
            ref=f"EBR{number:02d}",
            title=threat.title,
            cause=threat.cause,
            event=f"{threat.title}.",
            effect=threat.effect,
            owner=officers.get(threat.owner),
            matrix=matrix,
            review_date=chronicle.month(-2 if threat.reviewed_late else 1).end,
            proximity=threat.proximity,
        )
        chronicle.write(
            risk,
            chronicle.drafted,
            objectives=[objectives[n - 1] for n in threat.objectives],
            indicators=_named(PlanIndicator, plan, threat.indicators),
            savings=_named(Saving, plan, threat.savings),
            contracts=_named(Contract, plan, threat.contracts),
        )
        _mitigate(chronicle, risk, threat, activities)
        target = _score(risk, RiskScore.Kind.TARGET, chronicle.drafted, threat.target)
        if threat.target_in is not None:
            target.due_date = PartialDate.of(chronicle.month(threat.target_in).end)
        chronicle.write(target, chronicle.drafted)
        if threat.inherent:
            inherent = _score(risk, RiskScore.Kind.INHERENT, chronicle.drafted, threat.inherent)
            chronicle.write(inherent, chronicle.drafted)
        last: Point | None = None
        for on, point in zip([chronicle.drafted, *reviews], threat.scored, strict=True):
            score = _score(risk, RiskScore.Kind.CURRENT, on, point)
            score.reason = "First assessment." if last is None else threat.why if point != last else "No change."
            chronicle.write(score, on, because=score.reason)
            last = point
    _total_alone(chronicle, plan)
    _next_edition(chronicle, matrix)


def _named(model: type, plan: Plan, keys: tuple[str, ...]) -> list:
    return list(model._default_manager.filter(plan=plan, key__in=keys)) if keys else []


def _total_alone(chronicle: Chronicle, plan: Plan) -> None:
    title, now, target = TOTAL_ALONE
    number = len(THREATS) + 1
    risk = Risk(plan=plan, key=f"ebr{number:02d}", order=number, ref=f"EBR{number:02d}", title=title)
    chronicle.write(risk, chronicle.drafted)
    for kind, score in ((RiskScore.Kind.CURRENT, now), (RiskScore.Kind.TARGET, target)):
        score = RiskScore(risk=risk, kind=kind, scored_date=chronicle.drafted, score=score)
        chronicle.write(score, chronicle.drafted)


def _next_edition(chronicle: Chronicle, matrix: RiskMatrix) -> None:
    """A stricter edition, agreed last month. No risk is scored on it yet."""
    agreed = chronicle.month(-1).start
    following = RiskMatrix(
        council=matrix.council,
        key=f"{matrix.key}-2",
        name=matrix.name,
        edition=2,
        standing=Standing.AGREED.value,
        agreed_by="Audit committee",
        agreed_date=agreed,
        appetite=8,
        escalate_after=2,
        replaces=matrix,
    )
    chronicle.write(following, agreed)
    _parts(chronicle, following, ((1, Rag.GREEN, "Low"), (6, Rag.AMBER, "Medium"), (12, Rag.RED, "High")), agreed)


def _matrix(chronicle: Chronicle, council: Council) -> RiskMatrix:
    matrix = RiskMatrix(
        council=council,
        key="five-by-five",
        name="Example Borough risk matrix",
        standing=Standing.AGREED.value,
        agreed_by="Audit committee",
        agreed_date=date(chronicle.founded.year, 1, 20),
        appetite=APPETITE,
        escalate_after=ESCALATE_AFTER,
    )
    chronicle.write(matrix, chronicle.founded)
    _parts(chronicle, matrix, BANDS, chronicle.founded)
    return matrix


def _parts(chronicle: Chronicle, matrix: RiskMatrix, bands: tuple[tuple[int, Rag, str], ...], on: date) -> None:
    steps = [
        RiskStep(matrix=matrix, axis=axis, weight=weight, word=word, description=description)
        for axis, words in ((RiskStep.Axis.LIKELIHOOD, LIKELIHOODS), (RiskStep.Axis.IMPACT, IMPACTS))
        for weight, (word, description) in enumerate(words, start=1)
    ]
    chronicle.write_all(steps, on)
    made = [RiskBand(matrix=matrix, lowest_score=lowest, rag=rag, name=name) for lowest, rag, name in bands]
    chronicle.write_all(made, on)


def _mitigate(chronicle: Chronicle, risk: Risk, threat: Threat, activities: dict[str, Activity]) -> None:
    mitigations = []
    for order, what in enumerate(threat.mitigations, start=1):
        activity = activities[f"eba{what:02d}"] if isinstance(what, int) else None
        text = activity.title if activity else what
        in_place = activity is None and _texts(threat, order) <= threat.controls
        kind = Mitigation.Kind.CONTROL if in_place else Mitigation.Kind.ACTION
        mitigations.append(Mitigation(risk=risk, order=order, text=text, activity=activity, kind=kind))
    chronicle.write_all(mitigations, chronicle.drafted)


def _texts(threat: Threat, order: int) -> int:
    """How many of its mitigations up to one are no activities."""
    return sum(isinstance(what, str) for what in threat.mitigations[:order])


def _score(risk: Risk, kind: str, on: date, point: Point) -> RiskScore:
    likelihood, impact = point
    return RiskScore(
        risk=risk,
        kind=kind,
        scored_date=on,
        score=likelihood * impact,
        likelihood=likelihood,
        impact=impact,
        matrix=risk.matrix,
    )
