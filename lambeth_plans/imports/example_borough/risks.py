"""The risk register: eight risks on the council's own 5 × 5 matrix, scored every quarter."""

from dataclasses import dataclass

from activities.models import Activity
from lambeth_plans.accounts.models import Council, Officer
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from lambeth_plans.rag import Rag, Standing
from objectives.models import Objective, Plan
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep

LIKELIHOODS = ("Very unlikely", "Unlikely", "Possible", "Likely", "Very likely")
IMPACTS = ("Very small", "Small", "Medium", "Large", "Very large")
BANDS = ((1, Rag.GREEN), (8, Rag.AMBER), (15, Rag.RED))

Point = tuple[int, int]  # likelihood, impact


@dataclass(frozen=True)
class Threat:
    """A risk. `scored` is likelihood and impact at publication and at the last six quarterly reviews.

    A mitigation that is a number is that activity. `reviewed_late` says that its review is overdue.
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


THREATS = (
    Threat(
        "Too few social workers",
        "Neighbouring boroughs pay more and the work is hard.",
        "Children change their social worker often and wait for help.",
        "head-of-safeguarding",
        (1, 2),
        ((3, 4), (3, 4), (3, 4), (4, 4), (4, 4), (5, 4), (5, 4)),
        (2, 4),
        (3, "Newly qualified workers have a protected first year.", "Agency contract with a price cap."),
        "More people left than joined.",
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
    ),
    Threat(
        "Schools do not take part",
        "Trusts set their own policies.",
        "Suspensions rise and children lose days of school.",
        "director-of-education",
        (3,),
        ((2, 3), (2, 3), (2, 3), (2, 3), (2, 3), (2, 2), (2, 2)),
        (1, 2),
        (14, "The director meets all headteachers each half-term."),
        reviewed_late=True,
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
    ),
)


def make_risks(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    officers: dict[str, Officer],
    activities: dict[str, Activity],
) -> None:
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
        )
        chronicle.write(risk, chronicle.drafted, objectives=[objectives[n - 1] for n in threat.objectives])
        _mitigate(chronicle, risk, threat, activities)
        target = _score(risk, RiskScore.Kind.TARGET, chronicle.drafted, threat.target)
        chronicle.write(target, chronicle.drafted)
        last: Point | None = None
        for on, point in zip([chronicle.drafted, *reviews], threat.scored, strict=True):
            score = _score(risk, RiskScore.Kind.CURRENT, on, point)
            score.reason = "First assessment." if last is None else threat.why if point != last else "No change."
            chronicle.write(score, on, because=score.reason)
            last = point


def _matrix(chronicle: Chronicle, council: Council) -> RiskMatrix:
    matrix = RiskMatrix(
        council=council,
        key="five-by-five",
        name="Example Borough risk matrix",
        standing=Standing.AGREED.value,
        agreed_by=f"agreed by the audit committee, January {chronicle.founded.year}",
    )
    chronicle.write(matrix, chronicle.founded)
    steps = [
        RiskStep(matrix=matrix, axis=axis, weight=weight, word=word)
        for axis, words in ((RiskStep.Axis.LIKELIHOOD, LIKELIHOODS), (RiskStep.Axis.IMPACT, IMPACTS))
        for weight, word in enumerate(words, start=1)
    ]
    chronicle.write_all(steps, chronicle.founded)
    bands = [RiskBand(matrix=matrix, lowest_score=lowest, rag=rag) for lowest, rag in BANDS]
    chronicle.write_all(bands, chronicle.founded)
    return matrix


def _mitigate(chronicle: Chronicle, risk: Risk, threat: Threat, activities: dict[str, Activity]) -> None:
    mitigations = []
    for order, what in enumerate(threat.mitigations, start=1):
        activity = activities[f"eba{what:02d}"] if isinstance(what, int) else None
        text = activity.title if activity else what
        mitigations.append(Mitigation(risk=risk, order=order, text=text, activity=activity))
    chronicle.write_all(mitigations, chronicle.drafted)


def _score(risk: Risk, kind: str, on, point: Point) -> RiskScore:
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
